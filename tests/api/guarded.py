"""A daybook that asks everybody who they are, with an owner and whoever else a test wants."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from api import people
from api.access.limiting import Failures
from api.access.signing_in import OF_ONE_ADDRESS, OF_ONE_LOGIN
from api.composition import OpenHouse
from domain.commands.add_user import AddUser
from domain.commands.intent import Intent
from domain.commands.issue_key import IssueKey
from domain.identifiers import PeopleId
from domain.permissions import EVERYTHING
from tests.api.site import Client, Site, a_site

PASSWORD = "several words of mine"
COOKIE = "daybook-session"


def operator() -> Intent:
    """The operator wants something."""
    return Intent("cli:operator", "a test", rights=EVERYTHING)


@dataclass
class Guarded:
    """A site with people.

    Attributes:
        site: where nobody gets in without saying who they are.
        keys: API keys by the role that they have.
    """

    site: Site
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def opened(self) -> OpenHouse:
        """The running daybook."""
        return self.site.opened

    @property
    def client(self) -> Client:
        """Somebody who says nothing about themselves."""
        return self.site.client

    def key(self, role: str, *locations: str, client: str = "main", days: int = 30) -> str:
        """A fresh API key of a role."""
        command = IssueKey(PeopleId(client), role, [role], days, operator(), locations or None)
        return people.issue(self.opened, command).secret

    def by(self, role: str = "full-access") -> Client:
        """Somebody with a key of a role."""
        if role not in self.keys:
            self.keys[role] = self.key(role)
        return with_key(self.client, self.keys[role])

    def user(self, login: str, *roles: str, client: str = "main", locations: tuple[str, ...] = ()) -> str:
        """A user with a password; answers their one-time secret, which is spent."""
        command = AddUser(PeopleId(client), login, roles, operator(), locations=locations or None)
        secret = people.add(self.opened, command).secret
        people.accept(self.opened, secret, PASSWORD)
        return secret

    def sign_in(self, login: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
        """Sign in."""
        return self.client.post("/v1/sessions", {"login": login, "password": password, **more})

    def session(self, login: str) -> Client:
        """Somebody who signed in, on a page of daybook itself."""
        answer = self.sign_in(login)
        assert answer.status_code == 201, answer.text
        return with_cookie(self.client, answer.cookies[COOKIE])

    def calm(self) -> None:
        """Nobody failed lately."""
        self.opened.reception._of_address = Failures(OF_ONE_ADDRESS)
        self.opened.reception._of_login = Failures(OF_ONE_LOGIN)


def with_key(client: Client, key: str) -> Client:
    """The same, with an API key."""
    return Client(client.app, {"Authorization": f"Bearer {key}"})


def with_cookie(client: Client, token: str, **headers: str) -> Client:
    """The same, with the cookie of a session; from a page of daybook unless said otherwise."""
    told = {name.replace("_", "-"): value for name, value in headers.items()} or {"Sec-Fetch-Site": "same-origin"}
    return Client(client.app, {"Cookie": f"{COOKIE}={token}", **told})


@contextlib.contextmanager
def a_guarded_site(folder: Path, **given: Any) -> Iterator[Guarded]:
    """A store in a folder, connected to a POS, where access is required."""
    with a_site(folder, tickets=4, **{"access": "required", **given}) as site:
        yield Guarded(site)
