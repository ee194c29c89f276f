"""The kinds that belong to a day and hang on no check: cash and labor."""

from typing import Final

from adapters.files.kinds.columns import Column, Kind
from adapters.files.kinds.rules import NotBoth, ShiftTimes

_EMPLOYEE: Final = "employees.EmployeeId"

DEPOSITS: Final = Kind(
    "deposits",
    "Deposits",
    (
        Column("DepositDate", "day", required=True, sample="11/20/2026 00:00:00"),
        Column("Amount", "money", required=True, sample="640.25"),
        Column("DaypartName", "name", sample="Dinner"),
        Column("EmployeeNumber", "key", joins=_EMPLOYEE, sample="100"),
        Column("Number", "key", sample="D-17"),
        Column("RevenueCenterName", "name", sample="Dining Room"),
        Column("ClosedTime", "moment", sample="11/20/2026 23:30:00"),
    ),
    order=40,
    day_from="day",
    dated_by=("DepositDate",),
)

PAID_IN_OUTS: Final = Kind(
    "paid-in-outs",
    "Paid In / Outs",
    (
        Column("Amount", "money", required=True, sample="-20.00"),
        Column("AffectsCash", "flag", sample="True"),
        Column("DaypartName", "name", sample="Lunch"),
        Column("EmployeeNumber", "key", joins=_EMPLOYEE, sample="100"),
        Column("PaidInOutName", "name", required=True, sample="Ice"),
        Column("Time", "moment", sample="11/20/2026 13:00:00"),
        Column("Notes", "text", sample="Two bags"),
    ),
    order=41,
    day_from="moment",
    dated_by=("Time",),
)

TILLS: Final = Kind(
    "tills",
    "Tills",
    (
        Column("BusinessDate", "day", required=True, sample="11/20/2026 00:00:00"),
        Column("DrawerNumber", "key", required=True, sample="1"),
        Column("ExpectedAmount", "money", required=True, sample="660.25"),
        Column("EmployeeNumber", "key", joins=_EMPLOYEE, sample="100"),
        Column("IsClosed", "flag", required=True, sample="True"),
        Column("ClosedTime", "moment", sample="11/20/2026 23:15:00"),
    ),
    order=42,
    day_from="day",
    dated_by=("BusinessDate",),
    identity=("BusinessDate", "DrawerNumber"),
)

LABOR_DETAIL: Final = Kind(
    "labor-detail",
    "Labor Detail",
    (
        Column("EmployeeNumber", "key", required=True, joins=_EMPLOYEE, sample="101"),
        Column("ShiftNumber", "ordinal", required=True, sample="1"),
        Column("ClockInDate", "day", required=True, sample="11/20/2026 00:00:00"),
        Column("ClockInTime", "moment", required=True, sample="11/20/2026 15:57:00"),
        Column("ClockOutTime", "moment", required=True, sample="11/20/2026 21:01:00"),
        Column("CreditTips", "money", sample="41.50"),
        Column("DeclaredTips", "money", sample="12.00"),
        Column("Sales", "money", sample="512.40"),
        Column("JobCode", "key", joins="jobs.JobCode", sample="SRV"),
        Column("JobName", "name", sample="Server"),
        Column("PayRate", "price", sample="14.00"),
        Column("RegularHours", "measure", sample="5.07"),
        Column("IsUnpaidBreak", "flag", sample="False"),
        Column("IsPaidBreak", "flag", sample="False"),
    ),
    order=50,
    day_from="moment",
    # Not ClockInDate: a shift that starts after midnight belongs to the business day that its time lies in, and only
    # the time says which.
    dated_by=("ClockInTime",),
    # A break may start when the shift does, so it has its own place beside it.
    identity=("EmployeeNumber", "ShiftNumber", "ClockInTime", "IsUnpaidBreak", "IsPaidBreak"),
    rules=(ShiftTimes(), NotBoth("IsUnpaidBreak", "IsPaidBreak", "A break cannot be paid and unpaid at once.")),
)
