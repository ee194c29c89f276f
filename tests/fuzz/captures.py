"""What stands between a capture and the facts: reading it, translating it, summing it up, and its journal entries."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, Final

import msgspec

from adapters.files import SYSTEM as FILES
from adapters.pos.tray import SYSTEM as TRAY
from domain.books import NEW_BOOKS
from domain.business_day import NEW_DAY
from domain.commands.recording import read_capture
from domain.ledger import journal_entries, plain_entries
from domain.polling import Options, options_for
from domain.polling.frame import Frame, frame_of
from domain.polling.translation import Translation
from domain.ports.captures import Capture, Page
from domain.ports.source import SourceFailure, System
from domain.records import canonical, decode
from domain.summary import summarize, summary_bytes, summary_of_bytes
from tests.adapters.files.assembling import build
from tests.fuzz.mutations import mutated
from tests.fuzz.parser import Parser
from tests.fuzz.tray_answers import JSON, ROWS_OF, odd
from tests.support.tray_stage import DATE, ZONE, Rows, compact

EVERYTHING: Final = {
    "specify_business_day_start_time": "04:00",
    "trim_service_type_name": True,
    "split_sales_detail": [{"match": "Item 1", "name": "Half", "percent": "50"}],
    "use_revenue_centers": ["Bar"],
    "menu_item_category_override": [{"item": "Burger", "category": "Meat"}],
    "number_of_lookback_days": 3,
    "custom_payroll_id_field": "pos_id",
    "vsd_for_actual": True,
    "allow_24_hour_punches": True,
    "observes_daylight_savings_time": False,
    "offset_time_zone": "-1.5",
    "open_time": True,
    "skip_unmatched_void_entries": True,
    "remove_transferred_prefix": True,
    "use_item_level_taxes": True,
    "skip_tax_on_discount": True,
    "has_mpf_tax": True,
    "use_sales_item_level_tax": True,
    "use_detailed_discount_reasons": True,
    "include_inactive_employees": True,
}
"""Every option that changes what a reading means, on."""

OPTIONS: Final = (Options(), options_for({"use_item_level_taxes": True}), options_for(EVERYTHING))


def _sealed(rows: Rows) -> Rows:
    """Staff as it is captured: personal data sealed, nothing null."""
    personal = ("firstName", "lastName", "address", "phone", "ssn", "email", "dateOfBirth")
    return [
        {**row, "person": f"p-{row['id']}", **{name: f"sealed:{name}" if row[name] else "" for name in personal}}
        for row in rows
    ]


_TRAY_ROWS: Final[dict[str, Rows]] = {**ROWS_OF, "staff": _sealed(ROWS_OF["staff"])}
_TRAY_SEED: Final = Capture(
    "tray",
    1,
    {"venue": "V100", "businessDate": DATE.isoformat()},
    tuple([Page(name, len(rows), compact(rows)) for name, rows in _TRAY_ROWS.items()]),
)
_FILES_SEED: Final = build.captured(
    **build.KNOWN,
    sales_detail=[
        build.sale("1", ServiceTypeName="Dine  In", RevenueCenterName="Bar", GuestCount="2"),
        build.modified("2101", "1.50", "1"),
        build.sale("2", number="2002", **build.comped("Staff", "2.00")),
    ],
    payments=[build.paid("11.50", "1", tip="2.00"), build.paid("8.00", "2", "01")],
    discounts=[build.discount("Spill", "1.00", "1")],
    voids=[build.void("3.00", "2001", "1")],
    refunds=[build.refund("1.00", "0.08", "2")],
    tax_details=[build.tax("0.95", check="1"), build.tax("0.50", "2", "2", "true")],
    surcharges=[build.row(Surcharge_CheckNumber="1", Surcharge_Name="Service", Surcharge_Amount="1.00")],
    labor_detail=[build.shift("2026-11-20T08:00:00", "2026-11-21T05:00:00")],
    deposits=[build.row(DepositDate="2026-11-20", Amount="50.00", Number="7")],
    paid_in_outs=[build.row(Amount="-5.00", Description="Ice", AffectsCash="true")],
)


def _make(seed: Capture) -> Callable[[random.Random], bytes]:
    def make(rng: random.Random) -> bytes:
        pages = list(seed.pages)
        for at in rng.sample(range(len(pages)), rng.choice((1, 1, 2, 4))):
            page = pages[at]
            data = mutated(rng, page.data, JSON) if rng.random() < 0.3 else _odd_page(rng, page.data)
            pages[at] = msgspec.structs.replace(page, data=data)
        return msgspec.msgpack.encode((rng.randrange(len(OPTIONS)), msgspec.structs.replace(seed, pages=tuple(pages))))

    return make


def _odd_page(rng: random.Random, data: bytes) -> bytes:
    rows: Rows = msgspec.json.decode(data)
    if rows and rng.random() < 0.2:
        rows.insert(rng.randint(0, len(rows)), rng.choice(rows))
    return compact(odd(rng, rows)) if rows else data


def _frame(options: Options) -> Frame:
    return frame_of(DATE, ZONE, dt.time(4), options, wide=options.open_time)


def read_whole(system: System, data: bytes) -> bool:
    """Read a capture all the way to the journal entries; the same capture always comes to the same."""
    chosen, capture = msgspec.msgpack.decode(data, type=tuple[int, Capture])
    options = OPTIONS[chosen]
    read = partial(read_capture, system, capture, _frame(options), options)
    translation, again = read(), read()
    assert _told(translation) == _told(again)
    for records in (translation.records, *translation.elsewhere.values()):
        _assert_sound(records)
    return True


def _told(translation: Translation) -> tuple[Any, ...]:
    return translation.records, translation.roster, translation.elsewhere, translation.notes


def _assert_sound(records: Any) -> None:
    """Records are canonical, and what they sum up to is in canonical bytes and balanced books."""
    for kind, known in records.items():
        for key, stored in known.items():
            assert canonical(decode(kind, stored)) == (kind, key, stored)
    summary = summarize(replace(NEW_DAY, records=records, zone=ZONE))
    assert summary_of_bytes(summary_bytes(summary)) == summary
    entries = plain_entries(journal_entries(summary, NEW_BOOKS))
    for name in ("sales", "labor"):
        sides = {"debit": Decimal(0), "credit": Decimal(0)}
        for line in entries[name]["lines"]:
            sides[line["side"]] += Decimal(line["amount"])
        assert sides["debit"] == sides["credit"]


PARSERS: Final = (
    Parser("capture/tray", _make(_TRAY_SEED), partial(read_whole, TRAY), (SourceFailure,)),
    Parser("capture/files", _make(_FILES_SEED), partial(read_whole, FILES), (SourceFailure,)),
)
