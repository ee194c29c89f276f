"""Entries: a fact in its place in the log, with who, why and because of what."""

import datetime as dt

import msgspec

from domain.facts.catalogue import Fact


class Provenance(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who recorded a commit, and why.

    Attributes:
        actor: who did it: ``cli:anna``, ``api:anonymous``, ``worker``.
        command: the id of the command; the same id twice is the same command.
        reason: what the person gave as the reason, or empty.
        cause: the id of the fact or command that led to this one, or empty.
        correlation: ties everything together that one request set off.
    """

    actor: str
    command: str
    reason: str = ""
    cause: str = ""
    correlation: str = ""


class Entry(msgspec.Struct, frozen=True):
    """A recorded fact.

    Attributes:
        stream: the name of the stream.
        version: the fact's place in its stream, from 1, without holes.
        position: the fact's place in the log; grows, with holes.
        recorded_at: the database's time at which the commit was sealed, UTC.
        provenance: who and why.
        fact: what happened.
    """

    stream: str
    version: int
    position: int
    recorded_at: dt.datetime
    provenance: Provenance
    fact: Fact
