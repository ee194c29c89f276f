"""Keys that are sent several times at once, to servers that are killed at every step, and what is recorded of it."""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from api.http.idempotency import command_id
from tests.api.site import DATES, LAST, LOCATIONS
from tests.served.process import STEPS, doom
from tests.served.servers import Patient, Servers, patient

AT_ONCE: Final = 8
"""Requests with one key at the same moment."""

TOGETHER: Final = 5
"""Keys at the same moment."""

KILLED: Final = 10
"""Of so many keys a server dies at one."""

MOST_TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class Write:
    """What is sent under a key.

    Attributes:
        key: the key.
        path: where to.
        body: what.
        member: of the body, which another request under the key says otherwise.
        seen: the version that it is written to, which no later one of them finds; empty: whatever is there.
    """

    key: str
    path: str
    body: dict[str, Any]
    member: str = "reason"
    seen: str = ""

    @property
    def other(self) -> dict[str, Any]:
        """Another body."""
        return {**self.body, self.member: f"{self.body[self.member]} otherwise"}


@dataclass
class Outcome:
    """What came of it.

    Attributes:
        keys: how many.
        requests: that were answered, without those that were told to come again.
        killed: servers, by the step.
        answers: how often each status was answered.
        first: what was told of each key at first.
        faults: sentences of what does not hold.
    """

    keys: int = 0
    requests: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def check(self, holds: bool, sentence: str) -> None:
        """Keep a sentence where something does not hold."""
        if not holds:
            self.faults.append(sentence)


def writes(count: int) -> Iterator[Write]:
    """So many: polls while there are days to poll, then comments, tags, deposits and users in turn."""
    polls = [(location, date) for location in LOCATIONS for date in DATES]
    for number in range(count):
        key = f"key-{number}"
        date = LAST - dt.timedelta(days=10 + number // 8)
        day = f"/v1/days/{LOCATIONS[number % 2]}/{date}"
        body = {"reason": key}
        if number < len(polls) and number % 2 == 0:
            location, polled = polls[number]
            yield Write(key, f"/v1/days/{location}/{polled}/polls", body)
        elif number % 4 == 0:
            own = f"/v1/days/{LOCATIONS[number % 2]}/{LAST - dt.timedelta(days=400 + number)}"
            yield Write(key, f"{own}/comments", {**body, "text": key}, "text", '"0"')
        elif number % 4 == 1:
            yield Write(key, f"{day}/tags", {**body, "tag": key}, "tag")
        elif number % 4 == 2:
            yield Write(key, f"{day}/deposits", {**body, "amount": "12.00", "number": key}, "number")
        else:
            given = {"login": f"user-{number}", "roles": ["auditor"], "locations": None, "name": key}
            yield Write(key, "/v1/users", {**body, **given}, "name")


def duplicate(servers: Servers, count: int, killed: int = KILLED) -> Outcome:
    """Send so many keys, each eight times at once, and look at what is recorded.

    Args:
        servers: that are asked.
        count: keys.
        killed: of so many keys a server dies at one.
    """
    outcome = Outcome(count)
    sent = list(writes(count))
    doomed = _doom(servers, sent, killed)
    before = _commands(servers)
    asyncio.run(_send(servers, sent, outcome))
    recorded = _commands(servers)
    for write in sent:
        times = recorded[command_id(write.key)]
        outcome.check(times == 1, f"{write.key} is recorded {times} times.")
    outcome.check(sum(recorded.values()) - sum(before.values()) == count, "Something else was recorded.")
    left = {path.name for path in servers.doom.iterdir() if path.suffix != ".done"}
    outcome.killed.update(STEPS[step] for key, step in doomed if f"{command_id(key)}.{step}" not in left)
    outcome.check(not left, f"{len(left)} servers lived that were doomed.")
    outcome.faults += [str(fault) for fault in servers.site.opened.journal.verify().faults]
    return outcome


def _doom(servers: Servers, sent: Sequence[Write], killed: int) -> list[tuple[str, int]]:
    chosen = sent[killed // 2 :: killed]
    doomed = [(write.key, number % len(STEPS)) for number, write in enumerate(chosen)]
    for key, step in doomed:
        doom(servers.doom, key, step)
    return doomed


def _commands(servers: Servers) -> Counter[str]:
    """How many commits each command has."""
    found, after = Counter[str](), 0
    while seals := servers.site.opened.journal.seals(after=after, limit=500):
        found.update(seal.command for seal in seals)
        after = seals[-1].commit
    return found


async def _send(servers: Servers, sent: Sequence[Write], outcome: Outcome) -> None:
    async with patient(servers) as client:
        for start in range(0, len(sent), TOGETHER):
            lot = sent[start : start + TOGETHER]
            answers = await asyncio.gather(*[_one(client, write, n) for write in lot for n in range(AT_ONCE)])
            for number, write in enumerate(lot):
                _compare(outcome, write, answers[number * AT_ONCE : (number + 1) * AT_ONCE])
        # The whole again, from servers that know nothing of it, and then another body.
        for start in range(0, len(sent), TOGETHER):
            lot = sent[start : start + TOGETHER]
            again = await asyncio.gather(*[_one(client, write, start) for write in lot])
            other = await asyncio.gather(*[_one(client, write, start, other=True) for write in lot])
            for write, first, second in zip(lot, again, other, strict=True):
                outcome.requests += 2
                outcome.answers.update([first.status_code, second.status_code])
                outcome.check(first.headers.get("idempotent-replayed") == "true", f"{write.key} is done again.")
                outcome.check(_told(first) == outcome.first[write.key], f"{write.key} later")
                reused = (second.status_code, second.json()["type"]) == (422, "/problems/key-reused")
                outcome.check(reused, f"{write.key} with another body is answered {second.text[:200]}.")


def _compare(outcome: Outcome, write: Write, answers: Sequence[httpx.Response]) -> None:
    outcome.requests += len(answers)
    outcome.answers.update(answer.status_code for answer in answers)
    told = {_told(answer) for answer in answers}
    outcome.check(len(told) == 1, f"{write.key} is answered differently: {sorted(told)[:3]}")
    fine = {answer.status_code for answer in answers} <= {200, 201}
    outcome.check(fine, f"{write.key} is answered {answers[0].text[:200]}.")
    outcome.first[write.key] = min(told)


async def _one(client: Patient, write: Write, number: int, *, other: bool = False) -> httpx.Response:
    headers = {"Idempotency-Key": write.key, "Daybook-Role": "operator"}
    if write.seen:
        headers["If-Match"] = write.seen
    body = write.other if other else write.body
    return await client.ask(number % client.servers.count, "POST", write.path, json=body, headers=headers)


def _told(answer: httpx.Response) -> str:
    """What is told, but for a one-time secret, which is shown once and kept nowhere."""
    told = answer.json()
    if isinstance(told, dict):
        told = {name: value for name, value in told.items() if name != "secret"}
    return repr(told)
