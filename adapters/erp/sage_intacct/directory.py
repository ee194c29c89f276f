"""The directory: the company that credentials open, its locations, and the entities that they belong to."""

import datetime as dt
import threading
from collections.abc import Mapping
from typing import Final

from adapters.erp.sage_intacct.gateway import Gateway
from adapters.erp.sage_intacct.queries import rows_of
from domain.ports.systems import Company, Place
from domain.ports.target import TargetFailure

_LONGEST_NAME: Final = 200
_DEEPEST: Final = 20


def company_of(gateway: Gateway, until: dt.datetime, entity: str = "") -> Company:
    """The company with the locations that these credentials see, by id.

    Raises:
        TargetFailure: the credentials are not accepted, or the answer cannot be trusted.
    """
    company = gateway.session(until, entity).company
    if not company:
        raise TargetFailure("unexpected-answer", "Sage Intacct does not say of which company the session is.")
    rows = rows_of(gateway, "LOCATION", ["RECORDNO", "LOCATIONID", "NAME", "STATUS"], {}, until, entity=entity)
    places = [
        Place(row["LOCATIONID"], _shown(row.get("NAME", "")), "", {"location": row["LOCATIONID"]})
        for row in rows
        if row.get("LOCATIONID") and row.get("STATUS", "active") == "active"
    ]
    return Company(company, company, tuple(sorted(places, key=lambda place: place.id)))


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in name)[:_LONGEST_NAME].strip()


class Entities:
    """Which entity each location belongs to: the nearest above it in the tree of locations. Read once, when asked."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._lock = threading.Lock()
        self._parents: Mapping[str, str] = {}
        self._entities: frozenset[str] = frozenset()

    def of(self, location: str, until: dt.datetime) -> str:
        """The entity of a location.

        Raises:
            TargetFailure: it belongs to none, or could not be asked for.
        """
        with self._lock:
            if location not in self._parents:
                self._read(until)
            found = location
            for _ in range(_DEEPEST):
                if found in self._entities:
                    return found
                found = self._parents.get(found, "")
        message = "At Sage Intacct the location belongs to no entity: its entries can be entered at the top level only."
        raise TargetFailure("unmapped", message)

    def _read(self, until: dt.datetime) -> None:
        entities = rows_of(self._gateway, "LOCATIONENTITY", ["RECORDNO", "LOCATIONID"], {}, until)
        locations = rows_of(self._gateway, "LOCATION", ["RECORDNO", "LOCATIONID", "PARENTID"], {}, until)
        self._entities = frozenset(row.get("LOCATIONID", "") for row in entities) - {""}
        self._parents = {row.get("LOCATIONID", ""): row.get("PARENTID", "") for row in locations}
