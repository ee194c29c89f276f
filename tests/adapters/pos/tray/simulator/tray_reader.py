"""A reader of the simulated POS that knows nothing but HTTP, and the small POS that the tests read."""

import datetime as dt
import ssl
from typing import Any

import httpx

from adapters.pos.tray.simulator import Running, TrayPosSettings

TICKETS = 120
KEY = "tray-key-one"
DAY = dt.date(2026, 11, 3)
NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
_NO_TLS = ssl.SSLContext(
    ssl.PROTOCOL_TLS_CLIENT
)  # no certificates are read, which is most of what a client's start costs


class Tray:
    """A reader of the kernel API."""

    def __init__(self, served: Running) -> None:
        self.pos = served.pos
        self.http = httpx.Client(base_url=served.url, headers={"X-Api-Key": KEY}, timeout=20, verify=_NO_TLS)

    def ask(self, resource: str, venue: str = "V100", **query: str) -> httpx.Response:
        """Ask for one page; ``from_`` stands for ``from``."""
        return self.http.get(
            f"/kernel/v1/venues/{venue}/{resource}", params={name.rstrip("_"): value for name, value in query.items()}
        )

    def page(self, resource: str, venue: str = "V100", **query: str) -> Any:
        """Ask for one page that comes."""
        answer = self.ask(resource, venue, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, resource: str, venue: str = "V100", **query: str) -> list[Any]:
        """Ask for all pages."""
        rows: list[Any] = []
        while True:
            page = self.page(resource, venue, **query)
            rows += page["data"]
            if page["nextCursor"] is None:
                return rows
            query["cursor"] = page["nextCursor"]

    def day(self, resource: str, date: dt.date = DAY, venue: str = "V100", **query: str) -> list[Any]:
        """Ask for all rows of a business date."""
        return self.rows(resource, venue, businessDate=date.isoformat(), limit="500", **query)

    def window(self, date: dt.date = DAY, venue: str = "V100") -> dict[str, str]:
        """Answer a business date's window as the parameters of time entries."""
        wall = self.pos.books[venue].shop.wall
        begin, end = (dt.datetime.fromtimestamp(second, dt.UTC) for second in (wall.opening(date), wall.closing(date)))
        return {"from": f"{begin:%Y-%m-%dT%H:%M:%SZ}", "to": f"{end:%Y-%m-%dT%H:%M:%SZ}"}

    def arm(self, name: str, **arming: Any) -> None:
        """Arm a fault."""
        answer = self.http.post("/simulator/faults", json={"name": name, **arming})
        assert answer.status_code == 200, answer.text


def settings(**changed: Any) -> TrayPosSettings:
    """Answer small settings, their clock stopped."""
    return TrayPosSettings(**{"tickets": TICKETS, "now": lambda: NOW, **changed})
