"""Webhooks in the catalogue: the suite of systems, the form, and the ping that really calls a receiver."""

import base64
import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.conformance import SystemConformance, Trial, limits_for_trials
from adapters.forms import fill
from adapters.webhooks import SYSTEM
from adapters.webhooks.profile import TAKES
from adapters.webhooks.signing import key_of
from adapters.webhooks.simulator import running
from domain.business_date import window
from domain.forms import BadForm
from domain.ports.source import BadEndpoint, DayRequest, SourceFailure, System
from domain.ports.systems import permission_for
from domain.ports.target import WritableSystem
from tests.support.webhooks import OTHER, SECRET, receiver_of

DAY = DayRequest("main", "hooks", "pier", window(dt.date(2026, 11, 2), "UTC", dt.time()), {})


class TestWebhooks(SystemConformance):
    """What holds of every system."""

    def system(self) -> System:
        """The system that is tried."""
        return SYSTEM

    @contextmanager
    def trial(self) -> Iterator[Trial]:
        """A receiver; nothing is read from it."""
        with running(receiver_of()) as served:
            yield Trial({"environment": served.url, "secret": SECRET}, {"secret": OTHER}, DAY)


def test_it_takes_notices_and_nothing_else() -> None:
    """It can be written to, and is connected by whoever connects books."""
    assert isinstance(SYSTEM, WritableSystem)
    assert frozenset({"notice"}) == TAKES == SYSTEM.takes
    assert permission_for(SYSTEM.profile.kind).value == "connections.manage"


@given(st.binary(min_size=0, max_size=90))
def test_the_form_takes_just_the_secrets_that_can_be_used(data: bytes) -> None:
    """24 to 64 bytes in base64 after whsec_; what the form lets pass is a key, and nothing else is."""
    secret = f"whsec_{base64.b64encode(data).decode()}"
    good = 24 <= len(data) <= 64
    values = {"environment": "https://hooks.example.com/in", "secret": secret}
    if good:
        assert fill(SYSTEM.profile.form, values).secret == secret
        assert key_of(secret) == data
        return
    with pytest.raises(BadForm, match="whsec_ and 24 to 64 random bytes"):
        fill(SYSTEM.profile.form, values)
    with pytest.raises(BadEndpoint, match="24 to 64 bytes"):
        key_of(secret)


@pytest.mark.parametrize(
    "secret", ["", "whsec_", SECRET.removeprefix("whsec_"), f"{SECRET}\n", "whsec_é", SECRET + "!"]
)
def test_what_is_no_secret_is_refused_and_not_shown(secret: str) -> None:
    """Without its prefix, with line breaks or with letters that base64 does not have."""
    with pytest.raises(BadEndpoint) as refused:
        key_of(secret)
    assert not secret.removeprefix("whsec_") or secret not in str(refused.value)


def test_a_test_posts_a_ping_that_is_signed() -> None:
    """Each is a message of its own, with both secrets while they are changed."""
    with running(receiver_of(OTHER)) as served:
        values = {"environment": served.url, "secret": SECRET, "secret_before": OTHER}
        for _ in range(2):
            found = SYSTEM.examine(fill(SYSTEM.profile.form, values), limits_for_trials())
        told = served.receiver.told
        assert [one.content["type"] for one in told] == ["ping", "ping"]
        assert len({one.id for one in told}) == 2
        assert json.loads(told[0].body)["data"] == {}
        assert (found.environment, [one.organization for one in found.companies]) == (served.url, ["127.0.0.1"])


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        ("forget-secret", "not-authorized"),
        ("refuse", "bad-request"),
        ("gone", "bad-endpoint"),
        ("redirect", "redirected"),
        ("too-many", "rate-limited"),
        ("unavailable", "unavailable"),
        ("down", "unavailable"),
        ("gateway-error", "unavailable"),
        ("hang-up", "unexpected-answer"),
        ("cut-answer", "unexpected-answer"),
    ],
)
def test_a_receiver_that_does_not_take_the_ping_fails_the_test(fault: str, failure: str) -> None:
    """The failure says what its people have to look at."""
    with running(receiver_of()) as served:
        served.receiver.board.arm(fault)
        filled = fill(SYSTEM.profile.form, {"environment": served.url, "secret": SECRET})
        with pytest.raises(SourceFailure) as failed:
            SYSTEM.examine(filled, limits_for_trials())
        assert failed.value.failure == failure
        moved = fill(SYSTEM.profile.form, {"environment": f"{served.url}/elsewhere", "secret": SECRET})
        with pytest.raises(SourceFailure, match="check the path"):
            SYSTEM.examine(moved, limits_for_trials())
