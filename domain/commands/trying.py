"""Trying an address and a secret at a source: what comes of it is a fact either way."""

import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

from domain.commands.connect_system import NeedsNoAddress
from domain.commands.examine_system import hasty
from domain.commands.loading import load_connection
from domain.connection import Connection
from domain.connection.companies import fingerprint
from domain.connection.living import check_unchanged
from domain.facts import ConnectionDrafted, ConnectionTested, CredentialsRotated
from domain.facts.life import TestOf
from domain.forms import ENVIRONMENT, filled_of, partly
from domain.identifiers import ConnectionId
from domain.names import is_line
from domain.ports.examining import Examination, examine, secret_fields
from domain.ports.house import House
from domain.ports.source import BadEndpoint, SourceFailure, System
from domain.refusals import NotFound, Refusal

MOST_VALUES: Final = 100
"""Fields that a form may have filled in."""

MOST_VALUE_BYTES: Final = 16_384

MOST_NESTING: Final = 20
"""Lists and objects in each other, in what is filled in of a form."""

LONGEST_ADDRESS: Final = 2_000

_LONGEST_MESSAGE: Final = 500


class BadValues(Refusal):
    """What was filled in of a form cannot be kept: it is too much, holds a secret, or lacks the one that it needs."""


def tried(
    house: House,
    system: System,
    of: TestOf,
    *,
    environment: str,
    values: Mapping[str, Any],
    secret: str,
    version: int,
) -> ConnectionTested:
    """The fact of a test.

    Args:
        house: the ports.
        system: whose source is asked.
        of: what is tried.
        environment: the address.
        values: what was filled in of the form.
        secret: in clear.
        version: of the secret.

    Raises:
        BadForm: the form is not filled in as it asks; nobody is asked.
    """
    filled = filled_of(system.profile.form, environment, values, secret)
    house.fits(system.profile.form, {**filled.plain, **filled.secrets})
    try:
        found = _plain(examine(system, environment, values, secret, house, hasty(house.limits)))
    except SourceFailure as failure:
        return _failed(of, environment, version, failure.failure, failure.message)
    except BadEndpoint as refusal:
        return _failed(of, environment, version, "bad-endpoint", str(refusal))
    return ConnectionTested(
        of,
        passed=True,
        credential_version=version,
        environment=environment,
        identity=fingerprint(found.identity),
        companies=tuple(sorted(set(found.companies), key=lambda company: company.organization)),
        venues=tuple(sorted(found.venues, key=lambda venue: (sorted(venue.source.items()), venue.organization))),
        asked=found.asked,
    )


def _plain(found: Examination) -> Examination:
    """What the source says, if it can be kept and shown.

    Raises:
        SourceFailure: a name or id is too long, or no text on one line.
    """
    texts = [text for company in found.companies for text in (company.organization, company.name)]
    for venue in found.venues:
        texts += [venue.name, venue.organization, *venue.source, *venue.source.values()]
    if all(map(is_line, texts)) and all(company.organization for company in found.companies):
        return found
    raise SourceFailure("malformed", "The source lists a company or venue whose id or name cannot be read.")


def _failed(of: TestOf, environment: str, version: int, failure: str, message: str) -> ConnectionTested:
    return ConnectionTested(
        of,
        passed=False,
        credential_version=version,
        environment=environment,
        failure=failure,
        message=message[:_LONGEST_MESSAGE],
    )


def secret_of(house: House, connection_id: ConnectionId, connection: Connection) -> str:
    """The secret in use, in clear; empty where there is none.

    Raises:
        ChangedMeanwhile: it is no longer in use, and destroyed.
    """
    if not connection.secret:
        return ""
    try:
        return house.vault.secret(connection_id.client, connection.secret)
    except NotFound:
        check_unchanged(load_connection(house.journal, connection_id), connection.life.revision)
        raise


def same_secret(house: House, client: str, fact: ConnectionDrafted | CredentialsRotated, given: str) -> bool:
    """The secret that a fact names is just this one."""
    if not fact.secret:
        return not given
    # By the fingerprint: the secret itself is destroyed once another took its place.
    return bool(given) and hmac.compare_digest(house.vault.fingerprint(client, given), fact.credential)


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Form values in the form that facts keep them in: JSON, fields in order.

    Raises:
        BadValues: they are no JSON that can be kept, or too much of it.
    """
    if _is_deeper(values, MOST_NESTING):
        raise BadValues(f"The form's values are nested deeper than {MOST_NESTING} levels.")
    try:
        text = json.dumps(dict(values), allow_nan=False, sort_keys=True, ensure_ascii=False).encode()
    except (ValueError, TypeError, RecursionError):
        raise BadValues("The form's values hold something that JSON cannot say, or say for ever.") from None
    if len(text) > MOST_VALUE_BYTES:
        raise BadValues(f"The form's values are more than the {MOST_VALUE_BYTES} bytes that are kept.")
    kept: dict[str, Any] = json.loads(text)
    return kept


def _is_deeper(value: Any, most: int) -> bool:
    """Lists and objects stand in each other deeper than so many levels; looks no deeper than that."""
    level = [value]
    for _ in range(most):
        inner = [one.values() if isinstance(one, Mapping) else one for one in level]
        level = [child for held in inner for child in held if isinstance(child, Mapping | list)]
        if not level:
            return False
    return True


def checked_form(house: House, system: System, environment: str, values: Mapping[str, Any], secret: str) -> str:
    """The address as it is recorded, once what was filled in can be. It need not be everything that the form asks for.

    Raises:
        NeedsNoAddress: the system brings its days to daybook.
        BadValues: there is too much, or a secret where none may be.
        BadForm: a field does not fit, or there is no such field.
    """
    address = environment.strip().rstrip("/")
    if len(address) > LONGEST_ADDRESS or not address.isprintable():
        raise BadValues(f"An address is at most {LONGEST_ADDRESS} printable characters on one line.")
    if system.pushes and (address or secret):
        raise NeedsNoAddress(
            f"The system {system.key!r} brings its days to daybook: leave out the address and the key."
        )
    if len(values) > MOST_VALUES:
        raise BadValues(f"{len(values)} fields are more than the {MOST_VALUES} that a form may have.")
    secrets = sorted(secret_fields(system) & values.keys())
    if secrets:
        raise BadValues(f"The field {secrets[0]!r} is a secret: give it as the secret, which only the vault keeps.")
    house.fits(partly(system.profile.form), {**values, ENVIRONMENT: address} if address else values)
    return address
