"""The steps that a configuration compiles to: small pure functions over one ticket, in one documented order.

1.  names: ``remove_transferred_prefix``, ``trim_service_type_name``, ``use_detailed_discount_reasons``. First, so that
    every rule after them goes by the name that people know;
2.  categories: ``item_category_override`` and ``menu_item_category_override``, which wins where both have a rule for
    one item: what a person chose goes over what a kind of location brings;
3.  ``split_sales_detail``. After the categories, so that a new line that has none of its own goes with its item. New
    lines are ours: no step before this one looks at them when it is applied again;
4.  ``skip_unmatched_void_entries``, which takes away whole pairs;
5.  ``has_mpf_tax``;
6.  taxes, one rule: ``use_sales_item_level_tax``, else ``use_item_level_taxes``, else the check's; then
    ``skip_tax_on_discount`` on tickets that are given away. After everything that changes lines and discounts;
7.  the identity, always, and last: it explains what all the others leave.

Each is off or on, changes nothing where it is off, and does nothing new when it is applied again. Before the steps the
source's times are corrected (``offset_time_zone``) and the ticket is dated (:func:`date_rule`: ``open_time``,
``specify_business_day_start_time``, ``observes_daylight_savings_time``); after them it is shared out among the venue's
locations (``use_revenue_centers``), because an exact share needs a ticket whose identity is settled.
"""

import datetime as dt
from collections.abc import Callable, Iterator

import msgspec

from domain.polling.categories import in_categories
from domain.polling.configuration import Options
from domain.polling.frame import Frame, redates
from domain.polling.lines import Step
from domain.polling.names import with_discount_reasons, with_trimmed_service_type, without_transferred_prefix
from domain.polling.splitting import split_by
from domain.polling.taxes import differs_from_check, settled_with, taxes_under
from domain.polling.voids import without_unmatched_voids
from domain.records import Ticket

__all__ = ["Step", "compile_steps", "date_rule", "doubt_rule"]


def compile_steps(options: Options) -> tuple[Step, ...]:
    """The steps of these options, in their order."""
    return tuple(_steps(options))


def _steps(options: Options) -> Iterator[Step]:
    if options.remove_transferred_prefix:
        yield without_transferred_prefix
    if options.trim_service_type_name:
        yield with_trimmed_service_type
    if options.use_detailed_discount_reasons:
        yield with_discount_reasons
    if options.item_category_override or options.menu_item_category_override:
        yield in_categories((*options.item_category_override, *options.menu_item_category_override))
    if options.split_sales_detail:
        yield split_by(options.split_sales_detail)
    if options.skip_unmatched_void_entries:
        yield without_unmatched_voids
    if options.has_mpf_tax:
        yield with_facilitator_tax
    yield settled_with(taxes_under(options), skip_on_discount=options.skip_tax_on_discount)


def with_facilitator_tax(ticket: Ticket) -> Ticket:
    """Tax that a marketplace collects stands on both sides of the ticket; it never becomes one of its own taxes."""
    if not ticket.facilitator_tax_cents:
        return ticket
    return msgspec.structs.replace(ticket, facilitator_tax_counts=True)


def date_rule(options: Options, frame: Frame) -> Callable[[Ticket], dt.date]:
    """Which business day a ticket is of; a ticket that was never closed goes by its opening."""
    if not redates(options):
        return lambda ticket: ticket.business_date
    own, opens = frame.window, options.open_time

    def date_of(ticket: Ticket) -> dt.date:
        instant = ticket.opened_at if opens else ticket.closed_at or ticket.opened_at
        return own.date if instant in own else frame.date_of(instant)

    return date_of


def doubt_rule(options: Options) -> Callable[[Ticket], bool]:
    """Which settled tickets the options may have taxed wrongly: modifiers may have taxes of their own after all."""
    if not options.use_sales_item_level_tax:
        return lambda _: False
    taxes_of = taxes_under(options)
    return lambda ticket: differs_from_check(ticket, taxes_of)
