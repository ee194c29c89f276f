"""Faults below HTTP: silence, stalls, resets and messages that are not what their head says."""

from adapters.pos.tray.simulator.faults.registry import Answer, Wire, wire_fault
from adapters.pos.tray.simulator.kernel import Visit

_SECONDS = 5.0
_DRIP_SECONDS = 0.1


def _head(answer: Answer, *, length: int | None) -> bytes:
    framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    kind = answer.headers["content-type"]
    return f"HTTP/1.1 {answer.status} OK\r\nContent-Type: {kind}\r\n{framing}\r\n\r\n".encode()


def _half(answer: Answer) -> bytes:
    return answer.body[: len(answer.body) // 2]


def _seconds(visit: Visit) -> float:
    return float(visit.parameters.get("seconds", _SECONDS))


@wire_fault("silence", "Nothing comes for parameters.seconds (5), then the connection ends.")
async def _silence(visit: Visit, answer: Answer, wire: Wire) -> None:  # noqa: ARG001 - faults of a kind share one signature
    await wire.pause(_seconds(visit))
    await wire.hang_up()


@wire_fault("stall", "Half of the body comes, then nothing for parameters.seconds (5), then the connection ends.")
async def _stall(visit: Visit, answer: Answer, wire: Wire) -> None:
    wire.write(_head(answer, length=len(answer.body)) + _half(answer))
    await wire.pause(_seconds(visit))
    await wire.hang_up()


@wire_fault("reset", "Half of the body comes, then the connection is reset.")
async def _reset(visit: Visit, answer: Answer, wire: Wire) -> None:  # noqa: ARG001
    wire.write(_head(answer, length=len(answer.body)) + _half(answer)[:1_000])
    # A reset throws away what the reader has not yet taken; without this pause it would often see no head at all.
    await wire.pause(0.05)
    await wire.hang_up(reset=True)


@wire_fault(
    "slow_drip",
    "The body comes byte by byte, every parameters.interval (0.1) seconds, for parameters.seconds (5); then all ends.",
)
async def _slow_drip(visit: Visit, answer: Answer, wire: Wire) -> None:
    interval = max(0.001, float(visit.parameters.get("interval", _DRIP_SECONDS)))
    wire.write(_head(answer, length=len(answer.body)))
    for index in range(min(len(answer.body), int(_seconds(visit) / interval))):
        wire.write(answer.body[index : index + 1])
        if not await wire.pause(interval):
            break
    await wire.hang_up()


@wire_fault("short_content_length", "Content-Length counts half of the body only; all of it is sent.")
async def _short_content_length(visit: Visit, answer: Answer, wire: Wire) -> None:  # noqa: ARG001
    wire.write(_head(answer, length=len(answer.body) // 2) + answer.body)
    await wire.hang_up()


@wire_fault("short_body", "Half of the body that Content-Length counts is sent, then the connection ends.")
async def _short_body(visit: Visit, answer: Answer, wire: Wire) -> None:  # noqa: ARG001
    wire.write(_head(answer, length=len(answer.body)) + _half(answer))
    await wire.hang_up()


@wire_fault(
    "unterminated_chunked", "The whole body comes in chunks, but the last, empty chunk is missing; the connection ends."
)
async def _unterminated_chunked(visit: Visit, answer: Answer, wire: Wire) -> None:  # noqa: ARG001
    wire.write(_head(answer, length=None) + f"{len(answer.body):x}\r\n".encode() + answer.body + b"\r\n")
    await wire.hang_up()
