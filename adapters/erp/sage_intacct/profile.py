"""What Sage Intacct says of itself in the catalogue: form, hosts, budget."""

from typing import Final

from domain.facts.objects import ObjectType
from domain.ports.systems import DRAFT, Budget, Profile

SYSTEM_KEY: Final = "sage-intacct"

TAKES: Final[frozenset[ObjectType]] = frozenset(
    {
        "sales-entry",
        "labor-entry",
        "statistical-entry",
        "employee",
        "location",
        "job",
        "account",
        "customer",
        "item",
    }
)
"""The types of objects that it takes."""

GATEWAY: Final = "https://api.intacct.com"
PATH: Final = "/ia/xml/xmlgw.phtml"

COMPANY: Final = "company_id"
USER: Final = "user_id"
PASSWORD: Final = "password"  # noqa: S105 - the name of a field
SENDER: Final = "sender_id"
SENDER_PASSWORD: Final = "sender_password"  # noqa: S105 - the name of a field
ENTITY: Final = "entity"
DEPARTMENT: Final = "department"
SALES_JOURNAL: Final = "sales_journal"
LABOR_JOURNAL: Final = "labor_journal"
STATISTICAL_JOURNAL: Final = "statistical_journal"

_JOURNAL: Final = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,10}$", "x-hint": "the journal's symbol, such as SJ"}

_FIELDS: Final = {
    "environment": {
        "type": "string",
        "title": "Gateway",
        "description": "The address of the XML gateway. Leave it as it is, unless Sage told you another.",
        "maxLength": 300,
        "default": GATEWAY,
    },
    COMPANY: {
        "type": "string",
        "title": "Company id",
        "description": "What you enter as company when you sign in to Sage Intacct.",
        "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        "x-hint": "the id as it is at the sign-in, without spaces",
    },
    USER: {
        "type": "string",
        "title": "User id",
        "description": "A web services user, made for daybook alone. It may list locations, and add journal entries, "
        "accounts, departments, employees, contacts, customers and items.",
        "minLength": 1,
        "maxLength": 100,
    },
    PASSWORD: {
        "type": "string",
        "title": "User password",
        "writeOnly": True,
        "minLength": 1,
        "maxLength": 200,
    },
    SENDER: {
        "type": "string",
        "title": "Sender id",
        "description": "The id of the web services subscription. The company has to authorize it, under Company, "
        "Setup, Configuration, Security. Leave it out where whoever operates daybook supplies it.",
        "minLength": 1,
        "maxLength": 100,
    },
    SENDER_PASSWORD: {
        "type": "string",
        "title": "Sender password",
        "writeOnly": True,
        "minLength": 1,
        "maxLength": 200,
    },
    ENTITY: {
        "type": "string",
        "title": "Entity",
        "description": "Of a company with several entities, the one to which this connection is confined. Without it "
        "an entry at entity level is entered at the entity that its location belongs to.",
        "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        "x-hint": "the entity's id, without spaces",
    },
    "transaction_integration_level": {
        "type": "string",
        "title": "Transaction integration level",
        "description": "Whether journal entries are entered at the top level or at the entity. Master data is always "
        "entered at the top level.",
        "enum": ["top", "entity"],
        "default": "top",
    },
    "post_on": {
        "type": "string",
        "title": "Journal entries go out",
        "description": "When a day is completed, or when it is approved.",
        "enum": ["completed", "approved"],
        "default": "approved",
    },
    "post_from": {
        "type": "string",
        "title": "First business date",
        "description": "The first business date whose entries go out. Without it, the date of the connection.",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "x-hint": "a date such as 2026-11-01",
    },
    "objects": {
        "type": "array",
        "title": "What goes out",
        "description": "The types of objects that go out. Without it, all of them.",
        "items": {"type": "string", "enum": sorted(TAKES)},
        "uniqueItems": True,
        "maxItems": len(TAKES),
    },
    SALES_JOURNAL: {**_JOURNAL, "title": "Journal of sales", "default": "SJ"},
    LABOR_JOURNAL: {**_JOURNAL, "title": "Journal of labor", "default": "PYRJ"},
    STATISTICAL_JOURNAL: {**_JOURNAL, "title": "Statistical journal", "default": "STAT"},
    DEPARTMENT: {
        "type": "string",
        "title": "Department",
        "description": "The department of every line, where your accounts ask for one.",
        "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$",
        "x-hint": "the department's id, without spaces",
    },
}

PROFILE: Final = Profile(
    kind="erp",
    summary="Takes the journal entries of business days, and employees, locations, jobs, accounts, customers, items.",
    capabilities=frozenset({"companies", "journal-entries", "master-data"}),
    form={
        "$schema": DRAFT,
        "title": "Sage Intacct",
        "description": "Ask the administrator of the company for a web services user.",
        "type": "object",
        "properties": _FIELDS,
        "additionalProperties": False,
        "required": [COMPANY, USER, PASSWORD],
        # Both or none: the operator supplies them where the form does not.
        "dependentRequired": {SENDER: [SENDER_PASSWORD], SENDER_PASSWORD: [SENDER]},
    },
    hosts=("*.intacct.com",),
    identity="companyid of the answer to getAPISession",
    budget=Budget(at_once=2, per_minute=120),
    help_url="https://developer.intacct.com/web-services/",
)
