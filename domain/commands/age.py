"""The age of a business day: one that lies further back than the window is for support alone."""

import datetime as dt

from domain.commands.intent import Intent
from domain.connection import Connection
from domain.identifiers import DayId
from domain.permissions import NotPermitted, Permission
from domain.ports.house import House


class DayTooOld(NotPermitted):
    """The business day lies further back than others than support may touch."""


def check_age(day: DayId, connection: Connection, intent: Intent, house: House) -> None:
    """Go on, if the day lies in the window, or the role may touch older ones.

    Days are counted from the business day that is running at the location, by its own clock: with a window of 30 days
    the 30th before it is the last one in.

    Raises:
        DayTooOld: it does not, and the role may not.
        NotConnected: the connection does not feed the location.
    """
    frame = connection.frame(day.location, day.date)
    today = frame.date_of(house.clock.now())
    if (today - day.date).days <= house.window_days:
        return
    if house.access(intent.asks(Permission.POLL_OLD, day.client, day.location)):
        return
    oldest = today - dt.timedelta(days=house.window_days)
    raise DayTooOld(
        f"The business day {day.date} of {day.location} lies more than {house.window_days} days back: days before "
        f"{oldest} are polled, repolled and deleted by the role 'support' alone. Ask support, or import its files."
    )
