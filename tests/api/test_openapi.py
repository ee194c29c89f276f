"""The OpenAPI document: whole, valid, and what the application really does."""

import re
from typing import Any

import pytest

from api.http.reference import reference_page
from tests.api.site import Site


@pytest.fixture(scope="module")
def document(site: Site) -> dict[str, Any]:
    """The document as it is served."""
    answer = site.client.get("/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Every path, method and operation."""
    return [(path, method, one) for path, methods in document["paths"].items() for method, one in methods.items()]


def test_version_and_routes(document: dict[str, Any]) -> None:
    """It is OpenAPI 3.1 and has every route of version 1."""
    assert document["openapi"].startswith("3.1")
    assert {(method, path) for path, method, _ in operations(document)} == {
        ("get", "/v1/days/{location}/{date}"),
        ("get", "/v1/days/{location}/{date}/dss"),
        ("get", "/v1/days/{location}/{date}/history"),
        ("get", "/v1/days/{location}/{date}/labor"),
        ("get", "/v1/days/{location}/{date}/tickets"),
        ("post", "/v1/days/{location}/{date}/polls"),
        ("post", "/v1/days/{location}/{date}/replays"),
        ("post", "/v1/locations/{location}/replays"),
        ("post", "/v1/connections/{connection}/replays"),
        ("post", "/v1/connections/{connection}/sync"),
        ("get", "/v1/days/{location}/{date}/changes-after-approval"),
        ("get", "/v1/days/{location}/{date}/closings/{number}"),
        ("get", "/v1/changes-after-approval"),
        ("get", "/v1/days/{location}/{date}/journal-entries"),
        ("post", "/v1/days/{location}/{date}/state"),
        ("get", "/v1/days/{location}/{date}/generations"),
        ("get", "/v1/days/{location}/{date}/generations/{generation}"),
        ("get", "/v1/days/{location}/{date}/compare"),
        ("get", "/v1/days/{location}/{date}/figures"),
        ("get", "/v1/days/{location}/{date}/figures/{figure}"),
        ("get", "/v1/days/{location}/{date}/journal-entries/{entry}/lines/{line}"),
        ("get", "/v1/trace/{id}"),
        ("get", "/v1/schedules"),
        ("get", "/v1/schedules/{location}/{week}"),
        ("put", "/v1/schedules/{location}/{week}"),
        ("post", "/v1/schedules/{location}/{week}/publish"),
        ("get", "/v1/schedules/{location}/{week}/history"),
        ("post", "/v1/objects/review"),
        ("get", "/v1/jobs"),
        ("patch", "/v1/days/{location}/{date}/labor/{punch}"),
        ("post", "/v1/days/{location}/{date}/labor"),
        ("post", "/v1/days/{location}/{date}/strikes"),
        ("post", "/v1/days/{location}/{date}/deposits"),
        ("patch", "/v1/days/{location}/{date}/deposits/{deposit}"),
        ("post", "/v1/days/{location}/{date}/comments"),
        ("post", "/v1/days/{location}/{date}/tags"),
        ("post", "/v1/days/{location}/{date}/withdrawals"),
        ("get", "/v1/days/{location}/{date}/overlays"),
        ("get", "/v1/days/{location}/{date}/conflicts"),
        ("post", "/v1/days/{location}/{date}/resolutions"),
        ("get", "/v1/conflicts"),
        ("post", "/v1/days/{location}/{date}/deletions"),
        ("post", "/v1/days/{location}/{date}/closed"),
        ("get", "/v1/due"),
        ("get", "/v1/accounts"),
        ("post", "/v1/employees/{location}/{employee}/openings"),
        ("post", "/v1/employees/searches"),
        ("post", "/v1/employees/{location}/{employee}/exports"),
        ("post", "/v1/employees/{location}/{employee}/erasures"),
        ("post", "/v1/employees/{location}/{employee}/holds"),
        ("get", "/v1/readings"),
        ("get", "/v1/retention"),
        ("put", "/v1/accounts"),
        ("get", "/v1/reference/{kind}"),
        ("get", "/v1/dss"),
        ("get", "/v1/employees"),
        ("get", "/v1/polls"),
        ("post", "/v1/imports"),
        ("get", "/v1/imports/kinds"),
        ("get", "/v1/imports/templates/{kind}"),
        ("get", "/v1/facts"),
        ("get", "/v1/locations"),
        ("get", "/v1/import-jobs"),
        ("post", "/v1/import-jobs"),
        ("get", "/v1/import-jobs/{job}"),
        ("patch", "/v1/import-jobs/{job}"),
        ("put", "/v1/import-jobs/{job}/schedule"),
        ("post", "/v1/import-jobs/{job}/ending"),
        ("get", "/v1/import-jobs/{job}/runs"),
        ("post", "/v1/import-jobs/{job}/runs"),
        ("get", "/v1/import-jobs/{job}/runs/{run}"),
        ("post", "/v1/import-jobs/{job}/runs/{run}/continuation"),
        ("get", "/v1/connections"),
        ("post", "/v1/connections"),
        ("patch", "/v1/connections/{connection}"),
        ("post", "/v1/connections/{connection}/tests"),
        ("post", "/v1/connections/{connection}/establishment"),
        ("post", "/v1/connections/{connection}/credentials"),
        ("post", "/v1/connections/{connection}/renewal"),
        ("put", "/v1/connections/{connection}/visibility"),
        ("put", "/v1/connections/{connection}/admin"),
        ("post", "/v1/connections/{connection}/suspension"),
        ("post", "/v1/connections/{connection}/resumption"),
        ("post", "/v1/connections/{connection}/disconnection"),
        ("get", "/v1/companies"),
        ("patch", "/v1/locations/{location}"),
        ("get", "/v1/clients"),
        ("post", "/v1/clients"),
        ("patch", "/v1/clients/{client_id}"),
        ("get", "/v1/connections/{connection}"),
        ("post", "/v1/connections/{connection}/locations"),
        ("get", "/v1/connections/{connection}/configuration"),
        ("put", "/v1/connections/{connection}/configuration"),
        ("post", "/v1/sessions"),
        ("delete", "/v1/sessions/current"),
        ("get", "/v1/me"),
        ("put", "/v1/me/password"),
        ("post", "/v1/passwords"),
        ("get", "/v1/oidc/sign-in"),
        ("get", "/v1/oidc/callback"),
        ("get", "/v1/users"),
        ("post", "/v1/users"),
        ("get", "/v1/users/{login}"),
        ("patch", "/v1/users/{login}"),
        ("post", "/v1/users/{login}/state"),
        ("post", "/v1/users/{login}/invitations"),
        ("post", "/v1/users/{login}/identities"),
        ("get", "/v1/keys"),
        ("post", "/v1/keys"),
        ("post", "/v1/keys/{key}/revocation"),
        ("get", "/v1/objects"),
        ("get", "/v1/objects/circuits"),
        ("get", "/v1/objects/{connection}/{object}"),
        ("post", "/v1/objects/synchronize"),
        ("post", "/v1/objects/force-synchronize"),
        ("get", "/v1/systems"),
        ("get", "/v1/systems/{system}"),
        ("post", "/v1/systems/{system}/test"),
        ("post", "/v1/connections/{connection}/pull"),
        ("get", "/v1/hr-employees"),
        ("get", "/v1/employee-matches"),
        ("get", "/v1/employees/{location}/{employee}/personnel"),
        ("post", "/v1/employees/{location}/{employee}/link"),
        ("post", "/v1/employees/{location}/{employee}/unlink"),
        ("post", "/v1/hr-employees/{connection}/{hr}/openings"),
        ("post", "/v1/hr-employees/{connection}/{hr}/erasures"),
        ("get", "/scim/v2/ServiceProviderConfig"),
        ("get", "/scim/v2/ResourceTypes"),
        ("get", "/scim/v2/ResourceTypes/{resource_type}"),
        ("get", "/scim/v2/Schemas"),
        ("get", "/scim/v2/Schemas/{schema_id}"),
        ("get", "/scim/v2/Users"),
        ("get", "/scim/v2/Users/{user}"),
        ("get", "/healthz"),
        ("get", "/readyz"),
        ("get", "/problems"),
    }


def test_every_operation_is_described(document: dict[str, Any]) -> None:
    """Every operation has an id of its own, a summary, a description, described parameters and problem responses."""
    ids = [one["operationId"] for _, _, one in operations(document)]
    assert len(set(ids)) == len(ids)
    for path, _, one in operations(document):
        assert one["summary"], path
        assert one["description"], path
        for parameter in one.get("parameters", []):
            assert parameter.get("description"), (path, parameter["name"])
        problems = {status: response for status, response in one["responses"].items() if status >= "400"}
        assert "500" in problems
        for status, response in problems.items():
            kind, shape = ("scim", "ScimError") if path.startswith("/scim/") else ("problem", "Problem")
            assert list(response["content"]) == [f"application/{kind}+json"], (path, status)
            told = response["content"][f"application/{kind}+json"]["schema"]
            assert told == {"$ref": f"#/components/schemas/{shape}"}
        good = [response for status, response in one["responses"].items() if status in {"200", "201"}]
        assert good or set(one["responses"]) & {"204", "303"}
        for response in good:
            kind = "text/csv" if path.startswith("/v1/imports/templates") else "application/json"
            kind = "application/scim+json" if path.startswith("/scim/") else kind
            assert response["content"][kind]["schema"], path


def test_who_may_is_stated(document: dict[str, Any]) -> None:
    """Every operation takes a key or a session and answers 401 without, but for health, problems and signing in."""
    open_ = {f"{method} {path}" for path, method, one in operations(document) if one["security"] == []}
    assert open_ == {
        "get /healthz",
        "get /readyz",
        "get /problems",
        "post /v1/sessions",
        "post /v1/passwords",
        "get /v1/oidc/sign-in",
        "get /v1/oidc/callback",
    }
    for path, method, one in operations(document):
        if f"{method} {path}" not in open_:
            assert one["security"] == [{"key": []}, {"session": []}]
            assert {"401", "403", "429"} <= set(one["responses"])


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    """Each $ref names a schema that is there, and each path parameter is declared."""
    schemas = document["components"]["schemas"]
    for name in re.findall(r"#/components/schemas/([A-Za-z0-9_]+)", str(document)):
        assert name in schemas
    assert "HTTPValidationError" not in schemas
    for path, _, one in operations(document):
        declared = {parameter["name"] for parameter in one.get("parameters", []) if parameter["in"] == "path"}
        assert declared == set(re.findall(r"{(\w+)}", path))


def test_personal_data_rule_is_stated(document: dict[str, Any]) -> None:
    """The document says what is shown of employees."""
    assert "Personal data" in document["info"]["description"]
    assert "sealed" in document["paths"]["/v1/employees"]["get"]["description"]


def test_reference_page(site: Site, document: dict[str, Any]) -> None:
    """The page names every operation, loads nothing from elsewhere and runs no script; the root leads to it."""
    answer = site.client.get("/docs")
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for path, _, one in operations(document):
        assert f'id="{one["operationId"]}"' in answer.text
        assert path in answer.text
    assert "<script" not in answer.text
    assert not re.search(r'(src|href)="(https?:)?//', answer.text)
    root = site.client.get("/")
    assert (root.status_code, root.headers["location"]) == (307, "/docs")


def test_reference_page_escapes() -> None:
    """What the document says is text on the page, never markup."""
    page = reference_page(
        {
            "info": {"title": "<b>", "version": "1", "description": "a `<i>` & **<u>**\n\n- one\n- two"},
            "paths": {"/<x>": {"get": {"operationId": "a<b", "responses": {}}}},
        }
    )
    assert "<b>" not in page
    assert "<i>" not in page
    assert "<u>" not in page
    assert "<li>one</li><li>two</li>" in page
