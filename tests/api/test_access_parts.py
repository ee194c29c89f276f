"""Parts of access by themselves: counting failures, remembering, what passwords may be, what is logged."""

import pytest
from structlog.testing import capture_logs

from adapters.access import KEY, new_secret
from api.access.limiting import MOST_COUNTED, Allowance, Failures
from api.access.passwords import checked_password
from api.access.remembering import KnownPeople, NotAtHand, Recent
from api.logs import configure_logs
from api.refusals import BadPassword, TooManyAttempts
from domain.facts import UserAdded, UserDisabled
from domain.identifiers import PeopleId
from domain.ports.journal import JournalUnavailable, Recording
from tests.api.guarded import Guarded
from tests.api.site import a_site
from tests.support.facts import by
from tests.support.fakes import MemoryJournal


def test_failures_are_counted_in_a_window() -> None:
    """So many are let pass; whoever fails more waits until the oldest has left it; others do not."""
    now = 0.0
    failures = Failures(Allowance(3, 60), lambda: now)
    for second in (0.0, 10.0, 20.0):
        now = second
        failures.check("a")
        failures.count("a")
    with pytest.raises(TooManyAttempts) as waiting:
        failures.check("a")
    assert waiting.value.seconds == 41
    failures.check("b")
    now = 60.0
    failures.check("a")
    failures.count("a")
    with pytest.raises(TooManyAttempts):
        failures.check("a")
    failures.forget("a")
    failures.check("a")
    failures.forget("nobody")


def test_failures_have_a_bound() -> None:
    """Of many the longest ago are forgotten."""
    failures = Failures(Allowance(1, 60), lambda: 0.0)
    for number in range(MOST_COUNTED + 1):
        failures.count(str(number))
    failures.check("0")
    with pytest.raises(TooManyAttempts):
        failures.check("1")


def test_what_is_read_lately_is_remembered_for_a_moment() -> None:
    """The most recently used; what is dropped while it is read stays dropped."""
    now = 0.0
    recent: Recent[str] = Recent(2, lambda: now)
    for name in ("a", "b"):
        recent.put(name, name, recent.begin())
    assert recent.get("a", 1) == "a"
    recent.put("c", "c", recent.begin())
    assert [recent.get(name, 1) for name in ("a", "b", "c")] == ["a", None, "c"]
    now = 1.5
    assert recent.get("a", 1) is None
    began = recent.begin()
    recent.drop("a")
    recent.put("a", "a", began)
    assert recent.get("a", 1) is None


def test_people_are_read_as_far_as_they_are_new() -> None:
    """Half a second long from memory, then what came since; what this process recorded counts at once."""
    now = 0.0
    journal = MemoryJournal()
    known = KnownPeople(journal, lambda: now)
    stream = PeopleId("acme").stream
    with pytest.raises(NotAtHand):
        known.of("acme", at_hand=True)
    assert known.of("acme").version == 0
    journal.append([Recording(stream, 0, (UserAdded("berta", "B", ("manager",)),))], by())
    assert known.of("acme", at_hand=True).version == 0
    known.expire("acme")
    known.expire("nobody")
    with pytest.raises(NotAtHand):
        known.of("acme", at_hand=True)
    assert known.of("acme").users["berta"].enabled
    journal.append([Recording(stream, 1, (UserDisabled("berta"),))], by())
    now = 0.6
    assert not known.of("acme").users["berta"].enabled
    now = 1.2
    journal.away = True
    with pytest.raises(JournalUnavailable):
        known.of("acme")


def test_an_older_reading_never_takes_the_place_of_a_newer_one() -> None:
    """Two threads read at once: what was known last stays."""
    journal = MemoryJournal()
    known = KnownPeople(journal)
    old = known.newest("acme")
    journal.append([Recording(PeopleId("acme").stream, 0, (UserAdded("berta", "B", ("manager",)),))], by())
    new = known.newest("acme")
    assert known._keep("acme", old, 1e9) == new


PASSWORDS = [
    ("several words of mine", True),
    ("correct horse battery staple", True),
    ("short words", False),
    ("x" * 201, False),
    ("aaaaaaaaaaaaaaaa", False),
    ("abababababababab", False),
    ("BertaBertaBerta", False),
    ("passwordpassword", False),
    ("daybook password", False),
]


@pytest.mark.parametrize(("password", "fine"), PASSWORDS)
def test_what_a_password_may_be(password: str, fine: bool) -> None:
    """Long, and not made of what everybody would try first."""
    if fine:
        assert checked_password(password, "berta") == password
    else:
        with pytest.raises(BadPassword):
            checked_password(password, "berta")


def test_failures_are_logged_without_what_was_sent(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Why and from where, by the public part of a key at most; a sign-in says who."""
    with a_site(tmp_path_factory.mktemp("logged"), access="required", projecting=False) as site:
        guarded = Guarded(site)
        guarded.user("owner", "full-access")
        bad = new_secret(KEY, "0" * 16)
        configure_logs(site.settings.model_copy(update={"log_level": "info"}))
        with capture_logs() as logged:
            site.client.get("/v1/me", headers={"Authorization": f"Bearer {bad.text}"})
            guarded.sign_in("owner", "wrong words of mine")
            guarded.sign_in("nobody", "wrong words of mine")
            guarded.sign_in("owner")
        configure_logs(site.settings)
    told = [(line["event"], line.get("why", line.get("login"))) for line in logged if line["event"] != "request"]
    assert told == [
        ("not signed in", f"unknown key {'0' * 16}"),
        ("not signed in", "wrong password"),
        ("not signed in", "unknown login"),
        ("signed in", "owner"),
    ]
    assert all(line["address"] == "127.0.0.1" for line in logged if line["event"] == "not signed in")
    assert bad.text.split("_")[2] not in str(logged)
    assert "wrong words" not in str(logged)
