"""All commands, in the order of `daybook --help`."""

import sys
from importlib import metadata
from typing import Annotated

import typer

from api.cli import (
    accounts,
    approvals,
    configuring,
    conflicts,
    connection,
    day,
    demonstrating,
    import_jobs,
    importing,
    keeping,
    keys,
    lives,
    making,
    objects,
    overlaying,
    people,
    personnel,
    persons,
    reading,
    replaying,
    rotating,
    scheduling,
    server,
    settling,
    simulating,
    standing,
    store,
    syncing,
    systems,
    working,
)
from api.cli.group import Sentences
from api.cli.permitting import declare
from api.cli.saying import show

app = typer.Typer(
    name="daybook",
    cls=Sentences,
    help="daybook records what points of sale say about each business day, and every later change, as facts.",
    epilog="Settings are environment variables that begin with DAYBOOK_, for example DAYBOOK_DATA_DIR.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
simulate = typer.Typer(
    help="Simulated outside systems, for trying things out; without a name, the point of sale.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
life = typer.Typer(
    help="The life of a connection, from its draft to its end.", no_args_is_help=True, rich_markup_mode=None
)
jobs = typer.Typer(
    help="A data import job: what it imports, when it runs, and what came of it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def _say_version(asked: bool) -> None:
    if asked:
        show(f"daybook {release()}")
        raise typer.Exit


@app.callback()
def callback(
    version: Annotated[
        bool, typer.Option("--version", help="Say which release this is.", is_eager=True, callback=_say_version)
    ] = False,
) -> None:
    """Answer what concerns daybook as a whole."""


def release() -> str:
    """The version of the installed package."""
    try:
        return metadata.version("daybook")
    except metadata.PackageNotFoundError:  # run from a tree that was never installed
        return "(not installed)"


app.command("demo")(demonstrating.demo)
app.command("init")(store.init)
app.command("systems")(systems.systems)
app.command("test-connection")(systems.examine)
app.command("connect", help=connection.CONNECT_HELP)(connection.connect)
app.command("add-location")(connection.add_locations)
app.command("configure")(configuring.configure)
app.command("locations")(connection.locations)
app.command("edit-location")(standing.edit_location_)
app.command("connections")(standing.connections)
life.command("show")(standing.show_connection)
life.command("draft")(making.draft)
life.command("test")(making.ask)
life.command("establish")(making.establish)
life.command("edit")(lives.edit)
life.command("rotate")(lives.rotate)
life.command("renew")(lives.renew)
life.command("share")(lives.share)
life.command("admin")(lives.admin)
life.command("suspend")(lives.suspend)
life.command("resume")(lives.resume)
life.command("disconnect")(lives.disconnect)
app.add_typer(life, name="connection")
app.command("companies")(standing.companies)
app.command("clients")(standing.clients)
app.command("add-client")(standing.add_client)
app.command("rename-client")(standing.rename_client)
app.command("poll")(day.poll)
app.command("repoll")(day.repoll)
app.command("sync")(syncing.sync)
app.command("objects")(objects.objects)
app.command("review-objects")(objects.review_objects)
app.command("import-jobs")(import_jobs.import_jobs)
jobs.command("show")(import_jobs.show_job)
jobs.command("add")(import_jobs.add)
jobs.command("change")(import_jobs.change)
jobs.command("schedule")(import_jobs.schedule)
jobs.command("run")(import_jobs.run_job)
jobs.command("continue")(import_jobs.continue_run)
jobs.command("end")(import_jobs.end)
app.add_typer(jobs, name="import-job")
app.command("import", help=importing.HELP)(importing.import_)
app.command("dss")(day.dss)
app.command("entries")(day.entries)
app.command("history")(day.history)
app.command("generations")(reading.generations)
app.command("compare")(reading.compare)
app.command("explain")(reading.explain)
app.command("trace")(reading.trace)
app.command("replay", help=replaying.HELP)(replaying.replay)
app.command("edit-punch")(overlaying.edit_punch)
app.command("add-punch")(overlaying.add_punch)
app.command("strike-punch")(overlaying.strike_punch)
app.command("deposit")(overlaying.deposit)
app.command("comment")(overlaying.comment)
app.command("tag")(overlaying.tag)
app.command("withdraw")(overlaying.withdraw)
app.command("entered")(conflicts.entered)
app.command("conflicts")(conflicts.conflicts)
app.command("resolve")(overlaying.resolve)
app.command("complete")(settling.complete)
app.command("approve")(settling.approve)
app.command("reopen")(settling.reopen)
app.command("late-changes")(approvals.late_changes)
app.command("closing")(approvals.closing)
app.command("delete")(keeping.delete)
app.command("confirm-closed")(keeping.confirm_closed)
app.command("schedule")(scheduling.schedule)
app.command("import-schedule", help=scheduling.HELP)(scheduling.import_schedule)
app.command("publish-schedule")(scheduling.publish_schedule)
app.command("due")(keeping.due)
app.command("worker")(working.worker)
app.command("accounts")(accounts.accounts)
app.command("users")(people.users)
app.command("add-user")(people.add_user)
app.command("change-user")(people.change_user)
app.command("link-user")(people.link_user)
app.command("disable-user")(people.disable_user)
app.command("set-password")(people.set_password)
app.command("keys")(keys.keys)
app.command("issue-key")(keys.issue_key)
app.command("revoke-key")(keys.revoke_key)
app.command("reveal")(persons.reveal)
app.command("find-employee")(persons.find_employee)
app.command("pull")(personnel.pull)
app.command("hr-employees")(personnel.hr_employees)
app.command("employee-matches")(personnel.matches)
app.command("hr-employee")(personnel.beside)
app.command("link-employee")(personnel.link_employee)
app.command("unlink-employee")(personnel.unlink_employee)
app.command("readings")(persons.readings)
app.command("export-person")(persons.export)
app.command("forget")(persons.forget)
app.command("forget-hr-employee")(persons.forget_hr_employee)
app.command("hold")(persons.hold)
app.command("retention")(persons.retention)
app.command("shred")(persons.shred)
app.command("rotate-key")(rotating.rotate_key)
app.command("rebuild")(store.rebuild)
app.command("check")(store.check)
app.command("serve")(server.serve)
simulate.callback()(simulating.simulate_default)
simulate.command("tray")(simulating.simulate_tray)
simulate.command("sage-intacct")(simulating.simulate_intacct)
simulate.command("24sevenoffice")(simulating.simulate_office)
simulate.command("scim")(simulating.simulate_scim)
simulate.command("webhook")(simulating.simulate_webhook)
app.add_typer(simulate, name="simulate")
declare(app)


def main() -> None:
    """The console command ``daybook``."""
    for stream in (sys.stdout, sys.stderr):
        # Names have accents; a terminal or pipe that cannot show one gets a question mark, not a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app()
