"""What every system says of itself."""

from collections.abc import Mapping
from typing import Any

from adapters.conformance.trying import hold
from adapters.forms import check_form
from adapters.http.addresses import pattern
from domain.forms import fields_of
from domain.identifiers import plain
from domain.polling import Options, options_for
from domain.ports.source import System
from domain.ports.systems import CAPABILITIES, KINDS


class Declaring:
    """Key, profile, form and polling options are what the catalogue can show and check."""

    def system(self) -> System:
        """The system that is tried."""
        raise NotImplementedError

    def test_it_has_a_permanent_name(self) -> None:
        """The key is an identifier, the title is for people, and both are the same every time."""
        system = self.system()
        plain(system.key, "system")
        hold(system.title.strip() and system.title.isprintable(), "The title is a line of text.")
        hold((system.key, system.title) == (self.system().key, self.system().title), "Key and title never change.")

    def test_its_profile_has_known_words(self) -> None:
        """Kind and capabilities are of the closed sets, and say the same as the rest of the system."""
        system, profile = self.system(), self.system().profile
        hold(profile.kind in KINDS, f"The kind is one of {', '.join(KINDS)}.")
        hold(profile.capabilities <= CAPABILITIES, f"Capabilities are of {', '.join(sorted(CAPABILITIES))}.")
        hold(("pushes" in profile.capabilities) == system.pushes, "«pushes» is a capability of systems that push.")
        hold(not system.pushes or "polls" not in profile.capabilities, "A system that pushes is not polled.")
        hold(profile.summary.strip() and len(profile.summary) <= 300, "The summary is a sentence.")
        hold(profile.identity or "companies" not in profile.capabilities, "It says which answer tells the company.")
        hold(not profile.help_url or profile.help_url.startswith("https://"), "The help link begins with https://.")

    def test_its_bounds_are_bounds(self) -> None:
        """Budget and renewal are positive; whoever is called says at which hosts."""
        profile = self.system().profile
        hold(profile.budget.at_once >= 1, "At least one request may be under way.")
        hold(profile.budget.per_minute >= 1, "At least one request a minute may be sent.")
        hold(profile.renewal_days is None or profile.renewal_days >= 1, "A grant lasts a day at least.")
        hold(bool(profile.hosts) != self.system().pushes, "A system that is called has hosts, and no other has any.")
        for host in profile.hosts:
            pattern(host)

    def test_its_form_is_one(self) -> None:
        """JSON Schema 2020-12 that takes nothing unknown; fields have titles and bounds, and patterns have hints."""
        form = self.system().profile.form
        check_form(form)
        hold(form.get("additionalProperties") is False, "Fields that the form does not have are refused.")
        for name, field in fields_of(form).items():
            hold(field.get("title"), f"The field {name!r} has a title.")
            for part in (field, field.get("items", {})):
                _check_text(name, part)

    def test_its_options_exist(self) -> None:
        """Defaults and presets are polling options that the system has, with values that they take."""
        system = self.system()
        hold(system.options <= frozenset(Options.__struct_fields__), "Polling options are those of daybook.")
        for options in (system.default_options, *system.presets.values()):
            hold(options.keys() <= system.options, "Defaults and presets are options that the system has.")
            options_for(dict(options))
        for name in system.location_ids:
            plain(name, "id of a location")


def _check_text(name: str, part: Mapping[str, Any]) -> None:
    if part.get("type") == "string" and "enum" not in part and "const" not in part:
        hold("maxLength" in part or "pattern" in part, f"The text {name!r} has a bound.")
    if "pattern" in part:
        hold(part.get("x-hint"), f"The pattern of {name!r} has a hint for people.")
