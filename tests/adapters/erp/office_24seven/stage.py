"""Books to post into, entries to post, and a target that does it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from adapters.conformance import limits_for_trials
from adapters.conformance.targets import soon
from adapters.erp.office_24seven import SYSTEM
from adapters.erp.office_24seven.naming import mark_of
from adapters.erp.office_24seven.simulator import Books, Running, Vendor, running
from adapters.erp.office_24seven.target import OfficeTarget
from adapters.forms import fill
from domain.outward import EntryDocument, EntryLine, reference
from domain.ports.target import Done, Effect

ORGANIZATION: Final = 12345
DATE: Final = "2026-11-25"
LINES: Final = (
    EntryLine("1900", "payment/Cash", cents=18_000),
    EntryLine("1920", "payment/Visa", cents=36_960),
    EntryLine("3000", "sales/Food/Dine In", cents=-48_000),
    EntryLine("2700", "tax/Tax", cents=-3_960),
    EntryLine("2930", "tips/payable", cents=-3_000),
)


def values(served: Running, **changes: Any) -> dict[str, Any]:
    """The form, filled in."""
    return {
        "environment": served.url,
        "client_id": "app-one",
        "client_secret": "office-secret-one",
        "organizations": [str(ORGANIZATION)],
        "transaction_type": 1,
        **changes,
    }


def posted(lines: tuple[EntryLine, ...] = LINES, kind: str = "sales", version: int = 1) -> Effect:
    """An entry that is to be posted."""
    key = f"je:pier:{DATE}:{kind}"
    document = EntryDocument(kind, "pier", DATE, "Pier, sales of 2026-11-25", lines)
    return Effect("sales-entry", key, "create", reference(key, version, "create"), document)


@dataclass
class Scene:
    """A vendor that is served, and a target at it."""

    served: Running
    target: OfficeTarget

    @property
    def vendor(self) -> Vendor:
        """The vendor."""
        return self.served.vendor

    @property
    def books(self) -> Books:
        """The books of the one organization."""
        return self.vendor.books[ORGANIZATION]

    def standing(self, effect: Effect, part: str = "") -> int:
        """How often an effect, or a part of it, was posted."""
        return self.books.standing(mark_of(f"{effect.reference}{part}"))

    def posts(self) -> int:
        """How many transactions were sent, whatever came of them."""
        return sum((method, path) == ("POST", "/v1/transactions") for method, path, _ in self.vendor.requests)

    def write(self, effect: Effect) -> Done:
        """Post an effect."""
        return self.target.write(effect, soon())

    def look_up(self, effect: Effect) -> Done | None:
        """Look an effect up."""
        return self.target.look_up(effect, soon())


@contextmanager
def scene(vendor: Vendor | None = None, **changes: Any) -> Iterator[Scene]:
    """A vendor that is served, and a target at it."""
    bounds = {name: changes.pop(name) for name in ("request_timeout", "pages") if name in changes}
    with running(vendor or Vendor()) as served:
        filled = fill(SYSTEM.profile.form, values(served, **changes))
        with closing(SYSTEM.target(filled, limits_for_trials(**bounds))) as target:
            yield Scene(served, target)
