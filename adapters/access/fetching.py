"""Fetching small JSON documents from an OpenID provider: bounded, without redirects, proxies or cookies."""

import ipaddress
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import msgspec

from adapters.access.refusing import ProviderAway, ProviderRefused

MOST_BYTES: Final = 256 * 1024
SECONDS: Final = 5.0


def fetch_json(
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    transport: httpx.BaseTransport | None = None,
) -> dict[str, Any]:
    """The JSON object at an address; with a form it is posted.

    Raises:
        ProviderAway: there is none, it is too large or too slow.
        ProviderRefused: what was posted is not taken.
    """
    check_address(url)
    until = time.monotonic() + SECONDS
    try:
        with (
            httpx.Client(trust_env=False, follow_redirects=False, timeout=SECONDS, transport=transport) as client,
            client.stream(
                "GET" if form is None else "POST",
                url,
                data=form,
                auth=auth,
                # Unpacking could blow a small answer up, so that what comes packed all the same is not taken.
                headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            ) as response,
        ):
            if form is not None and response.is_client_error:
                raise ProviderRefused(str(response.status_code))
            if response.status_code != httpx.codes.OK or "content-encoding" in response.headers:
                raise ProviderAway(f"The OpenID provider answers {response.status_code}: ask again later.")
            content = bytearray()
            for piece in response.iter_bytes():
                content += piece
                if len(content) > MOST_BYTES or time.monotonic() > until:
                    raise ProviderAway("The OpenID provider's answer is too large or too slow: ask again later.")
        found = msgspec.json.decode(bytes(content))
    except (httpx.HTTPError, httpx.InvalidURL, OSError, msgspec.DecodeError, UnicodeError):
        raise ProviderAway("The OpenID provider cannot be reached, or answers no JSON: ask again later.") from None
    if not isinstance(found, dict):
        raise ProviderAway("The OpenID provider answers something else than an object: ask again later.")
    return found


def check_address(url: str) -> str:
    """The address, if it is https, or http on this machine.

    Raises:
        ProviderAway: it is neither.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        fine = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
        fine = fine and bool(host) and not parts.username and parts.port != 0
    except ValueError:
        fine = False
    if not fine:
        raise ProviderAway("The OpenID provider names an address that is not https.")
    return url


def is_loopback(host: str) -> bool:
    """A host's name is of this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port
