"""The shapes of requests and answers about connections and their configurations."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.days import LONGEST_REASON
from api.http.models import BusinessDate, Connection, Instant, Shape
from domain.connection import MOST_LOCATIONS

Options = dict[str, Any]
"""Polling options by name; the README's table has them all."""

_REASON = Field(min_length=1, max_length=LONGEST_REASON, description="Kept with what is recorded.")


class Version(Shape):
    """When, by whom and why a version of a configuration was recorded."""

    version: int
    recorded_at: Instant
    actor: str
    reason: str
    command: str


class FedLocation(Shape):
    """A location that a connection feeds."""

    location: str
    name: str
    number: str
    zone: str = Field(description="IANA time zone.")
    day_starts: str = Field(description="Wall-clock time at which the business day begins, HH:MM.")
    source: dict[str, str] = Field(description="The system's own ids.")


class Seen(Shape):
    """What the source showed when the connection was tested."""

    companies: list[dict[str, str]]
    venues: list[dict[str, Any]]


class WholeConnection(Connection):
    """A connection with the locations that it feeds and the versions of its configuration."""

    locations: list[FedLocation]
    seen: Seen | None = Field(description="What the newest test showed; null before it, or where not editable.")
    configurations: list[Version] = Field(description="The newest 100 versions, newest first.")
    remarks: list[str] = Field(description="What somebody should know about it as it is configured now.")


class OptionInForce(Shape):
    """A polling option with the value that is in force."""

    option: str
    value: Any
    default: bool = Field(description="It is what the system begins with.")
    named: bool = Field(description="Somebody named the option there; else it is as for all locations, or off.")


class LocationInForce(Shape):
    """Everything that is in force at one location."""

    location: str
    options: list[OptionInForce]


class InForce(Shape):
    """Every option that the system has, with the value that is in force."""

    all: list[OptionInForce]
    locations: list[LocationInForce] = Field(description="Locations with options of their own; the others are as all.")


class Configuration(Version):
    """A version of a connection's polling configuration."""

    connection: str
    options: Options = Field(description="By name, for all locations.")
    overrides: dict[str, Options] = Field(description="By location, over those.")
    in_force: InForce


class ConfigurationRequest(BaseModel):
    """A configuration: all of it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    options: Options = Field(
        description="By name, for all locations; one that is not named is the system's default.",
        examples=[{"use_item_level_taxes": True, "specify_business_day_start_time": "04:00"}],
    )
    overrides: dict[str, Options] = Field(
        default={},
        max_length=MOST_LOCATIONS,
        description="By location, over those: all of them.",
        examples=[{"bar": {"use_revenue_centers": ["Bar"]}}],
    )
    reason: str = _REASON


class OfferedReplay(Shape):
    """How to see what a configuration would change at a location."""

    location: str
    days: int = Field(description="Business days recorded there.")
    newest: BusinessDate | None = Field(description="The newest of them.")
    command: str | None = Field(description="The command that says what would change on it.")
    url: str | None = Field(description="The same: where to POST `body`.")
    body: dict[str, Any] | None


class Offer(Shape):
    """How to see what a configuration would change on recorded days, which stay as they are."""

    configuration: int
    concerned: int = Field(description="Locations at which other options are in force than before.")
    locations: list[OfferedReplay] = Field(description="The first 50 of them.")


class ConfigurationAnswer(Shape):
    """What came of configuring."""

    connection: str
    outcome: Literal["configured", "unchanged"] = Field(description="`unchanged`: the newest version says so already.")
    version: int = Field(description="The newest version.")
    options: Options
    overrides: dict[str, Options]
    position: int | None = Field(description="Read with `min_position` at least this to see it; null where unchanged.")
    recorded_at: Instant | None
    command: str
    replay: Offer
    remarks: list[str]


class NewLocation(BaseModel):
    """A location to add."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: str = Field(description="Our id of it.", examples=["harbor"])
    zone: str = Field(description="IANA time zone.", examples=["America/New_York"])
    source: dict[str, str] = Field(default={}, description="The system's own ids.", examples=[{"venue": "V100"}])
    name: str = Field(default="", max_length=200, description="What people call it; the id where nothing is said.")
    day_starts: str = Field(default="00:00", description="When its business day begins, HH:MM.")
    number: str = Field(default="", max_length=64, description="In the books.")
    preset: str = Field(default="", description="The system's options for a kind of locations, such as `ihop`.")
    options: Options = Field(default={}, description="Polling options of its own, over those of the preset.")


class LocationsRequest(BaseModel):
    """Locations to add to a connection."""

    model_config = ConfigDict(extra="forbid", strict=True)

    locations: list[NewLocation] = Field(min_length=1, max_length=MOST_LOCATIONS)
    reason: str = _REASON


class InheritedOption(Shape):
    """An option that was taken over from existing locations."""

    option: str
    value: Any
    connection: str = Field(description="The oldest connection with a location that has this value.")
    agreeing: int = Field(description="Locations that have it.")
    locations: int = Field(description="Locations that there are.")


class LocationsAnswer(Shape):
    """What came of adding locations."""

    connection: str
    locations: list[str]
    configuration: int = Field(description="The newest version of the polling configuration.")
    inherited: list[InheritedOption]
    remarks: list[str]
    position: int = Field(description="Read with `min_position` at least this to see it.")
    recorded_at: Instant
    command: str
