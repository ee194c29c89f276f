"""What somebody chose of the polling options: as plain values, and whether two choices mean the same."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec

from domain.polling.configuration import BadConfiguration, Options, PollingConfiguration, options_for

TEXT_OPTIONS: Final = frozenset(
    field.name for field in msgspec.structs.fields(Options) if field.type in {str, str | int}
)
"""Options whose value is a text, so that it needs no quotes where people write it."""

_NUMBERS: Final = tuple(field.name for field in msgspec.structs.fields(Options) if field.type == str | int)
"""Options whose value is a decimal number."""


def plain_options(options: Options) -> dict[str, Any]:
    """Every option with its value as plain JSON, those that are off included; equal options give equal values."""
    values = {name: msgspec.to_builtins(getattr(options, name)) for name in Options.__struct_fields__}
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    numbers = {name: format(Decimal(str(plain[name])).normalize(), "f") for name in _NUMBERS}
    return {**plain, **numbers}


OFF: Final[Mapping[str, Any]] = plain_options(Options())
"""The value of each option that nobody chose."""


def meant(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The chosen options, each in the one form that its value has; what cannot be read stands as it is."""
    try:
        plain = plain_options(options_for(chosen))
    except BadConfiguration:  # recorded under a rule that was tightened since
        return dict(chosen)
    return {name: plain[name] for name in chosen}


def says_the_same(
    configuration: PollingConfiguration, options: Mapping[str, Any], overrides: Mapping[str, Mapping[str, Any]]
) -> bool:
    """The configuration says just this: an option that is off for all locations may be named or not.

    At a location it makes a difference whether it is named: what is named there stands when the option changes for all.
    """
    mine, given = ({**OFF, **meant(chosen)} for chosen in (configuration.options, options))
    at_mine, at_given = (
        {location: meant(chosen) for location, chosen in each.items() if chosen}
        for each in (configuration.overrides, overrides)
    )
    return mine == given and at_mine == at_given


def differs_at(before: PollingConfiguration, after: PollingConfiguration, location: str) -> bool:
    """Other options are in force at a location."""
    one, other = ({**OFF, **meant({**each.options, **each.overrides.get(location, {})})} for each in (before, after))
    return one != other
