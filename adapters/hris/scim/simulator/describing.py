"""What the simulated service says of itself: what it can do, its one type of resource, and its schemas."""

from typing import Any, Final

LARGEST_PAGE: Final = 200
MEDIA_TYPE: Final = "application/scim+json"

_CORE: Final = "urn:ietf:params:scim:schemas:core:2.0"
_MESSAGES: Final = "urn:ietf:params:scim:api:messages:2.0"
USER: Final = f"{_CORE}:User"
ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
EXTENSION: Final = "urn:example:params:scim:schemas:extension:hr:2.0:User"
"""Of dates, numbers, jobs and rates of pay: every HR system has one of its own."""

LIST: Final = f"{_MESSAGES}:ListResponse"
ERROR: Final = f"{_MESSAGES}:Error"

_Attribute = dict[str, Any]


def _one(name: str, kind: str = "string", **more: Any) -> _Attribute:
    return {
        "name": name,
        "type": kind,
        "multiValued": False,
        "description": f"The {name}.",
        "required": False,
        "mutability": "readOnly",
        "returned": "default",
        **({"caseExact": True, "uniqueness": "none"} if kind == "string" else {}),
        **more,
    }


def _whole(name: str, *parts: _Attribute, many: bool = False) -> _Attribute:
    return _one(name, "complex", multiValued=many, subAttributes=list(parts))


def _contact(name: str, part: str) -> _Attribute:
    return _whole(name, _one(part), _one("type"), many=True)


def _schema(urn: str, name: str, *attributes: _Attribute) -> dict[str, Any]:
    return {
        "schemas": [f"{_CORE}:Schema"],
        "id": urn,
        "name": name,
        "description": f"{name} of the simulated HR system.",
        "attributes": list(attributes),
        "meta": {"resourceType": "Schema", "location": f"/Schemas/{urn}"},
    }


SCHEMAS: Final = {
    schema["id"]: schema
    for schema in (
        _schema(
            USER,
            "User",
            _one("userName", required=True, uniqueness="server", returned="always"),
            _whole("name", _one("givenName"), _one("familyName")),
            _one("title"),
            _one("active", "boolean"),
            _contact("emails", "value"),
            _contact("phoneNumbers", "value"),
            _contact("addresses", "formatted"),
        ),
        _schema(ENTERPRISE, "EnterpriseUser", _one("employeeNumber"), _one("department")),
        _schema(
            EXTENSION,
            "Personnel",
            *(_one(name) for name in ("hireDate", "birthDate", "ssn", "payrollId")),
            _whole("jobs", _one("value"), _one("display"), _one("payRate", "decimal"), many=True),
        ),
    )
}

TYPES: Final = {
    "User": {
        "schemas": [f"{_CORE}:ResourceType"],
        "id": "User",
        "name": "User",
        "description": "Somebody who works for the company, or did.",
        "endpoint": "/Users",
        "schema": USER,
        "schemaExtensions": [{"schema": urn, "required": False} for urn in (ENTERPRISE, EXTENSION)],
        "meta": {"resourceType": "ResourceType", "location": "/ResourceTypes/User"},
    }
}

CONFIG: Final = {
    "schemas": [f"{_CORE}:ServiceProviderConfig"],
    "patch": {"supported": False},
    "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
    "filter": {"supported": True, "maxResults": LARGEST_PAGE},
    "changePassword": {"supported": False},
    "sort": {"supported": False},
    "etag": {"supported": True},
    "authenticationSchemes": [
        {
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "The token in the header Authorization.",
            "primary": True,
        }
    ],
    "meta": {"resourceType": "ServiceProviderConfig", "location": "/ServiceProviderConfig"},
}
