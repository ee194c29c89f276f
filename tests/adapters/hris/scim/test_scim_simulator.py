"""The simulated HR system: as SCIM wants it, as daybook reads it, and as its script goes."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any, cast

import httpx
import httpx2
import pytest
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server
from scim2_tester.checkers import object_query, object_query_with_attributes, object_query_without_id
from scim2_tester.utils import CheckConfig, CheckContext

from adapters.conformance import Trial, limits_for_trials
from adapters.conformance.calling import Calling
from adapters.conformance.declaring import Declaring
from adapters.hris.scim import SYSTEM
from adapters.hris.scim.simulator import (
    EXTENSION,
    TOKEN,
    Asked,
    Directory,
    HrService,
    Reply,
    Running,
    draw_workers,
    running,
)
from domain.business_date import window
from domain.forms import Filled
from domain.ports.personnel import PulledEmployees, PullRequest
from domain.ports.source import DayRequest, System
from tests.support.fake_vault import MemoryVault
from tests.support.scim_tester import There

BEGIN = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
DAY = DayRequest("main", "hr", "pier", window(dt.date(2026, 11, 2), "UTC", dt.time()), {})


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> dt.datetime:
        """The time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock."""
    return Clock()


@pytest.fixture
def service(clock: Clock) -> HrService:
    """A company of five."""
    return HrService(Directory(islice(draw_workers(1), 5), now=clock), now=clock)


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """A company of twenty, over HTTP."""
    with running(HrService(Directory(islice(draw_workers(1), 20)))) as one:
        yield one


def ask(service: HrService, path: str, query: Mapping[str, str] | None = None, **more: Any) -> Reply:
    """What the service answers to somebody with the token."""
    headers = {"authorization": f"Bearer {TOKEN}", **more.pop("headers", {})}
    return service.answer(Asked("GET", f"/scim/v2/{path}", query or {}, headers, **more))


def ids(service: HrService, **query: str) -> list[str]:
    """The ids of a page of users."""
    return [row["id"] for row in ask(service, "Users", query).content["Resources"]]


class TestSimulatedHr(Declaring, Calling):
    """What holds of every system that is called, but for business days."""

    def system(self) -> System:
        """The system that is tried."""
        return SYSTEM

    @contextmanager
    def trial(self) -> Iterator[Trial]:
        """A company without anybody."""
        with running(HrService(Directory(()))) as one:
            yield Trial({"environment": one.base, "token": TOKEN}, {"token": "t0ken-of-nobody"}, DAY)


def test_a_third_party_finds_nothing_wrong(served: Running) -> None:
    """All of discovery and errors, and reading users: by scim2-tester, with somebody who is there already."""
    with httpx2.Client(base_url=served.base, headers={"Authorization": f"Bearer {TOKEN}"}) as http:
        client = SyncSCIMClient(http)
        results = check_server(client, include_tags={"discovery", "misc"})
        (kind,) = client.provider.resource_types
        user = cast("Any", client.provider.model_for(kind))
        context = CheckContext(client, CheckConfig())
        context.resource_manager = cast("Any", There(client.query(user).resources[0]))
        for check in (object_query, object_query_without_id, object_query_with_attributes):
            results += check(context, user)
    assert len(results) >= 15
    assert [result for result in results if result.status not in {Status.SUCCESS, Status.SKIPPED}] == []


def pull(served: Running, vault: MemoryVault, **asked: Any) -> PulledEmployees:
    """What daybook reads, seven users on a page."""
    filled = Filled({"environment": served.base, "page_size": 7, "extension": EXTENSION}, {"token": TOKEN})
    with closing(SYSTEM.personnel(filled, vault, limits_for_trials())) as source:
        return source.pull(PullRequest("main", "hr", **asked))


def test_daybook_reads_everybody_and_then_who_changed(served: Running) -> None:
    """Over several pages, with jobs, rates and numbers; after that who changed, and who is gone as gone."""
    vault = MemoryVault()
    whole = pull(served, vault)
    entries = dict(served.service.directory.entries)
    assert (whole.way, set(whole.employees)) == ("whole", set(entries))
    for key, employee in whole.employees.items():
        worker = entries[key].worker
        assert (employee.payroll_id, employee.hire_date) == (worker.number, worker.hired)
        told = [(job.id, job.name, str(job.rate)) for job in employee.jobs]
        assert told == [(job.id, job.name, job.rate) for job in worker.jobs]
    answer = httpx.post(f"{served.url}/simulator/next", params={"steps": 12}, trust_env=False)
    happened = [(one["event"], one["id"]) for one in answer.json()["happened"]]
    assert len(happened) == 12
    deleted = {key for event, key in happened if event == "deleted"}
    joined = {key for event, key in happened if event == "joined"}
    later = pull(served, vault, since=whole.watermark)
    assert later.way == "incremental"
    assert {key for _, key in happened} - deleted <= set(later.employees)
    again = pull(served, vault, known=frozenset(whole.employees))
    assert set(again.employees) == (set(whole.employees) | joined) - deleted


def test_pages_are_cut_by_index_and_count(service: HrService) -> None:
    """As the standard has it: from 1, nothing past the end, a count of nothing, and no more than a page holds."""
    everybody = list(service.directory.entries)
    assert ids(service) == everybody
    assert ids(service, startIndex="2", count="2") == everybody[1:3]
    assert ids(service, startIndex="-4", count="1") == everybody[:1]
    assert ids(service, startIndex="6") == []
    assert ids(service, count="-1") == []
    told = ask(service, "Users", {"count": "2"}).content
    assert (told["totalResults"], told["startIndex"], told["itemsPerPage"]) == (5, 1, 2)


def test_who_changed_is_found_by_the_time_of_it(service: HrService, clock: Clock) -> None:
    """At an instant, after it, before it; and one user by id or login."""
    first, second = list(service.directory.entries)[:2]
    clock.now += dt.timedelta(hours=1)
    service.directory.change(second, service.directory.entries[first].worker)
    assert ids(service, filter='meta.lastModified gt "2026-11-20T08:00:00Z"') == [second]
    assert ids(service, filter='META.LASTMODIFIED GE "2026-11-20T09:00:00"') == [second]
    assert second not in ids(service, filter='meta.lastModified lt "2026-11-20T10:00:00+01:00"')
    assert ids(service, filter='meta.lastModified le "2026-11-20T09:00:00Z"') == list(service.directory.entries)
    assert ids(service, filter=f'id eq "{first}"') == [first]
    assert ids(service, filter='userName eq "hr.0003"') == [list(service.directory.entries)[2]]


@pytest.mark.parametrize(
    ("path", "query", "status", "kind"),
    [
        ("Users", {"filter": 'title eq "Cook"'}, 400, "invalidFilter"),
        ("Users", {"filter": 'userName gt "a"'}, 400, "invalidFilter"),
        ("Users", {"filter": "active pr"}, 400, "invalidFilter"),
        ("Users", {"filter": 'meta.lastModified gt "soon"'}, 400, "invalidFilter"),
        ("Users", {"count": "many"}, 400, "invalidValue"),
        ("Users/nobody", {}, 404, None),
        ("Groups", {}, 404, None),
        ("Schemas/urn:none", {}, 404, None),
        ("Schemas", {"filter": 'id eq "x"'}, 403, None),
    ],
)
def test_refusals_are_those_of_scim(
    service: HrService, path: str, query: dict[str, str], status: int, kind: str | None
) -> None:
    """With the status as a text, and the type of the error where the standard has one."""
    reply = ask(service, path, query)
    assert (reply.status, reply.content["status"], reply.content.get("scimType")) == (status, str(status), kind)


def test_who_may_ask_and_write(service: HrService) -> None:
    """Nobody without the token reads anything; nobody writes; addresses beside it are unknown."""
    assert service.answer(Asked("GET", "/scim/v2/Users")).status == 401
    assert ask(service, "Users", headers={"authorization": "Bearer other"}).status == 401
    headers = {"authorization": f"Bearer {TOKEN}"}
    assert service.answer(Asked("POST", "/scim/v2/Users", headers=headers)).status == 405
    assert service.answer(Asked("GET", "/elsewhere", headers=headers)).status == 404
    assert service.answer(Asked("GET", "/simulator/next")).status == 404
    assert service.answer(Asked("POST", "/simulator/next", {"steps": "0"})).status == 400


def test_versions_are_tags(service: HrService) -> None:
    """Of one user: another after a change, and whoever has it is told so."""
    one = next(iter(service.directory.entries))
    first = ask(service, f"Users/{one}")
    assert first.headers["ETag"] == first.content["meta"]["version"] == 'W/"1"'
    assert ask(service, f"Users/{one}", headers={"if-none-match": 'W/"1"'}).status == 304
    service.directory.change(one, service.directory.entries[one].worker)
    assert ask(service, f"Users/{one}", headers={"if-none-match": 'W/"1"'}).headers["ETag"] == 'W/"2"'


def test_attributes_are_chosen(service: HrService) -> None:
    """Those that are named, or all but those; id, login, schemas and what is said of the user itself always."""
    one = next(iter(service.directory.entries))
    always = {"id", "userName", "schemas", "meta"}
    assert set(ask(service, f"Users/{one}", {"attributes": "name.givenName"}).content) == {*always, "name"}
    assert set(ask(service, f"Users/{one}", {"attributes": f"{EXTENSION}:ssn"}).content) == {*always, EXTENSION}
    left = set(ask(service, f"Users/{one}", {"excludedAttributes": "emails,id"}).content)
    assert "emails" not in left
    assert always < left


def test_one_seed_is_one_story() -> None:
    """The same happens to the same people; everything that can happen does; somebody always works there."""
    clock = Clock()
    first, second = (Directory(islice(draw_workers(7), 5), seed=7, now=clock) for _ in range(2))
    told = first.go_on(400)
    assert told == second.go_on(400)
    assert first.entries == second.entries
    assert set(Counter(one.event for one in told)) == {"joined", "raised", "moved", "left", "deleted"}
    assert any(entry.worker.active for entry in first.entries.values())


def test_what_is_due_happens_before_somebody_is_answered(clock: Clock) -> None:
    """One thing every ten seconds, however seldom somebody asks; without that nothing by itself."""
    told: list[int] = []
    directory = Directory(islice(draw_workers(1), 5), now=clock)
    directory.go_on = lambda steps: told.append(steps) or []  # type: ignore[method-assign,func-returns-value]
    service = HrService(directory, every=10, now=clock)
    for seconds in (0, 9, 1, 25, 5):
        clock.now += dt.timedelta(seconds=seconds)
        service.answer(Asked("GET", "/"))
    assert told == [0, 0, 1, 2, 1]


def test_the_list_has_one_row_of_a_login() -> None:
    """Whoever comes with another's is refused."""
    directory = Directory(islice(draw_workers(1), 2))
    with pytest.raises(ValueError, match=r"hr\.0001 cannot come"):
        directory.add(next(draw_workers(1)))
