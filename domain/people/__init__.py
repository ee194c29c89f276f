"""The people of a client: users with their roles, how they sign in, and API keys. Every client has its own.

Somebody who works in two clients has two accounts.
"""

from domain.people.giving import MoreThanOwn
from domain.people.keys import (
    MOST_DAYS,
    MOST_KEYS,
    BadDays,
    NoSuchKey,
    TooManyKeys,
    decide_issue,
    decide_revoke,
)
from domain.people.naming import LONGEST_NAME, BadName, BadRole, TooManyLocations, checked_login
from domain.people.signing import (
    INVITED_DAYS,
    BadIdentity,
    IdentityTaken,
    NotInvited,
    decide_accept,
    decide_invite,
    decide_link,
    decide_password,
    decide_unlink,
)
from domain.people.state import NOBODY, ApiKey, Identity, Invitation, People, User, fold
from domain.people.users import (
    MOST_USERS,
    LastManager,
    LoginTaken,
    NoSuchUser,
    TooManyUsers,
    UserIsDisabled,
    decide_add,
    decide_change,
    decide_disable,
    decide_enable,
)

__all__ = [
    "INVITED_DAYS",
    "LONGEST_NAME",
    "MOST_DAYS",
    "MOST_KEYS",
    "MOST_USERS",
    "NOBODY",
    "ApiKey",
    "BadDays",
    "BadIdentity",
    "BadName",
    "BadRole",
    "Identity",
    "IdentityTaken",
    "Invitation",
    "LastManager",
    "LoginTaken",
    "MoreThanOwn",
    "NoSuchKey",
    "NoSuchUser",
    "NotInvited",
    "People",
    "TooManyKeys",
    "TooManyLocations",
    "TooManyUsers",
    "User",
    "UserIsDisabled",
    "checked_login",
    "decide_accept",
    "decide_add",
    "decide_change",
    "decide_disable",
    "decide_enable",
    "decide_invite",
    "decide_issue",
    "decide_link",
    "decide_password",
    "decide_revoke",
    "decide_unlink",
    "fold",
]
