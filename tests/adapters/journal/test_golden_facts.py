"""Facts that were ever stored load for ever, and no shape changes unnoticed."""

import json
import re
from pathlib import Path

import msgspec
import pytest

from domain.facts import FACTS, DayReopened, fact_version, load, store
from domain.facts.storing import ALIASES, UPCASTERS
from tests.support.facts import BY, EXAMPLES
from tests.support.golden import FOLDER, SHAPES, file_of, shapes

FILES = sorted(FOLDER.glob("*.v*.json"))
ADD = "If it was never released, delete its golden file; then run: python -m tests.support.golden"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_stored_fact_loads_for_ever(path: Path) -> None:
    """The bytes of every golden file load; those of today's version are stored again as the same bytes."""
    name, version = re.fullmatch(r"(.+)\.v(\d+)", path.stem).groups()  # type: ignore[union-attr]
    state = path.read_bytes()
    assert json.loads(state)["v"] == int(version)
    fact, provenance = load(name, state)
    assert provenance == BY
    if name in FACTS and int(version) == fact_version(name):
        assert store(fact, provenance) == (name, state)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_every_fact_has_a_golden_file_of_today(name: str) -> None:
    """A fact joins the catalogue together with an example and its golden file."""
    assert name in EXAMPLES, f"Add an example of {name} to tests/support/facts.py."
    assert file_of(name).exists(), f"There is no golden file of {name}. Run: python -m tests.support.golden"


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_examples_fill_every_field(name: str) -> None:
    """No field of an example is left at its default, so that the golden files show every field."""
    example = EXAMPLES[name]
    unset = [
        field.name
        for field in msgspec.structs.fields(type(example))
        if not field.required
        and getattr(example, field.name)
        == (field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory())
    ]
    assert unset == []


def test_no_golden_file_is_of_an_unknown_fact() -> None:
    """A fact that was ever stored never leaves the catalogue."""
    assert {path.stem.rpartition(".v")[0] for path in FILES} <= set(FACTS) | set(ALIASES)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_every_version_has_a_golden_file_and_a_way_up(name: str) -> None:
    """Of every version that a fact ever had there is a golden file, and an upcaster from each to the next."""
    for version in range(1, fact_version(name) + 1):
        assert (FOLDER / f"{name}.v{version}.json").exists()
    assert all((name, version) in UPCASTERS for version in range(1, fact_version(name)))


def test_upcasters_and_aliases_lead_to_facts() -> None:
    """An upcaster is of a version before today's; an alias is no name of today and leads to one."""
    assert all(version < fact_version(name) for name, version in UPCASTERS)
    assert all(old not in FACTS and new in FACTS for old, new in ALIASES.items())


class LongerReopened(DayReopened, frozen=True, omit_defaults=True):
    """A fact that got a field and no new version."""

    note: str = ""


def test_a_field_without_a_new_version_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever adds a field to a fact and leaves its version is told to raise it: also where the field has a default."""
    name = "business-day.reopened"
    monkeypatch.setitem(FACTS, name, (LongerReopened, fact_version(name)))
    with pytest.raises(AssertionError, match=r"reopened.v1 changed. What is stored keeps its shape: raise the version"):
        test_no_shape_changes_without_a_new_version(f"{name}.v1")


@pytest.mark.parametrize("name", sorted(shapes()))
def test_no_shape_changes_without_a_new_version(name: str) -> None:
    """Names, types and defaults of a fact's fields are those that its version was given; a change is a new version."""
    known = json.loads(SHAPES.read_text())
    assert name in known, f"The shape of {name} is not written down. Run: python -m tests.support.golden"
    today = json.loads(json.dumps(shapes()[name]))
    assert known[name] == today, (
        f"The shape of {name} changed. What is stored keeps its shape: raise the version in the catalogue and add an "
        f"upcaster. {ADD} (and delete its entry in shapes.json)."
    )
