"""Polling: how what a source said becomes the records of a day, under a versioned configuration."""

from domain.polling.configuration import BadConfiguration, Options, PollingConfiguration, options_for
from domain.polling.translation import DERIVATION, Translation, translate

__all__ = [
    "DERIVATION",
    "BadConfiguration",
    "Options",
    "PollingConfiguration",
    "Translation",
    "options_for",
    "translate",
]
