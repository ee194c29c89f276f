"""The shapes of requests and answers about the catalogue of systems."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.http.models import Instant, Shape
from domain.ports.systems import Capability, Kind


class RequestBudget(Shape):
    """How much a system may be asked, at most."""

    at_once: int = Field(description="Requests at the same time, of one connection.")
    per_minute: int


class SystemInList(Shape):
    """A system that can be connected."""

    key: str
    title: str
    kind: Kind
    summary: str
    capabilities: list[Capability]
    renewal_days: int | None = Field(description="After how many days a grant has to be renewed; null: never.")
    budget: RequestBudget
    help_url: str | None = Field(description="Where people read how to get credentials.")


class BrokenSystem(Shape):
    """An installed adapter that could not be loaded."""

    name: str
    reason: str


class Systems(Shape):
    """The catalogue."""

    data: list[SystemInList]
    broken: list[BrokenSystem]


class WholeSystem(SystemInList):
    """A system with everything that it declares."""

    identity: str | None = Field(description="Which answer holds the company's identity; null where there is none.")
    hosts: list[str] = Field(description="Where requests to it go; the operator may have added others.")
    location_ids: list[str] = Field(description="The system's ids that each location needs.")
    options: list[str] = Field(description="The polling options that it has.")
    default_options: dict[str, Any]
    presets: dict[str, dict[str, Any]] = Field(description="Polling options of kinds of locations.")
    form: dict[str, Any] = Field(
        description="What it asks of whoever connects it: JSON Schema 2020-12. A `writeOnly` field is a secret; "
        "`title` is a field's name, `description` its help, `x-hint` what a value looks like, `x-help` a link."
    )


class ExaminationRequest(BaseModel):
    """A system's form, filled in."""

    model_config = ConfigDict(extra="forbid", strict=True)

    values: dict[str, Any] = Field(
        max_length=50,
        description="By field, as the system's form asks. Secrets are used and forgotten.",
        examples=[{"environment": "https://kernel.tray.com", "api_key": "…"}],
    )


class PlaceAnswer(Shape):
    """A venue that a location can be fed from."""

    id: str
    name: str
    zone: str | None = Field(description="IANA time zone, where the system tells it.")
    source: dict[str, str] = Field(description="The system's ids that a location of it is given.")


class CompanyAnswer(Shape):
    """An organization that the credentials see: with system and environment the identity of a company."""

    organization: str
    name: str
    places: list[PlaceAnswer]


class ExaminationAnswer(Shape):
    """What the source said."""

    system: str
    accepted: bool = Field(description="The credentials are valid, and see `companies`.")
    failure: str | None = Field(description="Why not, as with failed polls: `not-authorized`, `timeout`, …")
    message: str | None
    retryable: bool | None = Field(description="Trying the same again later can help.")
    retry_at: Instant | None
    environment: str | None = Field(description="The base address that was called, written in the one way.")
    companies: list[CompanyAnswer]
    requests: int = Field(description="HTTP requests sent.")
