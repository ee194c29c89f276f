"""Hashes, digests and sessions on SQLite and PostgreSQL."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adapters.access.secrets import Secret
from adapters.access.tables import PASSWORDS, SECRETS, SESSIONS

MOST_SESSIONS: Final = 50
"""Sessions of one user at the same time: the oldest end."""


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """What is kept of a secret."""

    kind: str
    client: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Session:
    """A session of a user.

    Attributes:
        client: whose data.
        login: the user.
        how: ``password`` or ``oidc``.
        version: of the client's people when it began.
        created_at: when it began.
        expires_at: when it ends, at the latest.
    """

    client: str
    login: str
    how: str
    version: int
    created_at: dt.datetime
    expires_at: dt.datetime


class AccessStore:
    """The three tables. A row alone opens nothing: a fact about people has to name it."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._insert: Any = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    def keep_secret(self, secret: Secret, client: str, now: dt.datetime) -> bool:
        """Keep the digest of a secret; False where its id has one already, which stays."""
        row = {
            "id": secret.id,
            "kind": secret.kind,
            "client": client,
            "digest": secret.digest,
            "created_at": now,
        }
        insert = self._insert(SECRETS).values(row).on_conflict_do_nothing().returning(SECRETS.c.id)
        with self._engine.begin() as connection:
            return connection.execute(insert).first() is not None

    def secret(self, id_: str) -> StoredSecret | None:
        """What is kept of a secret."""
        asked = sa.select(SECRETS.c.kind, SECRETS.c.client, SECRETS.c.digest).where(SECRETS.c.id == id_)
        with self._engine.connect() as connection:
            row = connection.execute(asked).first()
        return None if row is None else StoredSecret(*row)

    def drop_secret(self, id_: str) -> None:
        """Keep nothing of a secret any more."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(SECRETS).where(SECRETS.c.id == id_))

    def keep_password(self, client: str, login: str, id_: str, hash_: str, now: dt.datetime) -> None:
        """Keep the hash of a password beside those that there are, or in the place of one of the same id."""
        row = {"client": client, "login": login, "id": id_, "hash": hash_, "created_at": now}
        insert = self._insert(PASSWORDS).values(row)
        insert = insert.on_conflict_do_update(index_elements=["client", "login", "id"], set_={"hash": hash_})
        with self._engine.begin() as connection:
            connection.execute(insert)

    def password(self, client: str, login: str, id_: str) -> str | None:
        """The hash of a password."""
        columns = PASSWORDS.c
        asked = sa.select(columns.hash).where(columns.client == client, columns.login == login, columns.id == id_)
        with self._engine.connect() as connection:
            found: str | None = connection.execute(asked).scalar_one_or_none()
        return found

    def keep_only(self, client: str, login: str, password: str) -> None:
        """Drop all of a user's passwords but one, and all of their sessions."""
        columns = PASSWORDS.c
        others = sa.and_(columns.client == client, columns.login == login, columns.id != password)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(PASSWORDS).where(others))
            connection.execute(sa.delete(SESSIONS).where(_of(client, login)))

    def begin_session(self, digest: bytes, session: Session) -> None:
        """Keep a session; those of the user that are over, or too many, go."""
        now = session.created_at
        row = {
            "digest": digest,
            "client": session.client,
            "login": session.login,
            "how": session.how,
            "version": session.version,
            "created_at": now,
            "expires_at": session.expires_at,
        }
        newest = sa.select(SESSIONS.c.digest).where(_of(session.client, session.login))
        newest = newest.order_by(SESSIONS.c.created_at.desc()).limit(MOST_SESSIONS)
        with self._engine.begin() as connection:
            connection.execute(sa.insert(SESSIONS).values(row))
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.expires_at <= now))
            kept = [found.digest for found in connection.execute(newest)]
            connection.execute(
                sa.delete(SESSIONS).where(_of(session.client, session.login), SESSIONS.c.digest.not_in(kept))
            )

    def session(self, digest: bytes) -> Session | None:
        """The session of a token, by its digest, over or not."""
        columns = SESSIONS.c
        asked = sa.select(
            columns.client, columns.login, columns.how, columns.version, columns.created_at, columns.expires_at
        ).where(columns.digest == digest)
        with self._engine.connect() as connection:
            row = connection.execute(asked).first()
        if row is None:
            return None
        return Session(row.client, row.login, row.how, row.version, _utc(row.created_at), _utc(row.expires_at))

    def end_session(self, digest: bytes) -> None:
        """End one session."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.digest == digest))

    def end_sessions(self, client: str, login: str) -> None:
        """End all sessions of a user."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(SESSIONS).where(_of(client, login)))


def _of(client: str, login: str) -> sa.ColumnElement[bool]:
    return sa.and_(SESSIONS.c.client == client, SESSIONS.c.login == login)


def _utc(instant: dt.datetime) -> dt.datetime:
    """SQLite keeps no zone: what was written is UTC."""
    return instant.replace(tzinfo=dt.UTC) if instant.tzinfo is None else instant.astimezone(dt.UTC)
