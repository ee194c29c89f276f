"""Import files as commands: given facts, when files come, then facts."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from domain.business_day import BusinessDay, FedByAnother
from domain.commands.import_files import DayNotBegun, Foreseen, ImportFiles, NotFromFiles, foreseen, import_files
from domain.commands.import_reference import MOST_DECISIONS, ImportReference, import_reference
from domain.commands.intent import Intent
from domain.commands.loading import load_connection, load_day
from domain.commands.poll_day import NotPolled, PollDay, poll_day
from domain.commands.recording import Outcome, read_capture
from domain.commands.settle_day import SettleDay, settle_day
from domain.connection import NEW_CONNECTION, NotConnected, decide_establish
from domain.facts import ConnectionEstablished, FilesRead, LocationAdded, PollFailed, PollUnchanged
from domain.identifiers import ConnectionId, DayId
from domain.polling import Translation
from domain.ports.captures import Page
from domain.ports.house import House
from domain.ports.journal import Recording, StreamMoved
from domain.records import Deposit, Job, MenuItem, Till
from domain.refusals import Conflict
from domain.summary import summarize
from tests.domain.build import DATE, item, paid, punch, ticket
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted_files import ScriptedFiles, pages, read_files

FILES = ConnectionId("main", "files")
TRAY = ConnectionId("main", "tray")
DAY = DayId("main", "L1", DATE)
SALE = ticket(items=(item("10.00", number="17"),), payments=(paid("10.00"),))
MONEY = Deposit("d1", 1000, DATE)


class Clock:
    """A clock that stands still."""

    def __init__(self) -> None:
        self.time = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        """The time at which it stands."""
        return self.time


@pytest.fixture
def system() -> ScriptedFiles:
    """A system of files."""
    return ScriptedFiles()


@pytest.fixture
def house(system: ScriptedFiles) -> House:
    """A house of fakes in which files feed L1 and L2, and a polled connection feeds L3."""
    polled = ScriptedFiles(key="polled", title="Polled", pushes=False)
    made = House(MemoryJournal(), MemoryCaptures(), MemoryVault(), Clock(), {"files": system, "polled": polled})
    for connection, key, locations in ((FILES, "files", ("L1", "L2")), (TRAY, "polled", ("L3",))):
        established = ConnectionEstablished(key, connection.connection, "", "")
        added = [LocationAdded(name, name, "America/New_York", {}) for name in locations]
        facts = decide_establish(NEW_CONNECTION, established, added, {})
        made.journal.append([Recording(connection.stream, 0, facts)], Intent("test").provenance)
    return made


def importing(
    day: DayId = DAY, *, failure: str = "", intent: Intent | None = None, **records: list[Any]
) -> ImportFiles:
    """A command that imports records by kind of file."""
    given = pages(**records)
    made = intent or Intent("cli:anna", "files came")
    return ImportFiles(day, FILES, made, None, read_files(given), given, failure)


def day_of(house: House, day: DayId = DAY) -> BusinessDay:
    """The day as recorded."""
    return load_day(house.journal, day)


def facts_of(house: House, day: DayId = DAY) -> list[str]:
    """The kinds of facts of a day."""
    return [type(entry.fact).__name__ for entry in house.journal.stream(day.stream)]


def test_a_first_import_begins_a_generation(house: House) -> None:
    """Files for a day nobody read yet make its first generation; the attempt names the files."""
    outcome = import_files(importing(sales_detail=[SALE], deposits=[MONEY]), house)
    day = day_of(house)
    assert (outcome.outcome, outcome.added, day.generation, day.connection) == ("polled", 2, 1, "files")
    summary = summarize(day)
    assert (summary.net_sales_cents, summary.total_deposit_cents) == (1000, 1000)
    (first, *_) = [entry.fact for entry in house.journal.stream(DAY.stream)]
    assert [(file.kind, file.rows) for file in first.attempt.files] == [("sales-detail", 1), ("deposits", 1)]  # type: ignore[union-attr]


def test_the_same_files_again_are_an_attempt_and_nothing_else(house: House) -> None:
    """Importing twice records that it was tried, and no change."""
    import_files(importing(sales_detail=[SALE]), house)
    outcome = import_files(importing(sales_detail=[SALE]), house)
    assert (outcome.outcome, outcome.generation) == ("unchanged", 1)
    assert facts_of(house) == ["DayPolled", "RecordsChanged", "PollUnchanged"]


def test_one_kind_leaves_the_others_as_they_are(house: House) -> None:
    """A file is the snapshot of its own kind: deposits that come later add themselves and keep the sales."""
    import_files(importing(sales_detail=[SALE]), house)
    outcome = import_files(importing(deposits=[MONEY]), house)
    assert (outcome.added, outcome.removed) == (1, 0)
    assert set(day_of(house).records["ticket"]) == {"t1"}
    empty = import_files(importing(deposits=[]), house)
    assert (empty.removed, set(day_of(house).records["ticket"])) == (1, {"t1"})
    again = import_files(importing(sales_detail=[SALE]), house)
    assert again.outcome == "unchanged"


def test_files_for_an_approved_day_stand_beside_those_that_wait(house: House) -> None:
    """Sales that wait are not undone by deposits that come after them: reopened, the day has both."""
    import_files(importing(sales_detail=[SALE]), house)
    for state in ("completed", "approved"):
        settle_day(SettleDay(DAY, state, Intent("cli:anna", "checked")), house)
    corrected = ticket(items=(item("9.00", number="17"),), payments=(paid("9.00"),))
    assert import_files(importing(sales_detail=[corrected]), house).outcome == "staged"
    outcome = import_files(importing(deposits=[MONEY]), house)
    assert (outcome.outcome, outcome.added, outcome.changed) == ("staged", 1, 1)
    assert {change.origin for change in day_of(house).late.values()} == {"import"}
    settle_day(SettleDay(DAY, "in progress", Intent("cli:anna", "corrected")), house)
    summary = summarize(day_of(house))
    assert (summary.net_sales_cents, summary.total_deposit_cents) == (900, 1000)


def test_a_replayed_command_is_answered(house: House) -> None:
    """The same command id again answers what was recorded, and reads nothing."""
    command = importing(sales_detail=[SALE])
    first = import_files(command, house)
    assert import_files(command, house) == first
    assert facts_of(house) == ["DayPolled", "RecordsChanged"]


def test_refused_files_leave_the_attempt(house: House) -> None:
    """Files with errors change nothing; that somebody tried, and why it failed, is recorded."""
    import_files(importing(sales_detail=[SALE]), house)
    outcome = import_files(importing(failure="sales-detail has 3 errors.", sales_detail=[]), house)
    assert outcome.failure is not None
    assert (outcome.outcome, outcome.failure.failure, outcome.failure.message) == (
        "failed",
        "bad-file",
        "sales-detail has 3 errors.",
    )
    assert set(day_of(house).records["ticket"]) == {"t1"}


def test_rows_that_mean_nothing_leave_the_attempt(house: House) -> None:
    """What cannot be read by the system fails as a poll does."""
    command = replace(importing(sales_detail=[SALE]), pages={"sales-detail": (Page("sales-detail", 1, b"broken"),)})
    outcome = import_files(command, house)
    assert (outcome.outcome, day_of(house).generation) == ("failed", 0)


def test_files_for_a_day_that_has_not_begun(house: House) -> None:
    """Nothing can have been sold on a day to come; the files are refused and nothing is recorded."""
    with pytest.raises(DayNotBegun, match="begins at 2026-11-05 05:00"):
        import_files(importing(replace(DAY, date=dt.date(2026, 11, 5)), deposits=[MONEY]), house)


def test_files_go_to_a_connection_of_files(house: House) -> None:
    """A polled connection takes no files, and a connection of files is not polled."""
    with pytest.raises(NotFromFiles, match="polls Polled"):
        import_files(replace(importing(deposits=[MONEY]), day=replace(DAY, location="L3"), connection=TRAY), house)
    with pytest.raises(NotConnected):
        import_files(importing(replace(DAY, location="L9"), deposits=[MONEY]), house)
    with pytest.raises(NotPolled, match="daybook import"):
        poll_day(PollDay(DAY, FILES, Intent("test")), house)


def test_another_connection_feeds_the_kind(house: House) -> None:
    """Records that another connection brought are not overwritten by files: refused, and the attempt recorded."""
    other = ConnectionId("main", "more")
    facts = decide_establish(
        NEW_CONNECTION, ConnectionEstablished("files", "more", "", ""), [LocationAdded("L1", "L1", "UTC", {})], {}
    )
    house.journal.append([Recording(other.stream, 0, facts)], Intent("test").provenance)
    import_files(importing(deposits=[MONEY]), house)
    with pytest.raises(FedByAnother, match="disable_deposits_import"):
        import_files(replace(importing(deposits=[Deposit("d2", 5, DATE)]), connection=other), house)
    assert facts_of(house)[-1] == "PollFailed"
    import_files(replace(importing(tills=[Till("1", 500)]), connection=other), house)
    assert (day_of(house).feeder("deposit"), day_of(house).feeder("till")) == ("files", "more")
    import_files(importing(deposits=[]), house)
    import_files(replace(importing(deposits=[Deposit("d2", 5, DATE)]), connection=other), house)
    assert day_of(house).feeder("deposit") == "more"


def test_reference_data_in_force_is_part_of_the_capture(house: House, system: ScriptedFiles) -> None:
    """A capture can be read again without anything else, so it holds the reference data that it was read with."""
    import_reference(
        ImportReference(FILES, "L1", Intent("test"), (), pages(menu_items=[MenuItem("17", "Burger")])), house
    )
    import_files(importing(sales_detail=[SALE]), house)
    assert [page.resource for page in system.read_captures[-1].pages] == ["sales-detail", "reference:menu-item"]
    beside = ConnectionId("main", "files2")
    facts = decide_establish(
        NEW_CONNECTION, ConnectionEstablished("files", "files2", "", ""), [LocationAdded("L1", "L1", "UTC", {})], {}
    )
    house.journal.append([Recording(beside.stream, 0, facts)], Intent("test").provenance)
    import_reference(ImportReference(beside, "L1", Intent("test"), (), pages(jobs=[Job("j1", "Server")])), house)
    import_files(replace(importing(labor_detail=[punch()]), beside=beside), house)
    assert [page.resource for page in system.read_captures[-1].pages] == [
        "labor-detail",
        "sales-detail",
        "reference:job",
        "reference:menu-item",
    ]


def test_reference_data_is_imported_by_itself(house: House) -> None:
    """Menu items have no date: they change the roster; what the next file no longer lists stays, not listed."""
    menu = pages(menu_items=[MenuItem("17", "Burger"), MenuItem("18", "Soup")])
    first = import_reference(ImportReference(FILES, "L1", Intent("test"), read_files(menu), menu), house)
    assert (first.added, first.changed, first.failure) == (2, 0, "")
    shorter = pages(menu_items=[MenuItem("17", "Burger")])
    second = import_reference(ImportReference(FILES, "L1", Intent("test"), read_files(shorter), shorter), house)
    assert (second.added, second.changed) == (0, 1)
    roster = load_connection(house.journal, FILES).rosters["L1"]["menu-item"]
    assert {key: msgspec.json.decode(data).get("listed", True) for key, data in roster.items()} == {
        "17": True,
        "18": False,
    }
    third = import_reference(ImportReference(FILES, "L1", Intent("test"), read_files(shorter), shorter), house)
    assert (third.added, third.changed) == (0, 0)
    assert [type(entry.fact).__name__ for entry in house.journal.stream(FILES.stream)][-1] == "FilesRead"


def test_refused_reference_data(house: House) -> None:
    """Files that are refused, by the caller or by the system, leave the attempt on the connection."""
    told = import_reference(ImportReference(FILES, "L1", Intent("test"), failure="jobs has 2 errors."), house)
    broken = {"jobs": (Page("jobs", 1, b"broken"),)}
    found = import_reference(ImportReference(FILES, "L1", Intent("test"), (), broken), house)
    assert (told.failure, found.failure) == ("jobs has 2 errors.", "A row means nothing.")
    facts = [entry.fact for entry in house.journal.stream(FILES.stream)][-2:]
    assert [fact.failure for fact in facts if isinstance(fact, FilesRead)] == ["bad-file", "bad-file"]
    assert load_connection(house.journal, FILES).rosters == {}


def test_a_reference_command_is_done_once(house: House) -> None:
    """The same command id again answers what was recorded; an id of another command is refused."""
    command = ImportReference(FILES, "L1", Intent("test"), (), pages(jobs=[Job("j1", "Server")]))
    first = import_reference(command, house)
    assert import_reference(command, house) == first
    imported = importing(deposits=[MONEY])
    import_files(imported, house)
    with pytest.raises(Conflict, match="another command"):
        import_reference(replace(command, intent=imported.intent), house)


def test_what_files_may_bring_beside_a_poll(house: House) -> None:
    """Sales and people come from the system that is polled; cash, labor and other reference data may come in files."""
    import_files(replace(importing(deposits=[MONEY]), beside=TRAY_L1), connected_beside(house))
    with pytest.raises(FedByAnother, match=r"connection 'pos', which brings what sales-detail would"):
        import_files(replace(importing(sales_detail=[SALE]), beside=TRAY_L1), house)
    menu = pages(menu_items=[MenuItem("17", "Burger")])
    assert import_reference(ImportReference(FILES, "L1", Intent("t"), (), menu, beside=TRAY_L1), house).added == 1
    jobs = pages(jobs=[Job("j1", "Server")])
    with pytest.raises(FedByAnother, match="beside it files can bring house-accounts, menu-items"):
        import_reference(ImportReference(FILES, "L1", Intent("t"), (), jobs, beside=TRAY_L1), house)


TRAY_L1 = ConnectionId("main", "pos")


def connected_beside(house: House) -> House:
    """The house, in which another connection polls L1 as well."""
    established = ConnectionEstablished("polled", "pos", "", "")
    facts = decide_establish(NEW_CONNECTION, established, [LocationAdded("L1", "L1", "UTC", {})], {})
    house.journal.append([Recording(TRAY_L1.stream, 0, facts)], Intent("test").provenance)
    return house


def _losing(house: House, times: int, between: Callable[[], object]) -> House:
    """A house whose journal loses so many races; something happens in each."""
    journal = house.journal
    append = journal.append
    left = [times]

    def lose(*given: Any) -> Any:
        if left[0]:
            left[0] -= 1
            between()
            raise StreamMoved("Somebody was faster.")
        return append(*given)

    journal.append = lose  # type: ignore[assignment,method-assign]
    return house


def test_lost_races_of_reference_data_are_decided_again(house: House) -> None:
    """The fresh state decides; after too many losses the race is given up."""
    command = ImportReference(FILES, "L1", Intent("test"), (), pages(jobs=[Job("j1", "Server")]))
    assert import_reference(command, _losing(house, 3, lambda: None)).added == 1
    with pytest.raises(StreamMoved):
        import_reference(replace(command, intent=Intent("test")), _losing(house, MOST_DECISIONS, lambda: None))


def test_files_that_were_overtaken_are_compared_again(house: House, system: ScriptedFiles) -> None:
    """Two imports at once: what the later one reads is composed anew with what the earlier one recorded."""
    append = house.journal.append
    done: list[Outcome] = []

    def first_another(*given: Any) -> Any:
        house.journal.append = append  # type: ignore[method-assign]
        done.append(import_files(importing(deposits=[MONEY]), house))
        return append(*given)

    house.journal.append = first_another  # type: ignore[assignment,method-assign]
    outcome = import_files(importing(sales_detail=[SALE]), house)
    assert (done[0].outcome, outcome.outcome) == ("polled", "polled")
    assert {kind for kind, records in day_of(house).records.items() if records} == {"ticket", "deposit"}
    assert [page.resource for page in system.read_captures[-1].pages] == ["deposits", "sales-detail"]


def test_files_that_are_overtaken_for_ever_give_up(house: House) -> None:
    """A day into which others import without end is left alone, and the attempt says so."""
    append = house.journal.append
    numbers = iter(range(100))
    busy = [False]

    def another(*given: Any) -> Any:
        if not busy[0] and not isinstance(given[0][0].facts[0], PollFailed | PollUnchanged):
            busy[0] = True
            import_files(importing(deposits=[Deposit("d1", next(numbers), DATE)]), house)
            busy[0] = False
        return append(*given)

    house.journal.append = another  # type: ignore[assignment,method-assign]
    outcome = import_files(importing(sales_detail=[SALE]), house)
    assert outcome.failure is not None
    assert outcome.failure.failure == "changed-while-reading"


class Told:
    """Translations made ahead of time: whatever was foreseen, and nothing else."""

    def __init__(self, *seen: Foreseen, system: ScriptedFiles) -> None:
        self._made = [(one, read_capture(system, *one)) for one in seen]

    def take(self, *asked: Any) -> Translation | None:
        """The translation of just this."""
        return next((made for one, made in self._made if one == asked), None)


def test_what_was_translated_ahead_of_time_is_not_translated_again(house: House, system: ScriptedFiles) -> None:
    """It is recorded as if it had been; foreseeing it records nothing."""
    command = importing(sales_detail=[SALE])
    seen = foreseen(command, house)
    assert facts_of(house) == []
    ahead = Told(seen, system=system)
    system.read_captures.clear()
    outcome = import_files(command, house, ahead)
    assert (outcome.outcome, outcome.added, system.read_captures) == ("polled", 1, [])
    day = day_of(house)
    assert (day.capture, set(day.records["ticket"])) == (seen.capture.digest, {"t1"})


def test_what_was_foreseen_otherwise_does_not_count(house: House, system: ScriptedFiles) -> None:
    """Files that came meanwhile change what the day is translated from."""
    command = importing(sales_detail=[SALE])
    ahead = Told(foreseen(command, house), system=system)
    import_files(importing(deposits=[MONEY]), house)
    system.read_captures.clear()
    import_files(command, house, ahead)
    (read,) = system.read_captures
    assert [page.resource for page in read.pages] == ["deposits", "sales-detail"]


def test_nothing_is_foreseen_for_a_connection_that_is_polled(house: House) -> None:
    """As nothing is imported there."""
    with pytest.raises(NotFromFiles):
        foreseen(replace(importing(), day=replace(DAY, location="L3"), connection=TRAY), house)
