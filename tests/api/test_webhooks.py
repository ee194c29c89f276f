"""Webhooks end to end: from the day to the receiver, checked there by a package that no one here wrote."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from adapters.webhooks import SYSTEM
from adapters.webhooks.simulator import Running, running
from api.composition import OpenHouse, init_store, open_house
from api.http import create_app
from api.logs import configure_logs
from api.settings import load_settings
from api.work.objects import Outbox
from domain.commands.intent import Intent
from domain.commands.rotate_credentials import RotateCredentials, rotate_credentials
from domain.facts import ConfigurationChanged, ConnectionEstablished, LocationAdded
from domain.identifiers import ConnectionId
from domain.permissions import EVERYTHING
from domain.ports.journal import Recording
from projections import objects
from projections.catching_up import catch_up
from projections.object_rows import ObjectRow
from tests.api.objects_stage import Clock
from tests.api.site import Client, copy_of_a_store
from tests.projections.stage import DATE, Stage, sale
from tests.support.facts import by
from tests.support.webhooks import OTHER, SECRET, independent, receiver_of

HOOKS = ConnectionId("main", "hooks")
KEY = f"notice:day:L1:{DATE}"
FULL = {"Daybook-Role": "full-access", "Idempotency-Key": "force-1"}


@dataclass
class Told:
    """A daybook with a day, and a receiver of what moves."""

    opened: OpenHouse
    stage: Stage
    served: Running
    clock: Clock
    client: Client

    def work(self) -> list[str]:
        """Everything that there is to do now; answers what came of it."""
        outbox, done = Outbox(self.opened), list[str]()
        for _ in range(20):
            catch_up(self.opened.engine, self.opened.journal)
            outbox.register("main")
            errands, _ = outbox.errands("main")
            if not errands:
                break
            done += [outbox.perform(errand.object) for errand in errands]
        catch_up(self.opened.engine, self.opened.journal)
        return done

    def row(self, key: str = KEY) -> ObjectRow:
        """A notice as the view shows it."""
        found = objects.find_object(self.opened.engine, "main", "hooks", key)
        assert found is not None
        return found

    def heard(self) -> list[dict[str, Any]]:
        """What the receiver took of days, in its order."""
        return [one.content["data"] for one in self.served.receiver.told if one.content["type"] != "ping"]

    def move(self, *cents: int) -> None:
        """The day is read again, and is another."""
        self.stage.poll(sale("1", *cents), reason="edited")

    def rotate(self, **secrets: str) -> None:
        """Somebody gives other secrets."""
        intent = Intent("anna", "its year is over", rights=EVERYTHING)
        rotate_credentials(RotateCredentials(HOOKS, intent, secret=json.dumps(secrets)), self.opened.house)


@contextmanager
def telling(folder: Path, url: str = "", **values: Any) -> Iterator[Told]:
    """A daybook whose day is read, with a webhook that tells of L1 alone."""
    settings = load_settings(data_dir=folder, database_url=url, log_level="error", access="open", allow_loopback=True)
    configure_logs(settings)
    if url:
        init_store(settings)
    else:
        copy_of_a_store(folder)
    with running(receiver_of()) as served, open_house(settings, systems={"webhook": SYSTEM}) as whole:
        clock = Clock()
        opened = replace(whole, house=replace(whole.house, clock=clock))
        stage = Stage(opened.journal, opened.engine, "main")
        stage.connect()
        opened.house.vault.keep_secret("main", "hook", SECRET)
        named = {"post_from": "2026-10-01", **values}
        facts = (
            ConnectionEstablished("webhook", "Hooks", served.url, "0123456789ab", secret="hook", values=named),
            ConfigurationChanged(1, {}, {}),
            LocationAdded("L1", "Pier", "America/New_York", {}, "04:00", "", "objects"),
        )
        opened.journal.append([Recording(HOOKS.stream, 0, facts)], by("connect hooks"))
        stage.poll(sale("1", 950, 400, tip=200), sale("2", 500))
        yield Told(opened, stage, served, clock, Client(create_app(opened)))


def test_a_day_is_told_in_every_state(tmp_path: Path, database_url: str) -> None:
    """Read, completed, approved, reopened, changed, deleted and read again: each once, in the log's order."""
    with telling(tmp_path / "data", database_url) as told:
        assert told.work() == ["success"]
        for _ in range(3):
            told.stage.settle(told.stage.day())
            told.work()
        told.move(1000)
        told.work()
        told.stage.delete()
        told.work()
        told.move(1000)
        told.work()
        states = [one["state"] for one in told.heard()]
        assert states == ["in progress", "completed", "approved", *["in progress"] * 2, "missing", "in progress"]
        positions = [one["position"] for one in told.heard()]
        assert positions == sorted(set(positions))
        assert (told.row().category, told.row().state, told.row().posted_version) == ("notice", "success", 7)
        assert told.served.receiver.rejected == 0
        shown = told.client.get(told.heard()[-1]["path"])
        assert (shown.status_code, shown.headers["etag"]) == (200, told.heard()[-1]["etag"])
        assert shown.json()["state"] == "in progress"
        listed = told.client.get("/v1/objects", params={"category": "notice", "type": "notice"}).json()["data"]
        assert [one["key"] for one in listed] == [KEY]
        assert "document" in told.client.get(f"/v1/objects/hooks/{KEY}").json()["documents"][0]["content"]


def test_what_is_no_news_is_not_told(tmp_path: Path) -> None:
    """A reading that finds nothing new, days of other locations, and days before the first one."""
    with telling(tmp_path / "data") as told:
        told.work()
        told.stage.poll(sale("1", 950, 400, tip=200), sale("2", 500), reason="once more")
        told.stage.poll(sale("9", 100), day=told.stage.day("L2"))
        told.stage.fail(day=told.stage.day(date=DATE + dt.timedelta(days=1)))
        assert told.work() == []
        assert len(told.heard()) == 1
    with telling(tmp_path / "later", post_from="2026-11-30") as told:
        assert told.work() == []


def test_a_receiver_that_fails_is_told_again_for_days(tmp_path: Path) -> None:
    """Refused for more than three days, the notice waits in sight, and is taken once when the receiver is mended."""
    with telling(tmp_path / "data") as told:
        told.served.receiver.board.arm("refuse", times=None)
        for _ in range(14):
            assert told.work() == ["error"]
            assert (told.row().state, told.row().waiting) == ("error", True)
            assert "status 400" in told.row().message
            told.clock.ahead += dt.timedelta(hours=6)
        told.served.receiver.board.clear()
        assert told.work() == ["success"]
        assert [one["state"] for one in told.heard()] == ["in progress"]


def test_who_wants_no_more_is_told_no_more_until_a_person_says_so(tmp_path: Path) -> None:
    """Status 410: the connection stays, the notice is an error that is not tried again, and can be forced."""
    with telling(tmp_path / "data") as told:
        told.served.receiver.board.arm("gone")
        assert told.work() == ["error"]
        told.clock.ahead = dt.timedelta(days=2)
        assert told.work() == []
        assert (told.row().failure, told.row().waiting) == ("rejected", False)
        named = [{"connection": "hooks", "key": KEY}]
        asked = {"objects": named, "reason": "they want it again"}
        answer = told.client.post("/v1/objects/force-synchronize", asked, headers=FULL)
        assert answer.json()["outcomes"][0]["outcome"] == "accepted"
        assert told.work() == ["success"]
        assert len(told.heard()) == 1


def test_an_uncertain_delivery_is_settled_within_a_quarter_of_an_hour(tmp_path: Path) -> None:
    """Nobody can ask the receiver: it is told again under the same id, before what is newer, and takes it once."""
    with telling(tmp_path / "data") as told:
        told.served.receiver.board.arm("gateway-timeout")
        assert told.work() == ["verifying"]
        told.move(1000)
        for _ in range(5):
            told.clock.ahead += dt.timedelta(minutes=3)
            told.work()
        assert told.row().state == "success"
        references = [one.id.rpartition(":")[0] for one in told.served.receiver.deliveries]
        assert references == [f"{KEY}:v1", f"{KEY}:v1", f"{KEY}:v2"]
        assert len(told.heard()) == 2


def test_nothing_is_rejected_while_the_secret_is_changed(tmp_path: Path) -> None:
    """Days move at every step: both secrets here, then the new one there, then the new one here alone."""
    with telling(tmp_path / "data") as told:
        told.work()
        told.rotate(secret=OTHER, secret_before=SECRET)
        told.move(1000)
        assert told.work() == ["success"]
        told.served.receiver.verify = independent(OTHER)
        told.move(1100)
        assert told.work() == ["success"]
        told.rotate(secret=OTHER)
        told.move(1200)
        assert told.work() == ["success"]
        assert len(told.heard()) == 4
        assert told.served.receiver.rejected == 0
