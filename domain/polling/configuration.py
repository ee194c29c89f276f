"""The polling configuration: versioned on the connection, overridden per location, recorded with every day."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import msgspec

from domain.money import NotAnAmount, scaled
from domain.refusals import Refusal

MOST_RULES: Final = 500
"""Rules of one option, and names in one list, at most."""

LONGEST_NAME: Final = 200
MOST_LOOKBACK_DAYS: Final = 30
MOST_LABOR_LOOKBACK_DAYS: Final = 60
MOST_HOURS_A_WEEK: Final = Decimal(168)
MOST_MULTIPLIER: Final = Decimal(10)
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_OFFSET_HOURS: Final = Decimal(26)

DEPOSIT_DAYS: Final = 3
"""Deposits of a day may be entered so many days after its end; cash is mostly taken to the bank the morning after."""

PAYROLL_FIELDS: Final = ("id", "pos_id")
"""Fields of an employee that may stand in for the payroll id; personal ones are sealed and can be nobody's number."""

_HOURS_A_DAY: Final = Decimal(24)
_TIME_OF_DAY: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class BadConfiguration(Refusal):
    """A polling option is unknown, not for this system, or its value does not fit."""


class SplitRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which sales details are split in two, and how.

    Attributes:
        match: the item's name, exactly.
        name: the name of the new line.
        category: the category of the new line; empty: the item's.
        amount: what goes to the new line, a decimal string, whatever the quantity; either this or ``percent``.
        percent: how much of the line goes to the new one, a decimal string above 0 and up to 100.
    """

    match: str
    name: str
    category: str = ""
    amount: str = ""
    percent: str = ""


class CategoryRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which item goes to which category, whatever the source says.

    Attributes:
        item: the item's name or number, exactly.
        category: the category it goes to.
    """

    item: str
    category: str


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The polling options; each is off (its default) or on. :mod:`domain.polling.steps` has their order, and says why.

    Attributes:
        specify_business_day_start_time: ``HH:MM``; the business day begins then, whatever the location or the source
            says. Empty: off.
        trim_service_type_name: runs of spaces in service types become one, and the ends are trimmed.
        split_sales_detail: rules by which a line is split in two.
        use_revenue_centers: the revenue centers that the location keeps; the rest of the venue is shown as remainder.
            Empty: off.
        menu_item_category_override: categories by menu item, over the source's.
        item_category_override: the same for the fee items of IHOP; where both name an item, the other counts.
        disable_deposits_import: deposits are not polled.
        number_of_lookback_days: deposits that were created up to so many days before the polled day go to the earlier
            day that they are for.
        custom_payroll_id_field: the employee's field that is taken for the payroll id, also where it is blank. Empty:
            off.
        vsd_for_actual: shifts that span the start of the day are split, each part on its own day.
        allow_24_hour_punches: shifts of 24 hours and more count, and one without clock-out counts 24 hours.
        observes_daylight_savings_time: off: the location's zone keeps its standard time all year.
        offset_time_zone: hours to add to the source's times, a decimal string.
        use_consolidate_api: sales and labor come as two encrypted archives.
        open_time: tickets are dated by their opening instead of their closing.
        skip_unmatched_void_entries: voids of items that the source has no payment record for are left out, both halves.
        remove_transferred_prefix: ``Transferred - `` is taken off item names.
        use_item_level_taxes: the taxes of the items count, and what the check-level tax differs is an adjustment of its
            own. Off: the check-level tax counts.
        skip_tax_on_discount: tickets that are discounted in full owe no tax, unless somebody settled it.
        has_mpf_tax: tax that a marketplace facilitator collects stands on both sides of the ticket.
        use_sales_item_level_tax: the check's tax is the sum of the tax of its items that are no modifiers; goes over
            ``use_item_level_taxes``.
        use_detailed_discount_reasons: custom discounts go by the name that was typed.
        include_inactive_employees: employees that the source marks as inactive are read as well.
        punch_conflicts: what counts where a punch was edited here and then changed at the source: ``ask``, ``ours`` or
            ``theirs``.
        labor_lookback_days: business days before the polling day whose labor every poll reads: 14 are the polled day
            and the 13 before it. 0: only the polled day's.
        overtime_weekly_hours: hours of an employee in a workweek past which they are overtime, a decimal string; 0: no
            weekly rule.
        overtime_daily_hours: the same of a business day; 0: no daily rule.
        overtime_multiplier: what an hour of overtime is paid, in hours, a decimal string.
        workweek_starts: the weekday that the workweek begins with.
    """

    specify_business_day_start_time: str = ""
    trim_service_type_name: bool = False
    split_sales_detail: tuple[SplitRule, ...] = ()
    use_revenue_centers: tuple[str, ...] = ()
    menu_item_category_override: tuple[CategoryRule, ...] = ()
    item_category_override: tuple[CategoryRule, ...] = ()
    disable_deposits_import: bool = False
    number_of_lookback_days: int = 0
    custom_payroll_id_field: str = ""
    vsd_for_actual: bool = False
    allow_24_hour_punches: bool = False
    observes_daylight_savings_time: bool = True
    offset_time_zone: str | int = "0"
    use_consolidate_api: bool = False
    open_time: bool = False
    skip_unmatched_void_entries: bool = False
    remove_transferred_prefix: bool = False
    use_item_level_taxes: bool = False
    skip_tax_on_discount: bool = False
    has_mpf_tax: bool = False
    use_sales_item_level_tax: bool = False
    use_detailed_discount_reasons: bool = False
    include_inactive_employees: bool = False
    punch_conflicts: str = "ask"
    labor_lookback_days: int = 14
    overtime_weekly_hours: str | int = "40"
    overtime_daily_hours: str | int = "0"
    overtime_multiplier: str | int = "1.5"
    workweek_starts: str = "monday"

    @property
    def offset_hours(self) -> Decimal:
        """The hours of ``offset_time_zone``."""
        return Decimal(str(self.offset_time_zone))

    @property
    def deposit_days(self) -> int:
        """Days past the end of a business day within which its deposits are entered."""
        return max(DEPOSIT_DAYS, self.number_of_lookback_days)


FOR_ALL_POS: Final = (
    "specify_business_day_start_time",
    "trim_service_type_name",
    "split_sales_detail",
    "use_revenue_centers",
    "menu_item_category_override",
    "disable_deposits_import",
    "number_of_lookback_days",
    "custom_payroll_id_field",
    "vsd_for_actual",
    "allow_24_hour_punches",
    "observes_daylight_savings_time",
    "offset_time_zone",
    "use_consolidate_api",
)
"""Options that every point of sale has."""

PUNCH_CONFLICTS: Final = ("ask", "ours", "theirs")
OF_LABOR_RULES: Final = ("overtime_weekly_hours", "overtime_daily_hours", "overtime_multiplier", "workweek_starts")
OUR_OWN: Final = ("punch_conflicts", "labor_lookback_days", *OF_LABOR_RULES)
"""Options of daybook's own; those of the labor rules and of conflicts go for import files too."""


@dataclass(frozen=True, slots=True)
class PollingConfiguration:
    """One version of a connection's configuration.

    Attributes:
        version: from 1; 0 is the default before anything was configured.
        options: by name, for all locations.
        overrides: options by location, over those.
    """

    version: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def at(self, location: str) -> Options:
        """The options in force at one location, as they were recorded.

        What they may say is checked before they are recorded, and never again: a rule that is tightened later must not
        make a configuration unreadable under which days were read.

        Raises:
            BadConfiguration: an option is unknown or ill-typed: a newer release recorded it.
        """
        return _options({**self.options, **self.overrides.get(location, {})})

    def checked_at(self, location: str) -> Options:
        """The options that would be in force at one location, checked as those that are to be recorded are.

        Raises:
            BadConfiguration: an option is unknown, ill-typed, or its value has no meaning.
        """
        return options_for({**self.options, **self.overrides.get(location, {})})


def options_for(fields: Mapping[str, Any]) -> Options:
    """Options of plain fields.

    Raises:
        BadConfiguration: an option is unknown, ill-typed, or its value has no meaning.
    """
    options = _options(fields)
    _check(options)
    return options


def _options(fields: Mapping[str, Any]) -> Options:
    refuse_unknown(fields)
    try:
        return msgspec.convert(dict(fields), Options)
    except msgspec.ValidationError as error:
        raise BadConfiguration(f"The polling options do not fit: {error}.") from None


def refuse_unknown(names: Iterable[str]) -> None:
    """Refuse names that are no options.

    Raises:
        BadConfiguration: there is one.
    """
    unknown = [name for name in names if name not in Options.__struct_fields__]
    if unknown:
        known = ", ".join(Options.__struct_fields__)
        raise BadConfiguration(f"There is no polling option {str(unknown[0])[:60]!r}. The options are: {known}.")


def _check(options: Options) -> None:
    """Refuse values that have the right type and no meaning."""
    starts = options.specify_business_day_start_time
    if starts and not _TIME_OF_DAY.fullmatch(starts):
        raise BadConfiguration(
            f"specify_business_day_start_time: {starts[:20]!r} is not a time of day: write it HH:MM, for example 04:00."
        )
    if not 0 <= options.number_of_lookback_days <= MOST_LOOKBACK_DAYS:
        raise BadConfiguration(f"number_of_lookback_days: take 0 to {MOST_LOOKBACK_DAYS} days.")
    if not 0 <= options.labor_lookback_days <= MOST_LABOR_LOOKBACK_DAYS:
        raise BadConfiguration(f"labor_lookback_days: take 0 to {MOST_LABOR_LOOKBACK_DAYS} days.")
    _check_hours("overtime_weekly_hours", str(options.overtime_weekly_hours), MOST_HOURS_A_WEEK)
    _check_hours("overtime_daily_hours", str(options.overtime_daily_hours), _HOURS_A_DAY)
    multiplier = _number("overtime_multiplier", str(options.overtime_multiplier))
    if not 1 <= multiplier <= MOST_MULTIPLIER:
        raise BadConfiguration(f"overtime_multiplier: take 1 to {MOST_MULTIPLIER}, for example 1.5.")
    if options.workweek_starts not in WEEKDAYS:
        raise BadConfiguration(f"workweek_starts: take one of {', '.join(WEEKDAYS)}.")
    chosen = options.custom_payroll_id_field
    if chosen and chosen not in PAYROLL_FIELDS:
        raise BadConfiguration(f"custom_payroll_id_field: take one of {', '.join(PAYROLL_FIELDS)}.")
    if options.punch_conflicts not in PUNCH_CONFLICTS:
        raise BadConfiguration(f"punch_conflicts: take one of {', '.join(PUNCH_CONFLICTS)}.")
    _check_offset(str(options.offset_time_zone))
    _check_names("use_revenue_centers", options.use_revenue_centers)
    for name in ("menu_item_category_override", "item_category_override"):
        rules: tuple[CategoryRule, ...] = getattr(options, name)
        _check_names(name, [rule.item for rule in rules])
        _check_names(name, {rule.category for rule in rules})
    _check_names("split_sales_detail", [rule.match for rule in options.split_sales_detail])
    for rule in options.split_sales_detail:
        _check_split(rule)


def _check_offset(text: str) -> None:
    try:
        seconds = scaled(text, 3600)
    except NotAnAmount:
        raise BadConfiguration(
            f"offset_time_zone: {text[:20]!r} is not a number of hours: write it like -1 or 0.5."
        ) from None
    if abs(Decimal(text)) > MOST_OFFSET_HOURS or Decimal(seconds) != Decimal(text) * 3600 or seconds % 60:
        raise BadConfiguration("offset_time_zone: take up to 26 hours either way, in whole minutes.")


def _number(option: str, text: str) -> Decimal:
    """The number of a decimal string of at most four places."""
    try:
        units = scaled(text, 10_000)
    except NotAnAmount:
        raise BadConfiguration(f"{option}: {text[:20]!r} is not a number: write it like 40 or 1.5.") from None
    if Decimal(units) != Decimal(text) * 10_000:
        raise BadConfiguration(f"{option}: {text[:20]!r} has more than four places.")
    return Decimal(text)


def _check_hours(option: str, text: str, most: Decimal) -> None:
    hours = _number(option, text)
    if not 0 <= hours <= most or (hours * 3600) % 60:
        raise BadConfiguration(f"{option}: take 0 to {most} hours, in whole minutes; 0 is no such rule.")


def _check_names(option: str, names: Any) -> None:
    """Names are there, once, printable and not endless."""
    found = list(names)
    if len(found) > MOST_RULES:
        raise BadConfiguration(f"{option}: {len(found)} entries are more than the {MOST_RULES} that are taken.")
    for name in found:
        if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise BadConfiguration(f"{option}: a name has 1 to {LONGEST_NAME} printable characters.")
    twice = sorted({name for name in found if found.count(name) > 1})
    if twice:
        raise BadConfiguration(f"{option}: {twice[0]!r} stands there twice: which one counts would be chance.")


def _check_split(rule: SplitRule) -> None:
    about = f"split_sales_detail: the rule for {rule.match!r}"
    _check_names("split_sales_detail", [rule.name])
    if rule.category:
        _check_names("split_sales_detail", [rule.category])
    if bool(rule.amount) == bool(rule.percent):
        raise BadConfiguration(f"{about} needs either an amount or a percent.")
    try:
        part = scaled(rule.amount or rule.percent, 100)
    except NotAnAmount:
        raise BadConfiguration(f"{about} has {(rule.amount or rule.percent)[:20]!r}, which is no number.") from None
    if part <= 0 or (rule.percent and Decimal(rule.percent) > 100):
        raise BadConfiguration(f"{about} takes an amount above 0, or a percent above 0 and up to 100.")
    if rule.amount and Decimal(rule.amount) * 100 != part:
        raise BadConfiguration(
            f"{about} has {rule.amount[:20]!r}, which is no amount of whole cents: write it like 2.00."
        )
