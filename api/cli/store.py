"""Commands on the store as a whole: init, rebuild, check."""

from typing import Annotated

import typer

from api import people
from api.cli.options import AsJson, opened_for, settings_for
from api.cli.people import show_secret
from api.cli.saying import progress_bar, remark, show, show_json
from api.composition import init_store, open_house, walls_of
from domain.people import INVITED_DAYS
from projections.catching_up import catch_up
from projections.integrity import ClaimedTwice, claimed_twice
from projections.rebuilding import rebuild as rebuild_views
from projections.views import ALL


def init(as_json: AsJson = False) -> None:
    """Make the store, or bring it to the schema of this release, and its first user, the owner.

    What is there already stays; the owner's one-time secret is shown once.
    """
    settings = settings_for()
    revision = init_store(settings)
    with open_house(settings) as opened:
        owner = people.make_owner(opened)
    where = "the database of DAYBOOK_DATABASE_URL" if settings.database_url else str(settings.data_dir)
    walls = walls_of(settings)
    if as_json:
        first = None if owner is None else {"login": people.OWNER, "secret": owner.secret}
        told = {"revision": revision, "store": where, "key_file": str(settings.key_path)}
        show_json({**told, "owner": first, "walls": walls})
        return
    show(f"The store in {where} is ready, at schema {revision}.")
    if owner is not None:
        show_secret(owner.secret, people.OWNER, f"for {INVITED_DAYS} days")
    if walls not in {"up", "not on this database"}:
        remark(
            f"Row-level security between clients is off ({walls}): the README says what an administrator has to grant; "
            "then run `daybook init` once more."
        )
    key = "the key of DAYBOOK_ROOT_KEY" if settings.root_key else settings.key_path
    remark(f"Keep a copy of {key} elsewhere: without it personal data and keys cannot be read any more.")


def rebuild(
    view: Annotated[
        str | None,
        typer.Argument(metavar="[VIEW]", help=f"One of {', '.join(view.name for view in ALL)}; all without it."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Build views anew from the log, beside the ones in use, and put them in their place."""
    with opened_for() as opened, progress_bar("positions of the log") as progress:
        task = progress.add_task("Rebuilding", total=opened.journal.head())
        position = rebuild_views(
            opened.engine,
            opened.journal,
            None if view is None else [view],
            lambda reached, goal: progress.update(task, completed=reached, total=goal),
        )
    names = [view] if view else [known.name for known in ALL]
    if as_json:
        show_json({"views": names, "position": position})
    else:
        show(f"Rebuilt {', '.join(names)} up to position {position}.")


def check(as_json: AsJson = False) -> None:
    """Recompute the seals of the whole journal from the stored facts, and look for tickets that two days claim.

    Exit code 1 when a seal does not fit, or a ticket is on two business days.
    """
    twice: list[ClaimedTwice] = []
    with opened_for() as opened:
        found = opened.journal.verify()
        if not found.faults:  # damaged facts might stop the views, and say less
            catch_up(opened.engine, opened.journal)
            twice = claimed_twice(opened.engine)
    if as_json:
        show_json(
            {
                "sound": not found.faults and not twice,
                "commits": found.commits,
                "facts": found.facts,
                "faults": list(found.faults),
                "claimed_twice": [alert.sentence for alert in twice],
                "head": found.head,
            }
        )
    else:
        for sentence in [*found.faults, *[alert.sentence for alert in twice]]:
            show(sentence)
        state = "does not fit its seals" if found.faults else "fits its seals"
        show(f"The journal {state}: {found.commits} commits, {found.facts} facts, head {found.head[:16] or 'none'}.")
    if found.faults or twice:
        raise typer.Exit(1)
