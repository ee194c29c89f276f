"""The command group: refusals become sentences and exit codes, in one place."""

import errno
import os
import sys
from typing import Any

import typer
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from typer.core import TyperGroup

from api.cli.saying import remark
from api.composition import unavailable
from api.refusals import BadMoment, BadReason
from domain.accounts import BadAccount, BadAccountKey
from domain.books import BadLimit
from domain.business_date import NotABusinessDate
from domain.ports.source import SourceFailure
from domain.refusals import BadIdentifier, Refusal
from projections.rebuilding import UnknownView

REFUSED = 1
MISUSED = 2
_ILL_FORMED = (
    NotABusinessDate,
    BadIdentifier,
    BadMoment,
    BadReason,
    UnknownView,
    BadAccountKey,
    BadAccount,
    BadLimit,
)
"""Refusals of an argument that could not be meant: wrong usage, as an unknown option is."""


class Sentences(TyperGroup):
    """Answers every foreseen failure with a sentence on standard error and exit code 1.

    Wrong usage, an argument that can have no meaning included, is 2 and an interrupt 130. What is not foreseen is a
    fault in daybook, and shows its traceback.
    """

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            answer = super().invoke(ctx)
            sys.stdout.flush()  # so that a reader who left shows here and not at the interpreter's end
        except _ILL_FORMED as refusal:
            _refuse(str(refusal), MISUSED)
        except (Refusal, SourceFailure) as refusal:
            _refuse(str(refusal))
        except DBAPIError as error:
            _refuse(str(unavailable(error)))
        except PoolTimeout:
            _refuse("All connections to the database are busy: try again.")
        except OSError as error:
            if error.errno == errno.EPIPE:
                _leave_quietly()
            _refuse(_of_system(error))
        else:
            return answer


def _refuse(sentence: str, code: int = REFUSED) -> None:
    remark(f"daybook: {sentence}")
    raise typer.Exit(code)


def _leave_quietly() -> None:
    """The reader of our output has gone: nothing more can be said there, not even while the interpreter ends."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, sys.stdout.fileno())
    raise typer.Exit(REFUSED)


def _of_system(error: OSError) -> str:
    where = f" {error.filename}" if error.filename else ""
    return f"The operating system refuses{where}: {error.strerror or error}."
