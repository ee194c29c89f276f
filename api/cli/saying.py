"""How commands speak: answers on standard output, remarks on standard error, refusals as one sentence."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


def show(text: str) -> None:
    """An answer, on standard output."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()  # whoever reads through a pipe waits for it


def show_json(content: Any) -> None:
    """An answer for other programs: one JSON document, and nothing else, on standard output."""
    plain = msgspec.to_builtins(content, builtin_types=())
    show(json.dumps(plain, indent=2, ensure_ascii=False))


def remark(text: str) -> None:
    """Something beside the answer, on standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def progress_bar(unit: str) -> Iterator[Progress]:
    """A progress bar on standard error; where that is no terminal, nothing is drawn."""
    console = Console(file=sys.stderr)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
        console=console,
        transient=False,
        disable=not console.is_terminal,
    ) as progress:
        yield progress
