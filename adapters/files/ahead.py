"""Days of import files, translated ahead of time on another processor.

Translating is pure and takes most of the time that an import takes, so that a second process can do it while the first
one is still checking the rest of the file, and recording other days. It is told captures and answers translations: what
it said of a day counts only if the day's capture, frame and options are those that it was told, and whatever goes wrong
with it is no reason to refuse anything: then the day is translated where it is asked for.
"""

import datetime as dt
import os
import signal
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import IO, Final, NamedTuple, cast

import msgspec
import zstandard

from adapters.files.system import SYSTEM
from domain.commands.recording import read_capture
from domain.polling import Options, Translation
from domain.polling.frame import Frame
from domain.ports.captures import Capture
from domain.ports.source import SourceFailure

MOST_WAITING: Final = 2
"""Days that are told to the process and not answered: one at work, and the next."""

MOST_HELD_BYTES: Final = 16 * 2**20
"""Answers, compressed, that are held until they are asked for; while there are more, nothing further is told."""

LONGEST_SECONDS: Final = 120.0
"""Nobody waits longer for an answer."""

_PIPE_BYTES: Final = 2**20
"""Where pipes can be so large, an answer is in it at once, and the process goes on with the next day."""

_MOST_ANSWER_BYTES: Final = 2**31
_LENGTH_BYTES: Final = 8
_LEVEL: Final = 1


class _Asked(msgspec.Struct, array_like=True):
    capture: Capture
    frame: Frame
    options: Options


class _Answer(msgspec.Struct, array_like=True):
    """What came of a capture, by its digest; without a translation where it cannot be read."""

    capture: str
    translation: Translation | None


class _Told(NamedTuple):
    frame: Frame
    options: Options
    answer: Future[bytes]


_encode: Final = msgspec.msgpack.Encoder().encode
_asked: Final = msgspec.msgpack.Decoder(_Asked).decode
_answer: Final = msgspec.msgpack.Decoder(_Answer).decode


def worth_it() -> bool:
    """There is a second processor, so that doing two things at once is any faster."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) > 1
    return (os.cpu_count() or 1) > 1


class AheadInAnotherProcess:
    """Translates days of one location in a process of its own; to be closed. See :class:`domain.ports.ahead.Ahead`."""

    def __init__(self) -> None:
        """Start the process.

        Raises:
            OSError: it cannot be started.
        """
        self._process = subprocess.Popen(
            # Without the folder that we stand in: whatever lies there is not for us to run.
            [sys.executable, "-P", "-m", "adapters.files.ahead"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._asked = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        for pipe in (self._asked, self._answers):
            _widen(pipe)
        self._told: dict[dt.date, _Told] = {}
        self._waiting: list[Future[bytes]] = []
        # Threads that wait for the other process hold nobody up; while one answer is waited for, the next day is told.
        self._telling, self._hearing = ThreadPoolExecutor(1, "ahead-tell"), ThreadPoolExecutor(1, "ahead-hear")

    def close(self) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        self._process.wait()
        self._telling.shutdown(cancel_futures=True)
        self._hearing.shutdown(cancel_futures=True)
        for pipe in (self._asked, self._answers):
            with suppress(OSError):  # what could not be written any more
                pipe.close()

    @property
    def has_room(self) -> bool:
        """A further day may be told now."""
        self._waiting = [answer for answer in self._waiting if not answer.done()]
        if len(self._waiting) >= MOST_WAITING or self._process.poll() is not None:
            return False
        return sum(_size(told.answer) for told in self._told.values()) < MOST_HELD_BYTES

    def tell(self, capture: Capture, frame: Frame, options: Options) -> None:
        """Have a day translated, while there is room; what was told of the day before counts no longer."""
        self._telling.submit(_write, self._asked, _encode(_Asked(capture, frame, options)))
        answer = self._hearing.submit(_read, self._answers)
        self._waiting.append(answer)
        self._told[frame.date] = _Told(frame, options, answer)

    def awaited(self, date: dt.date) -> bool:
        """A day was told, and there is no answer yet: whoever takes it now waits."""
        told = self._told.get(date)
        return told is not None and not told.answer.done()

    def take(self, capture: Capture, frame: Frame, options: Options) -> Translation | None:
        """The translation of just this, waited for if it is on its way; None where it was not told or went wrong."""
        told = self._told.pop(frame.date, None)
        if told is None or (told.frame, told.options) != (frame, options):
            return None
        try:
            answered = _answer(_unpacked(told.answer.result(LONGEST_SECONDS)))
        except Exception:  # noqa: BLE001 - a process may end in any way, and the day is translated here then
            self._process.kill()
            return None
        return answered.translation if answered.capture == capture.digest else None


def main(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Answer captures with translations until there are no more: what runs in the other process."""
    while told := _read(asked):
        _write(answers, zstandard.ZstdCompressor(_LEVEL).compress(_encode(_answered(_asked(told)))))


def _answered(asked: _Asked) -> _Answer:
    try:
        translation = read_capture(SYSTEM, asked.capture, asked.frame, asked.options)
    except SourceFailure:
        return _Answer(asked.capture.digest, None)
    return _Answer(asked.capture.digest, translation)


def _widen(pipe: IO[bytes]) -> None:
    with suppress(ImportError, AttributeError, OSError):  # elsewhere than on Linux, or past what one user may have
        import fcntl  # noqa: PLC0415 - not everywhere

        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _write(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(_LENGTH_BYTES, "big"))
    pipe.write(data)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes:
    """What was written; nothing where the other side ended."""
    size = int.from_bytes(pipe.read(_LENGTH_BYTES), "big")
    return pipe.read(size)


def _size(answer: Future[bytes]) -> int:
    return len(answer.result()) if answer.done() and not answer.exception() else 0


def _unpacked(packed: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(packed, max_output_size=_MOST_ANSWER_BYTES)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who interrupts an import ends it, and the pipe with it
    main(sys.stdin.buffer, sys.stdout.buffer)
