"""SCIM over HTTP: who sees which users, what is opened and recorded, and that nothing is written."""

from typing import Any

import httpx
import pytest

from api.http.scim_models import ScimUsers
from api.scim.words import EMPLOYEE, ENTERPRISE, ERROR, USER
from tests.api.guarded import Guarded, with_key
from tests.api.site import Client

USERS = "/scim/v2/Users"


def page(who: Client, **parameters: Any) -> dict[str, Any]:
    """A page of users."""
    answer = who.get(USERS, params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/scim+json"
    content: dict[str, Any] = answer.json()
    ScimUsers.model_validate(content)
    return content


def ids(who: Client, **parameters: Any) -> list[str]:
    """The ids on a page."""
    return [user["id"] for user in page(who, **parameters)["Resources"]]


def refused(answer: httpx.Response, status: int, kind: str = "") -> None:
    """It is an error as RFC 7644 has it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/scim+json"
    error = answer.json()
    assert (error["schemas"], error["status"]) == ([ERROR], str(status))
    assert error.get("scimType", "") == kind
    assert error["detail"]
    assert answer.headers["daybook-problem"].startswith("/problems/")


def test_users_are_the_employees_at_ones_own_locations(place: Guarded) -> None:
    """The same people as in the list of employees, with names, number for payroll, jobs and pay rates."""
    everywhere, at_alpha = place.by("auditor"), with_key(place.client, place.key("auditor", "alpha"))
    listed = everywhere.get("/v1/employees", params={"limit": 500}).json()["data"]
    found = page(everywhere, count=200)
    assert found["totalResults"] == len(listed) == len(found["Resources"]) > 4
    for user, row in zip(found["Resources"], listed, strict=True):
        assert user["id"] == user["userName"] == f"{row['location']}:{row['employee']}"
        assert user["externalId"] == row["employee"]
        assert user["name"]["familyName"] == row["last_name"]
        assert user[EMPLOYEE]["location"] == row["location"]
        assert user[EMPLOYEE]["jobs"] == [{"value": job["job"], "payRate": job["rate"]} for job in row["jobs"]]
        assert user.get(ENTERPRISE, {}).get("employeeNumber", "") == row["payroll_id"]
        assert not {"emails", "phoneNumbers", "addresses"} & set(user)
        assert user["schemas"][0] == USER
    assert {user.partition(":")[0] for user in ids(at_alpha, count=200)} == {"alpha"}
    other = next(user["id"] for user in found["Resources"] if user["id"].startswith("beta:"))
    refused(at_alpha.get(f"{USERS}/{other}"), 404)
    assert at_alpha.get(f"{USERS}/{other}").json()["detail"] == at_alpha.get(f"{USERS}/beta:no").json()["detail"]


def test_pages_by_index_and_by_cursor_show_everybody_once(place: Guarded) -> None:
    """In the same order; a count of 0 answers how many there are."""
    who = place.by("auditor")
    everybody = ids(who, count=200)
    by_index = [user for start in range(1, len(everybody) + 3, 3) for user in ids(who, startIndex=start, count=3)]
    assert by_index == everybody
    by_cursor: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        found = page(who, cursor=cursor, count=3)
        by_cursor += [user["id"] for user in found["Resources"]]
        assert "startIndex" not in found
        cursor = found.get("nextCursor")
    assert by_cursor == everybody
    assert page(who, count=0)["Resources"] == page(who, count=-3)["Resources"] == []
    assert page(who, startIndex=-5, count=1)["startIndex"] == 1
    refused(who.get(USERS, params={"cursor": "forged"}), 400, "invalidCursor")


def test_filters_choose(place: Guarded) -> None:
    """By id, by the source's id, by whether they are active, and by when they changed."""
    who = place.by("auditor")
    everybody = page(who, count=200)["Resources"]
    one = everybody[0]
    assert ids(who, filter=f'userName eq "{one["id"]}"') == [one["id"]]
    assert one["id"] in ids(who, filter=f'externalId eq "{one["externalId"]}" and active eq true', count=200)
    active = ids(who, filter="active eq true", count=200)
    assert len(active) + page(who, filter="active eq false")["totalResults"] == len(everybody)
    changed = max(user["meta"]["lastModified"] for user in everybody)
    assert page(who, filter=f'meta.lastModified gt "{changed}"')["totalResults"] == 0
    assert 0 < page(who, filter=f'meta.lastModified ge "{changed}"')["totalResults"] <= len(everybody)
    assert page(who, filter='meta.lastModified gt "2020-01-01T00:00:00Z"')["totalResults"] == len(everybody)
    assert page(who, filter='meta.lastModified gt "2999-01-01T00:00:00Z"')["totalResults"] == 0
    assert page(who, filter="active eq true and active eq false")["totalResults"] == 0
    assert page(who, filter='id eq "nobody"')["totalResults"] == 0
    refused(who.get(USERS, params={"filter": 'emails co "x"'}), 400, "invalidFilter")


def test_a_user_has_a_version(place: Guarded) -> None:
    """A weak entity tag, the same in the list, the resource and the header; who has it is answered 304."""
    who = place.by("auditor")
    one = page(who, count=1)["Resources"][0]
    answer = who.get(f"{USERS}/{one['id']}")
    assert answer.json() == one
    assert answer.headers["etag"] == one["meta"]["version"]
    again = who.get(f"{USERS}/{one['id']}", headers={"If-None-Match": one["meta"]["version"]})
    assert (again.status_code, again.content) == (304, b"")
    few = who.get(f"{USERS}/{one['id']}", params={"attributes": "meta.version"}).json()
    assert few == {"schemas": one["schemas"], "id": one["id"], "meta": {"version": one["meta"]["version"]}}


def test_personal_data_is_opened_for_who_may_where_it_is_named_and_that_is_recorded(place: Guarded) -> None:
    """Without the permission it is not there; the SSN is in no answer at all."""
    auditor, payroll = place.by("auditor"), place.by("payroll")
    named = {"attributes": f"emails,phoneNumbers,addresses,{EMPLOYEE}:dateOfBirth,ssn", "count": 2}
    before = len(auditor.get("/v1/readings", params={"limit": 500}).json()["data"])
    assert all(set(user) == {"schemas", "id"} for user in page(auditor, **named)["Resources"])
    assert not any("emails" in user for user in page(payroll, count=2)["Resources"])
    place.site.catch_up()
    assert len(auditor.get("/v1/readings", params={"limit": 500}).json()["data"]) == before
    opened = page(payroll, **named)["Resources"]
    assert all("@" in user["emails"][0]["value"] and user["addresses"][0]["formatted"] for user in opened)
    assert all(user[EMPLOYEE]["dateOfBirth"] for user in opened)
    place.site.catch_up()
    read = auditor.get("/v1/readings", params={"limit": 500}).json()["data"][: len(opened)]
    assert {f"{row['location']}:{row['employee']}" for row in read} == {user["id"] for user in opened}
    assert all(set(row["fields"]) == {"address", "phone", "email", "date_of_birth"} for row in read)
    assert all(row["reason"] == "asked for by SCIM" and row["actor"].startswith("key:") for row in read)


def test_who_is_forgotten_has_no_names(place: Guarded) -> None:
    """Names are gone, nothing opens, and the version is another one; the employee is still there."""
    who = place.by("payroll")
    one = page(who, filter="active eq true", startIndex=2, count=1)["Resources"][0]
    location, _, employee = one["id"].partition(":")
    answer = who.post(f"/v1/employees/{location}/{employee}/erasures", {"reason": "they asked"})
    assert answer.status_code == 200, answer.text
    place.site.catch_up()
    found = who.get(f"{USERS}/{one['id']}").json()
    assert found["id"] == one["id"]
    assert found["meta"]["version"] != one["meta"]["version"]
    assert not {"name", "displayName"} & set(found)
    assert set(who.get(f"{USERS}/{one['id']}", params={"attributes": "emails"}).json()) == {"schemas", "id"}


@pytest.mark.parametrize("path", [USERS, f"{USERS}/alpha:1", "/scim/v2/ServiceProviderConfig", "/scim/v2/Schemas"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_is_written(place: Guarded, method: str, path: str) -> None:
    """405 with the method that there is, as the configuration says; whatever the body is called."""
    who = place.by("full-access")
    answer = who.send(method, path, content=b"{}", headers={"Content-Type": "application/scim+json"})
    refused(answer, 405)
    assert "GET" in answer.headers["allow"]
    assert who.get("/scim/v2/ServiceProviderConfig").json()["patch"] == {"supported": False}


def test_errors_are_as_the_standard_has_them(place: Guarded) -> None:
    """Nobody, without the permission, an address or parameter that there is not, what does not go together."""
    refused(place.client.get(USERS), 401)
    assert place.client.get(USERS).headers["www-authenticate"].startswith("Bearer")
    place.calm()
    refused(place.by("connection-manager").get(USERS), 403)
    who = place.by("auditor")
    refused(who.get(f"{USERS}/alpha:nobody"), 404)
    refused(who.get("/scim/v2/Groups"), 404)
    refused(who.get("/scim/v2/Schemas/urn:nothing"), 404)
    refused(who.get("/scim/v2/ResourceTypes/Group"), 404)
    refused(who.get(USERS, params={"sortBy": "userName"}), 400, "invalidValue")
    refused(who.get(USERS, params={"count": "many"}), 400, "invalidValue")
    refused(who.get(USERS, params={"attributes": "id", "excludedAttributes": "id"}), 400, "invalidValue")
