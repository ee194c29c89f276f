"""Laws of the polling options: what holds on every day under every set of options."""

from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.polling import Options, options_for, translate
from domain.polling.identity import (
    ITEM_CHECK_TAX_DIFFERENCE,
    LATE_VOID,
    REVENUE_CENTER_SPLIT,
    UNEXPLAINED_RESIDUAL,
    UNPAID_BALANCE,
    residual,
)
from domain.polling.source_day import SourceDay
from domain.polling.steps import compile_steps
from domain.records import Ticket, decode
from tests.domain.polling.strategies import (
    VALUES,
    frames,
    option_fields,
    options,
    tickets,
    whole_days,
)
from tests.support.laws import examples

CAUSES = {ITEM_CHECK_TAX_DIFFERENCE, LATE_VOID, UNPAID_BALANCE, UNEXPLAINED_RESIDUAL, REVENUE_CENTER_SPLIT}
BALANCED = st.booleans()

often = settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
some = settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def settled(ticket: Ticket, chosen: Options) -> Ticket:
    """The ticket after every step."""
    for step in compile_steps(chosen):
        ticket = step(ticket)
    return ticket


def net(ticket: Ticket) -> int:
    """Net sales."""
    sold = sum(item.amount_cents for item in ticket.items if item.void is None)
    return sold - sum(discount.amount_cents for discount in ticket.discounts)


@often
@given(tickets(balanced=BALANCED), options())
def test_with_every_combination_the_identity_holds_or_is_explained(ticket: Ticket, chosen: Options) -> None:
    """Whatever a source says and whatever is on, nothing is left that is not an adjustment with a known cause."""
    after = settled(ticket, chosen)
    assert residual(after) == 0
    assert all(line.cause in CAUSES and line.amount_cents for line in after.adjustments)
    assert all(line.debits_cents - line.credits_cents == line.amount_cents for line in after.adjustments)


@often
@given(tickets(balanced=BALANCED), options())
def test_applying_the_steps_twice_is_applying_them_once(ticket: Ticket, chosen: Options) -> None:
    """The whole pipeline is idempotent."""
    once = settled(ticket, chosen)
    assert settled(once, chosen) == once


@often
@given(tickets(balanced=BALANCED), options())
def test_no_step_moves_money(ticket: Ticket, chosen: Options) -> None:
    """Net sales, payments, tips and discounts are the source's, whatever is renamed, moved, split or skipped."""
    after = settled(ticket, chosen)
    assert net(after) == net(ticket)
    assert after.payments == ticket.payments
    assert [one.amount_cents for one in after.discounts] == [one.amount_cents for one in ticket.discounts]
    assert (after.business_date, after.opened_at, after.closed_at) == (
        ticket.business_date,
        ticket.opened_at,
        ticket.closed_at,
    )


@some
@given(tickets(balanced=BALANCED))
def test_off_is_identity(ticket: Ticket) -> None:
    """With no option on, a ticket is what the source said, and only its taxes and adjustments are settled."""
    after = settled(ticket, Options())
    untouched = {"taxes": (), "tax_cents": 0, "adjustments": ()}
    assert msgspec.structs.replace(after, **untouched) == ticket


@some
@given(st.data(), whole_days(), st.sampled_from(Options.__struct_fields__), option_fields())
def test_an_option_that_is_off_changes_nothing(
    data: st.DataObject, day: dict[str, Any], name: str, others: dict[str, Any]
) -> None:
    """Naming an option with its default is the same as not naming it, whatever the others are, to the byte."""
    rest = {other: value for other, value in others.items() if other != name}
    chosen = options_for(rest)
    frame = data.draw(frames(chosen))
    plain = msgspec.to_builtins(getattr(Options(), name))
    assert translate(SourceDay(day), options_for({**rest, name: plain}), frame) == translate(
        SourceDay(day), chosen, frame
    )


@some
@given(st.data(), whole_days(), options())
def test_translating_is_pure(data: st.DataObject, day: dict[str, Any], chosen: Options) -> None:
    """The same day, options and frame give the same bytes, in whatever order the source lists what it has."""
    frame = data.draw(frames(chosen))
    turned = {kind: data.draw(st.permutations(records)) for kind, records in day.items()}
    first, second = translate(SourceDay(day), chosen, frame), translate(SourceDay(turned), chosen, frame)
    assert first == second


@some
@given(st.data(), whole_days(), options())
def test_every_translated_ticket_is_settled(data: st.DataObject, day: dict[str, Any], chosen: Options) -> None:
    """Also what is kept of a ticket across revenue centers, and what is told to other days, leaves no residual."""
    translation = translate(SourceDay(day), chosen, data.draw(frames(chosen)))
    for records in (translation.records, *translation.elsewhere.values()):
        for found in records.get("ticket", {}).values():
            ticket = decode("ticket", found)
            assert isinstance(ticket, Ticket)
            assert residual(ticket) == 0
            assert {line.cause for line in ticket.adjustments} <= CAUSES


@some
@given(st.data(), whole_days(), options(without=["use_revenue_centers"]))
def test_a_ticket_is_told_once(data: st.DataObject, day: dict[str, Any], chosen: Options) -> None:
    """Every ticket of a reading is on one business day, or left to the one where the source has it."""
    translation = translate(SourceDay(day), chosen, data.draw(frames(chosen)))
    told = Counter(
        key for records in (translation.records, *translation.elsewhere.values()) for key in records.get("ticket", {})
    )
    told.update(translation.left.get("ticket", ()))
    assert told == Counter(ticket.id for ticket in day["ticket"])
    assert translation.seen["ticket"] | translation.left.get("ticket", frozenset()) == told.keys()


@pytest.mark.parametrize("name", Options.__struct_fields__)
def test_random_option_sets_know_every_option(name: str) -> None:
    """The strategies draw each option: on or off, or from its own values."""
    assert name in VALUES or isinstance(getattr(Options(), name), bool)
