"""Tray's JSON: what every row of the contract looks like on the wire, and decoding that takes nothing on trust."""

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

from adapters.pos.tray.strict import NotStrict, check_strictly

MaybeText = str | None | UnsetType

SERVER_LIST_LIMIT: Final = 100
"""Where Tray cuts lists inside a row: one that has exactly so many entries may have had more."""


class _Row(msgspec.Struct, rename="camel", gc=False):
    """Camel case outside, snake case inside. Money stays text: a number in its place is refused."""


class Tax(_Row):
    """A tax of an item."""

    name: str
    amount: str
    inclusive: bool


class ItemVoid(_Row):
    """Why, when and by whom an item was voided."""

    reason: str | None
    at: str
    by: str | None
    at_local: MaybeText = UNSET


class Item(_Row):
    """A line of a check."""

    id: str
    parent_id: str | None
    name: str
    category: str | None
    quantity: int | str
    price: str
    taxes: list[Tax]
    void: ItemVoid | None
    revenue_center: MaybeText = UNSET


class Discount(_Row):
    """A discount, comp or promo of a check."""

    id: str
    name: str
    amount: str
    custom_name: MaybeText = UNSET
    item_id: MaybeText = UNSET
    type: str | UnsetType = UNSET


class Surcharge(_Row):
    """A charge on top of the sales of a check."""

    id: str
    name: str
    amount: str


class NonSale(_Row):
    """Something sold on a check that is no sale yet, such as a gift card; the amount is for all of it."""

    id: str
    name: str
    quantity: int | str
    amount: str


class PaymentVoid(_Row):
    """The item whose void a payment pairs."""

    item_id: str | None


class Payment(_Row):
    """A payment on a check."""

    id: str
    tender: str
    amount: str
    tip: str
    void: PaymentVoid | None
    gratuity: MaybeText = UNSET


class Check(_Row):
    """A row of ``checks``."""

    id: str
    number: str
    opened_at: str
    closed_at: str | None
    zone: str
    business_date: str
    service_type: str | None
    revenue_center: str | None
    server: str | None
    guests: Annotated[int, msgspec.Meta(ge=-100_000, le=100_000)]
    items: list[Item]
    discounts: list[Discount]
    payments: list[Payment]
    tax_total: str
    mpf_tax: MaybeText = UNSET
    surcharges: list[Surcharge] | UnsetType = UNSET
    non_sales: list[NonSale] | UnsetType = UNSET
    opened_at_local: MaybeText = UNSET
    closed_at_local: MaybeText = UNSET
    venue_id: str | UnsetType = UNSET


class PaymentRow(_Row):
    """A row of ``payments``."""

    id: str
    check_id: str
    business_date: str
    at: str | None
    zone: str
    tender: str
    amount: str
    tip: str
    void: PaymentVoid | None
    gratuity: MaybeText = UNSET
    at_local: MaybeText = UNSET
    venue_id: str | UnsetType = UNSET


class VoidRow(_Row):
    """A row of ``voids``."""

    id: str
    check_id: str
    check_business_date: str
    item_id: str | None
    amount: str
    reason: str | None
    at: str
    by: str | None
    business_date: str
    zone: str
    at_local: MaybeText = UNSET
    venue_id: str | UnsetType = UNSET


class Break(_Row):
    """A break in a time entry."""

    start: str = msgspec.field(name="in")
    end: str | None = msgspec.field(name="out")
    paid: bool
    start_local: MaybeText = msgspec.field(name="inLocal", default=UNSET)
    end_local: MaybeText = msgspec.field(name="outLocal", default=UNSET)


class TimeEntry(_Row):
    """A row of ``time-entries``."""

    id: str
    staff_id: str
    job_id: str
    actual_rate: str
    start: str = msgspec.field(name="in")
    end: str | None = msgspec.field(name="out")
    zone: str
    business_date: str
    breaks: list[Break]
    declared_tips: str
    charge_tips: str
    terminal: str | None
    modified_at: str
    hours: str
    pay: str
    start_local: MaybeText = msgspec.field(name="inLocal", default=UNSET)
    end_local: MaybeText = msgspec.field(name="outLocal", default=UNSET)
    modified_at_local: MaybeText = UNSET
    venue_id: str | UnsetType = UNSET


class StaffJob(_Row):
    """What somebody is paid per hour in a job."""

    job_id: str
    rate: str


class Staff(_Row):
    """A row of ``staff``."""

    id: str
    first_name: str | None
    last_name: str | None
    address: str | None
    phone: str | None
    ssn: str | None
    email: str | None
    date_of_birth: str | None
    pos_id: str | None
    hire_date: str | None
    payroll_id: str | None
    active: bool
    jobs: list[StaffJob]
    venue_id: str | UnsetType = UNSET


class SealedStaff(_Row):
    """A staff row as it is captured: the contract's fields only, the personal ones sealed."""

    id: str
    person: str
    first_name: str
    last_name: str
    address: str
    phone: str
    ssn: str
    email: str
    date_of_birth: str
    pos_id: str
    hire_date: str
    payroll_id: str
    active: bool
    jobs: list[StaffJob]


class Job(_Row):
    """A row of ``jobs``."""

    id: str
    code: str | None
    name: str
    rate: str
    venue_id: str | UnsetType = UNSET


class VenueRow(_Row):
    """A row of the list of venues that a key opens."""

    id: str
    name: str
    zone: str
    organization_id: str
    organization_name: str


class Deposit(_Row):
    """A row of ``deposits``."""

    id: str
    number: str | None
    amount: str
    business_date: str
    created_at: str
    closed_at: str | None
    by: str | None
    zone: str
    created_at_local: MaybeText = UNSET
    closed_at_local: MaybeText = UNSET
    venue_id: str | UnsetType = UNSET


class PaidInOut(_Row):
    """A row of ``paid-in-out``."""

    id: str
    type: Literal["in", "out"]
    name: str
    amount: str
    affects_cash: bool
    at: str
    by: str | None
    notes: str | None
    business_date: str
    zone: str
    purpose: MaybeText = UNSET
    at_local: MaybeText = UNSET
    venue_id: str | UnsetType = UNSET


Row = Check | PaymentRow | VoidRow | TimeEntry | Staff | Job | Deposit | PaidInOut


class Envelope(_Row):
    """An answer: a page of rows as they were written, and the way to the next one."""

    data: msgspec.Raw
    next_cursor: str | None
    server_time: str


class Manifest(_Row):
    """What an archive of the consolidated API says of itself.

    Attributes:
        rows: how many rows each of its resources has.
    """

    version: Literal[1]
    venue_id: str
    part: str
    business_date: str
    server_time: str
    rows: dict[str, Annotated[int, msgspec.Meta(ge=0)]]


class ErrorAnswer(msgspec.Struct):
    """The body of an error, whatever status it came with."""

    error: msgspec.Raw


ROWS: Final[dict[str, type[Any]]] = {
    "checks": Check,
    "payments": PaymentRow,
    "voids": VoidRow,
    "time-entries": TimeEntry,
    "staff": Staff,
    "jobs": Job,
    "deposits": Deposit,
    "paid-in-out": PaidInOut,
}
"""The row of every resource, in the order in which a day is read."""

CHECKS: Final = msgspec.json.Decoder(list[Check])
VOIDS: Final = msgspec.json.Decoder(list[VoidRow])
TIME_ENTRIES: Final = msgspec.json.Decoder(list[TimeEntry])
SEALED_STAFF: Final = msgspec.json.Decoder(list[SealedStaff])
JOBS: Final = msgspec.json.Decoder(list[Job])
DEPOSITS: Final = msgspec.json.Decoder(list[Deposit])
PAID_IN_OUTS: Final = msgspec.json.Decoder(list[PaidInOut])
RAW_ROWS: Final = msgspec.json.Decoder(list[msgspec.Raw])

VENUES: Final = "venues"
"""The list of the venues that a key opens: no resource of a venue, and no part of any day."""

ROW_DECODERS: Final[dict[str, msgspec.json.Decoder[Any]]] = {
    name: msgspec.json.Decoder(list[row])  # type: ignore[valid-type]
    for name, row in {**ROWS, VENUES: VenueRow}.items()
}
_ENVELOPE: Final = msgspec.json.Decoder(Envelope)
_MANIFEST: Final = msgspec.json.Decoder(Manifest)
_encode: Final = msgspec.json.Encoder().encode
_EMPTY: Final = msgspec.Raw(b"")


def decode_envelope(body: bytes) -> Envelope:
    """The envelope of an answer; its ``data`` is a slice of the body.

    Raises:
        NotStrict: it is not an envelope of the contract, or JSON that two readers could read differently.
    """
    envelope: Envelope = _decoded(_ENVELOPE, body)
    around = msgspec.structs.replace(envelope, data=_EMPTY)
    if len(_encode(around)) + len(bytes(envelope.data)) != len(body):
        check_strictly(body)
    return envelope


def decode_manifest(data: bytes) -> Manifest:
    """The manifest of an archive.

    Raises:
        NotStrict: it is not a manifest of the contract, or JSON that two readers could read differently.
    """
    manifest: Manifest = _decoded(_MANIFEST, data)
    check_strictly(data)
    return manifest


def decode_rows(resource: str, data: bytes) -> tuple[list[Any], bytes]:
    """The rows of a page, each checked field by field, and their canonical bytes: the contract's fields and no others.

    Encoding the rows again gives as many bytes as came in exactly when nothing was passed over: no key twice, no field
    that we do not know, no spaces. Only where that is not so must a slower reader prove that the JSON means one thing.

    Raises:
        NotStrict: a field is missing or of another type, or the JSON means different things to different readers.
    """
    rows: list[Any] = _decoded(ROW_DECODERS[resource], data)
    canonical = _encode(rows)
    if len(canonical) != len(data) or b"\\u0000" in data:
        check_strictly(data)
    return rows, canonical


def _decoded(decoder: msgspec.json.Decoder[Any], data: bytes) -> Any:
    try:
        return decoder.decode(data)
    except msgspec.ValidationError as error:
        # Its sentences name fields and types, never values.
        raise NotStrict(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NotStrict("it is not JSON, or ends early") from None
    except RecursionError:
        raise NotStrict("it is nested too deeply") from None
