"""(d) the Daily Sales Summary over HTTP, against a bare FastAPI route with one SQL select, both in uvicorn."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx
import msgspec
import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI
from starlette.responses import Response

from adapters.database import open_engine
from api.logs import configure_logs
from api.serving import listen, serve_until_stopped
from benchmarks import house
from benchmarks.bench import Bench
from benchmarks.measuring import ROOT, Run, Side, Stopwatch, Taken, always, job, peak_mb, run, sound
from benchmarks.simulated import Drawn, pos_with
from benchmarks.store import Store
from benchmarks.table import Line, at_most, line
from projections.tables import day

LETTERS: Final = "dk"
DAYS: Final = 3
DAYBOOK: Final = "daybook"
BARE: Final = "bare route"
SLOWEST: Final = 2.0
"""At least half of the bare route's rate: at most twice its time."""

KEYED: Final = "with a key"
OPEN: Final = "open"
DEAREST: Final = 1.1
"""Recognizing who asks takes at most a tenth of a DSS query."""

_WARMING: Final = 30
_STOP_SECONDS: Final = 15


def ask(url: str, times: int, key: str = "") -> Taken:
    """Ask for one page again and again over one connection, with an API key where there is one."""
    watch = Stopwatch()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with httpx.Client(timeout=30, trust_env=False, headers=headers) as http:
        for _ in range(_WARMING):
            http.get(url).raise_for_status()
        with watch.running():
            for _ in range(times):
                answer = http.get(url)
        answer.raise_for_status()
    return Taken(watch.seconds / times, {"body": answer.json()})


def lines(bench: Bench, wanted: str) -> Iterator[Line]:
    """The lines of (d) and (k)."""
    sizes = bench.sizes
    with pos_with(Drawn(sizes.tickets, sizes.items, DAYS)) as pos:
        for kind in bench.kinds:
            store = bench.stores.migrated(kind)
            house.connect(store, pos)
            run(job(house.poll_with_daybook, store=store, pos=pos))
            key = house.issue_key(store)
            date = pos.dates[1]
            path = f"/v1/days/{house.LOCATION}/{date}/dss"
            peaks: dict[str, float] = {}
            with _served(store, DAYBOOK, peaks) as daybook, _served(store, BARE, peaks) as bare:
                urls = {DAYBOOK: f"{daybook}{path}", BARE: f"{bare}/{house.LOCATION}/{date}"}
                asked = {name: always(job(ask, url=url, times=sizes.requests)) for name, url in urls.items()}
                sides = bench.alternate(f"DSS over HTTP {kind}", asked) if "d" in wanted else {}
                known = {
                    OPEN: always(job(ask, url=urls[DAYBOOK], times=sizes.requests)),
                    KEYED: always(job(ask, url=urls[DAYBOOK], times=sizes.requests, key=key)),
                }
                keyed = bench.alternate(f"recognizing {kind}", known) if "k" in wanted else {}
            if keyed:
                yield _recognizing(kind, keyed)
            if not sides:
                bench.stores.drop(store)
                continue
            shown = sides[DAYBOOK].runs[-1].found["body"]["summary"]
            gross = pos.truth(date)["grossSales"]
            sound(shown["gross_sales"] == gross, f"The DSS says {shown['gross_sales']}, the POS {gross}.")
            stored = sides[BARE].runs[-1].found["body"]["tickets"]
            sound(stored == sizes.tickets, f"The bare route shows {stored} tickets, not {sizes.tickets}.")
            served = {name: _with_memory_of(side, peaks[name]) for name, side in sides.items()}
            rate = 1 / served[DAYBOOK].seconds
            yield line(
                "d",
                kind,
                "GET a DSS over HTTP: daybook / bare FastAPI route with one SELECT",
                served[DAYBOOK],
                served[BARE],
                aim=at_most(SLOWEST),
                note=f"{rate:,.0f} against {1 / served[BARE].seconds:,.0f} requests a second on one connection",
            )
            bench.stores.drop(store)


def _recognizing(kind: str, sides: dict[str, Side]) -> Line:
    """The line of (k): the same server, which lets in whoever says nothing and recognizes whoever sends a key."""
    keyed, open_ = sides[KEYED], sides[OPEN]
    shown = [side.runs[-1].found["body"]["summary"] for side in (keyed, open_)]
    sound(shown[0] == shown[1], "The summaries differ.")
    return line(
        "k",
        kind,
        "GET a DSS over HTTP: with an API key / where nobody is asked",
        keyed,
        open_,
        aim=at_most(DEAREST),
        note=f"{(keyed.seconds - open_.seconds) * 1e6:,.0f} µs more",
    )


def bare_app(store: Store) -> FastAPI:
    """An application with one route, which selects the stored document of a day and answers its bytes."""
    engine = open_engine(store.url)
    app = FastAPI()

    @app.get("/{location}/{date}")
    def document(location: str, date: str) -> Response:
        query = sa.select(day.c.document).where(
            day.c.client == house.CLIENT, day.c.location == location, day.c.business_date == date
        )
        with engine.connect() as connection:
            return Response(connection.scalar(query), media_type="application/json")

    return app


def _with_memory_of(side: Side, megabytes: float) -> Side:
    """The side with the server's memory in place of the client's."""
    return Side(side.name, [Run(one.seconds, megabytes, one.found) for one in side.runs])


@contextmanager
def _served(store: Store, name: str, peaks: dict[str, float]) -> Iterator[str]:
    """A server process; its address, and afterwards its peak memory."""
    process = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
        [sys.executable, "-m", "benchmarks.serving", name, msgspec.json.encode(store).decode()],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # daybook writes a line for every request, as it does in service
        cwd=ROOT,
    )
    assert process.stdout is not None
    try:
        address = process.stdout.readline().decode().strip()
        sound(address.startswith("http"), f"The server of {name} did not start.")
        yield address
    finally:
        process.terminate()
        last = process.stdout.read().decode().strip()
        peaks[name] = float(last) if last else 0.0
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main() -> None:
    """Serve on a free port until told to end, then say how much memory it took."""
    store = msgspec.json.decode(sys.argv[2], type=Store)
    if sys.argv[1] == DAYBOOK:
        settings = house.settings_for(store)
        configure_logs(settings)
        with listen(settings, 0) as listening, house.opened(store, projecting=True) as opened:
            print(listening.url, flush=True)
            serve_until_stopped(opened, listening)
    else:
        _serve_bare(store)
    print(peak_mb(), flush=True)


def _serve_bare(store: Store) -> None:
    """The bare application in the server that daybook uses, with the same protocol and without a log."""
    config = uvicorn.Config(
        bare_app(store), http="h11", ws="none", loop="asyncio", log_config=None, access_log=False, server_header=False
    )
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    # The protocol is named so that asyncio turns Nagle's algorithm off, which it does for uvicorn's own sockets.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen(128)
        print(f"http://127.0.0.1:{bound.getsockname()[1]}", flush=True)
        uvicorn.Server(config).run(sockets=[bound])
    for number, handler in before.items():
        signal.signal(number, handler)


if __name__ == "__main__":
    main()
