"""What every request that writes brings beside its address and body: in whose name, for which client, and once."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from api.composition import OpenHouse
from api.http.answering import Acting, Client, Opened
from api.http.deciding import intended
from api.http.parameters import IdempotencyKey
from domain.commands.intent import Intent
from domain.permissions import Principal


@dataclass(frozen=True, slots=True)
class Write:
    """A request that writes.

    Attributes:
        opened: the running daybook.
        client: whose data it is about.
        who: in whose name the request acts.
        key: by which it may be repeated.
    """

    opened: OpenHouse
    client: str
    who: Principal
    key: str | None

    def intended(self, reason: str) -> AbstractContextManager[Intent]:
        """What they want, and why; the same key is the same command."""
        return intended(self.who, reason, self.key)


async def _writing(opened: Opened, client: Client, who: Acting, idempotency_key: IdempotencyKey = None) -> Write:
    return Write(opened, client, who, idempotency_key)


Writing = Annotated[Write, Depends(_writing)]
"""What every request that writes brings beside its address and body."""
