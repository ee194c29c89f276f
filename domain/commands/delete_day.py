"""Delete a business day's summary: the day keeps its history, is missing, and is polled again."""

from dataclasses import dataclass

from domain.commands.age import check_age
from domain.commands.changing_day import change_day
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.commands.settle_day import Settled
from domain.identifiers import ConnectionId, DayId
from domain.keeping import decide_delete
from domain.permissions import Permission
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class DeleteDay:
    """Delete a business day's summary.

    Attributes:
        day: which.
        connection: the one that feeds the location: its clock says how old the day is.
        intent: who and why.
        expected_version: the version of the day's stream that the caller saw, or None for whatever is there.
    """

    day: DayId
    connection: ConnectionId
    intent: Intent
    expected_version: int | None = None


def delete_day(command: DeleteDay, house: House) -> Settled:
    """Record that the day is to be read anew. What people entered on our side stays for when it is back.

    Raises:
        NotInThatState: it was never read whole, or is approved.
        NotPermitted: the role may not do that.
        DayTooOld: the day lies too far back for the role.
        NotConnected: the connection does not feed the location.
        NotTheVersion: the day is not at ``expected_version``.
        CommandReused: the command's id was used for something else.
        StreamMoved: the race was lost too often.
    """
    day, intent = command.day, command.intent
    house.permit(intent.asks(Permission.DELETE, day.client, day.location))
    if house.journal.receipt(day.client, intent.command) is None:
        check_age(day, load_connection(house.journal, command.connection), intent, house)
    changed = change_day(day, intent, house, decide_delete, expected_version=command.expected_version)
    return Settled(changed.after, changed.receipt, changed.again)
