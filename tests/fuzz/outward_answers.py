"""What systems that are written to answer: 24SevenOffice's JSON, and Tray's results of schedules."""

import random
from functools import partial
from typing import Any, Final

from adapters.erp.office_24seven import wire as office
from adapters.pos.tray import schedule_wire as tray
from domain.ports.target import TargetFailure
from tests.fuzz.mutations import TOKENS, mutated
from tests.fuzz.parser import Parser

_PAGE: Final = (
    b'{"data":[{"id":"S1","staffId":"E1","jobId":"J1","startsAt":"2026-11-24T15:00:00Z","endsAt":"2026-11-24T22:00:00Z",'
    b'"owner":null,"externalId":null}],"written":[{"owner":"o","reference":"r","revision":1}],"nextCursor":null}'
)
_GOOD: Final[dict[str, tuple[type[Any], Any, bytes]]] = {
    "office/token": (office.Token, office.decode, b'{"access_token":"abc","expires_in":86400,"token_type":"Bearer"}'),
    "office/lines": (
        list[office.Line],
        office.decode,
        b'[{"id":"1-2","transaction":{"id":"3001","number":7},"comment":"je:pier:v1 x","amount":1.5}]',
    ),
    "office/posted": (office.Posted, office.decode, b'{"transactionId":"123e4567-e89b-12d3-a456-426614174001"}'),
    "tray/schedule-page": (
        tray.SchedulePage,
        tray.decode,
        _PAGE,
    ),
    "tray/schedule-results": (
        tray.Results,
        tray.decode,
        b'{"data":[{"externalId":"1","status":"refused","error":{"code":"unknown_job"}}],"reference":"r"}',
    ),
}
_ERROR: Final = b'{"error":{"name":"ValidationError","message":"no period","payload":{"errors":[1]}},"trackingId":"7"}'


def _make(rng: random.Random, good: bytes) -> bytes:
    return good if rng.random() < 0.05 else mutated(rng, good, TOKENS)


def _parse(data: bytes, *, shape: Any, decode: Any) -> bool:
    """It is what the contract promises, or a failure that shows nothing of it."""
    decode(data, shape)
    return True


def _error(data: bytes) -> bool:
    """Whatever an error says is one line of bounded length, and never breaks anything."""
    said, words = office.told(data)
    assert len(said) <= 200
    assert said.isprintable()
    assert words == words.lower()
    assert isinstance(tray.code_of(data), str)
    return bool(said)


PARSERS: Final = (
    *(
        Parser(name, partial(_make, good=good), partial(_parse, shape=shape, decode=decode), (TargetFailure,))
        for name, (shape, decode, good) in _GOOD.items()
    ),
    Parser("office/error", partial(_make, good=_ERROR), _error),
)
