"""Kinds of records, and their canonical bytes."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from domain.money import shown
from domain.records.cash import Deposit, PaidInOut, Till
from domain.records.overtime import Overtime
from domain.records.people import Employee, Job
from domain.records.personnel import HrEmployee
from domain.records.punch import Punch
from domain.records.reference import HouseAccount, MenuItem, TaxDefinition, Tender
from domain.records.remainder import Remainder
from domain.records.ticket import LateVoid, Ticket

RosterRecord = Employee | Job | MenuItem | Tender | TaxDefinition | HouseAccount
Record = Ticket | LateVoid | Punch | Overtime | Deposit | PaidInOut | Till | Remainder | RosterRecord | HrEmployee
RecordBytes = tuple[str, str, bytes]
"""Kind, key and canonical bytes of a record."""

KINDS: Final[dict[str, type[Record]]] = {
    "ticket": Ticket,
    "late-void": LateVoid,
    "punch": Punch,
    "overtime": Overtime,
    "deposit": Deposit,
    "paid-in-out": PaidInOut,
    "till": Till,
    "remainder": Remainder,
    "employee": Employee,
    "job": Job,
    "menu-item": MenuItem,
    "tender": Tender,
    "tax-definition": TaxDefinition,
    "house-account": HouseAccount,
    "hr-employee": HrEmployee,
}
"""Permanent names of the kinds; adding is free, renaming is not."""

ROSTER_KINDS: Final = frozenset({"employee", "job", "menu-item", "tender", "tax-definition", "house-account"})
"""Kinds that live on the connection, because they outlast a day: people and other reference data."""

PERSONNEL_KINDS: Final = frozenset({"hr-employee"})
"""Kinds that a system of personnel tells of."""

DAY_KINDS: Final = frozenset(KINDS) - ROSTER_KINDS - PERSONNEL_KINDS
"""Kinds that belong to one business day."""

_NAMES: Final = {record: kind for kind, record in KINDS.items()}
_ENCODE: Final[Callable[[Record], bytes]] = msgspec.json.Encoder(decimal_format="string").encode
_DECODERS: Final = {kind: msgspec.json.Decoder(record) for kind, record in KINDS.items()}


def canonical(record: Record) -> RecordBytes:
    """Kind, key and canonical bytes of a record."""
    return _NAMES[type(record)], record.key, _ENCODE(record)


def decode(kind: str, data: bytes | msgspec.Raw) -> Record:
    """The record of canonical bytes.

    Raises:
        KeyError: no such kind.
        msgspec.DecodeError: the bytes are no record of that kind.
    """
    return _DECODERS[kind].decode(data)


def plain_fields(data: bytes | msgspec.Raw) -> Any:
    """A record's bytes as plain JSON for people and other programs: ``price_cents: 1235`` becomes ``price: "12.35"``.

    Quantities in thousandths become decimal strings in the same way. Works without knowing the kind, so that it shows
    records of every age.
    """
    return _plain(msgspec.json.decode(data))


def whole_fields(kind: str, data: bytes | msgspec.Raw) -> Any:
    """A record's bytes as plain JSON with every field, also those that its bytes leave out because they are defaults.

    What two ages of a record are compared by: a field that goes from its default to something else was not nothing.
    Of a kind or a shape that this release does not know, what the bytes say: history is always shown.
    """
    if kind not in KINDS or bytes(data) == b"null":
        return plain_fields(data)
    try:
        return _plain(_whole(decode(kind, data)))
    except msgspec.ValidationError:
        return plain_fields(data)


def _whole(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return {name: _whole(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, tuple):
        return [_whole(entry) for entry in value]
    return msgspec.to_builtins(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return dict(_plain_field(name, field) for name, field in value.items())
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return value


def _plain_field(name: str, value: Any) -> tuple[str, Any]:
    if name.endswith("_cents"):
        return name.removesuffix("_cents"), shown(value) if isinstance(value, int) else _plain(value)
    if isinstance(value, int) and name.endswith("_milli"):
        whole, part = divmod(abs(value), 1000)
        text = f"{'-' if value < 0 else ''}{whole}.{part:03d}".rstrip("0").rstrip(".")
        return name.removesuffix("_milli"), text
    return name, _plain(value)
