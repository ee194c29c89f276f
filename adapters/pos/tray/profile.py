"""What Tray says of itself: capabilities, hosts, and the form that asks for what its support gives out."""

from typing import Any, Final

from domain.ports.systems import DRAFT, Budget, Profile

LONGEST_KEY: Final = 1024
IHOP: Final = "ihop"
API_KEY: Final = "api_key"
VENUES: Final = "venues"
MOST_VENUES: Final = 500

_VENUE: Final = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"

_FIELDS: Final[dict[str, dict[str, Any]]] = {
    IHOP: {
        "type": "boolean",
        "default": False,
        "title": "IHOP locations",
        "description": "The locations are IHOP restaurants: then only their venue ids are needed.",
    },
    "environment": {
        "type": "string",
        "format": "uri",
        "maxLength": 300,
        "pattern": "^https?://[^\\s?#@]+$",
        "title": "Environment URL",
        "description": "The address of the Tray environment that the venues are in; Tray Support tells it.",
        "x-hint": "https:// and the host, such as https://kernel.tray.com, without user, query or «#»",
    },
    API_KEY: {
        "type": "string",
        "writeOnly": True,
        "minLength": 1,
        "maxLength": LONGEST_KEY,
        "pattern": "^[!-~]+$",
        "title": "Kernel API key",
        "description": "The key of the company, from Tray Support. It is kept in the vault and never shown again.",
        "x-hint": "the key as Tray sent it, without spaces or line breaks",
    },
    VENUES: {
        "type": "array",
        "items": {
            "type": "string",
            "pattern": _VENUE,
            "title": "Tray HQ venue id",
            "x-hint": "the id as Tray shows it, such as V100",
        },
        "maxItems": MOST_VENUES,
        "uniqueItems": True,
        "title": "Tray HQ venue ids",
        "description": "The venues to connect, one of each location. Without any, all that the key sees can be chosen.",
        "x-hint": "at least one id as Tray shows it, such as V100",
    },
}

PROFILE: Final = Profile(
    kind="pos",
    summary="Sales, labor, employees, deposits and paid ins and outs of Tray venues, day by day.",
    capabilities=frozenset(
        {
            "polls",
            "sales",
            "labor",
            "labor-lookback",
            "deposits",
            "paid-in-out",
            "employees",
            "jobs",
            "consolidated",
            "companies",
            "schedules",
        }
    ),
    form={
        "$schema": DRAFT,
        "title": "Tray POS",
        "description": "Ask Tray Support for the venue id of each location and, unless they are IHOP restaurants, for "
        "the environment URL and the kernel API key.",
        "type": "object",
        "properties": _FIELDS,
        "additionalProperties": False,
        "if": {"properties": {IHOP: {"const": True}}, "required": [IHOP]},
        "then": {
            "required": [VENUES],
            "properties": {VENUES: {"minItems": 1}, "environment": False, API_KEY: False},
        },
        "else": {"required": ["environment", API_KEY]},
    },
    # Tray publishes no list of its hosts; the operator adds those that are missing here.
    hosts=("*.tray.com",),
    identity="organizationId of the answer to /kernel/v1/venues",
    budget=Budget(at_once=8, per_minute=600),
    help_url="https://www.tray.com",
)
