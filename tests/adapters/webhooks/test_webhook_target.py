"""Telling a receiver: signed so that others can check it, once by its id, and told apart by what is answered."""

import datetime as dt
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import msgspec
import pytest
from standardwebhooks.webhooks import Webhook

from adapters.conformance import limits_for_trials
from adapters.conformance.overhearing import everything_logged
from adapters.conformance.sockets import connects, names_lead_to
from adapters.conformance.targets import closed_port, soon
from adapters.conformance.writing import INSIDE
from adapters.forms import fill
from adapters.webhooks import SYSTEM
from adapters.webhooks.messages import message_id
from adapters.webhooks.signing import key_of, signed
from adapters.webhooks.simulator import CATALOGUE, Receiver, Running, running
from adapters.webhooks.simulator import SECRET as SIMULATED
from adapters.webhooks.simulator.server import RETRY_AFTER
from adapters.webhooks.target import WebhookTarget
from domain.forms import ENVIRONMENT, Filled
from domain.outward import NoticeDocument, RecordDocument
from domain.ports.source import BadEndpoint, Limits
from domain.ports.target import Effect, OutcomeUncertain, TargetFailure
from tests.support.webhooks import OTHER, SECRET, THIRD, by_clock, receiver_of

NOTICE = NoticeDocument(
    client="main",
    location="pier",
    date="2026-11-25",
    state="completed",
    generation=2,
    digest="0" * 32,
    version=5,
    etag='"5"',
    position=71,
    path="/v1/days/pier/2026-11-25",
    moved_at="2026-11-26T09:00:00Z",
)
KEY = "notice:day:pier:2026-11-25"


def effect(version: int = 1, **changes: str) -> Effect:
    """The day is to be told."""
    document = msgspec.structs.replace(NOTICE, **changes)
    return Effect("notice", KEY, "create", f"{KEY}:v{version}", document)


@contextmanager
def target(served: Running, secrets: tuple[str, ...] = (SECRET,), **bounds: float) -> Iterator[WebhookTarget]:
    """Who is told."""
    named = dict(zip(("secret", "secret_before"), secrets, strict=False))
    filled = fill(SYSTEM.profile.form, {"environment": served.url, **named})
    with closing(SYSTEM.target(filled, limits_for_trials(**bounds))) as made:
        yield made


@pytest.fixture
def served() -> Iterator[Running]:
    """A receiver that checks signatures with a package that no one here wrote."""
    with running(receiver_of()) as found:
        yield found


def test_a_receiver_is_told_where_the_day_stands_and_where_to_read_it(served: Running) -> None:
    """The message is thin, has the type, the time at which it happened, and nothing of the day's figures."""
    with target(served) as telling:
        done = telling.write(effect(), soon())
    (told,) = served.receiver.told
    assert told.content == {
        "type": "business-day.changed",
        "timestamp": "2026-11-26T09:00:00Z",
        "data": {
            "client": "main",
            "location": "pier",
            "date": "2026-11-25",
            "state": "completed",
            "generation": 2,
            "digest": "0" * 32,
            "version": 5,
            "etag": '"5"',
            "position": 71,
            "path": "/v1/days/pier/2026-11-25",
        },
    }
    assert (done.external_id, done.found, done.message) == (told.id, False, "The receiver answered with status 200.")
    assert told.id.startswith(f"{KEY}:v1:")
    assert len(told.body) < 20_000


def test_the_id_is_the_same_at_every_retry_and_no_other_message_has_it(served: Running) -> None:
    """Two clients with a location of one name are two; full stops, which part the id from the rest, are in none."""
    with target(served) as telling:
        for _ in range(3):
            telling.write(effect(), soon())
    assert len({one.id for one in served.receiver.deliveries}) == len({one.body for one in served.receiver.deliveries})
    assert (len(served.receiver.deliveries), len(served.receiver.told)) == (3, 1)
    others = [effect(), effect(2), effect(client="other"), effect(state="approved"), effect(moved_at="later")]
    assert len({message_id(one) for one in others}) == len(others)
    redone = replace(effect(), reference="notice:day:pier.1:2026-11-25:v1.1")
    assert "." not in message_id(redone)


@pytest.mark.parametrize("knows", [SECRET, OTHER])
def test_while_a_secret_is_changed_the_receiver_may_have_either(knows: str) -> None:
    """Both signatures stand in the header, parted by a space; a receiver with a third secret takes nothing."""
    with running(receiver_of(knows)) as served, target(served, (SECRET, OTHER)) as telling:
        telling.write(effect(), soon())
        assert (len(served.receiver.told), served.receiver.rejected) == (1, 0)
    with running(receiver_of(THIRD)) as served, target(served, (SECRET, OTHER)) as telling:
        with pytest.raises(TargetFailure, match="status 401"):
            telling.write(effect(), soon())
        assert served.receiver.told == []


def test_signatures_are_those_that_the_standard_has() -> None:
    """To the byte what the independent package makes of the same id, time and body."""
    at = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
    body = b'{"type":"ping"}'
    headers = signed("msg_1", at, body, [key_of(SECRET), key_of(OTHER)])
    wanted = [Webhook(secret).sign("msg_1", at, body.decode()) for secret in (SECRET, OTHER)]
    assert headers == {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(wanted),
    }


def test_the_simulator_lets_pass_what_the_package_lets_pass() -> None:
    """The receiver that is served as a command checks by itself, and says the same of what is forged, old or ahead."""
    now = dt.datetime.now(dt.UTC)
    own, package = Receiver([SECRET]), receiver_of(SECRET)
    for seconds, name, body, key, taken in (
        (0, "a", b"{}", SECRET, True),
        (-240, "a", b"{}", SECRET, True),
        (-400, "a", b"{}", SECRET, False),
        (400, "a", b"{}", SECRET, False),
        (0, "b", b"{}", SECRET, False),
        (0, "a", b"{ }", SECRET, False),
        (0, "a", b"{}", OTHER, False),
    ):
        headers = signed("a", now + dt.timedelta(seconds=seconds), b"{}", [key_of(key)]) | {"webhook-id": name}
        answers = [receiver.receive(headers, body)[0] for receiver in (own, package)]
        assert answers == [200 if taken else 401] * 2, (seconds, name, body)
    assert own.receive({"webhook-id": "a"}, b"{}") == (401, "not signed")


CERTAIN = {
    "refuse": ("unavailable", True),
    "forget-secret": ("unavailable", True),
    "redirect": ("unavailable", True),
    "unavailable": ("unavailable", True),
    "too-many": ("rate-limited", True),
    "gone": ("rejected", False),
}
UNCERTAIN = {"silence", "cut-answer", "gateway-error", "gateway-timeout", "large-answer", "down", "hang-up"}


@pytest.mark.parametrize("fault", sorted(CATALOGUE))
def test_whatever_is_answered_the_receiver_has_it_once(fault: str, served: Running) -> None:
    """What was not taken for certain is a failure, all else is uncertain; told again it is there once."""
    served.receiver.board.arm(fault)
    earliest = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=RETRY_AFTER)
    with target(served, request_timeout=0.4 if fault == "silence" else 5.0) as telling:
        if fault in CERTAIN:
            with pytest.raises(TargetFailure) as failed:
                telling.write(effect(), soon())
            assert (failed.value.failure, failed.value.retryable) == CERTAIN[fault]
            asks = fault in {"unavailable", "too-many"}
            assert (failed.value.retry_at is not None and failed.value.retry_at >= earliest) is asks
            assert served.receiver.told == []
        elif fault in UNCERTAIN:
            with pytest.raises(OutcomeUncertain) as uncertain:
                telling.write(effect(), soon())
            assert uncertain.value.message
        else:
            assert telling.write(effect(), soon()).external_id
        assert telling.look_up(effect(), soon()) is None
    with target(served) as telling:
        telling.write(effect(), soon())
    assert [one.id for one in served.receiver.told] == [message_id(effect())]
    assert served.receiver.rejected == 0


def test_what_cannot_be_told_is_not_sent(served: Running) -> None:
    """Anything but notices, and what is past its time; where nobody listens nothing was sent."""
    record = replace(effect(), type="job", document=RecordDocument("job", "J1", "Server"))
    with target(served) as telling:
        for ask in (telling.write, telling.look_up):
            with pytest.raises(TargetFailure) as failed:
                ask(record, soon())
            assert failed.value.failure == "not-taken"
        with pytest.raises(TargetFailure) as failed:
            telling.write(effect(), dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1))
        assert failed.value.retryable
    assert list(served.receiver.answers) == []
    with closed_port() as port, target(replace(served, url=f"http://127.0.0.1:{port}/hooks")) as telling:
        with pytest.raises(TargetFailure) as failed:
            telling.write(effect(), soon())
        assert failed.value.failure == "connection-failed"


def test_nothing_inside_is_told(served: Running) -> None:
    """Neither an address of this machine or of our networks, nor a name that leads there."""
    with connects() as seen:
        for address in INSIDE:
            with pytest.raises(BadEndpoint):
                SYSTEM.target(Filled({ENVIRONMENT: address}, {"secret": SECRET}))
        with names_lead_to("169.254.169.254"):
            filled = Filled({ENVIRONMENT: "https://hooks.example.com/in"}, {"secret": SECRET})
            with closing(SYSTEM.target(filled, Limits())) as telling, pytest.raises(TargetFailure) as failed:
                telling.write(effect(), soon())
            assert failed.value.failure == "bad-endpoint"
    assert seen == []
    with pytest.raises(BadEndpoint, match="no secret"):
        SYSTEM.target(Filled({ENVIRONMENT: "https://hooks.example.com/in"}))


def test_several_threads_tell_each_message_once(served: Running) -> None:
    """No connection is closed under another, and no message is doubled."""
    effects = [effect(number) for number in range(1, 13)]
    with target(served) as telling, ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda one: telling.write(one, soon()), effects))
    assert len({one.external_id for one in done}) == len(served.receiver.told) == len(effects)


def test_no_secret_is_said(served: Running) -> None:
    """Whatever is answered, neither message, repr nor log line has a secret or what the receiver said."""
    said: list[str] = []
    with everything_logged() as lines, target(served, (SECRET, OTHER)) as telling:
        said.append(repr(telling))
        for fault in sorted(CATALOGUE.keys() - {"silence"}):
            served.receiver.board.arm(fault)
            try:
                said.append(repr(telling.write(effect(), soon())))
            except (TargetFailure, OutcomeUncertain) as failure:
                said.append(f"{failure!r} {failure.message}")
        said += lines
    text = "\n".join(said)
    hidden = [secret.removeprefix("whsec_") for secret in (SECRET, OTHER)]
    assert not [one for one in (*hidden, "Bad gateway", "xxxx") if one in text]


def test_the_receiver_is_served_as_a_command_would(served: Running) -> None:
    """Faults are armed, and what was told is read, over HTTP as well."""
    base = served.url.removesuffix("/hooks")
    with httpx.Client(trust_env=False) as client, target(served) as telling:
        client.post(f"{base}/simulator/faults", content=json.dumps({"name": "gone"}))
        with pytest.raises(TargetFailure, match="410"):
            telling.write(effect(), soon())
        telling.write(effect(), soon())
        (told,) = client.get(f"{base}/simulator/told").json()
        assert (told["id"], told["data"]["state"]) == (message_id(effect()), "completed")
        assert client.get(f"{base}/elsewhere").status_code == client.post(f"{base}/x", content=b"").status_code == 404


def test_the_message_that_the_readme_shows_is_signed_as_it_says() -> None:
    """Whoever writes a receiver can try it with this one, and the secret of the simulator."""
    shown = Path("README.md").read_text(encoding="utf-8").partition("\nwebhook-id: ")[2].partition("\n```")[0]
    head, _, body = f"webhook-id: {shown}".partition("\n\n")
    headers = dict(line.split(": ", 1) for line in head.splitlines())
    sent = dt.datetime.fromtimestamp(int(headers["webhook-timestamp"]), dt.UTC)
    with by_clock(lambda: sent):
        assert Webhook(SIMULATED).verify(body, headers)["type"] == "business-day.changed"
    assert signed(headers["webhook-id"], sent, body.encode(), [key_of(SIMULATED)]) == headers
