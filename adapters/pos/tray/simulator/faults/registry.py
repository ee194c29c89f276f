"""The catalogue of faults: every name, what it does in a sentence, and the one small function that does it."""

import asyncio
import socket
import struct
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from starlette.types import Receive

from adapters.pos.tray.simulator.kernel import Page, Visit
from adapters.pos.tray.simulator.parcel import Parcel

_TICK_SECONDS = 0.05
_HANG_UP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, before it goes out."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/json"})

    def but(self, *, status: int | None = None, body: bytes | None = None, **headers: str) -> "Answer":
        """Answer a copy with another status, another body, or further headers (underscores stand for dashes)."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(
            self,
            status=self.status if status is None else status,
            body=self.body if body is None else body,
            headers={**self.headers, **more},
        )


class Wire:
    """The naked connection of one request, for faults below HTTP."""

    def __init__(self, transport: asyncio.Transport, receive: Receive, stopping: threading.Event) -> None:
        self._transport = transport
        self._receive = receive
        self._stopping = stopping

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        if not self._transport.is_closing():
            self._transport.write(data)

    async def pause(self, seconds: float) -> bool:
        """Wait, but no longer than the reader or the simulator lives; say whether both still do."""
        left = seconds
        while left > 0 and not self._stopping.is_set() and not self._transport.is_closing():
            await asyncio.sleep(min(_TICK_SECONDS, left))
            left -= _TICK_SECONDS
        return not self._stopping.is_set() and not self._transport.is_closing()

    async def hang_up(self, *, reset: bool = False) -> None:
        """End the connection, politely or with a reset, and wait until it is gone."""
        if reset:
            raw = self._transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        else:
            self._transport.close()
        async with asyncio.timeout(_HANG_UP_SECONDS):
            while (await self._receive())["type"] != "http.disconnect":
                pass


TrapAct = Callable[[Visit], bool]
PageAct = Callable[[Visit, Page], Page]
ParcelAct = Callable[[Visit, Parcel], Parcel]
AnswerAct = Callable[[Visit, Answer], Answer]
WireAct = Callable[[Visit, Answer, Wire], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault; exactly one of the functions is there.

    Attributes:
        name: how it is armed.
        sentence: what it does, with its parameters and their defaults.
        trap: changes the data before the page is taken; says whether it found something to change.
        page: changes the page; answers the very same page where there was nothing to change.
        parcel: changes an archive; answers the very same one where there was nothing to change.
        answer: changes the whole answer.
        wire: writes to the connection instead of the answer.
    """

    name: str
    sentence: str
    trap: TrapAct | None = None
    page: PageAct | None = None
    parcel: ParcelAct | None = None
    answer: AnswerAct | None = None
    wire: WireAct | None = None


CATALOGUE: dict[str, Fault] = {}


def _add(fault: Fault) -> None:
    if fault.name in CATALOGUE:
        message = f"There are two faults named {fault.name}."
        raise ValueError(message)
    CATALOGUE[fault.name] = fault


def trap(name: str, sentence: str) -> Callable[[TrapAct], TrapAct]:
    """Register a function that changes the data before the page is taken."""

    def register(act: TrapAct) -> TrapAct:
        _add(Fault(name, sentence, trap=act))
        return act

    return register


def page_fault(name: str, sentence: str) -> Callable[[PageAct], PageAct]:
    """Register a function that changes a page."""

    def register(act: PageAct) -> PageAct:
        _add(Fault(name, sentence, page=act))
        return act

    return register


def parcel_fault(name: str, sentence: str) -> Callable[[ParcelAct], ParcelAct]:
    """Register a function that changes an archive of the consolidated API."""

    def register(act: ParcelAct) -> ParcelAct:
        _add(Fault(name, sentence, parcel=act))
        return act

    return register


def answer_fault(name: str, sentence: str) -> Callable[[AnswerAct], AnswerAct]:
    """Register a function that changes an answer."""

    def register(act: AnswerAct) -> AnswerAct:
        _add(Fault(name, sentence, answer=act))
        return act

    return register


def wire_fault(name: str, sentence: str) -> Callable[[WireAct], WireAct]:
    """Register a function that writes to the connection."""

    def register(act: WireAct) -> WireAct:
        _add(Fault(name, sentence, wire=act))
        return act

    return register
