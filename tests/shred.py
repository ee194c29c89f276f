"""Forgetting people for good: ``python -m tests.shred [--subjects 200] [--database sqlite|postgresql]``.

Everybody of a store with planted values is forgotten, and their data is destroyed. Then a search of every byte that the
store keeps finds none of it, no figure, seal or replay is another one, and the POS that still lists them stops nothing.
An HR system knows some of them by other names and numbers: its copies go with the rest, and do not come back with it.
Prints one line of JSON with what was found; the exit code is 0 where all of it holds.
"""

import argparse
import contextlib
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from adapters.database import migrate
from adapters.vault.tables import PERSON_KEYS
from api.persons import BECAUSE_DUE, shred_due
from domain.commands.intent import Intent
from domain.permissions import EVERYTHING
from projections.catching_up import catch_up
from projections.rebuilding import rebuild
from tests.api.site import DATES, LOCATIONS
from tests.security.planted import Planted, a_planted_store, everything, found
from tests.support.postgres import postgres_server
from tests.support.scim_server import EXTENSION, TOKEN, ScimServer, scim_server

DAYS = DATES[:2]
HR_COPIES = 20
_SHOWN = ("dss", "labor", "tickets", "journal-entries")


def shred(folder: Path, url: str = "", *, subjects: int = 200) -> dict[str, Any]:
    """Forget everybody, and say what was found: counters that are all 0 but for the first, and what is ``sound``."""
    people = -(-subjects * 3 // 5)  # at each of two venues: one in twelve has left, and is not listed
    planted = a_planted_store(folder, url, people=people, tickets=6, store_ssn="vault", retention_years=0)
    with scim_server() as hr, planted as store:
        for location in LOCATIONS:
            for date in DAYS:
                _post(store, f"days/{location}/{date}/polls", {"reason": "a test"})
        _catch_up(store)
        before = figures(store)
        head, seals = store.opened.journal.head(), [seal.seal for seal in store.opened.journal.seals()]
        employees = _employees(store)
        copies = _hired(store, hr, employees[:HR_COPIES])
        opened_before = sum(_opens(store, row) for row in employees)
        hold_refused = _held(store, employees[0])
        keys = _keys(store)
        for row in employees:
            _post(store, f"{_path(row)}/erasures", {"reason": "they asked"})
        _catch_up(store)
        copies_left = len(copies) - sum(row["forgotten"] for row in _get(store, "hr-employees")["data"])
        at_once = sum(row["forgotten"] for row in _employees(store))
        intent = lambda: Intent("worker", BECAUSE_DUE, rights=EVERYTHING)  # noqa: E731
        done = shred_due(store.opened, store.settings.client, intent)
        _catch_up(store)
        opened_after = sum(_opens(store, row) for row in employees)
        after = [figures(store)]
        rebuild(store.opened.engine, store.opened.journal)
        after.append(figures(store))
        replays = [_replayed(store, location, date) for location in LOCATIONS for date in DAYS]
        polls = [
            _post(store, f"days/{location}/{date}/polls", {"reason": "again"})["outcome"]
            for location in LOCATIONS
            for date in DAYS
        ]
        _catch_up(store)
        copies_left += _pulled(store) != "pulled"
        _catch_up(store)
        copies_left += len(copies) - sum(row["forgotten"] for row in _get(store, "hr-employees")["data"])
        again = figures(store)
        content = everything(store)
        values = [value for of_one in [*store.values.values(), *copies] for value in of_one]
        hits = found(values, content)
        verified = store.opened.journal.verify()
        counted = {
            "subjects": len(employees),
            "not_opened_before": len(employees) - opened_before,
            "not_restricted_at_once": len(employees) - at_once,
            "not_shredded": len(employees) + len(copies) - len(done),
            "hr_copies_left": copies_left,
            "opened_after": opened_after,
            "listed_after": sum(not row["forgotten"] for row in _employees(store)),
            "hits": len(hits),
            "keys_left": sum(key in content for key in keys),
            "figures_changed": sum(one != before for one in after) + (_anonymous(again) != _anonymous(before)),
            "seals_changed": sum(a != b.seal for a, b in zip(seals, store.opened.journal.seals(), strict=False)),
            "faults": len(verified.faults),
            "replays_that_differ": sum(replays),
            "polls_that_differ": sum(outcome != "unchanged" for outcome in polls),
            "holds_passed_over": int(not hold_refused),
            "facts_lost": int(store.opened.journal.head() < head),
        }
    sound = counted["subjects"] > 0 and not any(count for name, count in counted.items() if name != "subjects")
    return {**counted, "values": len(values), "bytes": len(content), "sound": sound}


def _hired(store: Planted, hr: ScimServer, employees: Sequence[dict[str, Any]]) -> list[tuple[str, ...]]:
    """An HR system that knows these, each linked; answers what it says of them."""
    copies: list[tuple[str, ...]] = []
    for number, _ in enumerate(employees):
        mark = f"{number:03}"
        ssn = f"8{mark[:2]}-6{mark[2]}-5{mark}"
        copies.append((f"Hrfirstzq{mark}", f"Hrlastzq{mark}", f"hrzq{mark}@example.com", ssn, ssn.replace("-", "")))
        hr.add(" ".join(copies[-1][:2]), email=copies[-1][2], ssn=ssn)
    draft = {"id": "hr", "system": "scim", "name": "HR", "environment": hr.url, "secret": TOKEN}
    values = {"extension": EXTENSION}
    for path, body in (
        ("connections", {**draft, "values": values}),
        ("connections/hr/tests", {}),
        ("connections/hr/establishment", {"admin": None}),
        ("connections/hr/pull", {"whole": True}),
    ):
        _post(store, path, {**body, "reason": "a test"})
        _catch_up(store)
    for row, whom in zip(employees, hr.ids.values(), strict=True):
        _post(store, f"{_path(row)}/link", {"connection": "hr", "hr": whom, "reason": "a test"})
    _catch_up(store)
    return copies


def _pulled(store: Planted) -> str:
    """Everybody is read from the HR system."""
    return str(_post(store, "connections/hr/pull", {"whole": True, "reason": "a test"})["outcome"])


def figures(store: Planted) -> dict[str, Any]:
    """All that is shown of the days, but for how many facts they have: polling again adds one that says so."""
    return {
        f"{location}/{date}/{what}": {**_get(store, f"days/{location}/{date}/{what}"), "version": None}
        for location in LOCATIONS
        for date in DAYS
        for what in _SHOWN
    }


def _anonymous(shown: dict[str, Any]) -> str:
    """The same without digests of captures: polled again, the POS's answer is kept without those who are forgotten."""
    return re.sub(r"\b[0-9a-f]{64}\b", "…", json.dumps(shown))


def _get(store: Planted, path: str) -> dict[str, Any]:
    told: dict[str, Any] = store.client.get(f"/v1/{path}", params={"limit": 500} if "tickets" in path else {}).json()
    return told


def _post(store: Planted, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = store.client.post(f"/v1/{path}", body)
    assert answer.status_code in {200, 201}, answer.text
    told: dict[str, Any] = answer.json()
    return told


def _path(row: dict[str, Any]) -> str:
    return f"employees/{row['location']}/{row['employee']}"


def _employees(store: Planted) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = store.client.get("/v1/employees", params={"limit": 500}).json()["data"]
    return rows


def _opens(store: Planted, row: dict[str, Any]) -> bool:
    """Whether somebody's data opens, and says what the POS says."""
    answer = store.client.post(f"/v1/{_path(row)}/openings", {"fields": ["ssn", "email"], "reason": "a test"})
    return answer.status_code == 200 and answer.json()["fields"]["ssn"] in store.values[row["employee"]]


def _held(store: Planted, row: dict[str, Any]) -> bool:
    """Whether a legal hold refuses forgetting somebody, with its reason."""
    _post(store, f"{_path(row)}/holds", {"held": True, "reason": "a lawsuit"})
    refused = store.client.post(f"/v1/{_path(row)}/erasures", {"reason": "they asked"})
    _post(store, f"{_path(row)}/holds", {"held": False, "reason": "settled"})
    return refused.status_code == 409 and "legal hold" in refused.json()["detail"]


def _replayed(store: Planted, location: str, date: Any) -> bool:
    """Whether deriving a day again from the captures would change it."""
    told = store.client.post(f"/v1/days/{location}/{date}/replays", {}).json()
    return bool(told["differs"])


def _keys(store: Planted) -> list[bytes]:
    """The wrapped keys of people, and the marks of their numbers."""
    with store.opened.engine.connect() as connection:
        rows = connection.execute(sa.select(PERSON_KEYS.c.wrapped_key, PERSON_KEYS.c.ssn_mark)).all()
    return [bytes(part) for row in rows for part in row if part is not None]


def _catch_up(store: Planted) -> None:
    catch_up(store.opened.engine, store.opened.journal)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; answers the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.shred", description=__doc__)
    parser.add_argument("--subjects", type=int, default=200, help="people who are forgotten")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    asked = parser.parse_args(arguments)
    sound = True
    for database in ("sqlite", "postgresql"):
        if asked.database not in {database, "both"}:
            continue
        with contextlib.ExitStack() as closing:
            folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="daybook-shred-")))
            url = ""
            if database == "postgresql":
                server = closing.enter_context(postgres_server())
                url = server.url(server.create())
                migrate(url)
            told = shred(folder, url, subjects=asked.subjects)
        sys.stdout.write(json.dumps({"database": database, **told}) + "\n")
        sound = sound and told["sound"]
    return 0 if sound else 1


if __name__ == "__main__":
    raise SystemExit(main())
