"""What the service says of itself: what it can do, the one type of resource that it has, and its schemas."""

from collections.abc import Mapping
from typing import Any, Final

from api.scim.words import CONFIG, EMPLOYEE, ENTERPRISE, MOST, PAGE, PREFIX, RESOURCE_TYPE, SCHEMA, USER


def _attribute(name: str, description: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    """An attribute that is only read."""
    return {
        "name": name,
        "type": kind,
        "multiValued": False,
        "description": description,
        "required": False,
        "mutability": "readOnly",
        "returned": "default",
        **({"caseExact": True, "uniqueness": "none"} if kind in {"string", "reference"} else {}),
        **more,
    }


def _complex(name: str, description: str, *parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return _attribute(name, description, "complex", subAttributes=list(parts), **more)


def _switch(name: str, *more: dict[str, Any]) -> dict[str, Any]:
    return _complex(name, f"Whether {name} is supported.", _attribute("supported", "Whether it is.", "boolean"), *more)


def _schema(urn: str, name: str, description: str, *attributes: dict[str, Any]) -> dict[str, Any]:
    return {
        "schemas": [SCHEMA],
        "id": urn,
        "name": name,
        "description": description,
        "attributes": list(attributes),
        "meta": {"resourceType": "Schema", "location": f"{PREFIX}/Schemas/{urn}"},
    }


_ASKED: Final = {"returned": "request"}

_USER: Final = _schema(
    USER,
    "User",
    "An employee of one location, as its point of sale knows them.",
    _attribute("userName", "Location and employee: the same as the id.", required=True, uniqueness="server"),
    _complex(
        "name",
        "Names; none once somebody was forgotten.",
        _attribute("formatted", "All names."),
        _attribute("givenName", "First name."),
        _attribute("middleName", "Middle name."),
        _attribute("familyName", "Last name."),
    ),
    _attribute("displayName", "First and last name."),
    _attribute("active", "Employed, and on the source's list.", "boolean"),
    _complex(
        "emails",
        "Answered where it is asked for, to who may open personal data; each opening is recorded.",
        _attribute("value", "The address."),
        multiValued=True,
        **_ASKED,
    ),
    _complex("phoneNumbers", "As emails.", _attribute("value", "The number."), multiValued=True, **_ASKED),
    _complex("addresses", "As emails.", _attribute("formatted", "The address."), multiValued=True, **_ASKED),
)
_ENTERPRISE: Final = _schema(
    ENTERPRISE, "EnterpriseUser", "Enterprise User.", _attribute("employeeNumber", "The number for payroll.")
)
_EMPLOYEE: Final = _schema(
    EMPLOYEE,
    "Employee",
    "What else daybook knows of an employee.",
    _attribute("location", "The id of the location."),
    _attribute("posId", "The number that they enter at the point of sale."),
    _attribute("hireDate", "As the source states it."),
    _attribute("listed", "The source's list still has them.", "boolean"),
    _attribute("minor", "Not 18 yet; not there where that is not known.", "boolean"),
    _complex(
        "jobs",
        "The jobs that they work in.",
        _attribute("value", "The id of the job."),
        _attribute("payRate", "Per hour, a decimal number."),
        multiValued=True,
    ),
    _attribute("dateOfBirth", "As emails.", **_ASKED),
)
_CONFIG: Final = _schema(
    CONFIG,
    "ServiceProviderConfig",
    "What the service can do.",
    _attribute("documentationUri", "Where people read about it.", "reference", referenceTypes=["external"]),
    _switch("patch"),
    _switch(
        "bulk",
        _attribute("maxOperations", "At most.", "integer"),
        _attribute("maxPayloadSize", "Bytes at most.", "integer"),
    ),
    _switch("filter", _attribute("maxResults", "Users on a page at most.", "integer")),
    _switch("changePassword"),
    _switch("sort"),
    _switch("etag"),
    _complex(
        "pagination",
        "How pages are asked for (RFC 9865).",
        _attribute("cursor", "By cursor.", "boolean"),
        _attribute("index", "By index.", "boolean"),
        _attribute("defaultPaginationMethod", "Where the reader does not say."),
        _attribute("defaultPageSize", "Where the reader does not say.", "integer"),
        _attribute("maxPageSize", "At most.", "integer"),
    ),
    _complex(
        "authenticationSchemes",
        "How one is recognized.",
        _attribute("type", "The kind."),
        _attribute("name", "What it is called."),
        _attribute("description", "In words."),
        _attribute("primary", "The one to use.", "boolean"),
        multiValued=True,
    ),
)
_RESOURCE_TYPE: Final = _schema(
    RESOURCE_TYPE,
    "ResourceType",
    "A type of resource.",
    _attribute("name", "What it is called.", required=True),
    _attribute("description", "In words."),
    _attribute("endpoint", "Its address.", "reference", required=True, referenceTypes=["uri"]),
    _attribute("schema", "Its schema.", "reference", required=True, referenceTypes=["uri"]),
    _complex(
        "schemaExtensions",
        "What extends it.",
        _attribute("schema", "The schema.", "reference", required=True, referenceTypes=["uri"]),
        _attribute("required", "Whether every resource has it.", "boolean", required=True),
        multiValued=True,
    ),
)


def _parts(depth: int) -> list[dict[str, Any]]:
    """What says of an attribute what it is."""
    texts = ("name", "type", "description", "mutability", "returned", "uniqueness")
    flags = ("multiValued", "required", "caseExact")
    lists = ("canonicalValues", "referenceTypes")
    found = [
        *[_attribute(name, "Of the attribute.") for name in texts],
        *[_attribute(name, "Of the attribute.", "boolean") for name in flags],
        *[_attribute(name, "Of the attribute.", multiValued=True) for name in lists],
    ]
    if depth:
        found.append(_complex("subAttributes", "Its parts.", *_parts(depth - 1), multiValued=True))
    return found


_SCHEMA: Final = _schema(
    SCHEMA,
    "Schema",
    "A schema.",
    _attribute("name", "What it is called.", required=True),
    _attribute("description", "In words."),
    _complex("attributes", "What it has.", *_parts(1), multiValued=True, required=True),
)

SCHEMAS: Final[Mapping[str, dict[str, Any]]] = {
    one["id"]: one for one in (_USER, _ENTERPRISE, _EMPLOYEE, _CONFIG, _RESOURCE_TYPE, _SCHEMA)
}
"""Every schema by its URN."""

RESOURCE_TYPES: Final[Mapping[str, dict[str, Any]]] = {
    "User": {
        "schemas": [RESOURCE_TYPE],
        "id": "User",
        "name": "User",
        "description": "Employees.",
        "endpoint": "/Users",
        "schema": USER,
        "schemaExtensions": [{"schema": ENTERPRISE, "required": False}, {"schema": EMPLOYEE, "required": True}],
        "meta": {"resourceType": "ResourceType", "location": f"{PREFIX}/ResourceTypes/User"},
    }
}
"""Every type of resource by its id."""

CONFIGURATION: Final[dict[str, Any]] = {
    "schemas": [CONFIG],
    "patch": {"supported": False},
    "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
    "filter": {"supported": True, "maxResults": MOST},
    "changePassword": {"supported": False},
    "sort": {"supported": False},
    "etag": {"supported": True},
    "pagination": {
        "cursor": True,
        "index": True,
        "defaultPaginationMethod": "index",
        "defaultPageSize": PAGE,
        "maxPageSize": MOST,
    },
    "authenticationSchemes": [
        {
            "type": "oauthbearertoken",
            "name": "API key",
            "description": "An API key of daybook: Authorization: Bearer dbk_…",
            "primary": True,
        }
    ],
    "meta": {"resourceType": "ServiceProviderConfig", "location": f"{PREFIX}/ServiceProviderConfig"},
}
"""What the service can do."""
