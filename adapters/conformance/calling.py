"""How every system that is called keeps its credentials, and where it never goes."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from typing import Any

import structlog.testing

from adapters.conformance.overhearing import everything_logged
from adapters.conformance.sockets import connects, names_lead_to
from adapters.conformance.trying import Trial, TrialVault, hold, limits_for_trials, refused
from adapters.forms import fill
from domain.forms import ENVIRONMENT, Filled
from domain.identifiers import plain
from domain.ports.source import FAILURES, BadEndpoint, Limits, SourceFailure, System
from domain.ports.systems import Examination

INSIDE = (
    "http://pos.example.com",
    "https://127.0.0.1",
    "https://localhost",
    "https://[::1]",
    "https://169.254.169.254",
    "https://2130706433",
    "https://0x7f.1",
    "https://user:pw@pos.example.com",
    "https://pos.example.com\\@127.0.0.1",
    "https://１２７.0.0.1",
    "ftp://pos.example.com",
    "",
)
"""Addresses that no adapter may take, whatever hosts it has."""

_ODD = "line\nbreak-s3cret"


class Calling:
    """Connecting sends nothing, examining really calls, and neither shows a secret or leads inside."""

    def system(self) -> System:
        """The system that is tried."""
        raise NotImplementedError

    def trial(self) -> AbstractContextManager[Trial]:
        """The source that is being served; of a system that pushes there is none."""
        raise NotImplementedError

    @property
    def called(self) -> bool:
        """There is a source that can be called."""
        return not self.system().pushes

    def filled(self, values: Mapping[str, Any]) -> Filled:
        """The form, filled in."""
        return fill(self.system().profile.form, values)

    def examined(self, values: Mapping[str, Any], limits: Limits | None = None) -> Examination:
        """What credentials see."""
        return self.system().examine(self.filled(values), limits or limits_for_trials())

    def test_connecting_sends_nothing(self) -> None:
        """A source is made without a call; a system that pushes has none, and says so."""
        system, vault = self.system(), TrialVault()
        if not self.called:
            refused(BadEndpoint, lambda: system.connect("", "", vault), "A system that pushes has no source.")
            refused(BadEndpoint, lambda: system.examine(Filled({})), "A system that pushes has no credentials.")
            return
        with self.trial() as trial, connects() as seen:
            filled = self.filled(trial.values)
            with closing(system.connect(filled.environment, filled.secret, vault, limits_for_trials())) as source:
                hold(filled.secret not in repr(source), "The repr of a source shows no secret.")
        hold(seen == [], "Connecting makes no connection.")

    def test_addresses_inside_are_refused(self) -> None:
        """Addresses of this machine, of our networks, or without encryption are refused before anything is sent."""
        if not self.called:
            return
        with self.trial() as trial, connects() as seen:
            secret = self.filled(trial.values).secret
            for address in INSIDE:
                refused(
                    BadEndpoint,
                    lambda address=address: self.system().connect(address, secret, TrialVault()),  # type: ignore[misc]
                    f"The address {address!r} is refused.",
                )
        hold(seen == [], "Nothing is called for an address that is refused.")

    def test_names_that_lead_inside_are_not_called(self) -> None:
        """The address that a name resolves to is judged: where it is one of ours, nothing is connected."""
        if not self.called:
            return
        system = self.system()
        host = system.profile.hosts[0].removeprefix("*").lstrip(".").partition(":")[0] or "example.com"
        address = f"https://pos.{host}" if system.profile.hosts[0].startswith("*") else f"https://{host}"
        with self.trial() as trial:
            filled = self.filled(trial.values)
            moved = Filled({**filled.plain, ENVIRONMENT: address}, filled.secrets)
            with names_lead_to("169.254.169.254"), connects() as seen:
                limits = replace(limits_for_trials(), reach=Limits().reach)
                failure = refused(SourceFailure, lambda: system.examine(moved, limits), "It is a failure.")
                with closing(system.connect(address, filled.secret, TrialVault(), limits)) as source:
                    refused(SourceFailure, lambda: source.fetch(trial.request), "Fetching from there is a failure.")
        hold(failure.failure == "bad-endpoint", "The failure is «bad-endpoint».")
        hold(seen == [], "Nothing is connected.")

    def test_secrets_that_cannot_be_sent_are_not_shown(self) -> None:
        """A secret with a line break is refused, and the refusal does not have it."""
        if not self.called:
            return
        with self.trial() as trial:
            environment = self.filled(trial.values).environment
            refusal = refused(
                BadEndpoint,
                lambda: self.system().connect(environment, _ODD, TrialVault(), limits_for_trials()),
                "A secret that cannot be sent is refused.",
            )
        hold("s3cret" not in str(refusal), "The refusal does not show the secret.")

    def test_credentials_see_companies(self) -> None:
        """An examination tells the companies and places, the same every time, with ids that locations take."""
        if not self.called:
            return
        with self.trial() as trial:
            first, again = self.examined(trial.values), self.examined(trial.values)
        hold(first == again, "The same credentials see the same.")
        hold(first.companies, "Credentials that are valid see a company.")
        hold(first.environment == first.environment.rstrip("/"), "The environment is written in the one way.")
        for company in first.companies:
            plain(company.organization, "organization")
            for place in company.places:
                ids = frozenset(self.system().location_ids)
                hold(place.source.keys() == ids, f"A place has the ids {sorted(ids)} that its location takes.")
        identities = first.company_ids(self.system().key)
        hold(len(set(identities)) == len(identities), "No company comes twice.")

    def test_credentials_that_are_wrong(self) -> None:
        """They are a failure of a known kind; neither its sentence nor any log line has them."""
        if not self.called:
            return
        with self.trial() as trial, everything_logged() as lines, structlog.testing.capture_logs() as events:
            values = {**trial.values, **trial.wrong}
            failure = refused(SourceFailure, lambda: self.examined(values), "Wrong credentials are refused.")
        hold(failure.failure in FAILURES, "The failure is of a known kind.")
        hold(not failure.retryable, "Trying wrong credentials again does not help.")
        said = " ".join((str(failure), repr(failure), repr(events), *lines))
        hold(not any(secret in said for secret in trial.wrong.values()), "The secret is shown nowhere.")
