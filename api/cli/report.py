"""The Daily Sales Summary as a report that people read: ``summary → text``, pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

WIDTH: Final = 78
_MOST_ISSUES: Final = 20

Row = Sequence[str]


def report(summary: dict[str, Any], *, location: str, date: str, as_of: str = "") -> str:
    """The report of one day.

    Args:
        summary: plain JSON, as ``plain_summary`` gives it.
        location: its id, with its name where that is known.
        date: the business date.
        as_of: the moment that was asked for, or empty for now.
    """
    lines = [
        "=" * WIDTH,
        f"DAILY SALES SUMMARY  {location}  {date}",
        f"{summary['state']}, generation {summary['generation']}, {summary['zone']}",
    ]
    if as_of:
        lines.append(f"as known at {as_of}")
    lines.append("=" * WIDTH)
    for part in (_sales, _groups, _settlement, _cash, _labor, _exceptions):
        lines += part(summary)
    lines.append(f"Capture {summary['capture'][:16] or 'none'}")
    return "\n".join(lines)


def _sales(summary: dict[str, Any]) -> Iterator[str]:
    yield from _figures(
        "SALES",
        [
            ("Gross sales", summary["gross_sales"]),
            ("Discounts, comps and promos", _minus(summary["discounts"])),
            ("Late voids", _minus(summary["late_voids"])),
            ("Net sales", summary["net_sales"]),
            ("Tax", summary["tax"]),
            ("Tips", summary["tips"]),
            ("Refunds (in gross sales)", summary["refunds"]),
        ],
    )
    opened = f", {summary['open_tickets']} still open" if summary["open_tickets"] else ""
    yield f"  {summary['tickets']} tickets{opened}, {summary['guests']} guests"
    yield ""


def _groups(summary: dict[str, Any]) -> Iterator[str]:
    yield from _table(
        "BY CATEGORY",
        ("", "quantity", "gross"),
        [(line["name"], line["quantity"], line["gross"]) for line in summary["by_category"]],
    )
    for title, name in (
        ("BY SERVICE TYPE", "by_service_type"),
        ("BY REVENUE CENTER", "by_revenue_center"),
        ("BY DAYPART", "by_daypart"),
    ):
        yield from _table(
            title,
            ("", "tickets", "guests", "gross", "discounts", "net"),
            [
                (
                    line["name"],
                    str(line["tickets"]),
                    str(line["guests"]),
                    line["gross"],
                    line["discounts"],
                    line["net"],
                )
                for line in summary[name]
            ],
        )


def _settlement(summary: dict[str, Any]) -> Iterator[str]:
    yield from _table(
        "PAYMENTS",
        ("", "count", "amount", "tips"),
        [(line["name"], str(line["count"]), line["amount"], line["tips"]) for line in summary["payments"]],
    )
    yield from _amounts("TAXES", summary["taxes"])
    yield from _table(
        "DISCOUNTS",
        ("", "kind", "count", "amount"),
        [(line["name"], line["kind"], str(line["count"]), line["amount"]) for line in summary["discounts_by_name"]],
    )
    yield from _amounts("VOIDS (never in gross sales)", summary["voids_by_reason"])
    yield from _amounts("LATE VOIDS", summary["late_voids_by_reason"])


def _cash(summary: dict[str, Any]) -> Iterator[str]:
    yield from _amounts("PAID INS", summary["paid_ins"])
    yield from _amounts("PAID OUTS", summary["paid_outs"])
    yield from _amounts("DEPOSITS", summary["deposits"])
    flag = "  <- look at this" if summary["over_short_flagged"] else ""
    yield from _figures(
        "CASH",
        [
            ("Cash payments", summary["cash_payments"]),
            ("Charge tips paid out in cash", _minus(summary["tips_paid_out"])),
            ("Expected cash", summary["expected_cash"]),
            ("Total deposit", _known(summary["total_deposit"])),
            (f"Over/short{flag}", _known(summary["over_short"])),
        ],
    )
    yield ""


def _labor(summary: dict[str, Any]) -> Iterator[str]:
    rows: list[Row] = [(line["name"], str(line["punches"]), line["hours"], line["pay"]) for line in summary["labor"]]
    if rows:
        rows.append(("Total", "", summary["labor_hours"], summary["labor_pay"]))
        rows.append(("The source states", "", summary["stated_labor_hours"], summary["stated_labor_pay"]))
    yield from _table("LABOR", ("", "punches", "hours", "pay"), rows)
    percent = summary["labor_percent"]
    if rows:
        yield f"  Labor is {percent + ' %' if percent is not None else 'an unknown part'} of net sales"
        yield ""


def _exceptions(summary: dict[str, Any]) -> Iterator[str]:
    yield from _amounts("ADJUSTMENTS (ticket identity)", summary["adjustments"])
    count = summary["issue_count"]
    yield f"ISSUES: {count or 'none'}"
    for issue in summary["issues"][:_MOST_ISSUES]:
        about = f"  [{issue['record']}]" if issue["record"] else ""
        yield f"  {issue['message']}{about}"
    if count > _MOST_ISSUES:
        yield f"  ... and {count - _MOST_ISSUES} more"
    yield ""


def _amounts(title: str, lines: list[dict[str, Any]]) -> Iterator[str]:
    yield from _table(
        title, ("", "count", "amount"), [(line["name"], str(line["count"]), line["amount"]) for line in lines]
    )


def _figures(title: str, figures: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Names to the left, amounts to the right."""
    yield title
    for name, amount in figures:
        yield f"  {_cut(name, WIDTH - 22):<{WIDTH - 20}}{amount:>18}"


def _table(title: str, heads: Row, rows: list[Row]) -> Iterator[str]:
    """Nothing where there are no rows; the first column is text, the others are numbers."""
    if not rows:
        return
    columns = len(heads) - 1
    width = 14 if columns <= 3 else 11
    first = WIDTH - 2 - columns * width
    for place, row in enumerate([(title, *heads[1:]), *rows]):
        indent = "" if place == 0 else "  "
        numbers = "".join(f"{_cut(cell, width - 1):>{width}}" for cell in row[1:])
        yield f"{indent}{_cut(row[0], first - 1):<{first + 2 - len(indent)}}{numbers}"
    yield ""


def _cut(text: str, width: int) -> str:
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _minus(amount: str) -> str:
    if amount.strip("-0.") == "":
        return amount
    return amount[1:] if amount.startswith("-") else f"-{amount}"


def _known(amount: str | None) -> str:
    return "unknown" if amount is None else amount
