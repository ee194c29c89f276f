"""What a system of personnel by SCIM says of itself, and the form that asks for its address and token."""

from typing import Any, Final

from domain.ports.systems import DRAFT, Budget, Profile

KEY: Final = "scim"
LONGEST_TOKEN: Final = 4096
PAGE_ROWS: Final = 100
PAGE_SIZE: Final = "page_size"
EXTENSION: Final = "extension"

_FIELDS: Final[dict[str, dict[str, Any]]] = {
    "environment": {
        "type": "string",
        "format": "uri",
        "maxLength": 300,
        "pattern": "^https?://[^\\s?#@]+$",
        "title": "SCIM base URL",
        "description": "The address below which the service has /Users; whoever runs the HR system tells it.",
        "x-hint": "https://, the host and the path, such as https://hr.example.com/scim/v2",
    },
    "token": {
        "type": "string",
        "writeOnly": True,
        "minLength": 1,
        "maxLength": LONGEST_TOKEN,
        "pattern": "^[!-~]+$",
        "title": "Bearer token",
        "description": "A token that may read users. It is kept in the vault and never shown again.",
        "x-hint": "the token as the HR system shows it, without the word Bearer, spaces or line breaks",
    },
    PAGE_SIZE: {
        "type": "integer",
        "minimum": 1,
        "maximum": 1000,
        "default": PAGE_ROWS,
        "title": "Users on a page",
        "description": "How many users are asked for at once.",
    },
    EXTENSION: {
        "type": "string",
        "maxLength": 200,
        "pattern": "^urn:[!-~]+$",
        "title": "Extension schema",
        "description": "The URN of the schema extension with hireDate, birthDate, ssn, payrollId and jobs with pay "
        "rates, where the service has one. Without it these are not read.",
        "x-hint": "a URN, such as urn:example:params:scim:schemas:extension:hr:2.0:User",
    },
}

PROFILE: Final = Profile(
    kind="hris",
    summary="Employees of an HR system by SCIM 2.0: names, contact, payroll number; by extension jobs and pay rates.",
    capabilities=frozenset({"employees", "companies"}),
    form={
        "$schema": DRAFT,
        "title": "HR system (SCIM 2.0)",
        "description": "Ask whoever runs the HR system for the SCIM base URL and a token that may read users.",
        "type": "object",
        "properties": _FIELDS,
        "additionalProperties": False,
        "required": ["environment", "token"],
    },
    hosts=("*",),  # every company has its own
    identity="the base URL itself: one service tells of one company",
    budget=Budget(at_once=1, per_minute=300),
    help_url="https://www.rfc-editor.org/rfc/rfc7644",
)
