"""Schedules in sentences for people."""

from domain.facts.schedules import ScheduleChanged, ScheduleFact, SchedulePublished


def schedule_sentence(fact: ScheduleFact, who: str, why: str) -> str:
    """What happened to a schedule, who did it and why."""
    match fact:
        case ScheduleChanged():
            counts = {
                "added": sum(change.before is None for change in fact.changes),
                "changed": sum(change.before is not None and change.after is not None for change in fact.changes),
                "removed": sum(change.after is None for change in fact.changes),
            }
            told = ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "nothing"
            came = f" from {fact.source}" if fact.source else ""
            return f"{who} entered the schedule{came}{why}: shifts {told}."
        case SchedulePublished():
            shifts = "1 shift" if fact.shifts == 1 else f"{fact.shifts} shifts"
            return f"{who} published the schedule{why}: publication {fact.number}, with {shifts}."
