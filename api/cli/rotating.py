"""The command `rotate-key`: a new root key, and everything that hangs on keys wrapped anew."""

from api.cli.options import AsJson, intent_of, opened_for
from api.cli.saying import progress_bar, remark, show, show_json
from api.composition import vault_of
from api.texts import counted
from domain.permissions import Permission


def rotate_key(as_json: AsJson = False) -> None:
    """Take a new root key and new keys of all clients into use; no fact is touched, and others may go on working.

    Interrupted, the next call finishes it. Afterwards the older root key opens nothing.
    """
    with opened_for() as opened, progress_bar("keys") as progress:
        opened.house.permit(intent_of(opened, "").asks(Permission.OPERATE, opened.settings.client))
        task = progress.add_task("Wrapping", total=None)
        vault = vault_of(opened.engine, opened.settings)
        done = vault.rotate(lambda reached, goal: progress.update(task, completed=reached, total=goal))
    if as_json:
        show_json({"clients": done.clients, "keys": done.keys, "secrets": done.secrets, "resumed": done.resumed})
        return
    counts = f"{counted(done.keys, 'key')} of persons and {counted(done.secrets, 'secret')} wrapped anew"
    show(f"{'The interrupted rotation is finished' if done.resumed else 'The root key is another one now'}: {counts}.")
    if opened.settings.root_key:
        remark("Give the new key in DAYBOOK_ROOT_KEY from now on, alone: the older one opens nothing.")
    else:
        remark(f"Keep a copy of {opened.settings.key_path} elsewhere, in place of the older one, which opens nothing.")
