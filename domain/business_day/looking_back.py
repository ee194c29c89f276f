"""What a reading of another business day says about the labor of this one."""

import datetime as dt
from collections.abc import Mapping
from typing import Final, cast

import msgspec

from domain.business_day.day import BEFORE_LOOKBACK, BusinessDay
from domain.business_day.reading import source_id, unproven
from domain.differences import changes
from domain.facts import ABSENT, Change
from domain.polling.translation import Translation
from domain.records import Punch, canonical, decode

LABOR_LOOKBACK: Final = "labor-lookback"
SPLIT_SHIFT: Final = "split-shift"


def labor_changes(day: BusinessDay, date: dt.date, translation: Translation, connection: str) -> list[Change]:
    """What turns the recorded punches of a day into those that another day's reading says it has.

    Where the reading holds the whole day, a punch that it does not have is gone. Of any other day it says something
    only about the punches that it names, here or elsewhere.
    """
    feeder = day.feeder("punch")
    told = translation.elsewhere.get(date, {}).get("punch", {})
    recorded = day.records.get("punch", {})
    if date in translation.labor.dates:
        # Of a day on which nobody fed punches so far, its own poll brings all of them; of others' we say nothing.
        return _whole(recorded, told, translation) if feeder == connection else []
    if feeder not in {"", connection}:
        return []
    seen = translation.seen.get("punch", frozenset())
    named = {key: data for key, data in recorded.items() if source_id("punch", key, seen) in seen}
    return changes({"punch": named}, {"punch": told})


def origin_of(date: dt.date, found: list[Change], translation: Translation, read_date: dt.date) -> str:
    """Why a reading says something about the labor of a day."""
    since = translation.labor.since
    if since is None:
        return SPLIT_SHIFT
    if date < since:
        return BEFORE_LOOKBACK
    return SPLIT_SHIFT if date > read_date and any("#" in change.key for change in found) else LABOR_LOOKBACK


def _whole(recorded: Mapping[str, bytes], told: Mapping[str, bytes], translation: Translation) -> list[Change]:
    hours = translation.labor.hours
    seen = translation.seen.get("punch", frozenset())
    kept = {
        key: data
        for key, data in recorded.items()
        if key not in told
        and source_id("punch", key, seen) not in seen
        and hours is not None
        and unproven(data, translation, hours)
    }
    found = changes({"punch": recorded}, {"punch": {**kept, **told}})
    return [change for change in map(_as_it_was, found) if change.before != change.after]


def _as_it_was(change: Change) -> Change:
    """The change without what is not the punch's: who is on the list today, and what the job is called by now.

    Somebody who left is no longer listed, and a job is renamed: the punches of the days before did not change by it.
    """
    if ABSENT in (change.before, change.after):
        return change
    before, after = (cast("Punch", decode("punch", data)) for data in (change.before, change.after))
    if before.employee == after.employee:
        after = msgspec.structs.replace(after, unknown_employee=before.unknown_employee)
    if before.job == after.job:
        after = msgspec.structs.replace(after, job_name=before.job_name)
    return msgspec.structs.replace(change, after=msgspec.Raw(canonical(after)[2]))
