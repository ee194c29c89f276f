"""Staff rows as they are captured: only the contract's fields, the personal ones sealed."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from adapters.pos.tray.wire import SealedStaff, Staff
from adapters.pos.tray.words import text
from domain.ports.source import DayRequest
from domain.ports.vault import Vault
from domain.records.people import PERSONAL_FIELDS

_FIELDS: Final = tuple([name for name in PERSONAL_FIELDS if name in Staff.__struct_fields__])
_ENCODE: Final = msgspec.json.Encoder().encode


def person_name(request: DayRequest, staff_id: str) -> str:
    """The name of a person's key: the ids of connection and location have no colon, so no two people share one."""
    return f"{request.connection}:{request.location}:{staff_id}"


def sealed_page(rows: Iterable[Staff], request: DayRequest, vault: Vault) -> bytes:
    """A page of sealed rows: the same people always make the same bytes.

    Somebody who was forgotten here and whom the source still lists stays forgotten, and the roster stays readable.

    Raises:
        VaultLocked: nothing can be sealed.
    """
    told = [(row, person_name(request, row.id), _personal(row)) for row in rows]
    first = {person: personal for _, person, personal in reversed(told)}
    sealed = vault.seal_all(request.client, first)
    # A page may list somebody twice, and differently: that is for whoever reads it to refuse.
    return _ENCODE(
        [
            _sealed(
                row, person, (sealed if first[person] is own else vault.seal_all(request.client, {person: own}))[person]
            )
            for row, person, own in told
        ]
    )


def _personal(row: Staff) -> dict[str, str]:
    return {name: text(getattr(row, name)) for name in _FIELDS}


def _sealed(row: Staff, person: str, personal: Mapping[str, str] | None) -> SealedStaff:
    return SealedStaff(
        id=row.id,
        person=person,
        pos_id=text(row.pos_id),
        hire_date=text(row.hire_date),
        payroll_id=text(row.payroll_id),
        active=row.active,
        jobs=row.jobs,
        **(personal or dict.fromkeys(_FIELDS, "")),
    )
