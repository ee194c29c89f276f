"""A third party's SCIM server over real HTTP, with an extension for personnel."""

import contextlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
from scim2_models import Schema, ScimProvider, ServiceProviderConfig
from scim2_server.memory import InMemoryStorage
from scim2_server.service import ScimService
from scim2_server.testserver.application import BEARER_TOKEN_SCHEME, BearerTokenApplication
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)

TOKEN = "zq-hr-token-8261"
EXTENSION = "urn:example:params:scim:schemas:extension:hr:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"


def _attribute(name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "type": kind,
        "multiValued": False,
        "description": name,
        "required": False,
        "caseExact": True,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
        **more,
    }


_SCHEMA = {
    "id": EXTENSION,
    "name": "Personnel",
    "description": "What a restaurant needs to know.",
    "attributes": [
        _attribute("hireDate"),
        _attribute("birthDate"),
        _attribute("ssn"),
        _attribute(
            "jobs",
            "complex",
            multiValued=True,
            subAttributes=[_attribute("value"), _attribute("display"), _attribute("payRate", "decimal")],
        ),
    ],
}


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@dataclass
class ScimServer:
    """A server that runs.

    Attributes:
        url: its base address.
        requests: how many were answered.
        ids: by name.
        tokens: that it takes.
    """

    url: str = ""
    requests: int = 0
    ids: dict[str, str] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=lambda: {TOKEN})

    def add(self, name: str, **more: Any) -> str:
        """Add somebody; answers their id."""
        body = person(name, **more)
        made = self._send("POST", "/Users", body)
        self.ids[name] = str(made["id"])
        return self.ids[name]

    def change(self, name: str, **more: Any) -> None:
        """Write somebody anew."""
        self._send("PUT", f"/Users/{self.ids[name]}", {**person(name, **more), "id": self.ids[name]})

    def remove(self, name: str) -> None:
        """Delete somebody."""
        self._send("DELETE", f"/Users/{self.ids[name]}")

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
        answer = httpx.request(method, f"{self.url}{path}", json=body, headers=headers, trust_env=False)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None


def person(
    name: str,
    *,
    number: str = "",
    email: str = "",
    born: str = "",
    ssn: str = "",
    hired: str = "",
    jobs: tuple[tuple[str, str, str], ...] = (),
    active: bool = True,
) -> dict[str, Any]:
    """A user as a client writes it: first and last name, and what else is said."""
    first, _, last = name.partition(" ")
    more: Mapping[str, Any] = {
        "hireDate": hired,
        "birthDate": born,
        "ssn": ssn,
        "jobs": [{"value": job, "display": title, "payRate": float(rate)} for job, title, rate in jobs],
    }
    body: dict[str, Any] = {
        "schemas": [CORE, ENTERPRISE, EXTENSION],
        "userName": name.lower().replace(" ", "."),
        "name": {"givenName": first, "familyName": last},
        "active": active,
        ENTERPRISE: {"employeeNumber": number} if number else {"department": "none"},
        EXTENSION: {key: value for key, value in more.items() if value} or {"hireDate": "2020-01-01"},
    }
    if email:
        body["emails"] = [{"value": email, "type": "work"}]
    return body


@contextlib.contextmanager
def scim_server(*, cursors: bool = False, filters: bool = True) -> Iterator[ScimServer]:
    """Serve it on a free port of this machine."""
    config: ServiceProviderConfig = load_default_service_provider_config()
    config.authentication_schemes = [BEARER_TOKEN_SCHEME]
    assert config.filter is not None
    config.filter.supported = filters
    if cursors:
        config = ServiceProviderConfig.model_validate(
            {**config.model_dump(), "pagination": {"cursor": True, "index": True, "defaultPaginationMethod": "index"}}
        )
    schemas = [*load_default_schemas().values(), Schema.model_validate(_SCHEMA)]
    kinds = load_default_resource_types()
    for kind in kinds.values():
        if kind.name == "User":
            extensions = [*(kind.schema_extensions or [])]
            made = type(extensions[0]).model_validate({"schema": EXTENSION, "required": False})
            kind.schema_extensions = [*extensions, made]
    provider = ScimProvider.from_discovery(schemas, list(kinds.values()), config=config)
    service = ScimService(provider, secret="s" * 32)
    made_here = ScimServer()
    application = BearerTokenApplication(InMemoryStorage(), provider, service=service)
    application.bearer_tokens = made_here.tokens

    def counted(environ: Any, start: Any) -> Any:
        made_here.requests += 1
        return application(environ, start)

    with make_server("127.0.0.1", 0, counted, handler_class=_Silent) as server:
        made_here.url = f"http://127.0.0.1:{server.server_port}/v2"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield made_here
        finally:
            server.shutdown()
            thread.join(10)
