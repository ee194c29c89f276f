"""The catalogue of systems: loading the installed adapters, and finding one among them."""

from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

import structlog

from adapters.forms import check_form
from adapters.http.addresses import pattern
from domain.forms import Form
from domain.identifiers import plain
from domain.ports.source import System
from domain.ports.systems import CAPABILITIES, KINDS, Profile

SYSTEMS: Final = "daybook.systems"
"""The group of entry points through which systems are registered, ours and strangers' alike."""

MOST_SYSTEMS: Final = 200
"""Systems in the catalogue, at most."""

_SOUND: Final[dict[int, Form]] = {}
"""Forms that were looked at, by identity: a process that opens many stores holds the same ones."""

_METHODS: Final = ("connect", "examine", "read")
_LOG: Final = structlog.get_logger("daybook")


def load_systems(entries: Iterable[EntryPoint] | None = None) -> tuple[dict[str, System], dict[str, str]]:
    """The catalogue of systems from the installed entry points, and those that could not be loaded, with the reason.

    A broken adapter takes away itself only: the others stay usable, and the reason is logged.

    Args:
        entries: where to look; without it everything that is installed.
    """
    systems: dict[str, System] = {}
    broken: dict[str, str] = {}
    found = entry_points(group=SYSTEMS) if entries is None else entries
    for entry in sorted(found, key=lambda entry: (entry.name, entry.value)):
        reason = _take(entry, systems)
        if reason:
            broken[entry.name] = reason
    for name, reason in broken.items():
        _LOG.warning("system left out", system=name, reason=reason)
    return systems, broken


def _take(entry: EntryPoint, systems: dict[str, System]) -> str:
    """Take a system into the catalogue, or say why not."""
    try:
        system: System = entry.load()
        key = system.key
        reason = _wanting(system)
    except Exception as error:  # noqa: BLE001 - a stranger's code may fail in any way while it is imported
        return f"{type(error).__name__}: {error}"[:300]
    if not reason and key in systems:
        reason = f"another adapter has the key {key!r} already"
    if not reason and len(systems) >= MOST_SYSTEMS:
        reason = f"there are {MOST_SYSTEMS} systems already"
    if not reason:
        systems[key] = system
    return reason


def _wanting(system: System) -> str:
    """What an adapter lacks to be used at all; its conformance suite looks closer."""
    missing = [name for name in _METHODS if not callable(getattr(system, name, None))]
    if missing:
        return f"it has no method {missing[0]!r}"
    profile = getattr(system, "profile", None)
    if not isinstance(profile, Profile):
        return "it has no profile"
    plain(system.key, "system")
    if profile.kind not in KINDS or not profile.capabilities <= CAPABILITIES:
        return "its profile names a kind or a capability that there is none of"
    for host in profile.hosts:
        pattern(host)
    if _SOUND.get(id(profile.form)) is not profile.form:
        check_form(profile.form)
        if len(_SOUND) < MOST_SYSTEMS:
            _SOUND[id(profile.form)] = profile.form
    return ""


def found_systems(systems: Mapping[str, System], words: str = "") -> list[System]:
    """The systems that have every word in key, title, summary, kind or capabilities; by title."""
    wanted = words.casefold().split()
    return sorted(
        (system for system in systems.values() if all(word in _text(system) for word in wanted)),
        key=lambda system: (system.title.casefold(), system.key),
    )


def _text(system: System) -> str:
    profile = system.profile
    said = (system.key, system.title, profile.summary, profile.kind, KINDS[profile.kind], *sorted(profile.capabilities))
    return " ".join(said).casefold()


def plain_system(system: System) -> dict[str, Any]:
    """A system as lists show it."""
    profile = system.profile
    return {
        "key": system.key,
        "title": system.title,
        "kind": profile.kind,
        "summary": profile.summary,
        "capabilities": sorted(profile.capabilities),
        "renewal_days": profile.renewal_days,
        "budget": {"at_once": profile.budget.at_once, "per_minute": profile.budget.per_minute},
        "help_url": profile.help_url or None,
    }


def plain_whole_system(system: System) -> dict[str, Any]:
    """A system with its form and everything else that it declares."""
    return {
        **plain_system(system),
        "identity": system.profile.identity or None,
        "hosts": list(system.profile.hosts),
        "location_ids": list(system.location_ids),
        "options": sorted(system.options),
        "default_options": dict(system.default_options),
        "presets": {name: dict(options) for name, options in sorted(system.presets.items())},
        "form": system.profile.form,
    }
