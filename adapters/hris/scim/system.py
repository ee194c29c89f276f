"""SCIM 2.0 in the catalogue of systems."""

from typing import Final
from urllib.parse import urlsplit

import httpcore
import httpx

from adapters.hris.scim.asking import ACCEPT, REAL_TIME, Caller, Timing
from adapters.hris.scim.profile import EXTENSION, KEY, LONGEST_TOKEN, PAGE_ROWS, PAGE_SIZE, PROFILE
from adapters.hris.scim.source import ScimSource
from adapters.hris.scim.wire import Object, read_listing
from adapters.http import base_address, gate, open_client
from adapters.without_days import WithoutDays
from domain.forms import ENVIRONMENT, Filled
from domain.ports.source import DEFAULT_LIMITS, BadEndpoint, Limits, SourceFailure
from domain.ports.systems import Company, Examination
from domain.ports.vault import Vault


class ScimSystem(WithoutDays):
    """A system of personnel that is read by SCIM 2.0 (RFC 7643, 7644; pages by cursor as RFC 9865 has them)."""

    key: Final = KEY
    title: Final = "HR system (SCIM 2.0)"
    location_ids: Final[tuple[str, ...]] = ()
    profile: Final = PROFILE

    def connect(self, environment: str, secret: str, vault: Vault, limits: Limits = DEFAULT_LIMITS) -> ScimSource:
        """A source at a base address, as the catalogue wants it: employees are pulled through :meth:`personnel`.

        Raises:
            BadEndpoint: the address or the token cannot be used.
        """
        return self.personnel(Filled({ENVIRONMENT: environment}, {"token": secret}), vault, limits)

    def personnel(
        self,
        filled: Filled,
        vault: Vault,
        limits: Limits = DEFAULT_LIMITS,
        *,
        timing: Timing = REAL_TIME,
        network: httpcore.NetworkBackend | None = None,
    ) -> ScimSource:
        """Where employees are read from; see the port. Time and network are the machine's, if none are given."""
        http, base = _opened(filled, limits, network)
        rows = int(filled.plain.get(PAGE_SIZE, PAGE_ROWS))
        extension = str(filled.plain.get(EXTENSION, ""))
        return ScimSource(http, base, vault, limits, timing, page_rows=rows, extension=extension)

    def examine(
        self,
        filled: Filled,
        limits: Limits = DEFAULT_LIMITS,
        *,
        timing: Timing = REAL_TIME,
        network: httpcore.NetworkBackend | None = None,
    ) -> Examination:
        """Ask what the service can do, which schemas it has, and whether the token opens users; see the port.

        Raises:
            BadEndpoint: the address or the token cannot be used.
            SourceFailure: the service does not accept the token, or has no extension of that URN.
        """
        http, base = _opened(filled, limits, network)
        with http:
            caller = Caller(http, base, limits, timing)
            caller.need("ServiceProviderConfig")
            _check_schemas(caller.need("Schemas"), str(filled.plain.get(EXTENSION, "")))
            read_listing(caller.need("Users", {"count": "1", "startIndex": "1", "attributes": "id"}))
            host = urlsplit(base).hostname or ""
            company = Company(host.replace(":", "-").strip("-")[:64], host)
            return Examination(base, (company,), caller.requests)


SYSTEM: Final = ScimSystem()


def _opened(filled: Filled, limits: Limits, network: httpcore.NetworkBackend | None) -> tuple[httpx.Client, str]:
    token = filled.secrets.get("token", filled.secret)
    # The HTTP library would show a header that cannot be sent in its complaint about it.
    if not 0 < len(token) <= LONGEST_TOKEN or not all("!" <= letter <= "~" for letter in token):
        raise BadEndpoint("The token is empty, too long, or has characters that no token has: copy it again.")
    allowed = gate(KEY, PROFILE.hosts, limits.reach)
    address = base_address(filled.environment, allowed)
    secrets = {"Authorization": f"Bearer {token}"}
    accepting = {"Accept": ACCEPT}
    budget = PROFILE.budget
    return open_client(allowed, limits, secrets=secrets, headers=accepting, network=network, budget=budget), address.url


def _check_schemas(answer: Object, extension: str) -> None:
    """Make sure that the service has the extension that somebody named."""
    listed = read_listing(answer).rows
    if extension and extension.lower() not in {urn.lower() for urn in listed}:
        raise SourceFailure("bad-request", "The service has no schema with the URN of the extension: check it.")
