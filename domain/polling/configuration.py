"""The polling configuration: versioned on the connection, overridden per location, recorded with every day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from domain.refusals import Refusal


class BadConfiguration(Refusal):
    """A polling option is unknown, or its value is not of its type."""


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The polling options; each is a step that is off or on.

    Attributes:
        use_item_level_taxes: the taxes of the items count, and what the check-level tax differs is an adjustment of its
            own. Off: the check-level tax counts.
        include_inactive_employees: employees that the source marks as inactive are read as well.
    """

    use_item_level_taxes: bool = False
    include_inactive_employees: bool = False


@dataclass(frozen=True, slots=True)
class PollingConfiguration:
    """One version of a connection's configuration.

    Attributes:
        version: from 1; 0 is the default before anything was configured.
        options: by name, for all locations.
        overrides: options by location, over those.
    """

    version: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def at(self, location: str) -> Options:
        """The options in force at one location.

        Raises:
            BadConfiguration: an option is unknown or ill-typed.
        """
        return options_for({**self.options, **self.overrides.get(location, {})})


def options_for(fields: Mapping[str, Any]) -> Options:
    """Options of plain fields.

    Raises:
        BadConfiguration: an option is unknown or ill-typed.
    """
    try:
        return msgspec.convert(dict(fields), Options)
    except msgspec.ValidationError as error:
        known = ", ".join(Options.__struct_fields__)
        raise BadConfiguration(f"The polling options do not fit: {error}. Known options: {known}.") from None
