"""What 24SevenOffice says of itself: capabilities, hosts, and the form that asks for an application's credentials."""

from typing import Any, Final

from domain.facts.objects import ObjectType
from domain.ports.systems import DRAFT, Budget, Profile

API: Final = "https://rest.api.24sevenoffice.com/v1"
LOGIN: Final = "https://login.24sevenoffice.com"
API_HOST: Final = "rest.api.24sevenoffice.com"
LOGIN_HOST: Final = "login.24sevenoffice.com"

CLIENT_ID: Final = "client_id"
CLIENT_SECRET: Final = "client_secret"  # noqa: S105 - the name of a field
ORGANIZATIONS: Final = "organizations"
TRANSACTION_TYPE: Final = "transaction_type"
LABOR_TRANSACTION_TYPE: Final = "labor_transaction_type"
TAX_NUMBER: Final = "tax_number"
POST_ON: Final = "post_on"
POST_FROM: Final = "post_from"
OBJECTS: Final = "objects"

TAKES: Final[frozenset[ObjectType]] = frozenset({"sales-entry", "labor-entry", "customer"})
"""The types of objects that it takes."""

ORGANIZATION: Final = "organization"
"""The id that a location has here: the organization in whose books its entries stand."""

SHOWS_WITHIN: Final = 900.0
"""Seconds by which a search is taken to show what was posted. Nothing is published of it: this is long for an index,
and short enough for whoever waits for an entry to be told the same quarter of an hour."""

LONGEST_SECRET: Final = 512
MOST_ORGANIZATIONS: Final = 50
_MOST_TYPE: Final = 9_999

_TYPE: Final = {"type": "integer", "minimum": 1, "maximum": _MOST_TYPE}

_FIELDS: Final[dict[str, dict[str, Any]]] = {
    "environment": {
        "type": "string",
        "format": "uri",
        "maxLength": 300,
        "pattern": "^https?://[^\\s?#@]+$",
        "default": API,
        "title": "Address of the API",
        "description": "Leave it as it is, unless you were told another.",
        "x-hint": "https:// and the host, such as https://rest.api.24sevenoffice.com/v1, without user, query or «#»",
    },
    CLIENT_ID: {
        "type": "string",
        "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$",
        "title": "Client id",
        "description": "The application id, from the developer panel of 24SevenOffice.",
        "x-hint": "letters, digits, dots, dashes and underscores, as the panel shows it",
    },
    CLIENT_SECRET: {
        "type": "string",
        "writeOnly": True,
        "minLength": 1,
        "maxLength": LONGEST_SECRET,
        "pattern": "^[!-~]+$",
        "title": "Client secret",
        "description": "The secret of the application. It is kept in the vault and never shown again.",
        "x-hint": "the secret as the panel shows it, without spaces or line breaks",
    },
    ORGANIZATIONS: {
        "type": "array",
        "items": {
            "type": "string",
            "pattern": "^[1-9][0-9]{0,17}$",
            "title": "Organization id",
            "x-hint": "a number, as the page of integrations shows it, such as 12345",
        },
        "minItems": 1,
        "maxItems": MOST_ORGANIZATIONS,
        "uniqueItems": True,
        "title": "Organization ids",
        "description": "The organizations that connected the application; each has its own books.",
        "x-hint": "at least one number, as the page of integrations shows it",
    },
    TRANSACTION_TYPE: {
        **_TYPE,
        "title": "Transaction type number",
        "description": "Under which type, and so in which number series, entries are posted.",
        "x-hint": "the number of a type above 0, as 24SevenOffice lists its transaction types",
    },
    LABOR_TRANSACTION_TYPE: {
        **_TYPE,
        "title": "Transaction type number of labor",
        "description": "Where labor entries are posted under another type.",
        "x-hint": "the number of a type above 0, as 24SevenOffice lists its transaction types",
    },
    TAX_NUMBER: {
        "type": "integer",
        "minimum": 0,
        "maximum": 999,
        "default": 0,
        "title": "Tax code",
        "description": "Of every line. 0 is no tax: the tax of sales has lines of its own, and is not computed again.",
        "x-hint": "the number of a tax code, such as 0",
    },
    POST_ON: {
        "enum": ["completed", "approved"],
        "default": "approved",
        "title": "Post entries",
        "description": "When the day is called complete, or not before it is approved.",
    },
    POST_FROM: {
        "type": "string",
        "format": "date",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "title": "Post from",
        "description": "The first business date whose entries are posted. Without it the day of connecting.",
        "x-hint": "a date, such as 2026-11-01",
    },
    OBJECTS: {
        "type": "array",
        "items": {"enum": sorted(TAKES), "title": "Kind of object"},
        "minItems": 1,
        "maxItems": len(TAKES),
        "uniqueItems": True,
        "title": "What is written",
        "description": "Sales entries, labor entries, customers. Without any, all of them.",
    },
}

PROFILE: Final = Profile(
    kind="erp",
    summary="Sales and labor journal entries as transactions in the general ledger, and customers.",
    capabilities=frozenset({"companies", "journal-entries", "master-data"}),
    form={
        "$schema": DRAFT,
        "title": "24SevenOffice",
        "description": "Create an application with the scopes to read and write transactions and customers and to read "
        "accounts, let each organization connect it, and enter its credentials here. They have to be renewed every "
        "30 days.",
        "type": "object",
        "properties": _FIELDS,
        "required": [CLIENT_ID, CLIENT_SECRET, ORGANIZATIONS, TRANSACTION_TYPE],
        "additionalProperties": False,
    },
    hosts=(API_HOST, LOGIN_HOST),
    identity="id of the answer to /organization/information",
    renewal_days=30,
    # Published is a bound of 7,200 requests an hour; a sixth of it stays with others who use the same address.
    budget=Budget(at_once=2, per_minute=100),
    shows_within={"sales-entry": SHOWS_WITHIN, "labor-entry": SHOWS_WITHIN},
    help_url="https://rest-api.developer.24sevenoffice.com/doc/v1/topic/topic-get-access-token",
)
