"""Sessions that are kept: a target that is opened for one effect need not sign in for it."""

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

MOST_SESSIONS: Final = 500


@dataclass(frozen=True, slots=True)
class Session:
    """A session at the top level, or at an entity.

    Attributes:
        id: it is as good as the password.
        url: at which it is used.
        company: as Sage Intacct writes it.
        ends_at: not used from then on.
    """

    id: str = field(repr=False)
    url: str
    company: str
    ends_at: dt.datetime


@dataclass(slots=True)
class _Kept:
    lock: threading.Lock = field(default_factory=threading.Lock)
    session: Session | None = None


class Sessions:
    """Sessions in memory, by what they were begun with: whoever has other credentials has other sessions.

    May be used by several threads at once; of those that want the same session, one begins it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def get(self, key: str, now: dt.datetime, begin: Callable[[], Session]) -> Session:
        """The session of a key, begun where there is none that is not over."""
        kept = self._of(key)
        with kept.lock:
            if kept.session is None or kept.session.ends_at <= now:
                kept.session = None
                kept.session = begin()
            return kept.session

    def forget(self, key: str, session: Session) -> None:
        """A session was refused; one that somebody began meanwhile stays."""
        kept = self._of(key)
        with kept.lock:
            if kept.session is session:
                kept.session = None

    def _of(self, key: str) -> _Kept:
        with self._lock:
            kept = self._kept.setdefault(key, _Kept())
            self._kept.move_to_end(key)
            if len(self._kept) > MOST_SESSIONS:
                self._kept.popitem(last=False)
            return kept
