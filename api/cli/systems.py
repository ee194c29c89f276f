"""Commands on the catalogue: systems, and test-connection."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from adapters.forms import fill
from api.catalogue import found_systems, plain_system, plain_whole_system
from api.cli.choosing import fields_given
from api.cli.connecting import SECRET_VARIABLE, NoKey, read_file
from api.cli.options import AsJson, Client, intent_of, opened_for
from api.cli.saying import remark, show, show_json
from api.composition import OpenHouse
from api.plain_systems import plain_examined
from api.refusals import UnreadableFile
from domain.commands.examine_system import Examined, ExamineSystem, examine_system
from domain.forms import BadForm, Form, fields_of, secret_fields
from domain.permissions import Asked, Permission, rights_of
from domain.ports.source import System
from domain.ports.systems import KINDS

_EXAMPLE: Final = '{"environment": "https://kernel.tray.com", "venues": ["V100"]}'


def systems(
    query: Annotated[
        str, typer.Argument(metavar="[QUERY]", help="Words to look for; with --form the key of a system.")
    ] = "",
    *,
    form: Annotated[bool, typer.Option("--form", help="Show what the system of this key asks for.")] = False,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """List the systems that can be connected, or show the form of one."""
    with opened_for(client) as opened:
        who = Asked(
            opened.settings.who, rights_of(opened.settings.role), Permission.READ_CONNECTIONS, opened.settings.client
        )
        opened.house.permit(who)
        if form:
            _show_form(opened.house.system(query), as_json=as_json)
            return
        found = found_systems(opened.house.systems, query)
        broken = [{"name": name, "reason": reason} for name, reason in sorted(opened.broken_systems.items())]
    if as_json:
        show_json({"data": [plain_system(system) for system in found], "broken": broken})
        return
    for system in found:
        profile = system.profile
        show(f"{system.key:<16} {system.title} ({KINDS[profile.kind]}): {profile.summary}")
    if not found:
        remark(f"No system has {query!r}: `daybook systems` lists all of them.")


def _show_form(system: System, *, as_json: bool) -> None:
    if as_json:
        show_json(plain_whole_system(system))
        return
    profile = system.profile
    show(f"{system.title} ({KINDS[profile.kind]}). {profile.form.get('description', profile.summary)}")
    for name, field in fields_of(profile.form).items():
        secret = ", secret" if field.get("writeOnly") else ""
        show(f"  {name}{secret}: {field.get('title', name)}. {field.get('description', '')}".rstrip())
        hint = field.get("x-hint")
        if hint:
            show(f"    {hint}")
    if profile.renewal_days is not None:
        show(f"To be renewed every {profile.renewal_days} days.")
    if profile.help_url:
        show(f"Help: {profile.help_url}")


def examine(
    system: Annotated[str, typer.Argument(metavar="SYSTEM", help="The key of a system; see `daybook systems`.")],
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.json]", help="The form filled in, without secrets, as a JSON file.")
    ] = None,
    *,
    fields: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="A field of the form, over the file; may be repeated."),
    ] = None,
    key_env: Annotated[
        list[str] | None,
        typer.Option(metavar="[FIELD=]VARIABLE", help="The environment variable that holds a secret."),
    ] = None,
    key_file: Annotated[
        list[str] | None, typer.Option(metavar="[FIELD=]PATH", help="The file that holds a secret.")
    ] = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Test credentials by really calling the system; nothing is recorded.

    Secrets come from variables, files, DAYBOOK_SECRET or a prompt, never from the command line.
    """
    with opened_for(client) as opened:
        form = opened.house.system(system).profile.form
        given = {} if file is None else read_file(file, dict[str, Any], "a form that is filled in", _EXAMPLE)
        given |= fields_given(form, fields or [])
        hidden = secret_fields(form)
        if hidden & given.keys():
            raise typer.BadParameter(
                f"{min(hidden & given.keys())!r} is a secret: give it with --key-env, --key-file or {SECRET_VARIABLE}."
            )
        values = {**given, **_secrets(form, given, key_env or [], key_file or [])}
        examined = _examine(opened, system, values)
    if as_json:
        show_json(plain_examined(system, examined))
    else:
        _tell(examined)
    if examined.failure is not None:
        raise typer.Exit(1)


def _examine(opened: OpenHouse, system: str, values: Mapping[str, Any]) -> Examined:
    filled = fill(opened.house.system(system).profile.form, values)
    return examine_system(ExamineSystem(opened.settings.client, system, filled, intent_of(opened, "")), opened.house)


def _tell(examined: Examined) -> None:
    if examined.failure is not None:
        remark(f"daybook: {examined.failure.message}")
    if examined.examination is None:
        return
    show(f"The credentials are valid at {examined.examination.environment}. They see:")
    for company in examined.examination.companies:
        show(f"  {company.name} ({company.organization})")
        for place in company.places:
            ids = ", ".join(f"{name} {value}" for name, value in sorted(place.source.items()))
            show(f"    {place.name}: {ids}{', ' if place.zone else ''}{place.zone}")


def _secrets(form: Form, given: Mapping[str, Any], variables: list[str], files: list[str]) -> dict[str, str]:
    """The secrets of a form, from where they are said to be; one that is required is asked for at a terminal."""
    hidden = sorted(secret_fields(form))
    found = {name: _of_variable(place) for name, place in _named(hidden, variables)}
    found |= {name: _of_file(Path(place)) for name, place in _named(hidden, files)}
    missing = _missing(form, {**given, **found}, hidden)
    if len(missing) == 1 and os.environ.get(SECRET_VARIABLE, "").strip():
        found[missing.pop()] = os.environ[SECRET_VARIABLE].strip()
    for name in missing:
        if not sys.stdin.isatty():
            raise NoKey(
                f"Give the secret {name!r} with --key-env, --key-file or {SECRET_VARIABLE}; no terminal to ask."
            )
        found[name] = typer.prompt(fields_of(form)[name].get("title", name), hide_input=True, err=True)
    return found


def _missing(form: Form, given: Mapping[str, Any], hidden: list[str]) -> list[str]:
    """The secrets that the form still asks for.

    Raises:
        BadForm: something else is wrong, so that nobody is asked for a secret in vain.
    """
    try:
        fill(form, given)
    except BadForm as refusal:
        others = [problem for problem in refusal.problems if problem.field not in hidden or problem.field in given]
        if others:
            raise BadForm(others) from None
        return [problem.field for problem in refusal.problems]
    return []


def _named(hidden: list[str], texts: list[str]) -> list[tuple[str, str]]:
    pairs = []
    for text in texts:
        name, equals, place = text.partition("=")
        if not equals and len(hidden) == 1:
            name, place = hidden[0], text
        if name not in hidden or not place:
            known = ", ".join(hidden) or "none"
            raise typer.BadParameter(f"{text[:80]!r}: write FIELD=… with a secret of the form ({known}).")
        pairs.append((name, place))
    return pairs


def _of_variable(variable: str) -> str:
    secret = os.environ.get(variable, "").strip()
    if not secret:
        raise NoKey(f"The environment variable {variable} holds no secret.")
    return secret


def _of_file(path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"The file {path} cannot be read: {error}.") from None
