"""The commands `daybook simulate …`: each serves a simulated system until stopped, and says how it is connected."""

import datetime as dt
import json
import shlex
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

import typer

from adapters.erp.office_24seven import simulator as office
from adapters.erp.sage_intacct import simulator as intacct
from adapters.hris.scim import simulator as hr
from adapters.pos.tray.simulator import TrayPos, TrayPosSettings, running, some_venues
from adapters.pos.tray.simulator.people import draw_crew
from adapters.webhooks import simulator as hooks
from api.cli.options import settings_for
from api.cli.saying import remark, show
from api.people import OWNER
from domain.business_date import business_date

Port = Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")]
Seed = Annotated[int, typer.Option(help="Equal seeds make equal data.")]
Venues = Annotated[int, typer.Option(min=1, max=200, help="Venues.")]

TRAY_KEY: Final = "tray-key-one"
_STAFF: Final = TrayPosSettings().staff


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulated system, and the made-up credentials that it accepts.

    Attributes:
        title: what it is.
        port: at which it answers if nobody says otherwise.
        connection: an id for a connection to it.
        variable: of the environment, for the secret.
        secret: as the variable has it.
        path: of the address, below the root.
        values: of the form.
        location: as `daybook connection establish` takes one; empty: it feeds none.
        role: in which it is connected; empty: the usual one.
    """

    title: str
    port: int
    connection: str
    variable: str
    secret: str
    path: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    location: str = ""
    role: str = ""


_POST_FROM: Final = "2026-01-01"
_INTACCT_SECRETS: Final = {"password": "user-pass-word", "sender_password": "sender-pass-word"}

SIMULATED: Final[Mapping[str, Simulated]] = {
    "tray": Simulated("Tray POS", 8300, "tray", "TRAY_KEY", TRAY_KEY, location="pier=V100:America/New_York"),
    "sage-intacct": Simulated(
        "Sage Intacct",
        8400,
        "books",
        "INTACCT_KEY",
        json.dumps(_INTACCT_SECRETS),
        path=intacct.PATH,
        values={
            "company_id": "HARBOR",
            "user_id": "daybook",
            "sender_id": "daybook-sender",
            "post_from": _POST_FROM,
        },
        location="pier=L1:America/New_York",
        role="full-access",
    ),
    "24sevenoffice": Simulated(
        "24SevenOffice",
        8500,
        "office",
        "OFFICE_KEY",
        "office-secret-one",
        path="/v1",
        values={
            "client_id": "app-one",
            "organizations": '["12345"]',
            "transaction_type": "1",
            "post_from": _POST_FROM,
        },
        location="pier=12345:America/New_York",
        role="full-access",
    ),
    "scim": Simulated(
        "HR system",
        8600,
        "hr",
        "HR_TOKEN",
        hr.TOKEN,
        path="/scim/v2",
        values={"extension": hr.EXTENSION},
        role="full-access",
    ),
    "webhook": Simulated(
        "receiver of webhooks",
        8700,
        "hooks",
        "HOOK_SECRET",
        hooks.SECRET,
        path="/hooks",
        values={"post_from": _POST_FROM},
        location="pier:America/New_York",
        role="full-access",
    ),
}
"""By the system's key in the catalogue."""


def connecting(system: str, url: str) -> list[str]:
    """The lines for a shell that connect a simulated system.

    Args:
        system: its key.
        url: its root, without a slash at the end.
    """
    one = SIMULATED[system]
    role = {"DAYBOOK_ROLE": one.role} if one.role else {}
    exported = {"DAYBOOK_ALLOW_LOOPBACK": "true", **role, one.variable: one.secret}
    draft = ["daybook", "connection", "draft", one.connection, "--system", system, "--environment", url + one.path]
    for name, value in one.values.items():
        draft += ["--value", f"{name}={value}"]
    establish = ["daybook", "connection", "establish", one.connection, "--admin", OWNER]
    return [
        "export " + " ".join(f"{name}={shlex.quote(value)}" for name, value in exported.items()),
        shlex.join([*draft, "--key-env", one.variable]),
        shlex.join(["daybook", "connection", "test", one.connection]),
        shlex.join([*establish, *(["--location", one.location] if one.location else [])]),
    ]


def simulate_default(context: typer.Context) -> None:
    """Serve the simulated Tray POS where no system is named."""
    if context.invoked_subcommand is None:
        simulate_tray()


def simulate_tray(
    port: Port = SIMULATED["tray"].port,
    seed: Seed = 1,
    days: Annotated[int, typer.Option(min=1, max=3660, help="Business days with data, up to the last one.")] = 30,
    locations: Venues = 3,
    tickets: Annotated[int, typer.Option(min=0, max=50_000, help="Checks on each business day.")] = 120,
    last: Annotated[str | None, typer.Option(metavar="DATE", help="The last business date.  [default: today]")] = None,
) -> None:
    """Serve a simulated Tray POS on this machine until stopped; /simulator/truth says what its days come to."""
    settings_for(quiet=True)
    end = business_date(last) if last else dt.datetime.now(dt.UTC).date()
    settings = TrayPosSettings(
        seed=seed,
        venues=some_venues(locations, api_key=TRAY_KEY),
        tickets=tickets,
        first=end - dt.timedelta(days=days - 1),
        last=end,
    )
    with running(TrayPos(settings), port) as pos:
        venues = [venue.id for venue in settings.venues if venue.api_key == TRAY_KEY]
        _say("tray", pos.url, f" with the key {TRAY_KEY}: venues {', '.join(venues)}")
        remark(f"{settings.first} to {settings.last}, {tickets} checks a day, seed {seed}. Ctrl-C stops it.")
        until_stopped()
    remark("Stopped.")


def simulate_intacct(
    port: Port = SIMULATED["sage-intacct"].port,
    closed_until: Annotated[str | None, typer.Option(metavar="DATE", help="The last date that is closed.")] = None,
    fault: Annotated[
        list[str] | None, typer.Option(metavar="FAULT", help="A fault to arm, once for each time it is given.")
    ] = None,
) -> None:
    """Serve a simulated Sage Intacct on this machine until stopped; /_simulator says what stands in its books."""
    settings_for(quiet=True)
    end = business_date(closed_until) if closed_until else None
    gateway = intacct.SimulatedGateway(intacct.Books(intacct.opening_books(end)))
    for name in fault or []:
        if name not in intacct.FAULTS:
            raise typer.BadParameter(f"{name!r} is no fault: there are {', '.join(intacct.FAULTS)}.")
        gateway.arm(name)
    with intacct.running(gateway, port) as served:
        _say("sage-intacct", served.url, ": company HARBOR with the locations E100, E200, L1, L2")
        remark("What is posted is kept until it is stopped. Ctrl-C stops it.")
        until_stopped()
    remark("Stopped.")


def simulate_office(port: Port = SIMULATED["24sevenoffice"].port) -> None:
    """Serve a simulated 24SevenOffice on this machine until stopped."""
    settings_for(quiet=True)
    with office.running(office.opening_vendor(), port) as served:
        _say("24sevenoffice", served.url.removesuffix(SIMULATED["24sevenoffice"].path), ": organization 12345")
        remark("What is posted is kept until it is stopped. Ctrl-C stops it.")
        until_stopped()
    remark("Stopped.")


def simulate_scim(
    port: Port = SIMULATED["scim"].port,
    seed: Seed = 1,
    locations: Venues = 3,
    every: Annotated[
        float, typer.Option(min=0, max=86_400, help="Seconds after which somebody joins, changes or leaves; 0: never.")
    ] = 0,
) -> None:
    """Serve a simulated HR system by SCIM on this machine until stopped, with the staff of the simulated Tray POS.

    POST /simulator/next?steps=3 lets the next things happen: people join, are raised, move, leave and are deleted.
    """
    settings_for(quiet=True)
    directory = hr.Directory(staff_of_tray(seed, locations), seed=seed)
    with hr.running(hr.HrService(directory, every=every), port) as served:
        count = len(directory.entries)
        _say("scim", served.url, f" with the token {hr.TOKEN}: {count} employees of {locations} venues")
        remark(f"Somebody joins, changes or leaves with each POST {served.url}/simulator/next. Ctrl-C stops it.")
        until_stopped()
    remark("Stopped.")


def simulate_webhook(port: Port = SIMULATED["webhook"].port) -> None:
    """Serve a simulated receiver of webhooks on this machine until stopped; it prints what it is told."""
    settings_for(quiet=True)
    receiver = hooks.Receiver([hooks.SECRET], hear=lambda told: show(f"{told.id} {told.body.decode()}"))
    with hooks.running(receiver, port) as served:
        _say("webhook", served.url.removesuffix(SIMULATED["webhook"].path), f", path {SIMULATED['webhook'].path}")
        remark("What it is told is printed. Ctrl-C stops it.")
        until_stopped()
    remark("Stopped.")


def staff_of_tray(seed: int, locations: int) -> Iterator[hr.Worker]:
    """The people of the simulated Tray POS of that seed, as an HR department knows them."""
    for venue in some_venues(locations)[:locations]:
        crew = draw_crew(seed, venue.id, _STAFF)
        names = {job.id: job.name for job in crew.jobs}
        for person in crew.people:
            jobs = tuple(hr.Job(job.job_id, names[job.job_id], job.rate) for job in person.jobs)
            yield hr.Worker(
                login=person.id.lower(),
                first_name=person.first_name,
                last_name=person.last_name,
                email=person.email or "",
                phone=person.phone or "",
                address=person.address or "",
                born=person.date_of_birth or "",
                hired=person.hire_date or "",
                ssn=person.ssn or "",
                number=person.payroll_id or "",
                title=jobs[0].name,
                department=venue.name,
                jobs=jobs,
                active=person.active,
            )


def _say(system: str, url: str, more: str) -> None:
    """Say where it answers, and what connects it."""
    show(f"The simulated {SIMULATED[system].title} answers at {url}{more}.")
    show("In another terminal, after `daybook init`, this connects it:")
    _show_lines(connecting(system, url))


def _show_lines(lines: Iterable[str]) -> None:
    for line in lines:
        show(f"  {line}")


def until_stopped() -> None:
    """Wait for Ctrl-C or for being told to end, either of which is the normal end."""
    stopped = threading.Event()
    before = {number: signal.signal(number, lambda *_: stopped.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        stopped.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
