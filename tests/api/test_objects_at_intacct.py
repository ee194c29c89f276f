"""From an approved day to Sage Intacct: connected as people connect it, written by the worker, equal line by line."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from adapters.erp.sage_intacct import SYSTEM
from adapters.erp.sage_intacct.simulator import Books, BooksSettings, Running, SimulatedGateway, running
from api.composition import OpenHouse, open_house
from api.logs import configure_logs
from api.settings import load_settings
from api.work.objects import Outbox
from domain.accounts import DEFAULT_ACCOUNTS
from domain.commands.loading import load_books, load_day
from domain.facts import ConfigurationChanged, ConnectionEstablished, LocationAdded
from domain.identifiers import BooksId, ConnectionId, DayId
from domain.ledger import journal_entries
from domain.outward import EntryDocument, entry_documents
from domain.ports.journal import Recording
from domain.summary import summarize
from projections import objects
from projections.catching_up import catch_up
from tests.api.objects_stage import Clock
from tests.api.site import copy_of_a_store
from tests.projections.stage import DATE, Stage, sale
from tests.support.facts import by
from tests.support.intacct import PASSWORD, SENDER_PASSWORD, filled_in

BOOKS = ConnectionId("main", "intacct")


@dataclass
class Office:
    """A daybook with a day, and Sage Intacct."""

    opened: OpenHouse
    stage: Stage
    served: Running
    clock: Clock

    def approve(self) -> None:
        """The day is approved."""
        while load_day(self.stage.journal, self.stage.day()).settled != "approved":
            self.stage.settle(self.stage.day())

    def work(self) -> list[str]:
        """Everything that there is to do now; answers what came of it."""
        outbox, done = Outbox(self.opened), list[str]()
        for _ in range(20):
            catch_up(self.opened.engine, self.opened.journal)
            outbox.register("main")
            errands, _ = outbox.errands("main")
            if not errands:
                return done
            done += [outbox.perform(errand.object) for errand in errands]
        return done

    def wanted(self) -> dict[str, EntryDocument]:
        """The entries of the day as daybook derives them, those that have lines."""
        day = load_day(self.stage.journal, DayId("main", "L1", DATE))
        entries = journal_entries(summarize(day), load_books(self.stage.journal, BooksId("main")))
        return {kind: one for kind, one in entry_documents("L1", DATE, entries).items() if one.lines}


@contextmanager
def an_office(folder: Path) -> Iterator[Office]:
    """A daybook whose day is read, and Sage Intacct with the accounts that daybook uses by default."""
    settings = load_settings(data_dir=folder, log_level="error", allow_loopback=True)
    configure_logs(settings)
    copy_of_a_store(folder)
    numbers = {number: key for key, number in DEFAULT_ACCOUNTS.items() if number}
    accounts = BooksSettings(accounts=numbers, statistical_accounts=numbers)
    with (
        running(SimulatedGateway(Books(accounts))) as served,
        open_house(settings, systems={"sage-intacct": SYSTEM}) as whole,
    ):
        clock = Clock()
        opened = replace(whole, house=replace(whole.house, clock=clock))
        stage = Stage(opened.journal, opened.engine, "main")
        stage.connect()
        secrets = {"password": PASSWORD, "sender_password": SENDER_PASSWORD}
        opened.house.vault.keep_secret("main", "secret", json.dumps(secrets))
        kept = {name: value for name, value in filled_in("").items() if name not in {*secrets, "environment"}}
        entries = {"post_from": "2026-10-01", "objects": ["sales-entry", "labor-entry", "statistical-entry"]}
        established = ConnectionEstablished(
            "sage-intacct", "Books", served.url, "0123456789ab", secret="secret", values={**kept, **entries}
        )
        place = LocationAdded("L1", "Pier", "America/New_York", {"location": "L1"}, "04:00", "", "objects")
        facts = (established, ConfigurationChanged(1, {}, {}), place)
        opened.journal.append([Recording(BOOKS.stream, 0, facts)], by("connect intacct"))
        stage.poll(sale("1", 950, 400, tip=200), sale("2", 500))
        catch_up(opened.engine, opened.journal)
        yield Office(opened, stage, served, clock)


def stands(office: Office, kind: str) -> Counter[tuple[str, str]]:
    """What stands at Sage Intacct of a kind of entry of the day: hundredths by account and key."""
    found: Counter[tuple[str, str]] = Counter()
    for row, lines in office.served.gateway.books.entries():
        if row["HISTORY_COMMENT"].startswith(f"je:L1:{DATE}:{kind}:v"):
            for line in lines:
                found[line.account, line.memo] += int(line.amount * 100)
    return Counter({name: cents for name, cents in found.items() if cents})


def test_a_day_stands_there_line_by_line(tmp_path: Path) -> None:
    """An approved day, then its change: what stands is what daybook derives, each entry once, reversals linked."""
    with an_office(tmp_path / "data") as office:
        assert office.work() == []
        office.approve()
        with office.served.gateway.armed("gateway"):
            office.work()
        office.clock.ahead = dt.timedelta(minutes=30)
        office.work()
        for change in (False, True):
            if change:
                office.stage.settle(office.stage.day())
                office.stage.poll(sale("1", 1000, 400, tip=200), sale("2", 500), reason="edited")
                office.approve()
                office.work()
            for kind, document in office.wanted().items():
                lines = Counter[tuple[str, str]]()
                for line in document.lines:
                    lines[line.account, line.key] += line.cents or int(line.quantity * Decimal(100))
                assert stands(office, kind) == lines, kind
        references = [row["HISTORY_COMMENT"] for row, _ in office.served.gateway.books.entries()]
        sales = f"je:L1:{DATE}:sales"
        assert [name for name in references if ":sales:" in name] == [
            f"{sales}:v1",
            f"{sales}:v1:r reverses {sales}:v1",
            f"{sales}:v2",
        ]
        catch_up(office.opened.engine, office.opened.journal)
        row = objects.find_object(office.opened.engine, "main", "intacct", sales)
        assert row is not None
        assert (row.state, row.posted_version) == ("success", 2)
