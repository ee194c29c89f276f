"""Users and API keys, as they stand."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import Table, select

from domain.facts import Entry
from domain.facts.people import (
    IdentityLinked,
    IdentityUnlinked,
    KeyIssued,
    PasswordSet,
    PeopleFact,
    UserAdded,
    UserChanged,
    UserDisabled,
    UserEnabled,
    UserFact,
    UserInvited,
)
from domain.identifiers import client_of
from projections.batches import Batch
from projections.tables import api_key, member
from projections.views.view import View
from projections.words import instant_text, json_text
from projections.writing import Writer, as_row

Fields = dict[str, Any]

_NEW_MEMBER: Final[Fields] = {
    "name": "",
    "roles_json": "[]",
    "locations_json": "null",
    "enabled": True,
    "with_password": False,
    "invited_until": "",
    "identities_json": "[]",
    "added_at": "",
    "added_by": "",
}


def project(batch: Batch, writer: Writer) -> None:
    """Bring both tables up to date, from every fact about people."""
    members: dict[tuple[str, str], Fields] = {}
    keys: dict[tuple[str, str], Fields] = {}
    for entry in batch.entries:
        fact, client = entry.fact, client_of(entry.stream)
        if not isinstance(fact, PeopleFact):
            continue
        if isinstance(fact, UserFact):
            fields = _known(members, writer, member, client, fact.login) or {
                "client": client,
                "login": fact.login,
                **_NEW_MEMBER,
            }
            stamped = _stamped(entry, "changed") | {"version": entry.version}
            members[client, fact.login] = fields | _of_member(fields, fact, entry) | stamped
        elif isinstance(fact, KeyIssued):
            keys[client, fact.key] = _issued(client, fact, entry)
        elif (known := _known(keys, writer, api_key, client, fact.key)) is not None:
            keys[client, fact.key] = known | _stamped(entry, "revoked")
    writer.put(member, [as_row(member, fields) for _, fields in sorted(members.items())])
    writer.put(api_key, [as_row(api_key, fields) for _, fields in sorted(keys.items())])


def _known(
    touched: Mapping[tuple[str, str], Fields], writer: Writer, table: Table, client: str, id_: str
) -> Fields | None:
    """The row as of now, from the batch or the table."""
    if (client, id_) in touched:
        return touched[client, id_]
    first, second = table.primary_key.columns
    found = writer.execute(select(table).where(first == client, second == id_)).mappings().first()
    return None if found is None else dict(found)


def _stamped(entry: Entry, what: str) -> Fields:
    return {
        f"{what}_at": instant_text(entry.recorded_at),
        f"{what}_by": entry.provenance.actor,
        "position": entry.position,
    }


def _of_member(fields: Fields, fact: UserFact, entry: Entry) -> Fields:
    """The columns that a fact changes."""
    match fact:
        case UserAdded():
            added = {"added_at": instant_text(entry.recorded_at), "added_by": entry.provenance.actor}
            return _granted(fact) | added
        case UserChanged():
            return _granted(fact)
        case UserDisabled():
            return {"enabled": False, "invited_until": ""}
        case UserEnabled():
            return {"enabled": True}
        case UserInvited():
            return {"invited_until": instant_text(fact.expires_at)}
        case PasswordSet():
            return {"with_password": True, "invited_until": ""}
        case IdentityLinked() | IdentityUnlinked():
            return {"identities_json": _linked(fields["identities_json"], fact)}


def _granted(fact: UserAdded | UserChanged | KeyIssued) -> Fields:
    return {
        "name": fact.name,
        "roles_json": json_text(fact.roles),
        "locations_json": json_text(fact.locations),
    }


def _linked(text: str, fact: IdentityLinked | IdentityUnlinked) -> str:
    identity = [fact.issuer, fact.subject]
    others = [one for one in msgspec.json.decode(text) if one != identity]
    return json_text([*others, identity] if isinstance(fact, IdentityLinked) else others)


def _issued(client: str, fact: KeyIssued, entry: Entry) -> Fields:
    return {
        "client": client,
        "key": fact.key,
        **_granted(fact),
        "issued_at": instant_text(entry.recorded_at),
        "issued_by": fact.issued_by,
        "expires_at": instant_text(fact.expires_at),
        "revoked_at": "",
        "revoked_by": "",
        "position": entry.position,
    }


VIEW: Final = View("people", (member, api_key), project)
