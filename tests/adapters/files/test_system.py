"""Import files in the catalogue of systems."""

from collections.abc import Iterator
from importlib.metadata import entry_points

import pytest

from adapters.files import SYSTEM
from adapters.files.system import NOT_OF_FILES
from domain.polling import Options, options_for
from domain.polling.configuration import FOR_ALL_POS, OF_LABOR_RULES
from domain.ports.captures import Capture, Page
from domain.ports.source import BadEndpoint, SourceFailure
from domain.records import Ticket
from tests.adapters.files.assembling.build import DAY, captured, paid, row, sale, shift
from tests.support.fake_vault import MemoryVault


def read_all(capture: Capture) -> None:
    """Read a capture to its end."""
    for records in SYSTEM.read(capture, DAY).records.values():
        list(records)


def test_it_is_registered_as_a_system() -> None:
    """Through the same door as a stranger's."""
    (entry,) = entry_points(group="daybook.systems", name="files")
    assert entry.load() is SYSTEM
    assert (SYSTEM.key, SYSTEM.title, SYSTEM.location_ids, SYSTEM.pushes) == ("files", "Import files", (), True)


def test_it_has_the_options_of_every_point_of_sale_that_mean_something_for_files() -> None:
    """Nothing is on at first but overtime; archives of an interface and the creation of deposits are not in files."""
    assert SYSTEM.options | NOT_OF_FILES == {*FOR_ALL_POS, "punch_conflicts", *OF_LABOR_RULES}
    assert not SYSTEM.options & NOT_OF_FILES
    assert options_for(SYSTEM.default_options) == Options()
    assert SYSTEM.presets == {}


def test_there_is_nothing_to_connect_to() -> None:
    """A poll of it is refused in a sentence that says what to do."""
    with pytest.raises(BadEndpoint, match="nothing to connect to"):
        SYSTEM.connect("", "", MemoryVault())


@pytest.mark.parametrize(
    "capture",
    [
        pytest.param(captured(sales_detail=[sale(gross="ten")]), id="an amount"),
        pytest.param(captured(sales_detail=[sale(gross="99999999999.00")]), id="an amount that nobody has"),
        pytest.param(captured(sales_detail=[sale(ordinal="one"), sale(ordinal="two")]), id="a ticket item number"),
        pytest.param(captured(sales_detail=[sale(GuestCount="two")]), id="a guest count"),
        pytest.param(captured(sales_detail=[sale(CloseTime="tonight")]), id="a time"),
        pytest.param(captured(sales_detail=[sale(CloseTime="2026-11-20T18:00:00Z")]), id="a time with a zone"),
        pytest.param(captured(sales_detail=[row(CheckNumber="1")]), id="a row without required columns"),
        pytest.param(captured(payments=[paid("1e5")]), id="a float"),
        pytest.param(captured(labor_detail=[shift("2026-11-20T08:00:00", "later")]), id="a clock-out"),
        pytest.param(captured(labor_detail=[shift("9999-12-31T23:59:59", "9999-12-31T23:59:59")]), id="no such year"),
        pytest.param(captured(deposits=[row(DepositDate="2026-02-30", Amount="1")]), id="a date"),
        pytest.param(captured(menu_items=[row(ItemNumber="1", ItemName="x", ItemCost="?")]), id="a cost"),
        pytest.param(Capture("files", 1, {}, (Page("tills", 1, b"{"),)), id="no JSON"),
        pytest.param(Capture("files", 1, {}, (Page("tills", 1, b"[1]"),)), id="no rows"),
        pytest.param(Capture("files", 1, {}, (Page("reference:job", 1, b'[{"id":1}]'),)), id="no reference data"),
    ],
)
def test_a_capture_that_means_nothing_is_a_failure_of_its_source(capture: Capture) -> None:
    """It says so when the row is reached, and shows nothing of it."""
    with pytest.raises(SourceFailure) as caught:
        read_all(capture)
    assert caught.value.failure == "malformed"
    assert caught.value.__cause__ is None


def test_tickets_are_put_together_when_they_are_asked_for() -> None:
    """One by one: a bad row is found when its ticket is reached, and those before it were read."""
    day = SYSTEM.read(captured(sales_detail=[sale("1"), sale("2", gross="ten")]), DAY)
    tickets = day.records["ticket"]
    assert isinstance(tickets, Iterator)
    first = next(tickets)
    assert isinstance(first, Ticket)
    assert first.number == "1"
    with pytest.raises(SourceFailure):
        next(tickets)


def test_reading_is_pure() -> None:
    """The same capture reads the same every time."""
    capture = captured(sales_detail=[sale()], payments=[paid("10.00")])
    assert list(SYSTEM.read(capture, DAY).records["ticket"]) == list(SYSTEM.read(capture, DAY).records["ticket"])


def test_only_what_files_bring_is_named() -> None:
    """A kind of records whose files are not there was not read, so nothing of it changes."""
    assert SYSTEM.read(captured(), DAY).records == {}
    assert SYSTEM.read(captured(voids=[]), DAY).records.keys() == {"ticket"}
    assert SYSTEM.read(captured(tenders=[]), DAY).records == {"tender": ()}
