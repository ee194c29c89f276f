"""Real processes: pipes, signals, kills, the server and the whole demonstration."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.pos.tray.simulator import Edits
from api.composition import open_house
from api.settings import load_settings
from projections import queries
from projections.catching_up import catch_up
from projections.rebuilding import rebuild
from tests.api.bad_requests import NONSENSE, raw
from tests.api.site import DATES, a_pos, a_site, command_process, connect, copy_of_a_store, daybook, environment_of


def _start(*arguments: str, folder: Path, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "api", *arguments],
        env=environment_of(folder, **environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )


DEMO = ("demo", "--no-serve", "--days", "3", "--locations", "1", "--tickets", "200", "--seed", "7")


@pytest.mark.slow
def test_demo_twice(tmp_path: Path) -> None:
    """The demonstration ends by itself with exit code 0, and a second run finds every day unchanged before it edits."""
    folder = tmp_path / "demo"
    first = daybook(*DEMO, "--data", str(folder), folder=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "3 with a new generation, 0 unchanged, 0 failed" in first.stdout
    assert "DAILY SALES SUMMARY" in first.stdout
    assert "the same to the cent" in first.stdout
    assert "History of ticket/" in first.stdout
    assert "Traceback" not in first.stderr
    second = daybook(*DEMO, "--data", str(folder), folder=tmp_path)
    assert second.returncode == 0, second.stderr
    assert "0 with a new generation, 3 unchanged, 0 failed" in second.stdout
    assert "the same to the cent" in second.stdout
    other = daybook(
        *DEMO[:2], "--days", "1", "--locations", "2", "--tickets", "5", "--data", str(folder), folder=tmp_path
    )
    assert other.returncode == 0, other.stderr
    assert "2 with a new generation" in other.stdout
    checked = daybook("check", "--json", folder=folder)
    assert json.loads(checked.stdout)["sound"]


@pytest.mark.slow
def test_demo_killed_in_the_middle(tmp_path: Path) -> None:
    """A demonstration that was killed somewhere is taken up by the next run."""
    folder = tmp_path / "demo"
    for seconds in (2.2, 3.0):
        process = _start(*DEMO, "--data", str(folder), folder=tmp_path)
        time.sleep(seconds)
        process.kill()
        process.communicate()
    whole = daybook(*DEMO, "--data", str(folder), folder=tmp_path)
    assert whole.returncode == 0, whole.stderr
    assert ", 0 failed" in whole.stdout
    assert "the same to the cent" in whole.stdout


def test_demo_serves_until_stopped(tmp_path: Path) -> None:
    """With serving, the address and a key are printed, answer, and SIGTERM or Ctrl-C ends it with exit code 0."""
    folder = tmp_path / "demo"
    process = _start(
        "demo",
        "--days",
        "1",
        "--locations",
        "1",
        "--tickets",
        "5",
        "--port",
        "0",
        "--data",
        str(folder),
        folder=tmp_path,
        DAYBOOK_ACCESS="required",
    )
    url, curl, key = "", "", ""
    assert process.stdout
    for line in process.stdout:
        url = url or (re.search(r"API answers at (\S+)", line) or ["", ""])[1]
        if "curl" in line and line.rstrip().endswith("/dss"):
            curl = line.split()[-1]
        key = key or (re.search(r"KEY=(dbk_\w+)", line) or ["", ""])[1]
        if "daybook history" in line:
            break
    try:
        _until_up(url)
        assert httpx.get(f"{url}/readyz").json()["status"] == "ready"
        assert httpx.get(curl).status_code == 401
        found = httpx.get(curl, headers={"Authorization": f"Bearer {key}"})
        assert found.json()["summary"]["tickets"] >= 1
    finally:
        process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert "Traceback" not in said


def test_serve(tmp_path: Path) -> None:
    """The server says where it listens and who may, logs each request without values, and ends cleanly."""
    copy_of_a_store(tmp_path)
    process = _start("serve", "--port", "0", folder=tmp_path)
    assert process.stdout
    url = (re.search(r"at (http://127\.0\.0\.1:\d+)", process.stdout.readline()) or ["", ""])[1]
    try:
        _until_up(url)
        assert httpx.get(f"{url}/v1/days/secret-place/2026-01-01?min_position=0").status_code == 404
        assert httpx.get(f"{url}/docs").status_code == 200
        large = httpx.get(url, headers={"X-Large": "a" * 1_000_000})
        assert (large.status_code, large.headers["content-type"]) == (431, "application/problem+json")
        assert httpx.get(f"{url}/healthz", headers={"Host": "evil.example"}).status_code == 421
        for nonsense in NONSENSE:
            told, headers, body = raw(url, nonsense)
            assert (told, headers["content-type"]) == (400, "application/problem+json"), nonsense
            assert json.loads(body)["type"] == "/problems/bad-request"
        taken = daybook("serve", "--port", url.rsplit(":", 1)[1], folder=tmp_path)
        assert (taken.returncode, "cannot be had" in taken.stderr) == (1, True)
    finally:
        process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert "nobody has to sign in" in said
    assert "Traceback" not in said
    assert "secret-place" not in said
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    requests = [line for line in lines if line["event"] == "request"]
    assert any(line["route"] == "/v1/days/{location}/{date}" and line["status"] == 404 for line in requests)
    assert all({"method", "route", "status", "duration_ms", "request"} <= set(line) for line in requests)


def _until_up(url: str) -> None:
    for _ in range(200):
        try:
            httpx.get(f"{url}/healthz")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server did not come up")


def test_simulate_tray(tmp_path: Path) -> None:
    """The simulated POS says where it answers, tells its truth, and ends with exit code 0."""
    process = _start(
        "simulate", "tray", "--port", "0", "--days", "2", "--locations", "1", "--tickets", "3", folder=tmp_path
    )
    assert process.stdout
    url = (re.search(r"at (\S+) with", process.stdout.readline()) or ["", ""])[1]
    try:
        assert httpx.get(f"{url}/simulator/venues").json()[0]["id"] == "V100"
    finally:
        process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert "Traceback" not in said


def test_reader_that_leaves(tmp_path: Path) -> None:
    """A reader of the output that goes away ends the command without a traceback."""
    with a_site(tmp_path) as site:
        site.poll(DATES[0])
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "api", "dss", "alpha", str(DATES[0])],
        env=environment_of(tmp_path),
        stdout=writing,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=60,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.slow
def test_polls_that_are_killed(tmp_path: Path) -> None:
    """A poll killed with SIGKILL at any moment leaves a store in which the next poll is whole and every seal fits."""
    rng = random.Random(4)
    folder = tmp_path / "data"
    copy_of_a_store(folder)
    settings = load_settings(data_dir=folder, database_url="")
    with a_pos(tickets=400) as pos, open_house(settings) as opened:
        connect(opened, pos)
        killed = 0
        for round_ in range(6):
            date = DATES[round_ % len(DATES)]
            pos.pos.edit(Edits(venue="V100", business_date=date, tickets=20, seed=round_))
            process = command_process("poll", "alpha", str(date), folder=folder, output=tmp_path / "out")
            killed += _kill_while_it_works(process, pos.pos.requests, rng.uniform(0, 0.4))
            assert opened.journal.verify().faults == ()
        assert killed, "every poll had ended before its kill: nothing was tried"
        for date in DATES:
            whole = command_process("poll", "alpha", str(date), folder=folder, output=tmp_path / "out")
            whole.join(60)
            assert whole.exitcode == 0, (tmp_path / "out").read_text()
        assert opened.journal.verify().faults == ()
        catch_up(opened.engine, opened.journal)
        before = queries.days(opened.engine, "main")
        for row in before:
            truth = pos.pos.truth("V100", row.business_date)
            assert row.tickets == truth["ticketCount"]
        rebuild(opened.engine, opened.journal)
        assert queries.days(opened.engine, "main") == before


def _kill_while_it_works(process: BaseProcess, requests: Any, delay: float) -> bool:
    """Kill a poll some time after it began to read, so that the kill meets it at work; whether it did."""
    before = len(requests)
    until = time.monotonic() + 20
    while len(requests) == before and process.is_alive() and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(delay)
    process.kill()
    process.join(20)
    return process.exitcode == -signal.SIGKILL


def test_two_processes_poll_one_day(tmp_path: Path) -> None:
    """Two processes that poll one day at once give one generation, and both say so."""
    folder = tmp_path / "data"
    with a_site(folder, projecting=False) as site:
        outputs = [tmp_path / name for name in ("one", "two")]
        both = [
            command_process("poll", "alpha", str(DATES[0]), "--json", folder=folder, output=output)
            for output in outputs
        ]
        for process in both:
            process.join(60)
        answers = [json.loads(output.read_text()) for output in outputs]
        assert sorted(answer["outcome"] for answer in answers) == ["polled", "unchanged"]
        assert {answer["generation"] for answer in answers} == {1}
        assert site.opened.journal.verify().faults == ()


def test_environment_is_clean() -> None:
    """No setting of the machine that runs the tests reaches the processes of these tests."""
    os.environ["DAYBOOK_PORT"] = "1"
    try:
        assert not [name for name in environment_of(Path("x")) if name == "DAYBOOK_PORT"]
    finally:
        del os.environ["DAYBOOK_PORT"]
