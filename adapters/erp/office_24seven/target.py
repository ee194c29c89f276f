"""What objects are written to: the ledgers and registers of the organizations of one application."""

import datetime as dt
from collections.abc import Sequence

from adapters.erp.office_24seven.client import Calling
from adapters.erp.office_24seven.customers import Customers
from adapters.erp.office_24seven.posting import Posting
from adapters.erp.office_24seven.profile import ORGANIZATION
from domain.outward import EntryDocument, RecordDocument
from domain.ports.target import Done, Effect, TargetFailure


class OfficeTarget:
    """24SevenOffice with one application. May be used by several threads at once."""

    def __init__(self, calling: Calling, posting: Posting, customers: Customers, organizations: Sequence[str]) -> None:
        self._calling = calling
        self._posting = posting
        self._customers = customers
        self._organizations = tuple(organizations)

    def __repr__(self) -> str:
        return f"OfficeTarget({self._calling.url})"

    def write(self, effect: Effect, until: dt.datetime) -> Done:
        """Bring about an effect, once; see the port."""
        document = effect.document
        if isinstance(document, EntryDocument):
            _check_step(effect)
            return self._posting.write(effect, document, self._organization(effect), until)
        if isinstance(document, RecordDocument) and document.type == "customer":
            return self._customers.write(document, effect.opened, self._organization(effect), until)
        raise _not_taken(effect)

    def look_up(self, effect: Effect, until: dt.datetime) -> Done | None:
        """Whether it is there; see the port."""
        document = effect.document
        if isinstance(document, EntryDocument):
            return self._posting.look_up(effect, document, self._organization(effect), until)
        if isinstance(document, RecordDocument) and document.type == "customer":
            return self._customers.look_up(document, effect.opened, self._organization(effect), until)
        raise _not_taken(effect)

    def close(self) -> None:
        """Give back connections."""
        self._calling.close()

    def _organization(self, effect: Effect) -> str:
        """In whose books it stands: that of the location, or the only one.

        Raises:
            TargetFailure: ``unmapped``.
        """
        named = effect.place.get(ORGANIZATION, "")
        if named in self._organizations:
            return named
        if not named and len(self._organizations) == 1:
            return self._organizations[0]
        where = f"the organization {named} is none of the connection's" if named else "it has several organizations"
        raise TargetFailure("unmapped", f"Whose books it stands in is not known: {where}. Nothing was sent.")


def _check_step(effect: Effect) -> None:
    if effect.step == "update":
        raise TargetFailure("rejected", "What is posted is reversed and posted anew, never changed. Nothing was sent.")


def _not_taken(effect: Effect) -> TargetFailure:
    return TargetFailure(
        "not-taken",
        f"24SevenOffice takes sales and labor entries and customers, nothing of the type {effect.type}.",
    )
