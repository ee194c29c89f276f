"""Confirm that the place was closed on a business day without sales."""

from dataclasses import dataclass

from domain.business_day import BusinessDay
from domain.commands.changing_day import change_day
from domain.commands.intent import Intent
from domain.commands.settle_day import Settled
from domain.facts.catalogue import DayFact
from domain.identifiers import DayId
from domain.keeping import decide_confirm_closed
from domain.permissions import Permission
from domain.ports.house import House
from domain.summary import summarize


@dataclass(frozen=True, slots=True)
class ConfirmClosed:
    """Confirm that the place was closed.

    Attributes:
        day: which.
        intent: who and why.
        expected_version: the version of the day's stream that the caller saw, or None for whatever is there.
    """

    day: DayId
    intent: Intent
    expected_version: int | None = None


def confirm_closed(command: ConfirmClosed, house: House) -> Settled:
    """Record it; sales that come to light later void it by themselves.

    Raises:
        NotInThatState: the day is missing, or approved.
        HasSales: its net sales are not 0.
        NotPermitted: the role may not do that.
        NotTheVersion: the day is not at ``expected_version``.
        CommandReused: the command's id was used for something else.
        StreamMoved: the race was lost too often.
    """
    day, intent = command.day, command.intent
    house.permit(intent.asks(Permission.COMPLETE, day.client, day.location))
    changed = change_day(day, intent, house, _decided, expected_version=command.expected_version)
    return Settled(changed.after, changed.receipt, changed.again)


def _decided(day: BusinessDay) -> tuple[DayFact, ...]:
    return decide_confirm_closed(day, summarize(day).net_sales_cents)
