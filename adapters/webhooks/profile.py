"""What webhooks say of themselves, and the form that asks for the receiver's address and the secret shared with it."""

from typing import Any, Final

from domain.facts.objects import ObjectType
from domain.ports.systems import DRAFT, Budget, Profile

KEY: Final = "webhook"
SECRET: Final = "secret"  # noqa: S105 - the name of a field
SECRET_BEFORE: Final = "secret_before"  # noqa: S105 - likewise
POST_FROM: Final = "post_from"
OBJECTS: Final = "objects"

TAKES: Final[frozenset[ObjectType]] = frozenset({"notice"})
"""The types of objects that are told."""

# Base64 of 24 to 64 bytes, padded: whole groups of 3 bytes, and what is left over.
_BASE64: Final = (
    "(?:(?:[A-Za-z0-9+/]{4}){8,20}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
    "|(?:[A-Za-z0-9+/]{4}){21}(?:[A-Za-z0-9+/]{2}==)?)"
)
_SECRET: Final = {
    "type": "string",
    "writeOnly": True,
    "maxLength": 100,
    "pattern": f"^whsec_{_BASE64}$",
    "x-hint": "whsec_ and 24 to 64 random bytes in base64; `openssl rand -base64 32` makes such bytes",
}

_FIELDS: Final[dict[str, dict[str, Any]]] = {
    "environment": {
        "type": "string",
        "format": "uri",
        "maxLength": 300,
        "pattern": "^https?://[^\\s?#@]+$",
        "title": "Address of the receiver",
        "description": "Where notices are posted to. It is no secret: that it is us is proved by the signature.",
        "x-hint": "https://, the host and the path, such as https://hooks.example.com/daybook, without query or «#»",
    },
    SECRET: {
        **_SECRET,
        "title": "Secret",
        "description": "What notices are signed with, and the receiver checks them with. It is kept in the vault and "
        "never shown again.",
    },
    SECRET_BEFORE: {
        **_SECRET,
        "title": "Secret before",
        "description": "While the secret is changed: notices are signed with this one as well, so that the receiver "
        "takes them before and after it has the new one.",
    },
    POST_FROM: {
        "type": "string",
        "format": "date",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "title": "From",
        "description": "The first business date that is told of. Without it the day of connecting.",
        "x-hint": "a date, such as 2026-11-01",
    },
    OBJECTS: {
        "type": "array",
        "items": {"enum": sorted(TAKES), "title": "Kind of object"},
        "minItems": 1,
        "maxItems": len(TAKES),
        "uniqueItems": True,
        "title": "What is told",
        "description": "Notices of business days. Without any, all that there are.",
    },
}

PROFILE: Final = Profile(
    kind="webhook",
    summary="Signed notices that a business day moved, posted to an address of yours (Standard Webhooks).",
    capabilities=frozenset({"companies", "notices"}),
    form={
        "$schema": DRAFT,
        "title": "Webhook",
        "description": "Run a receiver that takes JSON by POST over https, make a secret, and give both of them here.",
        "type": "object",
        "properties": _FIELDS,
        "required": ["environment", SECRET],
        "additionalProperties": False,
    },
    hosts=("*",),  # everybody has their own
    identity="the host of the receiver itself",
    budget=Budget(at_once=2, per_minute=300),
    help_url="https://www.standardwebhooks.com",
)
