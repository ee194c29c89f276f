"""Facts about personnel in sentences for people."""

from typing import assert_never

from domain.facts.personnel import (
    EmployeeLinked,
    EmployeesMatched,
    EmployeeUnlinked,
    PersonnelChanged,
    PersonnelFact,
    PersonnelPulled,
    PullFailed,
)

_READ = {"whole": "all employees", "incremental": "the employees who changed"}


def personnel_sentence(fact: PersonnelFact, who: str, why: str) -> str:
    """What happened, who did it and why."""
    match fact:
        case PersonnelPulled():
            counts = f"{fact.added} added, {fact.changed} changed, {fact.gone} gone"
            differs = f"of {fact.seen}, {counts}" if fact.added or fact.changed or fact.gone else "nothing differs"
            return f"{who} pulled {_READ[fact.way]}{why}: {differs}."
        case PersonnelChanged():
            return f"Part {fact.part} of a pull: {len(fact.changes)} employees before and after."
        case PullFailed():
            later = f" Not again before {fact.retry_at:%Y-%m-%d %H:%M:%S} UTC." if fact.retry_at else ""
            message = fact.message.rstrip(".")
            return f"{who} tried to pull {_READ[fact.way]}{why}, which failed ({fact.failure}): {message}.{later}"
        case EmployeesMatched():
            states = [match.state for match in fact.matches]
            told = ", ".join(f"{states.count(state)} {state}" for state in sorted(set(states)))
            return f"The rules find otherwise who is whom: {told}."
        case EmployeeLinked():
            return f"{who} linked the employee {fact.employee} of {fact.location} to {fact.hr} of personnel{why}."
        case EmployeeUnlinked():
            return (
                f"{who} said that the employee {fact.employee} of {fact.location} is not {fact.hr} of personnel{why}."
            )
        case _:
            assert_never(fact)
