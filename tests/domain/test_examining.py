"""Testing credentials: who may, what comes of it, and that nothing is recorded."""

import pytest

from domain.commands.examine_system import ExamineSystem, NothingToExamine, examine_system, hasty
from domain.commands.intent import Intent
from domain.forms import Filled, Supplied
from domain.permissions import NotPermitted, Role, rights_of
from domain.ports.house import House, UnknownSystem
from domain.ports.source import DEFAULT_LIMITS, BadEndpoint, Limits, SourceFailure
from domain.ports.systems import CompanyId, Examination, Profile, permission_for
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import COMPANIES, Scripted, StoppedClock, import_files

FILLED = Filled({"environment": "https://pos.example.com/"}, {"key": "s3cret"})


def house(**systems: Scripted) -> House:
    """A house with these systems."""
    supplied = (Supplied("pos", {"shared": True}, {"environment": "https://shared.example.com"}, {"key": "ours"}),)
    journal = MemoryJournal()
    return House(journal, MemoryCaptures(), MemoryVault(), StoppedClock(), systems, supplied=supplied)


def asking(system: str = "pos", filled: Filled = FILLED, role: Role = "pos-admin") -> ExamineSystem:
    """Somebody wants to test credentials."""
    return ExamineSystem("main", system, filled, Intent("user:anna", rights=rights_of(role)))


def test_credentials_that_are_valid() -> None:
    """The companies with their identity, the same every time, and not one fact."""
    made = house(pos=Scripted())
    examined = examine_system(asking(), made)
    assert examined.failure is None
    assert examined.examination is not None
    assert examined.examination.companies == COMPANIES
    assert examined.examination.company_ids("pos") == (CompanyId("pos", "https://pos.example.com", "ORG-1"),)
    assert examine_system(asking(), made) == examined
    assert made.journal.head() == 0


def test_credentials_that_are_not_accepted_are_an_answer() -> None:
    """What the source says of them is told, and nobody's error."""
    failure = SourceFailure("not-authorized", "The key is wrong.")
    examined = examine_system(asking(), house(pos=Scripted(failure=failure)))
    assert (examined.examination, examined.failure) == (None, failure)


def test_an_address_that_cannot_be_called_is_an_answer_too() -> None:
    """The form cannot know which hosts may be called."""

    class Unusable(Scripted):
        def examine(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> Examination:
            assert (filled, limits.attempts) == (FILLED, 2)
            raise BadEndpoint("The environment URL cannot be used.")

    examined = examine_system(asking(), house(pos=Unusable()))
    assert examined.failure is not None
    assert (examined.failure.failure, examined.failure.message) == (
        "bad-endpoint",
        "The environment URL cannot be used.",
    )


def test_what_the_operator_supplies_is_used() -> None:
    """A form that need not ask for address and key is examined with those of the operator."""
    examined = examine_system(asking(filled=Filled({"shared": True})), house(pos=Scripted()))
    assert examined.examination is not None
    assert examined.examination.environment == "https://shared.example.com"
    assert examined.filled.secret == "ours"


@pytest.mark.parametrize(("role", "may"), [("pos-admin", True), ("full-access", True), ("pos-sync", False)])
def test_who_may_test(role: Role, may: bool) -> None:
    """Whoever may connect points of sale may test credentials for them."""
    if may:
        assert examine_system(asking(role=role), house(pos=Scripted())).failure is None
    else:
        with pytest.raises(NotPermitted):
            examine_system(asking(role=role), house(pos=Scripted()))


def test_another_kind_takes_another_permission() -> None:
    """ERP systems are for those who manage connections, and not for those who look after points of sale."""
    erp = Scripted(profile=Profile(kind="erp", summary="Books.", capabilities=frozenset({"journal-entries"})))
    assert examine_system(asking(role="connection-manager"), house(pos=erp)).failure is None
    with pytest.raises(NotPermitted):
        examine_system(asking(role="pos-admin"), house(pos=erp))
    assert permission_for("hris") is permission_for("erp")
    assert permission_for("files") is permission_for("pos")


def test_what_cannot_be_examined() -> None:
    """Files have no credentials, and what is not installed has none either."""
    made = house(files=import_files())
    with pytest.raises(NothingToExamine):
        examine_system(asking("files"), made)
    with pytest.raises(UnknownSystem):
        examine_system(asking("nowhere"), made)


def test_somebody_waits_for_the_answer() -> None:
    """An examination ends within half a minute, and never later than the limits of the house say."""
    quick = hasty(Limits())
    assert (quick.attempts, quick.request_timeout, quick.fetch_timeout, quick.longest_pause) == (2, 15.0, 30.0, 2.0)
    assert hasty(Limits(fetch_timeout=1.0)).fetch_timeout == 1.0
