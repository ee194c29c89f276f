"""Polling: how what a source said becomes the records of a day, under a versioned configuration."""

from domain.polling.configuration import BadConfiguration, Options, PollingConfiguration, options_for
from domain.polling.frame import Frame, dates_alike, frame_of, reaches_over, redates, source_dates
from domain.polling.translation import DERIVATION, Translation, translate

__all__ = [
    "DERIVATION",
    "BadConfiguration",
    "Frame",
    "Options",
    "PollingConfiguration",
    "Translation",
    "dates_alike",
    "frame_of",
    "options_for",
    "reaches_over",
    "redates",
    "source_dates",
    "translate",
]
