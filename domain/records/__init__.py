"""Records: what a business day is made of, in one canonical schema that every source is translated into.

A record has a kind and a key (``ticket/chk-17``), and canonical bytes: JSON with the fields in the order of their
declaration and defaults left out. Two records are the same if their bytes are. A field that is added later with a
default changes no stored byte, so it makes no difference on any day.

Money is in whole cents, in fields that end in ``_cents``; quantities are in thousandths (``_milli``); instants are UTC.
"""

from domain.records.cash import Deposit, PaidInOut, Till
from domain.records.overtime import Overtime
from domain.records.people import Employee, Job, JobRate
from domain.records.personnel import HrEmployee, HrJob
from domain.records.punch import Break, Punch
from domain.records.reference import HouseAccount, MenuItem, TaxDefinition, Tender
from domain.records.registry import (
    DAY_KINDS,
    KINDS,
    ROSTER_KINDS,
    Record,
    RecordBytes,
    RosterRecord,
    canonical,
    decode,
    plain_fields,
    whole_fields,
)
from domain.records.remainder import Remainder, TaxShare, TenderShare
from domain.records.ticket import (
    Adjustment,
    Discount,
    Item,
    LateVoid,
    NonSale,
    Payment,
    Refund,
    Surcharge,
    Tax,
    Ticket,
    VoidEntry,
    VoidMark,
)

__all__ = [
    "DAY_KINDS",
    "KINDS",
    "ROSTER_KINDS",
    "Adjustment",
    "Break",
    "Deposit",
    "Discount",
    "Employee",
    "HouseAccount",
    "HrEmployee",
    "HrJob",
    "Item",
    "Job",
    "JobRate",
    "LateVoid",
    "MenuItem",
    "NonSale",
    "Overtime",
    "PaidInOut",
    "Payment",
    "Punch",
    "Record",
    "RecordBytes",
    "Refund",
    "Remainder",
    "RosterRecord",
    "Surcharge",
    "Tax",
    "TaxDefinition",
    "TaxShare",
    "Tender",
    "TenderShare",
    "Ticket",
    "Till",
    "VoidEntry",
    "VoidMark",
    "canonical",
    "decode",
    "plain_fields",
    "whole_fields",
]
