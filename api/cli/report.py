"""The Daily Sales Summary as a report that people read: ``summary, entries → text``, pure."""

import textwrap
from collections.abc import Iterator
from typing import Any

from api.cli.choosing import shown
from api.cli.entries_report import entries_lines, issue_lines
from api.cli.tables import WIDTH, Row, amounts, cut, figures, heading, known, minus, table

Summary = dict[str, Any]

_LONGEST = 4_000
"""Letters of a comment, or of all tags together, that are printed."""


def report(
    summary: Summary, entries: dict[str, Any], *, location: str, date: str, as_of: str = "", closing: str = ""
) -> str:
    """The report of one day.

    Args:
        summary: plain JSON, as ``plain_summary`` gives it.
        entries: likewise of its journal entries, as ``plain_entries`` gives them.
        location: its id, with its name where that is known.
        date: the business date.
        as_of: the moment that was asked for, or empty for now.
        closing: the newest closing in words, or empty where there is none.
    """
    late = f", changes after approval: {summary['late_changes']}" if summary["late_changes"] else ""
    title = [
        f"DAILY SALES SUMMARY  {location}  {date}",
        f"{summary['state']}, generation {summary['generation']}, {summary['zone']}{late}",
    ]
    if closing:
        title.append(closing)
    if as_of:
        title.append(f"as known at {as_of}")
    parts = (
        _sales(summary),
        _groups(summary),
        _settlement(summary),
        _cash(summary, flagged=entries["over_short_flagged"]),
        _labor(summary),
        _remainders(summary),
        amounts("ADJUSTMENTS (ticket identity)", summary["adjustments"]),
        issue_lines(summary),
        _entered(summary),
        _feeds(summary),
        entries_lines(entries),
    )
    return "\n".join([*heading(*title), *[line for part in parts for line in part]])


def _sales(summary: Summary) -> Iterator[str]:
    yield from figures(
        "SALES",
        [
            ("Gross sales", summary["gross_sales"]),
            ("Discounts, comps and promos", minus(summary["discounts"])),
            ("Late voids", minus(summary["late_voids"])),
            ("Net sales", summary["net_sales"]),
            ("Tax", summary["tax"]),
            ("Marketplace facilitator tax (never our own)", summary["facilitator_tax"]),
            ("Tips, automatic gratuities included", summary["tips"]),
            ("Automatic gratuities (in tips)", summary["gratuities"]),
            ("Surcharges", summary["surcharges"]),
            ("Non-sales revenue", summary["non_sales"]),
            ("Refunds (taken off gross sales)", summary["refunds"]),
        ],
    )
    still = f", {summary['open_tickets']} still open" if summary["open_tickets"] else ""
    yield f"  {summary['tickets']} tickets{still}, {summary['guests']} guests"
    yield ""


def _groups(summary: Summary) -> Iterator[str]:
    yield from table(
        "BY CATEGORY",
        ("quantity", "gross"),
        [(line["name"], line["quantity"], line["gross"]) for line in summary["by_category"]],
    )
    yield from table(
        "BY CATEGORY AND SERVICE TYPE",
        ("quantity", "gross"),
        [
            (f"{line['category']} / {line['service_type']}", line["quantity"], line["gross"])
            for line in summary["by_category_and_service_type"]
        ],
    )
    for title, name in (
        ("BY SERVICE TYPE", "by_service_type"),
        ("BY REVENUE CENTER", "by_revenue_center"),
        ("BY DAYPART", "by_daypart"),
        ("BY HOUR", "by_hour"),
    ):
        yield from table(
            title,
            ("tickets", "guests", "gross", "discounts", "net"),
            [_columns(line, "tickets", "guests", "gross", "discounts", "net") for line in summary[name]],
        )


def _settlement(summary: Summary) -> Iterator[str]:
    yield from table(
        "PAYMENTS",
        ("count", "amount", "tips", "gratuities", "refunds"),
        [_columns(line, "count", "amount", "tips", "gratuities", "refunds") for line in summary["payments"]],
    )
    yield from amounts("TAXES", summary["taxes"])
    yield from amounts("TAXES OF MARKETPLACES", summary["facilitator_taxes"])
    yield from table(
        "DISCOUNTS",
        ("kind", "count", "amount"),
        [_columns(line, "kind", "count", "amount") for line in summary["discounts_by_name"]],
    )
    yield from amounts("SURCHARGES", summary["surcharges_by_name"])
    yield from amounts("NON-SALES REVENUE", summary["non_sales_by_name"])
    yield from table(
        "REFUNDS LISTED BESIDE THE LINES",
        ("counts", "count", "amount", "tax"),
        [
            (line["name"], "in lines" if line["in_details"] else "here", *_columns(line, "count", "amount", "tax")[1:])
            for line in summary["refunds_by_name"]
        ],
    )
    yield from amounts("VOIDS (never in gross sales)", summary["voids_by_reason"])
    yield from amounts("LATE VOIDS", summary["late_voids_by_reason"])


def _cash(summary: Summary, *, flagged: bool) -> Iterator[str]:
    for title, name in (("PAID INS", "paid_ins"), ("PAID OUTS", "paid_outs")):
        yield from table(
            title,
            ("cash", "count", "amount"),
            [
                (line["name"], "yes" if line["affects_cash"] else "no", str(line["count"]), line["amount"])
                for line in summary[name]
            ],
        )
    yield from amounts("DEPOSITS", summary["deposits"])
    yield from table(
        "TILLS",
        ("closed", "expected", "our cash", "difference"),
        [
            (
                line["drawer"],
                "yes" if line["closed"] else "NO",
                line["expected"],
                known(line["cash"]),
                known(line["difference"]),
            )
            for line in summary["tills"]
        ],
    )
    flag = "  <- look at this" if flagged else ""
    named = [
        ("Cash payments", summary["cash_payments"]),
        ("Charge tips paid out in cash", minus(summary["tips_paid_out"])),
        ("Expected cash", summary["expected_cash"]),
        ("Total deposit", known(summary["total_deposit"])),
        (f"Over/short{flag}", known(summary["over_short"])),
    ]
    if summary["tills"]:
        named.append(("Tills expect", summary["tills_expected"]))
        named.append(("Expected cash less that", summary["tills_difference"]))
    yield from figures("CASH", named)


def _labor(summary: Summary) -> Iterator[str]:
    if not summary["labor"]:
        return
    yield from table(
        "LABOR",
        ("punches", "hours", "pay", "overtime", "premium"),
        [
            *[_columns(line, "punches", "hours", "pay", "overtime_hours", "premium") for line in summary["labor"]],
            (
                *("Total", "", summary["labor_hours"], summary["labor_pay"]),
                *(summary["labor_overtime_hours"], summary["labor_premium"]),
            ),
        ],
    )
    whole = {
        "name": "Total",
        "stated_hours": summary["stated_labor_hours"],
        "hours_variance": summary["labor_hours_variance"],
        "stated_pay": summary["stated_labor_pay"],
        "pay_variance": summary["labor_pay_variance"],
    }
    stated = ("stated_hours", "hours_variance", "stated_pay", "pay_variance")
    yield from table(
        "AS THE SOURCE STATES IT",
        ("hours", "variance", "pay", "variance"),
        [_columns(_stated(line), *stated) for line in (*summary["labor"], whole)],
    )
    percent = summary["labor_percent"]
    yield f"  Labor is {percent + ' %' if percent is not None else 'an unknown part'} of net sales"
    yield ""


def _stated(line: dict[str, Any]) -> dict[str, Any]:
    """The line, in which what the source states of no punch is unknown, not nothing."""
    hours, pay = [line[f"stated_{name}"] if line[f"{name}_variance"] is not None else None for name in ("hours", "pay")]
    return {**line, "stated_hours": hours, "stated_pay": pay}


def _remainders(summary: Summary) -> Iterator[str]:
    yield from table(
        "OTHER CENTERS",
        ("gross", "discounts", "net", "tax", "tips"),
        [
            (
                f"{line['center']} ({line['location'] or 'UNASSIGNED'})",
                *_columns({"name": "", **line}, "gross", "discounts", "net", "tax", "tips")[1:],
            )
            for line in summary["remainders"]
        ],
    )


def _entered(summary: Summary) -> Iterator[str]:
    """Comments and tags; older documents have none."""
    lines = [f"{line['text']} ({line['by']})" for line in summary.get("comments", ())]
    if summary.get("tags"):
        lines.append(f"Tags: {', '.join(summary['tags'])}")
    if lines:
        yield "COMMENTS AND TAGS"
        for line in lines:
            yield from textwrap.wrap(cut(line, _LONGEST), WIDTH, initial_indent="  ", subsequent_indent="    ")
        yield ""


def _feeds(summary: Summary) -> Iterator[str]:
    if not summary["feeds"]:
        yield "No capture is kept."
    for feed in summary["feeds"]:
        capture = f"capture {feed['capture'][:16] or 'none'}, configuration {feed['configuration']}{_tried(feed)}"
        kinds = ", ".join(feed["kinds"]) or "nothing"
        yield from textwrap.wrap(f"{feed['connection']}, {capture}: {kinds}", WIDTH, subsequent_indent="  ")
    yield ""


def _tried(feed: dict[str, Any]) -> str:
    """The options that a replay put over the configuration."""
    tried = ", ".join(f"{name} = {shown(value)}" for name, value in feed.get("options", {}).items())
    return f" with {tried}" if tried else ""


def _columns(line: dict[str, Any], *names: str) -> Row:
    """The line's name and these fields; what is unknown says so."""
    return (line["name"], *["unknown" if line[name] is None else str(line[name]) for name in names])
