"""24SevenOffice as daybook's catalogue knows it: testing credentials, and what objects are written to."""

import datetime as dt
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from adapters.erp.office_24seven.client import Calling, Office
from adapters.erp.office_24seven.customers import Customers
from adapters.erp.office_24seven.posting import Posting, Types
from adapters.erp.office_24seven.profile import (
    API_HOST,
    CLIENT_ID,
    LABOR_TRANSACTION_TYPE,
    LOGIN,
    LONGEST_SECRET,
    ORGANIZATION,
    ORGANIZATIONS,
    PROFILE,
    TAKES,
    TAX_NUMBER,
    TRANSACTION_TYPE,
)
from adapters.erp.office_24seven.target import OfficeTarget
from adapters.erp.office_24seven.tokens import Credentials
from adapters.erp.office_24seven.wire import Organization, decode
from adapters.http import base_address, gate
from adapters.http.sending import Clock, utc_now
from adapters.without_days import NothingToPoll, WithoutDays
from domain.forms import Filled
from domain.ports.source import (
    DEFAULT_LIMITS,
    BadEndpoint,
    Failure,
    Limits,
    SourceFailure,
)
from domain.ports.systems import Company, Examination, Place
from domain.ports.target import TargetFailure
from domain.ports.vault import Vault

INFORMATION: Final = "/organization/information"
_LONGEST_NAME: Final = 200

_FAILURES: Final[Mapping[str, Failure]] = {
    "not-authorized": "not-authorized",
    "bad-endpoint": "bad-endpoint",
    "rate-limited": "rate-limited",
    "unavailable": "unavailable",
    "connection-failed": "connection-failed",
    "too-large": "too-large",
}


class OfficeSystem(WithoutDays):
    """24SevenOffice in the catalogue of systems."""

    key: Final = "24sevenoffice"
    title: Final = "24SevenOffice"
    location_ids: Final = (ORGANIZATION,)
    profile: Final = PROFILE
    takes: Final = TAKES

    def connect(
        self,
        environment: str,
        secret: str,
        vault: Vault,  # noqa: ARG002 - the port's
        limits: Limits = DEFAULT_LIMITS,
    ) -> NothingToPoll:
        """Nothing is polled: checks the address and the secret alone.

        Raises:
            BadEndpoint: one of them cannot be used.
        """
        _usable(secret)
        base_address(environment, gate(self.key, PROFILE.hosts, limits.reach))
        return NothingToPoll(self.title)

    def examine(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> Examination:
        """Ask each organization who it is, with a token of its own; see the port.

        Raises:
            BadEndpoint: the address or the secret cannot be used.
            SourceFailure: an organization did not connect the application, or the credentials are not accepted.
        """
        until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=limits.fetch_timeout)
        with _calling(self.key, filled, limits) as calling:
            try:
                companies = [_company(calling.office, named, until) for named in filled.plain[ORGANIZATIONS]]
            except TargetFailure as failure:
                kind = _FAILURES.get(failure.failure, "unexpected-answer")
                raise SourceFailure(kind, failure.message, retry_at=failure.retry_at) from None
        return Examination(calling.url, tuple(companies), 2 * len(companies))

    def target(self, filled: Filled, limits: Limits = DEFAULT_LIMITS, *, now: Clock = utc_now) -> OfficeTarget:
        """What objects are written to; sends nothing yet. Time is the machine's, if none is given.

        Raises:
            BadEndpoint: the address or the secret cannot be used.
        """
        calling = _calling(self.key, filled, limits, now)
        sales = int(filled.plain[TRANSACTION_TYPE])
        labor = int(filled.plain.get(LABOR_TRANSACTION_TYPE, sales))
        types = Types(sales, labor, int(filled.plain.get(TAX_NUMBER, 0)))
        return OfficeTarget(
            calling, Posting(calling.office, types), Customers(calling.office), filled.plain[ORGANIZATIONS]
        )


SYSTEM: Final = OfficeSystem()


def _calling(key: str, filled: Filled, limits: Limits, now: Clock = utc_now) -> Calling:
    """What calls the API with the credentials of a form; sends nothing yet."""
    allowed = gate(key, PROFILE.hosts, limits.reach)
    address = base_address(filled.environment, allowed)
    credentials = Credentials(str(filled.plain[CLIENT_ID]), _usable(filled.secret))
    return Calling(allowed, address.url, token_url(address.url), credentials, limits, now)


def token_url(base: str) -> str:
    """Where tokens are given out: at the login of 24SevenOffice, or at the host that stands in for all of it."""
    parts = urlsplit(base)
    login = LOGIN if parts.hostname == API_HOST else f"{parts.scheme}://{parts.netloc}"
    return f"{login}/oauth/token"


def _company(office: Office, named: str, until: dt.datetime) -> Company:
    answered = office.read(named, INFORMATION, until)
    if answered.status == 404:
        raise TargetFailure("bad-endpoint", "24SevenOffice does not know this address: check the address of the API.")
    organization = decode(answered.body, Organization)
    if str(organization.id) != named:
        raise TargetFailure("not-authorized", f"The organization {named} answers as another one: check the ids.")
    name = organization.name or named
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise TargetFailure("unexpected-answer", f"The organization {named} has a name that cannot be shown.")
    return Company(named, name, (Place(named, name, source={ORGANIZATION: named}),))


def _usable(secret: str) -> str:
    """The secret, if it can be one."""
    if not 0 < len(secret) <= LONGEST_SECRET or not all("!" <= letter <= "~" for letter in secret):
        raise BadEndpoint("The client secret is empty, too long, or has characters that none has: copy it again.")
    return secret
