"""Users, roles, one-time secrets, identities and API keys: who may give what to whom."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from domain.people import (
    MOST_KEYS,
    MOST_USERS,
    NOBODY,
    BadDays,
    BadIdentity,
    BadName,
    BadRole,
    IdentityTaken,
    LastManager,
    LoginTaken,
    MoreThanOwn,
    NoSuchKey,
    NoSuchUser,
    NotInvited,
    People,
    TooManyKeys,
    TooManyLocations,
    TooManyUsers,
    UserIsDisabled,
    decide_accept,
    decide_add,
    decide_change,
    decide_disable,
    decide_enable,
    decide_invite,
    decide_issue,
    decide_link,
    decide_password,
    decide_revoke,
    decide_unlink,
    fold,
)
from domain.people.naming import GIVEN_ROLES
from domain.people.state import known_rights
from domain.permissions import EVERYTHING, ROLES, Permission, Rights, rights_of
from domain.refusals import BadIdentifier, Refusal

NOW = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
WEEK = NOW + dt.timedelta(days=7)
OWNER = rights_of("full-access")
PIER = rights_of("full-access", locations=frozenset({"pier"}))

STAFF = (
    UserAdded("owner", "Owner", ("full-access",)),
    UserAdded("berta", "Berta", ("manager",), ("pier",)),
    UserAdded("paula", "Paula", ("payroll",)),
    UserDisabled("paula"),
    KeyIssued("k1", "report", ("auditor",), 30, NOW + dt.timedelta(days=30), "user:berta", ("pier",)),
    KeyIssued("k2", "sync", ("pos-sync",), 30, NOW + dt.timedelta(days=30), "user:owner"),
    KeyRevoked("k2"),
    IdentityLinked("owner", "https://id.example", "s-1"),
    UserInvited("berta", "i1", WEEK),
)
"""An owner, a manager of one location with an invitation, a disabled payroll user, and two keys."""


def people(*more: PeopleFact) -> People:
    """The staff, and what happened since."""
    return fold([*STAFF, *more])


Decide = Callable[[People], tuple[PeopleFact, ...]]


def add(login: str = "carl", giver: Rights = OWNER, **given_: Any) -> Decide:
    """Somebody is added."""
    return lambda known: decide_add(
        known, login, **{"roles": ["manager"], "giver": giver, "invitation": "i9", "now": NOW, **given_}
    )


def change(login: str, giver: Rights = OWNER, **given_: Any) -> Decide:
    """Somebody is changed."""
    return lambda known: decide_change(known, login, giver=giver, **given_)


def issue(giver: Rights = OWNER, **given_: Any) -> Decide:
    """A key is issued."""
    asked = {"name": "nightly", "roles": ["auditor"], "days": 90, "issued_by": "user:owner", "now": NOW, **given_}
    return lambda known: decide_issue(known, "k9", giver=giver, **asked)


def link(login: str, subject: str, giver: Rights = OWNER, issuer: str = "https://id.example") -> Decide:
    """An identity is linked."""
    return lambda known: decide_link(known, login, issuer, subject, giver=giver)


DECIDED: dict[str, tuple[Decide, tuple[PeopleFact, ...]]] = {
    "a user is added with a one-time secret": (
        add("Carl", name=" Carl König ", locations=["quay", "pier", "pier"]),
        (UserAdded("carl", "Carl König", ("manager",), ("pier", "quay")), UserInvited("carl", "i9", WEEK)),
    ),
    "roles are in one order, each once, and the name is the login's": (
        add(roles=["auditor", "manager", "auditor"]),
        (UserAdded("carl", "carl", ("manager", "auditor")), UserInvited("carl", "i9", WEEK)),
    ),
    "the operator gives any role": (
        add(roles=["support", "payroll"], giver=EVERYTHING),
        (UserAdded("carl", "carl", ("support", "payroll")), UserInvited("carl", "i9", WEEK)),
    ),
    "who has one location adds people there": (
        add(giver=PIER, locations=["pier"]),
        (UserAdded("carl", "carl", ("manager",), ("pier",)), UserInvited("carl", "i9", WEEK)),
    ),
    "a user has another name": (
        change("berta", name="Berta B."),
        (UserChanged("berta", "Berta B.", ("manager",), ("pier",)),),
    ),
    "what is the same is no fact": (change("BERTA", name="Berta", roles=["manager"], locations=["pier"]), ()),
    "a user comes to all locations": (
        change("berta", everywhere=True),
        (UserChanged("berta", "Berta", ("manager",)),),
    ),
    "a payroll user is given other roles by somebody who has no payroll": (
        change("paula", roles=["auditor"]),
        (UserChanged("paula", "Paula", ("auditor",)),),
    ),
    "and keeps what they have where another role comes to it": (
        change("paula", roles=["payroll", "auditor"]),
        (UserChanged("paula", "Paula", ("auditor", "payroll")),),
    ),
    "one who manages people stays so with another role beside": (
        change("owner", roles=["full-access", "manager"]),
        (UserChanged("owner", "Owner", ("full-access", "manager")),),
    ),
    "a user is disabled": (
        lambda known: decide_disable(known, "berta", giver=OWNER),
        (UserDisabled("berta"),),
    ),
    "with the keys that they issued": (
        lambda known: decide_disable(known, "berta", giver=OWNER, with_keys=True),
        (UserDisabled("berta"), KeyRevoked("k1")),
    ),
    "who is disabled is not disabled again": (lambda known: decide_disable(known, "paula", giver=OWNER), ()),
    "the operator enables a payroll user": (
        lambda known: decide_enable(known, "paula", giver=EVERYTHING),
        (UserEnabled("paula"),),
    ),
    "who is enabled is not enabled again": (lambda known: decide_enable(known, "berta", giver=OWNER), ()),
    "a user is invited again": (
        lambda known: decide_invite(known, "berta", "i2", giver=OWNER, now=NOW),
        (UserInvited("berta", "i2", WEEK),),
    ),
    "a one-time secret is spent on a password": (
        lambda known: decide_accept(known, "berta", "i1", "p1", now=NOW),
        (PasswordSet("berta", "p1", "i1"),),
    ),
    "a user changes their password": (
        lambda known: decide_password(known, "owner", "p2"),
        (PasswordSet("owner", "p2"),),
    ),
    "an identity is linked": (link("berta", "s-2"), (IdentityLinked("berta", "https://id.example", "s-2"),)),
    "what is linked is not linked again": (link("owner", "s-1"), ()),
    "a link is taken back": (
        lambda known: decide_unlink(known, "owner", "https://id.example", "s-1", giver=OWNER),
        (IdentityUnlinked("owner", "https://id.example", "s-1"),),
    ),
    "one that is not there is not taken back": (
        lambda known: decide_unlink(known, "owner", "https://id.example", "s-7", giver=OWNER),
        (),
    ),
    "a key is issued": (
        issue(locations=["pier"]),
        (KeyIssued("k9", "nightly", ("auditor",), 90, NOW + dt.timedelta(days=90), "user:owner", ("pier",)),),
    ),
    "a key is revoked": (lambda known: decide_revoke(known, "k1", giver=OWNER), (KeyRevoked("k1"),)),
    "who has its location revokes it": (lambda known: decide_revoke(known, "k1", giver=PIER), (KeyRevoked("k1"),)),
    "what is revoked is not revoked again": (lambda known: decide_revoke(known, "k2", giver=OWNER), ()),
}


@pytest.mark.parametrize("case", DECIDED)
def test_what_is_decided(case: str) -> None:
    """Each decision adds just these facts to the staff."""
    decide, facts = DECIDED[case]
    assert decide(people()) == facts


REFUSED: dict[str, tuple[Decide, type[Refusal], str]] = {
    "a login with a blank": (add("carl k"), BadIdentifier, "login"),
    "an e-mail address as a login": (add("carl@pier.example"), BadIdentifier, "login"),
    "a login that is taken": (add("BERTA"), LoginTaken, "already"),
    "a name of nothing": (change("berta", name="  "), BadName, "1 to 100"),
    "a name of two lines": (add(name="a\nb"), BadName, "one line"),
    "no role": (add(roles=[]), BadRole, "at least one"),
    "a role that is none": (add(roles=["boss"]), BadRole, "'boss'"),
    "the operator's role, even from the operator": (add(roles=["operator"], giver=EVERYTHING), BadRole, "operator"),
    "no location": (add(locations=[]), TooManyLocations, "1 to 500"),
    "a location that cannot be one": (add(locations=["a b"]), BadIdentifier, "location"),
    "payroll from full access": (add(roles=["payroll"]), MoreThanOwn, r"personal-data\.reveal"),
    "support from full access": (change("berta", roles=["support"]), MoreThanOwn, r"days\.poll-old"),
    "every location from one": (add(giver=PIER), MoreThanOwn, "not yours"),
    "another location from one": (add(giver=PIER, locations=["pier", "quay"]), MoreThanOwn, "not yours"),
    "a change of somebody who is elsewhere": (change("owner", PIER, name="X"), MoreThanOwn, "not yours"),
    "more locations for somebody with more rights": (
        change("paula", locations=["quay"], roles=["payroll", "support"]),
        MoreThanOwn,
        "poll-old",
    ),
    "an unknown user changed": (change("nobody", name="X"), NoSuchUser, "'nobody'"),
    "an unknown user disabled": (lambda known: decide_disable(known, "no", giver=OWNER), NoSuchUser, "'no'"),
    "the last manager disabled": (lambda known: decide_disable(known, "owner", giver=OWNER), LastManager, "owner"),
    "the last manager without the role": (change("owner", roles=["manager"]), LastManager, "last user"),
    "the last manager at one location": (change("owner", locations=["pier"]), LastManager, "last user"),
    "somebody disabled who is elsewhere": (
        lambda known: decide_disable(known, "owner", giver=PIER),
        MoreThanOwn,
        "not yours",
    ),
    "payroll enabled by full access": (lambda known: decide_enable(known, "paula", giver=OWNER), MoreThanOwn, "reveal"),
    "the owner invited by one location": (
        lambda known: decide_invite(known, "owner", "i2", giver=PIER, now=NOW),
        MoreThanOwn,
        "not yours",
    ),
    "a disabled user invited": (
        lambda known: decide_invite(known, "paula", "i2", giver=EVERYTHING, now=NOW),
        UserIsDisabled,
        "enable",
    ),
    "another one-time secret": (lambda known: decide_accept(known, "berta", "i2", "p", now=NOW), NotInvited, "ask"),
    "an old one-time secret": (lambda known: decide_accept(known, "berta", "i1", "p", now=WEEK), NotInvited, "ask"),
    "nobody's one-time secret": (lambda known: decide_accept(known, "no", "i1", "p", now=NOW), NotInvited, "ask"),
    "the password of a disabled user": (lambda known: decide_password(known, "paula", "p"), UserIsDisabled, "enable"),
    "somebody else's identity": (link("berta", "s-1"), IdentityTaken, "another user"),
    "an identity for somebody with more rights": (link("owner", "s-3", PIER), MoreThanOwn, "not yours"),
    "an empty subject": (link("berta", ""), BadIdentity, "1 to 255"),
    "an issuer of two lines": (link("berta", "s", issuer="a\nb"), BadIdentity, "one line"),
    "a key for no day": (issue(days=0), BadDays, "1 to 365"),
    "a key for a day more than a year": (issue(days=366), BadDays, "1 to 365"),
    "a key that may more than who issues it": (issue(roles=["payroll"]), MoreThanOwn, "reveal"),
    "a key beyond one's locations": (issue(PIER), MoreThanOwn, "not yours"),
    "an unknown key": (lambda known: decide_revoke(known, "k7", giver=OWNER), NoSuchKey, "'k7'"),
    "a key of elsewhere": (
        lambda known: decide_revoke(known, "k1", giver=rights_of("full-access", locations=frozenset({"quay"}))),
        MoreThanOwn,
        "not yours",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(case: str) -> None:
    """Each of these is refused with a sentence that says why."""
    decide, refusal, message = REFUSED[case]
    with pytest.raises(refusal, match=message):
        decide(people())


def test_a_secret_is_spent_once_and_a_newer_one_takes_its_place() -> None:
    """After a password was chosen, or another secret given, or the user disabled, the first secret is worth nothing."""
    for since in (PasswordSet("berta", "p1", "i1"), UserInvited("berta", "i2", WEEK), UserDisabled("berta")):
        with pytest.raises(NotInvited):
            decide_accept(people(since), "berta", "i1", "p2", now=NOW)


def test_a_second_manager_frees_the_first() -> None:
    """Where somebody else manages people everywhere, the owner can be taken away; one of a location does not count."""
    second = UserAdded("dora", "Dora", ("full-access",))
    assert decide_disable(people(second), "owner", giver=OWNER) == (UserDisabled("owner"),)
    for other in (UserAdded("dora", "Dora", ("full-access",), ("pier",)), UserAdded("dora", "Dora", ("manager",))):
        with pytest.raises(LastManager):
            decide_disable(people(other), "owner", giver=OWNER)
    with pytest.raises(LastManager):
        decide_disable(people(second, UserDisabled("dora")), "owner", giver=OWNER)


def test_sessions_end_with_what_they_hang_on() -> None:
    """Disabling, a new password and an identity that is taken raise the barrier; new roles count without it."""
    before = people().users["owner"].barrier
    version = len(STAFF) + 1
    for fact in (
        UserDisabled("owner"),
        PasswordSet("owner", "p"),
        IdentityUnlinked("owner", "https://id.example", "s-1"),
    ):
        assert people(fact).users["owner"].barrier == version
    for other in (UserEnabled("owner"), UserChanged("owner", "O", ("manager",)), UserInvited("owner", "i", WEEK)):
        assert people(other).users["owner"].barrier == before


def test_everything_has_a_bound() -> None:
    """Users, standing keys and identities of one user are counted."""
    many = fold([UserAdded(f"u{number}", "U", ("manager",)) for number in range(MOST_USERS)])
    with pytest.raises(TooManyUsers, match=str(MOST_USERS)):
        add()(many)
    later = NOW + dt.timedelta(days=1)
    standing = [KeyIssued(f"k{number}", "K", ("auditor",), 1, later, "user:o") for number in range(MOST_KEYS)]
    with pytest.raises(TooManyKeys, match=str(MOST_KEYS)):
        issue()(fold(standing))
    assert issue(now=later)(fold(standing))
    linked = people(*[IdentityLinked("berta", "https://id.example", f"b{number}") for number in range(10)])
    with pytest.raises(BadIdentity, match="at most 10"):
        link("berta", "b11")(linked)


def test_keys_stand_until_they_expire_or_are_revoked() -> None:
    """The instant of expiry is past it."""
    known = people().keys
    assert known["k1"].stands(NOW)
    assert not known["k1"].stands(NOW + dt.timedelta(days=30))
    assert not known["k2"].stands(NOW)
    assert (known["k1"].actor, people().users["berta"].actor) == ("key:k1", "user:berta")


def test_roles_of_a_newer_release_give_nothing() -> None:
    """A role that this release does not know takes nothing away and gives nothing."""
    assert known_rights(("barista", "auditor"), None) == rights_of("auditor")
    assert fold([UserAdded("x", "X", ("barista",))]).users["x"].rights.permissions == frozenset()
    assert people().keys["k1"].rights == rights_of("auditor", locations=frozenset({"pier"}))


def test_the_fold_accepts_whatever_was_recorded() -> None:
    """Facts about users and keys that are not there change nothing that is."""
    odd: list[PeopleFact] = [
        KeyRevoked("k0"),
        UserDisabled("ghost"),
        IdentityUnlinked("ghost", "i", "s"),
        KeyRevoked("k0"),
    ]
    known = fold(odd)
    assert (known.version, known.users["ghost"].enabled, known.keys, known.linked) == (4, False, {}, {})
    assert fold([], known) == known
    assert fold(odd[2:], fold(odd[:2])) == known
    assert PeopleId("acme").stream == "people:acme"


_LOCATIONS = st.none() | st.frozensets(st.sampled_from(["pier", "quay", "dock"]), min_size=1)
_ROLES = st.lists(st.sampled_from(GIVEN_ROLES), min_size=1, max_size=3)


@given(_ROLES, _LOCATIONS, _ROLES, _LOCATIONS, _ROLES, _LOCATIONS)
def test_nobody_ever_gives_more_than_they_have(
    own: list[str],
    where: frozenset[str] | None,
    before: list[str],
    was: frozenset[str] | None,
    after: list[str],
    is_: frozenset[str] | None,
) -> None:
    """Whatever is accepted, somebody gains a permission at a location only where the giver has it there."""
    giver = known_rights(own, where)
    held = fold([UserAdded("u", "U", tuple(before), None if was is None else tuple(was))])
    try:
        facts = decide_change(held, "u", giver=giver, roles=after, locations=is_, everywhere=is_ is None)
    except (MoreThanOwn, LastManager):
        return
    now = fold(facts, held).users["u"].rights
    then = held.users["u"].rights
    for location in ("pier", "quay", "dock", "later"):
        for permission in Permission:
            if now.cover(permission, location) and not then.cover(permission, location):
                assert giver.cover(permission, location)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["off", "on", "demote", "promote", "narrow"]))))
def test_somebody_always_manages_people(deeds: list[tuple[str, str]]) -> None:
    """In whatever order people are taken away, one who manages people everywhere is left."""
    known = fold([UserAdded(login, login, ("full-access",)) for login in "abc"])
    for login, deed in deeds:
        doing: dict[str, Decide] = {
            "off": partial(decide_disable, login=login, giver=EVERYTHING),
            "on": partial(decide_enable, login=login, giver=EVERYTHING),
            "demote": change(login, EVERYTHING, roles=["auditor"]),
            "promote": change(login, EVERYTHING, roles=["full-access"], everywhere=True),
            "narrow": change(login, EVERYTHING, locations=["pier"]),
        }
        try:
            known = fold(doing[deed](known), known)
        except LastManager:
            continue
        assert any(user.manages for user in known.users.values())
    assert NOBODY.users == {}
    assert Permission.MANAGE_PEOPLE in ROLES["full-access"]
