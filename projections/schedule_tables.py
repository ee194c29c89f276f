"""The tables of schedules."""

from typing import Final

from projections.columns import count, key, table, text, whole

schedule: Final = table(
    "schedule",
    key("client"),
    key("location"),
    key("week"),
    count("version"),
    count("publications"),
    count("numbered"),
    text("shifts_json"),  # by id: employee, job, starts_at, ends_at
    text("published_json"),  # likewise, as they were published last
    text("changed_at"),
    text("changed_by"),
    text("published_at"),
    text("published_by"),
    whole("position"),
)
"""Schedules of locations by week: as entered, and as published."""
