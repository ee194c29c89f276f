"""The shapes of requests and answers about the life of connections, companies, locations and clients."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.days import LONGEST_REASON
from api.http.connection_models import InheritedOption, NewLocation, Options
from api.http.models import Instant, Shape
from domain.commands.trying import LONGEST_ADDRESS, MOST_VALUES
from domain.connection import MOST_LOCATIONS
from domain.names import LONGEST_NAME
from domain.ports.examining import MOST_SEEN

_REASON = Field(min_length=1, max_length=LONGEST_REASON, description="Kept with what is recorded.")
_SECRET = Field(
    default="",
    max_length=4096,
    repr=False,
    description="Kept in the vault, and never shown again.",
    json_schema_extra={"writeOnly": True},
)

Visibility = Literal["private", "shared"]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, description="What people call it.")]
Address = Annotated[str, Field(max_length=LONGEST_ADDRESS, description="The base address of the source.")]
Organizations = Annotated[
    list[Annotated[str, Field(max_length=LONGEST_NAME)]],
    Field(max_length=MOST_SEEN, description="The chosen companies, all of them, by the source's ids."),
]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    reason: str = _REASON


class DraftRequest(_Request):
    """A connection to begin with."""

    id: str = Field(description="The new connection's id.", examples=["books"])
    system: str = Field(max_length=64, description="The system's key in the catalogue.", examples=["tray"])
    name: str = Field(default="", max_length=LONGEST_NAME, description="What people call it; the id where not said.")
    environment: Address = ""
    values: dict[str, Any] = Field(
        default={}, max_length=MOST_VALUES, description="What is filled in of the system's form, without secrets."
    )
    secret: str = _SECRET
    visibility: Visibility = Field(default="private", description="`shared`: other users may edit it.")


class TestRequest(_Request):
    """Why the source is asked."""

    __test__ = False


class EstablishmentRequest(_Request):
    """What is chosen of what the test showed."""

    companies: Organizations | None = None
    locations: list[NewLocation] = Field(default=[], max_length=MOST_LOCATIONS)
    admin: str | None = Field(
        default=None, max_length=100, description="The user who is responsible; the caller where nobody is named."
    )
    preset: str = Field(default="", max_length=64, description="The system's options for a kind of locations.")
    options: Options = Field(default={}, description="Polling options, over those of the preset.")


class EditConnectionRequest(_Request):
    """What is to be otherwise: what is not given stays."""

    name: Name | None = None
    environment: Address | None = None
    values: dict[str, Any] | None = Field(default=None, max_length=MOST_VALUES, description="All of them.")
    companies: Organizations | None = None
    secret: str = _SECRET


class VisibilityRequest(_Request):
    """Who else may edit it."""

    visibility: Visibility


class AdminRequest(_Request):
    """Who is responsible."""

    admin: str = Field(max_length=100, description="A user; empty: the operator.")


class CredentialsRequest(_Request):
    """The secret that is in use from now on."""

    secret: str = Field(
        min_length=1,
        max_length=4096,
        repr=False,
        description="Kept in the vault.",
        json_schema_extra={"writeOnly": True},
    )


class RenewalRequest(_Request):
    """How the grant begins anew."""

    secret: str = _SECRET
    valid_until: Annotated[AwareDatetime, Field(strict=False)] | None = Field(
        default=None, description="Until when it is good; as long as the system's grants are where nothing is said."
    )


class LifeRequest(_Request):
    """Why."""


class EditLocationRequest(_Request):
    """What is to be otherwise of a location: what is not given stays."""

    name: Name | None = None
    number: str | None = Field(default=None, max_length=64, description="In the books; empty: it has none.")
    zone: str | None = Field(default=None, max_length=64, description="IANA time zone.")
    day_starts: str | None = Field(default=None, max_length=5, description="When its business day begins, HH:MM.")


class ClientRequest(_Request):
    """A client to add to the customer."""

    client: str = Field(max_length=64, description="Its id, which every stream and every command names.")
    name: Name


class RenameClientRequest(_Request):
    """What a client is to be called."""

    name: Name


class KnownCompany(Shape):
    """A company that other connections have chosen already: it stays one company."""

    company: str
    organization: str
    name: str
    connections: list[str]


class ConnectionChange(Shape):
    """Where a connection stands after a change."""

    connection: str
    stage: Literal["draft", "established", "suspended", "disconnected"]
    revision: int = Field(description="Counts everything that was decided about it; the ETag.")
    changed: bool = Field(description="false where it was so already: then nothing is recorded.")
    credential: str = Field(description="The fingerprint of the secret in use.")
    credential_version: int
    valid_until: Instant | None = Field(
        description="Until when the source's grant is good; null where it does not end."
    )
    position: int | None = Field(description="Read with `min_position` at least this to see it; null if unchanged.")
    recorded_at: Instant | None
    command: str


class SeenCompany(Shape):
    """A company that the source shows."""

    organization: str
    name: str


class SeenVenue(Shape):
    """A place that the source shows, which can be a location."""

    source: dict[str, str]
    name: str
    organization: str


class Access(Shape):
    """Chosen companies, by the source's ids, and our locations."""

    companies: list[str]
    locations: list[str]


class TestAnswer(ConnectionChange):
    """What the source said."""

    __test__ = False

    passed: bool
    asked: bool = Field(description="false where there is no source that could be asked: only the form was looked at.")
    identity: str = Field(description="The fingerprint of who the source says we are.")
    failure: str = Field(description="The kind of failure, or empty.")
    message: str
    companies: list[SeenCompany]
    venues: list[SeenVenue]
    known: list[KnownCompany]
    lost: Access = Field(description="What was chosen and is no longer visible, since this test.")
    regained: Access = Field(description="What is visible again, since this test.")


class EstablishmentAnswer(ConnectionChange):
    """What came of establishing."""

    companies: list[str]
    locations: list[str]
    admin: str
    inherited: list[InheritedOption]
    known: list[KnownCompany]
    remarks: list[str]


class EditConnectionAnswer(ConnectionChange):
    """What came of editing."""

    known: list[KnownCompany]


class CompanyConnection(Shape):
    """A connection that has chosen a company."""

    connection: str
    standing: bool = Field(description="It is established and not over.")
    lost: bool = Field(description="It no longer sees the company.")


class Company(Shape):
    """A company, once, however many connections see it."""

    company: str = Field(description="Made of system, address and organization.")
    system: str
    environment: str
    organization: str
    name: str
    position: int
    connections: list[CompanyConnection] = Field(description="Those that the caller may edit.")


class Companies(Shape):
    """A page of companies."""

    data: list[Company]
    next: str | None = Field(description="The cursor of the next page.")


class EditLocationAnswer(Shape):
    """How a location is described now."""

    location: str
    name: str
    number: str
    zone: str
    day_starts: str
    changed: bool
    moved: bool = Field(description="Its days have other hours: recorded ones keep theirs until they are polled again.")
    position: int | None
    recorded_at: Instant | None
    command: str


class Tenant(Shape):
    """A client of a customer."""

    client: str
    name: str
    customer: str
    customer_name: str
    added_at: dt.datetime | None


class Tenants(Shape):
    """Clients of the customer."""

    data: list[Tenant]
    next: str | None = Field(description="The cursor of the next page.")


class TenantAnswer(Shape):
    """A client as it is called now."""

    client: str
    name: str
    customer: str
    version: int = Field(description="Of the customer; the ETag.")
    changed: bool
    position: int | None
    recorded_at: Instant | None
    command: str
