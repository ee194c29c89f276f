"""What a system of the catalogue says of itself, and what an examination of credentials brings to light."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from domain.facts.objects import ObjectType
from domain.forms import Form
from domain.permissions import Permission

Kind = Literal["pos", "files", "hris", "erp", "webhook"]
"""What a system is: a point of sale, files that people bring, a system of personnel, one of accounting, or whoever is
told by webhooks."""

KINDS: Final[Mapping[Kind, str]] = {
    "pos": "point of sale",
    "files": "files",
    "hris": "personnel",
    "erp": "accounting",
    "webhook": "webhooks",
}
"""The kinds in words."""

Capability = Literal[
    "polls",  # daybook asks it for business days
    "pushes",  # it brings business days to daybook
    "sales",  # tickets with items, taxes, discounts, payments, voids
    "labor",  # punches with breaks, tips and rates
    "labor-lookback",  # punches of earlier days can be read together with the day's own
    "deposits",
    "paid-in-out",
    "tills",
    "employees",
    "jobs",
    "reference",  # menu items, tenders, taxes, house accounts
    "consolidated",  # a whole day in few archives
    "companies",  # it tells which companies or venues its credentials see
    "schedules",  # it takes schedules
    "journal-entries",  # it takes journal entries
    "master-data",  # it takes employees, locations, jobs, accounts
    "notices",  # it takes notices that business days moved
]
"""What a system can do; a closed set of permanent names."""

CAPABILITIES: Final = frozenset(get_args(Capability))

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
"""The dialect of forms."""

EMPTY_FORM: Final[Form] = {"$schema": DRAFT, "type": "object", "properties": {}, "additionalProperties": False}
"""The form of a system that asks for nothing."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a system may be asked, at most.

    Attributes:
        at_once: requests at the same time, of one connection.
        per_minute: requests in a minute.
    """

    at_once: int
    per_minute: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What a system says of itself. The same for as long as the adapter runs.

    Attributes:
        kind: what it is.
        summary: what it brings, in a sentence.
        capabilities: what it can do.
        form: what it asks of whoever connects it.
        hosts: where requests to it may go: ``host``, ``*.host`` for all below it, ``host:port``; ``*`` is any public
            host. The operator may add others. Empty for a system that is never called.
        identity: which answer holds the company's identity, in words; empty where there is no company.
        renewal_days: after how many days a grant has to be renewed; None: never.
        budget: how much it may be asked.
        help_url: where people read how to get credentials; empty: nowhere.
        shows_within: the types of objects of which it would do the same effect twice, because it has no key for
            repeating; with the seconds after an answer was due by which a search shows what it did, or None where it
            cannot be searched. A type that is not named is known by its reference, and never done twice.
    """

    kind: Kind
    summary: str
    capabilities: frozenset[Capability]
    form: Form = field(default_factory=lambda: EMPTY_FORM)
    hosts: tuple[str, ...] = ()
    identity: str = ""
    renewal_days: int | None = None
    budget: Budget = Budget(at_once=2, per_minute=120)
    help_url: str = ""
    shows_within: Mapping[ObjectType, float | None] = field(default_factory=dict)


def permission_for(kind: Kind) -> Permission:
    """What making or testing a connection to a system of a kind takes."""
    return Permission.CONNECT_POS if kind in {"pos", "files"} else Permission.CONNECT_ERP


@dataclass(frozen=True, slots=True, order=True)
class CompanyId:
    """A company's identity, whoever connected it and with whichever login: equal ids are one company.

    Attributes:
        system: key of the catalogue.
        environment: base address of the source, written in the one way that the adapter writes it.
        organization: the organization's id there.
    """

    system: str
    environment: str
    organization: str


@dataclass(frozen=True, slots=True)
class Place:
    """A venue that a location can be fed from.

    Attributes:
        id: its id at the system.
        name: what it is called there.
        zone: IANA zone; empty where it is not told.
        source: the system's ids that a location of it is given: ``{"venue": "V100"}``.
    """

    id: str
    name: str
    zone: str = ""
    source: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Company:
    """An organization that credentials see.

    Attributes:
        organization: its id at the system.
        name: what it is called there.
        places: its venues that they see, by id.
    """

    organization: str
    name: str
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Examination:
    """What a source said of credentials that it accepts.

    Attributes:
        environment: the base address that was called, written in the one way.
        companies: what the credentials see, by organization.
        requests: HTTP requests sent.
    """

    environment: str
    companies: tuple[Company, ...]
    requests: int = 0

    def company_ids(self, system: str) -> tuple[CompanyId, ...]:
        """The identities of the companies."""
        return tuple(CompanyId(system, self.environment, company.organization) for company in self.companies)
