"""The permission matrix, as the documentation prints it: ``python -m api.http.matrix`` writes it to standard output."""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from api.cli.permitting import COMMANDS
from api.http.application import ROUTERS
from api.http.permitting import declarations
from domain.permissions import ROLES, Permission

_YES: Final = "●"
_HEAD: Final = """\
# Who may do what

Made from the code by `python -m api.http.matrix > docs/PERMISSIONS.md`; a test holds it to that.

Permissions come from roles, of which somebody may have several; where, from the locations that they were given. What
is not of their locations is answered as what does not exist, and so is everything of another client. Where a route or
a command names several permissions, one of them is enough to begin, and what is asked says which one it takes.
"""


def permission_matrix() -> str:
    """Permissions, routes and commands by role, in Markdown."""
    return "\n".join([_HEAD, *_permissions(), "", *_routes(), "", *_commands(), ""])


def _permissions() -> Iterator[str]:
    yield "## Permissions"
    yield ""
    yield from _table("permission", [(f"`{one.value}`", [one]) for one in Permission])


def _routes() -> Iterator[str]:
    yield "## Routes"
    yield ""
    known = declarations([route for router in ROUTERS for route in router.routes])
    free = {(method, path): declared for (method, path), declared in known.items() if declared.word}
    for word, title in (("public", "For everybody"), ("signed-in", "For everybody who is signed in")):
        named = [f"`{method} {path}`" for (method, path), declared in free.items() if declared.word == word]
        yield f"{title}: {', '.join(named)}."
        yield ""
    rows = [
        (f"`{method} {path}`", list(declared.permissions))
        for (method, path), declared in known.items()
        if not declared.word
    ]
    yield from _table("route", rows, takes=True)


def _commands() -> Iterator[str]:
    yield "## Commands"
    yield ""
    yield "What takes `store.operate` is for whoever sits at the machine, and asks for no role: they have the files."
    yield ""
    yield from _table("command", [(f"`daybook {name}`", list(asked)) for name, asked in COMMANDS.items()], takes=True)


def _table(what: str, rows: Sequence[tuple[str, Sequence[Permission]]], *, takes: bool = False) -> Iterator[str]:
    head = [what, *(["takes"] if takes else []), *ROLES]
    yield _row(head)
    yield _row(["---"] * len(head))
    for name, wanted in rows:
        told = [", ".join(f"`{one.value}`" for one in wanted)] if takes else []
        yield _row([name, *told, *[_YES if any(one in given for one in wanted) else "" for given in ROLES.values()]])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main(write: Callable[[str], object] = sys.stdout.write) -> None:
    """Write the matrix."""
    write(permission_matrix())


if __name__ == "__main__":
    main()
