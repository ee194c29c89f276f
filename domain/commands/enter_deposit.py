"""Enter a deposit by hand, or change one that was."""

from dataclasses import dataclass

from domain.commands.changing_day import DayChanged
from domain.commands.import_files import check_begun
from domain.commands.loading import load_connection
from domain.commands.overlaying import OnDay, enter
from domain.identifiers import ConnectionId
from domain.overlays import decide_deposit
from domain.ports.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterDeposit(OnDay):
    """Enter money that was taken to the bank for a business day.

    Attributes:
        connection: the connection that feeds the location.
        amount_cents: what was deposited; None: stays as it is.
        number: the deposit's number; None: stays as it is.
        deposit: the key of the entry to change; empty for a new one.
    """

    connection: ConnectionId
    amount_cents: int | None = None
    number: str | None = None
    deposit: str = ""


def enter_deposit(command: EnterDeposit, house: House) -> DayChanged:
    """Record a deposit on our side; it may come before the day was polled, not before the day began.

    Raises:
        NotPermitted: the role may not enter deposits there.
        DayNotBegun: it is too early.
        NotConnected: the connection does not feed the location.
        NothingEntered, BadEntry, TooManyEntries, DayIsApproved, ConflictOpen: see
            :func:`domain.overlays.decide_deposit`.
        NotTheVersion, CommandReused, StreamMoved: see :func:`domain.commands.changing_day.change_day`.
    """
    location, date = command.day.location, command.day.date
    connection = load_connection(house.journal, command.connection)
    check_begun(connection.frame(location, date), location, house.clock.now())
    return enter(
        command,
        house,
        "deposit",
        lambda day: decide_deposit(day, date, command.amount_cents, command.number, command.deposit),
    )
