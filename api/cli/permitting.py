"""What each command takes: every one is in this table, or the command line does not start."""

import functools
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

import typer

from api.refusals import NoSuchLocation
from domain.permissions import NotPermitted, Permission, Rights

_CONNECTING: Final = (Permission.CONNECT_POS, Permission.CONNECT_ERP)
_STEWARDING: Final = (*_CONNECTING, Permission.MANAGE_CLIENT)

COMMANDS: Final[Mapping[str, tuple[Permission, ...]]] = {
    "demo": (Permission.OPERATE,),
    "init": (Permission.OPERATE,),
    "connect": _CONNECTING,
    "connections": (Permission.READ_CONNECTIONS,),
    "connection show": (Permission.READ_CONNECTIONS,),
    "connection draft": _CONNECTING,
    "connection test": _CONNECTING,
    "connection establish": _CONNECTING,
    "connection edit": _CONNECTING,
    "connection rotate": _CONNECTING,
    "connection renew": _CONNECTING,
    "connection share": _CONNECTING,
    "connection admin": _STEWARDING,
    "connection suspend": _STEWARDING,
    "connection resume": _STEWARDING,
    "connection disconnect": _STEWARDING,
    "companies": (Permission.READ_CONNECTIONS,),
    "clients": (Permission.OPERATE,),
    "add-client": (Permission.OPERATE,),
    "rename-client": (Permission.MANAGE_CLIENT,),
    "edit-location": (Permission.MANAGE_CLIENT,),
    "systems": (Permission.READ_CONNECTIONS,),
    "test-connection": (Permission.CONNECT_POS, Permission.CONNECT_ERP),
    "add-location": (Permission.CONNECT_POS,),
    "configure": (Permission.READ_CONNECTIONS, Permission.CONNECT_POS),
    "locations": (Permission.READ, Permission.READ_CONNECTIONS),
    "poll": (Permission.POLL,),
    "repoll": (Permission.POLL,),
    "sync": (Permission.POLL, Permission.SYNCHRONIZE),
    "objects": (Permission.READ, Permission.SYNCHRONIZE),
    "review-objects": (Permission.SYNCHRONIZE,),
    "import-jobs": (Permission.READ_CONNECTIONS,),
    "import-job show": (Permission.READ_CONNECTIONS,),
    "import-job add": (Permission.RUN_JOBS,),
    "import-job change": (Permission.RUN_JOBS,),
    "import-job schedule": (Permission.RUN_JOBS,),
    "import-job run": (Permission.RUN_JOBS,),
    "import-job continue": (Permission.RUN_JOBS,),
    "import-job end": (Permission.RUN_JOBS,),
    "import": (Permission.IMPORT,),
    "dss": (Permission.READ,),
    "entries": (Permission.READ,),
    "history": (Permission.READ_HISTORY,),
    "generations": (Permission.READ_HISTORY,),
    "compare": (Permission.READ_HISTORY,),
    "explain": (Permission.READ_HISTORY,),
    "trace": (Permission.READ_HISTORY,),
    "replay": (Permission.READ_HISTORY,),
    "edit-punch": (Permission.EDIT_LABOR,),
    "add-punch": (Permission.EDIT_LABOR,),
    "strike-punch": (Permission.EDIT_LABOR,),
    "deposit": (Permission.ENTER,),
    "comment": (Permission.ENTER,),
    "tag": (Permission.ENTER,),
    "withdraw": (Permission.EDIT_LABOR, Permission.ENTER),
    "entered": (Permission.READ,),
    "conflicts": (Permission.READ,),
    "resolve": (Permission.EDIT_LABOR, Permission.ENTER),
    "complete": (Permission.COMPLETE,),
    "approve": (Permission.APPROVE,),
    "reopen": (Permission.REOPEN,),
    "late-changes": (Permission.READ,),
    "closing": (Permission.READ,),
    "delete": (Permission.DELETE,),
    "confirm-closed": (Permission.COMPLETE,),
    "schedule": (Permission.READ, Permission.READ_HISTORY),
    "import-schedule": (Permission.EDIT_SCHEDULES,),
    "publish-schedule": (Permission.EDIT_SCHEDULES,),
    "due": (Permission.READ,),
    "worker": (Permission.OPERATE,),
    "accounts": (Permission.READ, Permission.MAP_ACCOUNTS),
    "users": (Permission.MANAGE_PEOPLE,),
    "add-user": (Permission.MANAGE_PEOPLE,),
    "change-user": (Permission.MANAGE_PEOPLE,),
    "link-user": (Permission.MANAGE_PEOPLE,),
    "disable-user": (Permission.MANAGE_PEOPLE,),
    "set-password": (),
    "keys": (Permission.MANAGE_PEOPLE,),
    "issue-key": (Permission.MANAGE_PEOPLE,),
    "revoke-key": (Permission.MANAGE_PEOPLE,),
    "reveal": (Permission.REVEAL,),
    "find-employee": (Permission.REVEAL,),
    "pull": (Permission.CONNECT_ERP,),
    "hr-employees": (Permission.READ,),
    "employee-matches": (Permission.READ,),
    "hr-employee": (Permission.READ,),
    "link-employee": (Permission.CONNECT_ERP,),
    "unlink-employee": (Permission.CONNECT_ERP,),
    "readings": (Permission.READ_HISTORY,),
    "export-person": (Permission.REVEAL,),
    "forget": (Permission.ERASE,),
    "forget-hr-employee": (Permission.ERASE,),
    "hold": (Permission.ERASE,),
    "retention": (Permission.ERASE,),
    "shred": (Permission.ERASE,),
    "rotate-key": (Permission.OPERATE,),
    "rebuild": (Permission.OPERATE,),
    "check": (Permission.OPERATE,),
    "serve": (Permission.OPERATE,),
    "simulate tray": (Permission.OPERATE,),
    "simulate sage-intacct": (Permission.OPERATE,),
    "simulate 24sevenoffice": (Permission.OPERATE,),
    "simulate scim": (Permission.OPERATE,),
    "simulate webhook": (Permission.OPERATE,),
}
"""One of them is enough to begin; the command behind it asks for the one that it takes, where it changes something."""


@dataclass(frozen=True, slots=True)
class Running:
    """The command that is running.

    Attributes:
        permissions: any of which it takes.
        location: that it was told to be about; empty: none, or several.
    """

    permissions: tuple[Permission, ...] = ()
    location: str = ""


_RUNNING: Final[ContextVar[Running]] = ContextVar("_RUNNING", default=Running())  # noqa: B039 - it never changes


class UndeclaredCommand(Exception):
    """A command does not say which permission it takes: a fault in daybook, which does not start so."""


def declare(app: typer.Typer, within: str = "") -> None:
    """Let every command of an application, and of the groups in it, know what it takes.

    Raises:
        UndeclaredCommand: one of them is not in :data:`COMMANDS`.
    """
    for command in app.registered_commands:
        name = f"{within}{command.name}"
        if name not in COMMANDS:
            raise UndeclaredCommand(f"`daybook {name}` declares no permission: name it in api/cli/permitting.py.")
        assert command.callback is not None  # noqa: S101 - what is registered can be called
        command.callback = _declared(command.callback, COMMANDS[name])
    for group in app.registered_groups:
        assert group.typer_instance is not None  # noqa: S101 - likewise
        declare(group.typer_instance, f"{within}{group.name} ")


def _declared(callback: Callable[..., Any], permissions: tuple[Permission, ...]) -> Callable[..., Any]:
    @functools.wraps(callback)
    def run(*arguments: Any, **options: Any) -> Any:
        location = options.get("location")
        token = _RUNNING.set(Running(permissions, location if isinstance(location, str) else ""))
        try:
            return callback(*arguments, **options)
        finally:
            _RUNNING.reset(token)

    return run


def check_running(rights: Rights) -> None:
    """Go on, if the command that is running may be begun with these rights, at the location that it names.

    Looking after the installation is not asked for: whoever runs these commands has the files already. With the key of
    somebody who has some locations only they are refused, because they concern all of them.

    Raises:
        NotPermitted: the roles do not give what it takes.
        NoSuchLocation: the location is none of theirs, or there is none of that id: nobody can tell.
    """
    running = _RUNNING.get()
    wanted = running.permissions
    if running.location and not rights.reach(running.location):
        named = running.location[:80]
        raise NoSuchLocation(f"There is no location {named!r} here: `daybook locations` lists those that there are.")
    operating = Permission.OPERATE in wanted and rights.locations is None
    if not wanted or operating or any(one in rights.permissions for one in wanted):
        return
    names = " or ".join(repr(one.value) for one in wanted)
    roles = ", ".join(repr(role) for role in rights.roles) or "none"
    raise NotPermitted(f"This takes the permission {names}, which the roles ({roles}) do not give.")
