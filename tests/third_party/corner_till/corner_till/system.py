"""Corner Till in daybook's catalogue: its form, testing credentials, fetching a day whole."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx
import msgspec

from adapters.http import Address, answer_of, base_address, gate, open_client
from domain.business_date import Window
from domain.forms import Filled
from domain.outward.choosing import OBJECTS
from domain.outward.staff import CHOICES, EMPLOYEE_FIELDS
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture, Page
from domain.ports.source import DEFAULT_LIMITS, BadEndpoint, DayRequest, Fetched, Limits, SourceFailure
from domain.ports.systems import DRAFT, Budget, Company, Examination, Place, Profile
from domain.ports.vault import PersonForgotten, Vault

from .reading import read_day
from .telling import TAKES, TillTarget
from .wire import Day, Person, SealedPerson, Store

PERSONAL: Final = ("first_name", "last_name", "middle_name", "email", "phone")

PROFILE: Final = Profile(
    kind="pos",
    summary="Sales, shifts and people of Corner Till stores.",
    capabilities=frozenset({"polls", "sales", "labor", "employees", "jobs", "companies", "master-data"}),
    form={
        "$schema": DRAFT,
        "type": "object",
        "properties": {
            "environment": {"type": "string", "maxLength": 300, "title": "Address of the till"},
            "token": {
                "type": "string",
                "writeOnly": True,
                "pattern": "^ct-[a-z0-9]{4,40}$",
                "title": "Token",
                "x-hint": "ct- and letters and digits, as the till prints it",
            },
            OBJECTS: {
                "type": "array",
                "items": {"enum": sorted(TAKES)},
                "uniqueItems": True,
                "default": [],
                "title": "What the till is told of",
                "description": "Of what HR says: employees, jobs; and the names and hours of locations.",
            },
            EMPLOYEE_FIELDS: {
                "type": "array",
                "items": {"enum": list(CHOICES)},
                "uniqueItems": True,
                "default": [],
                "title": "What it is told of employees",
                "description": "Besides names, e-mail and phone, and whether they work there.",
            },
        },
        "required": ["environment", "token"],
        "additionalProperties": False,
    },
    hosts=("*.cornertill.example",),
    identity="company in the answer to /stores",
    renewal_days=90,
    budget=Budget(at_once=2, per_minute=60),
)


@dataclass(slots=True)
class Till:
    """A till that is connected. May be used by several threads at once."""

    address: Address
    http: httpx.Client
    vault: Vault
    limits: Limits

    def __repr__(self) -> str:
        return f"Till({self.address.url})"

    def fetch(self, request: DayRequest) -> Fetched:
        """One answer has the whole day: it is there, or it is not."""
        store = request.source.get("store", "")
        if not store.isalnum():
            raise SourceFailure("unknown-venue", "The location has no usable store id.")
        url = f"{self.address.url}/stores/{store}/days/{request.window.date.isoformat()}"
        body = answer_of(self.http, url, self.limits)
        day = _decoded(body, Day)
        if day.store != store:
            raise SourceFailure("wrong-venue", "The till answered the day of another store.")
        if day.date != request.window.date:
            raise SourceFailure("out-of-window", "The till answered another day.")
        people = [self._sealed(person, request) for person in day.people]
        pages = (
            _page("sales", day.sales),
            _page("shifts", day.shifts),
            _page("people", people),
            _page("jobs", day.jobs),
        )
        capture = Capture(SYSTEM.key, 1, {"store": store, "date": day.date.isoformat()}, pages)
        return Fetched(capture, 1, len(body), {page.resource: page.rows for page in pages})

    def close(self) -> None:
        """Give back connections."""
        self.http.close()

    def _sealed(self, person: Person, request: DayRequest) -> SealedPerson:
        name = f"{request.connection}:{request.location}:{person.id}"
        fields = {field: getattr(person, field) for field in PERSONAL}
        try:
            fields = self.vault.seal(request.client, name, fields)
        except PersonForgotten:
            fields = dict.fromkeys(fields, "")  # the till still lists them; here they stay forgotten
        plain = {field: getattr(person, field) for field in ("payroll_id", "hired", "active", "jobs", "rates")}
        return SealedPerson(person.id, name, **fields, **plain)


class CornerTill:
    """Corner Till in the catalogue of systems."""

    key: Final = "corner-till"
    title: Final = "Corner Till"
    location_ids: Final = ("store",)
    default_options: Final[Mapping[str, Any]] = {}
    options: Final = frozenset({"trim_service_type_name", "specify_business_day_start_time"})
    presets: Final[Mapping[str, Mapping[str, Any]]] = {}
    pushes: Final = False
    profile: Final = PROFILE
    takes: Final = TAKES

    def target(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> TillTarget:
        """A till that is told of employees, jobs and locations; sends nothing yet."""
        address, http = _called(filled.environment, filled.secret, limits, kept=False)
        return TillTarget(address.url, http, limits)

    def connect(self, environment: str, secret: str, vault: Vault, limits: Limits = DEFAULT_LIMITS) -> Till:
        """A till at an address; sends nothing yet."""
        address, http = _called(environment, secret, limits)
        return Till(address, http, vault, limits)

    def examine(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> Examination:
        """Ask the till which stores the token opens."""
        address, http = _called(filled.environment, filled.secret, limits)
        with http:
            stores = _decoded(answer_of(http, f"{address.url}/stores", limits), list[Store])
        places: dict[tuple[str, str], list[Place]] = defaultdict(list)
        for store in sorted(stores, key=lambda store: store.id):
            place = Place(store.id, store.name, store.zone, {"store": store.id})
            places[store.company, store.company_name].append(place)
        companies = tuple(Company(*named, tuple(found)) for named, found in sorted(places.items()))
        return Examination(address.url, companies, 1)

    def read(self, capture: Capture, window: Window) -> SourceDay:
        """What a capture says, in daybook's words."""
        return read_day(capture, window)


SYSTEM: Final = CornerTill()


def _called(environment: str, token: str, limits: Limits, *, kept: bool = True) -> tuple[Address, httpx.Client]:
    """The address, if it may be called, and what calls it with the token."""
    allowed = gate(CornerTill.key, PROFILE.hosts, limits.reach)
    address = base_address(environment, allowed)
    if not (token.isascii() and token.isprintable() and token):
        raise BadEndpoint("The token has characters that no token has: copy it again.")
    secrets = {"Authorization": f"Bearer {token}"}
    return address, open_client(allowed, limits, secrets=secrets, budget=PROFILE.budget, kept=kept)


def _decoded(body: bytes, shape: Any) -> Any:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, RecursionError):
        raise SourceFailure("malformed", "The till's answer is not what it promises.") from None


def _page(resource: str, rows: list[Any]) -> Page:
    return Page(resource, len(rows), msgspec.json.encode(rows))
