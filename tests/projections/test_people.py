"""Users and API keys as the view shows them."""

import datetime as dt

import pytest

from domain.facts import (
    IdentityLinked,
    IdentityUnlinked,
    KeyIssued,
    KeyRevoked,
    PasswordSet,
    UserAdded,
    UserChanged,
    UserDisabled,
    UserEnabled,
    UserInvited,
)
from domain.facts.people import PeopleFact
from domain.identifiers import PeopleId
from domain.ports.journal import Recording
from projections.catching_up import catch_up
from projections.people import api_keys, find_member, members
from projections.rebuilding import rebuild
from projections.tracing import trace
from tests.projections.stage import Stage

UNTIL = dt.datetime(2026, 11, 9, 12, tzinfo=dt.UTC)
STORY: tuple[PeopleFact, ...] = (
    UserAdded("owner", "Owner", ("full-access",)),
    UserInvited("owner", "i1", UNTIL),
    UserAdded("berta", "Berta", ("manager",), ("pier",)),
    UserInvited("berta", "i2", UNTIL),
    PasswordSet("owner", "p1", "i1"),
    KeyIssued("k1", "nightly", ("auditor",), 7, UNTIL, "user:owner", ("pier",)),
    KeyIssued("k2", "sync", ("pos-sync",), 7, UNTIL, "user:owner"),
    IdentityLinked("owner", "https://id.example", "s-1"),
    IdentityLinked("owner", "https://id.example", "s-2"),
    IdentityUnlinked("owner", "https://id.example", "s-1"),
    KeyRevoked("k2"),
    UserChanged("berta", "Berta B.", ("auditor",), ("pier", "quay")),
    UserDisabled("berta"),
    UserDisabled("owner"),
    UserEnabled("owner"),
    KeyRevoked("k-unknown"),
)


@pytest.mark.parametrize("together", [True, False])
def test_users_and_keys_as_they_stand(stage: Stage, together: bool) -> None:
    """In whatever batches the facts are read: names, roles, locations, how they sign in, and until when keys stand."""
    stream = PeopleId("C1").stream
    for version, fact in enumerate(STORY):
        stage.record(Recording(stream, version, (fact,)), actor="cli:anna")
        if not together:
            catch_up(stage.engine, stage.journal)
    stage.record(Recording(PeopleId("C2").stream, 0, (UserAdded("owner", "Other", ("manager",)),)), actor="cli:carl")
    catch_up(stage.engine, stage.journal)
    berta, owner = members(stage.engine, "C1")
    assert (berta.name, berta.roles, berta.locations, berta.enabled) == (
        "Berta B.",
        ["auditor"],
        ["pier", "quay"],
        False,
    )
    assert (berta.with_password, berta.invited_until, berta.identities) == (False, None, [])
    assert (owner.name, owner.roles, owner.locations, owner.enabled) == ("Owner", ["full-access"], None, True)
    assert (owner.with_password, owner.invited_until) == (True, None)
    assert owner.identities == [["https://id.example", "s-2"]]
    assert owner.added_at is not None
    assert owner.changed_at is not None
    assert owner.added_at <= owner.changed_at
    assert (berta.version, owner.version) == (13, 15)
    assert (owner.added_by, owner.changed_by) == ("cli:anna", "cli:anna")
    k1, k2 = api_keys(stage.engine, "C1")
    assert (k1.name, k1.roles, k1.locations, k1.expires_at) == ("nightly", ["auditor"], ["pier"], UNTIL)
    assert (k1.issued_by, k1.revoked_at, k1.revoked_by) == ("user:owner", None, "")
    assert (k2.locations, k2.revoked_at is None, k2.revoked_by) == (None, False, "cli:anna")
    assert find_member(stage.engine, "C1", "nobody") is None
    other = find_member(stage.engine, "C2", "owner")
    assert other is not None
    assert (other.name, api_keys(stage.engine, "C2")) == ("Other", [])
    assert [row.login for row in members(stage.engine, "C1", after="berta", limit=1)] == ["owner"]
    told = {
        id_: [(one.meaning, one.facts) for one in trace(stage.engine, stage.journal, "C1", id_)]
        for id_ in ("k1", "berta")
    }
    assert told == {"k1": [("API key", 1)], "berta": [("user", 4)]}
    before = stage.dump()
    rebuild(stage.engine, stage.journal)
    assert stage.dump() == before
