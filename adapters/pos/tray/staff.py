"""Staff rows as they are captured: only the contract's fields, the personal ones sealed."""

from collections.abc import Iterable
from typing import Final

import msgspec

from adapters.pos.tray.wire import SealedStaff, Staff
from adapters.pos.tray.words import text
from domain.ports.source import DayRequest
from domain.ports.vault import PersonForgotten, Vault
from domain.records.people import PERSONAL_FIELDS

_FIELDS: Final = tuple([name for name in PERSONAL_FIELDS if name in Staff.__struct_fields__])
_ENCODE: Final = msgspec.json.Encoder().encode


def person_name(request: DayRequest, staff_id: str) -> str:
    """The name of a person's key: the ids of connection and location have no colon, so no two people share one."""
    return f"{request.connection}:{request.location}:{staff_id}"


def sealed_page(rows: Iterable[Staff], request: DayRequest, vault: Vault) -> bytes:
    """A page of sealed rows: the same people always make the same bytes.

    Raises:
        VaultLocked: nothing can be sealed.
    """
    return _ENCODE([_sealed(row, request, vault) for row in rows])


def _sealed(row: Staff, request: DayRequest, vault: Vault) -> SealedStaff:
    person = person_name(request, row.id)
    personal = {name: text(getattr(row, name)) for name in _FIELDS}
    try:
        personal = vault.seal(request.client, person, personal)
    except PersonForgotten:
        # The source still lists somebody who was erased here: they stay erased, and the roster stays readable.
        personal = dict.fromkeys(_FIELDS, "")
    return SealedStaff(
        id=row.id,
        person=person,
        pos_id=text(row.pos_id),
        hire_date=text(row.hire_date),
        payroll_id=text(row.payroll_id),
        active=row.active,
        jobs=row.jobs,
        **personal,
    )
