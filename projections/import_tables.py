"""Tables of data import jobs: what they are, their runs, and the parts of these that are done."""

from typing import Final

from sqlalchemy import Column, Index

from projections.columns import WORD, count, flag, key, place, table, text, whole

import_job: Final = table(
    "import_job",
    key("client"),
    key("job"),
    text("name"),
    Column("connection", WORD, nullable=False),
    text("period_json"),
    text("companies_json"),  # the source's ids; empty where none is named
    text("locations_json"),  # empty with no company: all that the connection feeds
    text("data_sets_json"),  # empty: all that the system has
    text("schedule_json"),  # null: it does not run by itself
    text("scheduled"),  # the newest date of the schedule that a run was for; empty before the first
    flag("ended"),
    count("revision"),  # everything that was decided about it
    count("runs"),
    text("added_at"),
    text("added_by"),
    text("changed_at"),  # the newest decision about it
    text("changed_by"),
    whole("position"),
)
"""Data import jobs of each client, those that were ended too."""

import_run: Final = table(
    "import_run",
    key("client"),
    key("job"),
    place("run"),
    text("connection"),
    text("spans_json"),  # its parts: days of locations
    text("left_out_json"),
    text("data_sets_json"),
    text("scheduled"),  # the date of the schedule that it is for; empty where somebody started it
    text("started_at"),
    text("started_by"),
    text("reason"),
    text("command"),
    Column("ended_at", WORD, nullable=False),  # empty while it runs
    whole("position"),
    Index("import_run_by_end", "client", "ended_at"),
)
"""Runs of data import jobs; what came of one is told by its parts."""

import_part: Final = table(
    "import_part",
    key("client"),
    key("job"),
    place("run"),
    key("location"),
    key("business_date"),
    text("outcome"),
    count("generation"),
    text("failure"),
    text("message"),
    text("recorded_at"),
    text("actor"),
    whole("position"),
)
"""Parts of runs that are done."""
