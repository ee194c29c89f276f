"""The composition root: the only module that knows which part meets which."""

import datetime as dt
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from adapters.access import AccessStore, Passwords
from adapters.captures import SqlCaptures
from adapters.database import current_revision, head_revision, migrate, open_engine
from adapters.forms import fill
from adapters.journal import open_journal
from adapters.vault import FileRoots, GivenRoots, SqlVault
from adapters.walls import Walls, walls
from api.access.directory import Directory
from api.access.recognizing import Recognizer
from api.access.signing_in import Reception
from api.catalogue import load_systems
from api.refusals import NotInitialized
from api.settings import BadSettings, Settings
from api.supplying import read_supplied
from domain.outward import OutwardRules
from domain.ports.house import House
from domain.ports.journal import Journal, JournalUnavailable
from domain.ports.source import Limits, System
from domain.ports.walls import OneClientsCaptures, OneClientsJournal, OneClientsPeople, OneClientsVault
from projections.making import make_missing_views, missing_views
from projections.projector import Projector


class SystemClock:
    """The clock of this machine."""

    def now(self) -> dt.datetime:
        """The time, UTC."""
        return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class OpenHouse:
    """Everything of one running daybook, put together.

    Attributes:
        settings: as chosen.
        house: the ports that commands use.
        engine: the database; the views are read through it.
        reception: tells who comes in.
        projector: keeps the views up to date in a thread of its own, or None where nobody asked for it.
        broken_systems: why an installed adapter could not be loaded, by its name.
        waking: set by who knows that there is something to do for a worker in this process.
        signing: the key that cursors are signed with; other processes on the same store have the same.
    """

    settings: Settings
    house: House
    engine: Engine
    reception: Reception
    projector: Projector | None = None
    broken_systems: Mapping[str, str] = field(default_factory=dict)
    waking: threading.Event = field(default_factory=threading.Event)
    signing: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def journal(self) -> Journal:
        """Where facts are kept."""
        return self.house.journal

    def only(self, client: str) -> "OpenHouse":
        """The same for one client: what it is given reaches no stream, capture, key or secret of another's."""
        house = self.house
        return replace(
            self,
            house=replace(
                house,
                journal=OneClientsJournal(house.journal, client),
                people=OneClientsPeople(house.people, client),
                captures=OneClientsCaptures(house.captures, client),
                vault=OneClientsVault(house.vault, client),
            ),
        )


def init_store(settings: Settings) -> str:
    """Make the store, or bring it to the schema of this release; answers its revision.

    Makes the data folder and the key file where they are missing; what is there already stays.

    Raises:
        JournalUnavailable: the database cannot be reached.
        VaultLocked: the key file does not fit the store.
    """
    if not settings.root_key:
        settings.key_path.parent.mkdir(parents=True, exist_ok=True)
    with _reaching_the_database():
        revision = migrate(settings.url)
        engine = open_engine(settings.url)
        try:
            make_missing_views(engine)
            vault_of(engine, settings)
        finally:
            engine.dispose()
    return revision


def walls_of(settings: Settings) -> Walls:
    """How the walls between the clients of a store stand.

    Raises:
        JournalUnavailable: the database cannot be reached.
    """
    with _reaching_the_database():
        engine = open_engine(settings.url)
        try:
            return walls(engine)
        finally:
            engine.dispose()


@contextmanager
def open_house(
    settings: Settings, *, projecting: bool = False, systems: Mapping[str, System] | None = None
) -> Iterator[OpenHouse]:
    """Open the store and everything around it, and close it again.

    Args:
        settings: which store, and how.
        projecting: also run the projector, as a server does.
        systems: the catalogue, for tests; without it that of the installed adapters.

    Raises:
        NotInitialized: the store is not there, or not at the schema of this release.
        JournalUnavailable: the database cannot be reached.
        VaultLocked: the key file is missing or does not fit.
    """
    check_schema(settings)
    broken: dict[str, str] = {}
    if systems is None:
        systems, broken = load_systems()
    with ExitStack() as closing:
        engine = open_engine(settings.url)
        closing.callback(engine.dispose)
        with _reaching_the_database():
            if missing_views(engine):
                raise NotInitialized(
                    "The views are not there: make them with `daybook init`; they are built again from the journal."
                )
        journal = open_journal(settings.url)
        closing.callback(journal.close)
        with _reaching_the_database():
            vault = vault_of(engine, settings)
        house = House(
            journal,
            SqlCaptures(engine),
            vault,
            SystemClock(),
            systems,
            window_days=settings.window_days,
            people=Directory(journal),
            limits=Limits(reach=settings.reach),
            supplied=read_supplied(settings.supplied_file, systems),
            outward=_outward(settings),
            fits=fill,
        )
        projector = None
        if projecting:
            projector = Projector(engine, journal)
            projector.start()
            closing.callback(projector.stop)
        yield OpenHouse(
            settings, house, engine, reception_of(settings, house, engine), projector, broken, signing=vault.signing
        )


def reception_of(settings: Settings, house: House, engine: Engine) -> Reception:
    """Who comes in is told by what is stored, what the facts say, and the OpenID provider of the settings.

    Raises:
        BadSettings: the provider's secret cannot be read, or its client id is missing.
    """
    store = AccessStore(engine)
    provider = None
    if settings.oidc_issuer:
        from adapters.access.openid import OpenIdProvider  # noqa: PLC0415 - a second that nobody else need wait

        if not settings.oidc_client_id:
            raise BadSettings("The setting DAYBOOK_OIDC_ISSUER takes DAYBOOK_OIDC_CLIENT_ID beside it.")
        secret = ""
        if settings.oidc_secret_file is not None:
            try:
                secret = settings.oidc_secret_file.read_text().strip()
            except (OSError, UnicodeError):
                raise BadSettings(
                    f"The file of DAYBOOK_OIDC_SECRET_FILE cannot be read: {settings.oidc_secret_file}."
                ) from None
        provider = OpenIdProvider(
            settings.oidc_issuer, settings.oidc_client_id, secret, audience=settings.oidc_audience
        )
    recognizer = Recognizer(house.journal, store, house.clock, provider)
    return Reception(recognizer, store, Passwords(), settings.session_hours)


def vault_of(engine: Engine, settings: Settings) -> SqlVault:
    """The vault of a store, with the root key that the settings name.

    Raises:
        VaultLocked: there is none, or it does not fit the store.
    """
    given = settings.root_key
    roots = GivenRoots(given, settings.next_root_key) if given else FileRoots(settings.key_path)
    return SqlVault(engine, roots, store_ssn=settings.store_ssn)


def check_schema(settings: Settings) -> None:
    """Make sure that the store is there and at the schema of this release.

    Raises:
        NotInitialized: it is not.
        JournalUnavailable: the database cannot be reached.
    """
    with _reaching_the_database():
        current = current_revision(settings.url)
    if current is None:
        raise NotInitialized("There is no store yet: make it with `daybook init`.")
    if current != head_revision():
        raise NotInitialized(
            f"The store is at schema {current[:40]}, this release of daybook needs {head_revision()}: "
            "run `daybook init`, which changes it and loses nothing."
        )


@contextmanager
def _reaching_the_database() -> Iterator[None]:
    """Say in a sentence that the database is away, without its URL, which may hold a password."""
    try:
        yield
    except (OperationalError, DBAPIError) as error:
        raise unavailable(error) from error


def unavailable(error: DBAPIError) -> JournalUnavailable:
    """The refusal that a failure of the database driver amounts to."""
    lines = str(error.orig).strip().splitlines() or ["no reason given"]
    return JournalUnavailable(f"The database cannot be reached or used: {lines[0][:300]}")


def _outward(settings: Settings) -> OutwardRules:
    return OutwardRules(
        at_once=settings.objects_at_once,
        late=settings.objects_late,
        review=settings.objects_review * 86_400,
        reviewed=settings.objects_reviewed * 86_400,
    )
