"""Flows of journal entries: posted, taken back and posted anew, looked at, at Sage Intacct and at 24SevenOffice."""

import datetime as dt
import json
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from decimal import Decimal
from typing import Any, Final

from adapters.erp.office_24seven import SYSTEM as OFFICE
from adapters.erp.office_24seven.simulator import Books as Ledger
from adapters.erp.office_24seven.simulator import Vendor
from adapters.erp.office_24seven.simulator import running as running_vendor
from adapters.erp.sage_intacct import SYSTEM as INTACCT
from adapters.erp.sage_intacct.simulator import Books, BooksSettings, SimulatedGateway
from adapters.erp.sage_intacct.simulator import running as running_gateway
from api.composition import OpenHouse
from api.work.objects import Outbox
from domain.accounts import DEFAULT_ACCOUNTS
from domain.commands.intent import Intent
from domain.commands.loading import load_books, load_day, load_object
from domain.commands.review_objects import ReviewObjects, review_objects
from domain.commands.synchronize_objects import SynchronizeObjects, synchronize_objects
from domain.facts import ConfigurationChanged, ConnectionEstablished, LocationAdded
from domain.facts.catalogue import ConnectionFact
from domain.identifiers import BooksId, ConnectionId, DayId, ObjectId
from domain.ledger import journal_entries
from domain.outward import entry_documents
from domain.permissions import EVERYTHING
from domain.ports.journal import Recording
from domain.summary import summarize
from projections import objects
from projections.catching_up import catch_up
from tests.effects.at_intacct import VALUES
from tests.projections.stage import DATE, Stage, sale
from tests.support.facts import by
from tests.support.intacct import PASSWORD, SENDER_PASSWORD
from tests.sweep.running import Flow, Step, Trial

BOOKS: Final = ConnectionId("main", "books")
SALES: Final = ObjectId("main", "books", f"je:L1:{DATE}:sales")
ORGANIZATION: Final = 12345
_BY_NUMBER: Final = {number: key for key, number in DEFAULT_ACCOUNTS.items() if number}


def work(trial: Trial) -> bool:
    """A worker that remembers nothing does what there is to do; whether nothing is left, now or later."""
    opened, client = trial.opened, "main"
    catch_up(opened.engine, opened.journal)
    outbox = Outbox(opened)
    outbox.register(client)
    for errand in outbox.errands(client)[0]:
        outbox.perform(errand.object)
    with trial.points.paused():
        catch_up(opened.engine, opened.journal)
        rows = objects.objects(opened.engine, client)
        stuck = [
            ObjectId(client, row.connection, row.key) for row in rows if row.state == "error" and not row.retryable
        ]
        if stuck:  # a person is told to look there, does so, and forces what is not there
            trial.noted["forced"] = trial.noted.get("forced", 0) + len(stuck)
            synchronize_objects(SynchronizeObjects(stuck, "force", Intent("cli:anna", "not there")), opened.house)
        settled = bool(rows) and all(row.state == "success" for row in rows)
        return settled and not Outbox(opened).register(client)


class Entries(Flow):
    """The sales entry of a day goes out; then the day changes, and it is taken back and posted anew."""

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    @abstractmethod
    def established(self) -> tuple[str, str, dict[str, Any], dict[str, str]]:
        """Key of the system, its secret, the values of its form, and the ids of a location there."""

    @abstractmethod
    def entered(self) -> list[tuple[str, dict[str, int]]]:
        """What was entered at the other side, in order: references, and hundredths by key and account."""

    def prepare(self, opened: OpenHouse) -> None:
        """A day that is approved, and books that take its sales entry."""
        stage = Stage(opened.journal, opened.engine, "main")
        stage.connect()
        system, secret, values, place = self.established
        opened.house.vault.keep_secret("main", "password", secret)
        chosen = {**values, "post_from": "2026-10-01", "objects": ["sales-entry"]}
        facts: tuple[ConnectionFact, ...] = (
            ConnectionEstablished(system, "Books", self._url, "0123456789ab", secret="password", values=chosen),
            ConfigurationChanged(1, {}, {}),
            LocationAdded("L1", "Pier", "America/New_York", place, "04:00", "", "objects"),
        )
        opened.journal.append([Recording(BOOKS.stream, 0, facts)], by("connect books"))
        stage.poll(sale("1", 950, 400, tip=200), sale("2", 500))
        approve(stage)

    @property
    def steps(self) -> Sequence[Step]:
        """It goes out, the day changes, it goes out again."""
        return (Step(work), Step(self._change, counted=False), Step(work))

    def violations(self, trial: Trial) -> Iterator[str]:
        """What stands there is not the day's entry, or is not what was entered once each."""
        yield from self.wrong(trial, ["v1", "v1:r", "v2"])

    def wrong(self, trial: Trial, wanted: Sequence[str]) -> Iterator[str]:
        """What was entered is not this, each once, or does not come to the day's entry."""
        told = [reference.removeprefix(f"{SALES.key}:") for reference, _ in self.entered()]
        if told != list(wanted):
            yield f"entered was {told}"
        stands = Counter[str]()
        for _, lines in self.entered():
            stands.update(lines)
        day = load_day(trial.opened.journal, DayId("main", "L1", DATE))
        entries = journal_entries(summarize(day), load_books(trial.opened.journal, BooksId("main")))
        amounts = {f"{one.key} {one.account}": one.cents for one in entry_documents("L1", DATE, entries)["sales"].lines}
        if {key: cents for key, cents in stands.items() if cents} != amounts:
            yield f"what stands there is {dict(stands)}"

    def _change(self, trial: Trial) -> bool:
        stage = Stage(trial.opened.journal, trial.opened.engine, "main")
        stage.settle(stage.day())
        stage.poll(sale("1", 1000, 400, tip=200), sale("2", 500), reason="edited")
        approve(stage)
        return True


def approve(stage: Stage) -> None:
    """Take the day all the way to approved."""
    while load_day(stage.journal, stage.day()).settled != "approved":
        stage.settle(stage.day())


class AtIntacct(Entries):
    """At Sage Intacct."""

    name = "post at Intacct"

    def __init__(self, closing: ExitStack) -> None:
        self.gateway = SimulatedGateway()
        super().__init__(closing.enter_context(running_gateway(self.gateway)).url)
        self.systems = {"sage-intacct": INTACCT}

    @property
    def established(self) -> tuple[str, str, dict[str, Any], dict[str, str]]:
        """With the accounts that daybook uses by default."""
        secret = json.dumps({"password": PASSWORD, "sender_password": SENDER_PASSWORD})
        return "sage-intacct", secret, VALUES, {"location": "L1"}

    def begin(self, trial: Trial) -> None:
        """Empty books."""
        self.gateway.books = Books(BooksSettings(accounts=_BY_NUMBER, statistical_accounts=_BY_NUMBER))
        self.gateway.end_sessions()
        self.gateway.set_clock(trial.clock.now)

    def entered(self) -> list[tuple[str, dict[str, int]]]:
        """All batches."""
        return [
            (
                row["HISTORY_COMMENT"].partition(" ")[0],
                _summed((f"{line.memo} {line.account}", line.amount) for line in lines),
            )
            for row, lines in self.gateway.books.entries()
        ]


class Review(AtIntacct):
    """Somebody deletes the entry there, and it is looked at and posted anew."""

    name = "review"

    def begin(self, trial: Trial) -> None:
        """The entry was posted, and is gone."""
        super().begin(trial)
        while not work(trial):
            trial.clock.ahead += dt.timedelta(minutes=1)
        rows = vars(self.gateway.books)["_rows"]["GLBATCH"]
        rows.clear()

    @property
    def steps(self) -> Sequence[Step]:
        """It is looked at, and goes out again."""
        return (Step(self._look), Step(work))

    def violations(self, trial: Trial) -> Iterator[str]:
        """It does not stand there anew, once."""
        yield from self.wrong(trial, ["v1.1"])

    def _look(self, trial: Trial) -> bool:
        intent = Intent("cli:anna", "a look", rights=EVERYTHING)
        (one,) = review_objects(ReviewObjects([SALES], intent), trial.opened.house)
        with trial.points.paused():
            return one.found == "deleted" or load_object(trial.opened.journal, SALES).state != "success"


class AtOffice(Entries):
    """At 24SevenOffice."""

    name = "post at 24SevenOffice"

    def __init__(self, closing: ExitStack) -> None:
        self.vendor = Vendor()
        super().__init__(closing.enter_context(running_vendor(self.vendor)).url)
        self.systems = {"24sevenoffice": OFFICE}

    @property
    def established(self) -> tuple[str, str, dict[str, Any], dict[str, str]]:
        """One organization."""
        values = {"client_id": "app-one", "organizations": [str(ORGANIZATION)], "transaction_type": 1}
        return "24sevenoffice", "office-secret-one", values, {"organization": str(ORGANIZATION)}

    def begin(self, trial: Trial) -> None:  # noqa: ARG002 - the others' need it
        """Empty books."""
        accounts = {int(number): key for number, key in _BY_NUMBER.items()}
        self.vendor.books[ORGANIZATION] = Ledger(self.vendor.books[ORGANIZATION].organization, accounts)
        self.vendor.expire()

    def entered(self) -> list[tuple[str, dict[str, int]]]:
        """All transactions."""
        return [
            (
                posted["comment"].partition(" ")[0],
                _summed(
                    (f"{line['comment'].partition(' ')[2]} {line['accountNumber']}", Decimal(line["amount"]))
                    for line in posted["lines"]
                ),
            )
            for posted in self.vendor.books[ORGANIZATION].transactions
        ]


def _summed(lines: Iterator[tuple[str, Decimal]]) -> dict[str, int]:
    found = Counter[str]()
    for key, amount in lines:
        found[key] += int(amount * 100)
    return dict(found)
