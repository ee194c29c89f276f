"""The life of a connection: where it stands, who answers for it, and what its source lets it see."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, assert_never

from domain.facts import (
    AccessLost,
    AccessRegained,
    AdminChanged,
    Company,
    ConnectionDisconnected,
    ConnectionDrafted,
    ConnectionEdited,
    ConnectionEstablished,
    ConnectionRenewed,
    ConnectionResumed,
    ConnectionSuspended,
    ConnectionTested,
    CredentialsRotated,
    LifeFact,
    VisibilityChanged,
)
from domain.facts.life import Visibility

Stage = Literal["new", "draft", "established", "suspended", "disconnected"]
"""``new`` is before anything happened; ``disconnected`` is final."""


@dataclass(frozen=True, slots=True)
class Life:
    """Where a connection stands.

    Attributes:
        stage: in its life.
        revision: counts everything that was decided about it; readings of rosters and files do not count.
        maker: who made it; empty where that was not recorded.
        admin: who is responsible for it; empty: the operator.
        visibility: who else may edit it.
        values: what was filled in of the system's form, without secrets.
        credential_version: of the secret in use, from 1; 0 where there is none.
        test: the newest one that passed of what is in use; None where there is none.
        failed: the newest test, where it failed.
        companies: those that were chosen: name by the source's id.
        lost_companies: chosen ones that are no longer visible.
        lost_locations: ours that are no longer visible.
        valid_until: until when the source's grant is good; None where it does not end.
        reason: why it is suspended.
    """

    stage: Stage = "new"
    revision: int = 0
    maker: str = ""
    admin: str = ""
    visibility: Visibility = "private"
    values: Mapping[str, Any] = field(default_factory=dict)
    credential_version: int = 0
    test: ConnectionTested | None = None
    failed: ConnectionTested | None = None
    companies: Mapping[str, str] = field(default_factory=dict)
    lost_companies: frozenset[str] = frozenset()
    lost_locations: frozenset[str] = frozenset()
    valid_until: dt.datetime | None = None
    reason: str = ""

    @property
    def standing(self) -> bool:
        """It was established, and is not over."""
        return self.stage in {"established", "suspended"}


NEW_LIFE: Final = Life()


def established(life: Life, fact: ConnectionEstablished) -> Life:
    """The life after the connection was established."""
    return replace(
        life,
        stage="established",
        maker=life.maker or fact.maker,
        admin=fact.admin,
        visibility=fact.visibility,
        values=fact.values,
        credential_version=fact.credential_version if fact.credential else 0,
        companies=_named(fact.companies),
    )


def lived(life: Life, fact: LifeFact) -> Life:  # noqa: C901, PLR0911, PLR0912 - one case a fact, and no rule in any
    """The life after one more fact of it. Total: it accepts whatever was recorded, and guards nothing."""
    match fact:
        case ConnectionDrafted():
            version = 1 if fact.credential else 0
            return replace(
                life,
                stage="draft",
                maker=fact.maker,
                visibility=fact.visibility,
                values=fact.values,
                credential_version=version,
            )
        case ConnectionTested():
            return _tested(life, fact)
        case ConnectionEdited():
            return _edited(life, fact)
        case VisibilityChanged():
            return replace(life, visibility=fact.visibility)
        case CredentialsRotated():
            return replace(life, credential_version=fact.version, test=None)
        case ConnectionRenewed():
            return replace(life, valid_until=fact.valid_until)
        case ConnectionSuspended():
            return replace(life, stage="suspended", reason=fact.reason)
        case ConnectionResumed():
            return replace(life, stage="established", reason="")
        case ConnectionDisconnected():
            return replace(life, stage="disconnected", reason="")
        case AdminChanged():
            return replace(life, admin=fact.admin)
        case AccessLost():
            return replace(
                life,
                lost_companies=life.lost_companies | {*fact.companies},
                lost_locations=life.lost_locations | {*fact.locations},
            )
        case AccessRegained():
            return replace(
                life,
                lost_companies=life.lost_companies - {*fact.companies},
                lost_locations=life.lost_locations - {*fact.locations},
            )
        case _:
            assert_never(fact)


def _tested(life: Life, fact: ConnectionTested) -> Life:
    if fact.passed:
        return replace(life, test=fact, failed=None)
    # A change that was refused says nothing about what is in use.
    kept = life.test if fact.of in {"edit", "renewal"} else None
    return replace(life, test=kept, failed=fact)


def _edited(life: Life, fact: ConnectionEdited) -> Life:
    named = _named(fact.companies)
    # What was tested is no longer what is there; the test of an edit follows it in the same commit.
    test = life.test if life.test and (life.test.environment, life.values) == (fact.environment, fact.values) else None
    return replace(
        life, values=fact.values, companies=named, lost_companies=life.lost_companies & named.keys(), test=test
    )


def _named(companies: tuple[Company, ...]) -> dict[str, str]:
    return {company.organization: company.name for company in companies}
