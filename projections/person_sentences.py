"""Facts about personal data in sentences for people: who opened what, and what became of it."""

from collections.abc import Sequence

from domain.facts import DataOpened, PersonHeld, PersonReleased, PersonRestricted, PersonShredded, PersonSought
from domain.facts.catalogue import PersonFact


def person_sentence(fact: PersonFact | PersonSought, who: str, why: str) -> str:
    """What happened, who did it and why."""
    if isinstance(fact, PersonSought):
        count = len(fact.found)
        found = "nobody" if not count else f"{count} {'person' if count == 1 else 'people'}"
        return f"{who} looked for somebody by {_named([fact.field])}{why} and found {found}."
    whose = f"the employee {fact.employee} of {fact.location or 'an HR system'}"
    match fact:
        case DataOpened(way="export"):
            return f"{who} exported all that is kept of {whose}{why}."
        case DataOpened():
            return f"{who} opened {_named(fact.fields)} of {whose}{why}."
        case PersonRestricted():
            return (
                f"{who} had {whose} forgotten{why}: nothing opens any more, and the data is destroyed from {fact.due}."
            )
        case PersonHeld():
            return f"{who} placed a legal hold on the data of {whose}{why}."
        case PersonReleased():
            return f"{who} ended the legal hold on the data of {whose}{why}."
        case PersonShredded():
            return f"{who} destroyed the data of {whose}{why}."


def _named(fields: Sequence[str]) -> str:
    words = [field.replace("_", " ") for field in fields]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
