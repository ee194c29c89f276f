"""Forms: what a system asks of whoever connects it, filled in; secrets stand apart from what facts may hold."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from domain.refusals import Refusal

Form = Mapping[str, Any]
"""A JSON Schema 2020-12 document: an object whose properties are fields.

A field that is ``writeOnly`` is a secret. ``title`` is its name, ``description`` its help, ``x-hint`` says to a person
what its value looks like, and ``x-help`` is a link.
"""

ENVIRONMENT: Final = "environment"
"""The name of the field that is the base address of the source."""

MOST_FIELDS: Final = 50
"""Fields of one form, and problems told of one filling, at most."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field: never its value, which may be secret.

    Attributes:
        field: its name; ``venues.2`` for the third of a list; empty for the form as a whole.
        title: what people call it.
        message: a sentence, with the hint of the field.
    """

    field: str
    title: str
    message: str


class BadForm(Refusal):
    """The form of a system is not filled in as it asks; every problem is told at once."""

    def __init__(self, problems: Iterable[FieldProblem]) -> None:
        self.problems = tuple(problems)[:MOST_FIELDS]
        super().__init__(" ".join(f"{problem.title}: {problem.message}" for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was filled in and checked.

    Attributes:
        plain: what facts may hold, by field.
        secrets: what only the vault may hold, by field; it is never shown.
    """

    plain: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def environment(self) -> str:
        """The base address of the source; empty where the form has none."""
        return str(self.plain.get(ENVIRONMENT, ""))

    @property
    def secret(self) -> str:
        """All secrets as the one text that a connection keeps: the secret itself where there is one, else JSON."""
        if len(self.secrets) == 1:
            return next(iter(self.secrets.values()))
        return json.dumps(dict(self.secrets), sort_keys=True, ensure_ascii=True) if self.secrets else ""


@dataclass(frozen=True, slots=True)
class Supplied:
    """What whoever operates daybook supplies, so that a form need not ask for it.

    Attributes:
        system: key of the catalogue.
        where: the fields, and the values of them, with which it applies: ``{"ihop": True}``.
        plain: further fields.
        secrets: further secrets; they are never shown.
    """

    system: str
    where: Mapping[str, Any]
    plain: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


Check = Callable[[Form, Mapping[str, Any]], object]
"""Holds values against a form; raises :class:`BadForm` with everything that does not fit, and never a value."""


def unchecked(form: Form, values: Mapping[str, Any]) -> None:
    """Let everything pass."""


def partly(form: Form) -> Form:
    """The form as what is filled in of it so far has to fit it: each field alone, and no other fields."""
    return {"type": "object", "properties": fields_of(form), "additionalProperties": False}


def fields_of(form: Form) -> Mapping[str, Mapping[str, Any]]:
    """The fields of a form, by name, in its order."""
    properties: Mapping[str, Mapping[str, Any]] = form.get("properties", {})
    return properties


def secret_fields(form: Form) -> frozenset[str]:
    """The names of the fields that are secrets."""
    return frozenset(name for name, declared in fields_of(form).items() if declared.get("writeOnly") is True)


def separated(form: Form, values: Mapping[str, Any], *, whole: bool = True) -> Filled:
    """Values of a form with the secrets apart. Checks nothing.

    Args:
        form: says which fields are secrets.
        values: by field.
        whole: the form's defaults stand in for what is not given.
    """
    declared_of = fields_of(form) if whole else {}
    defaults = {name: declared["default"] for name, declared in declared_of.items() if "default" in declared}
    hidden = secret_fields(form)
    plain = {name: value for name, value in {**defaults, **values}.items() if name not in hidden}
    return Filled(plain, {name: str(values[name]) for name in sorted(hidden) if name in values})


def completed(system: str, filled: Filled, supplied: Iterable[Supplied]) -> Filled:
    """What was filled in, with what the operator supplies for it: whole, so that his key goes to his address alone."""
    for entry in supplied:
        if entry.system == system and all(filled.plain.get(name) == value for name, value in entry.where.items()):
            return Filled({**filled.plain, **entry.plain}, {**filled.secrets, **entry.secrets})
    return filled


def filled_of(form: Form, environment: str, values: Mapping[str, Any], secret: str) -> Filled:
    """A form as it was filled in, of the parts in which a connection keeps it; see :attr:`Filled.secret`.

    Args:
        form: says which fields are secrets.
        environment: the base address; empty where none was given.
        values: the other fields, without secrets.
        secret: the secret, or JSON of several; empty where none was given.
    """
    plain = {**values, ENVIRONMENT: environment} if environment else dict(values)
    names = sorted(secret_fields(form))
    if not secret:
        return Filled(plain)
    given = _several(secret) if len(names) > 1 else None
    if given is None:
        return Filled(plain, {names[0] if names else "secret": secret})
    return Filled(plain, {name: str(given[name]) for name in names if name in given})


def _several(secret: str) -> dict[str, Any] | None:
    try:
        given = json.loads(secret)
    except ValueError:
        return None
    return given if isinstance(given, dict) else None
