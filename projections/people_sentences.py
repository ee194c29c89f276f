"""Facts about users and API keys in sentences for people."""

from domain.facts.people import (
    IdentityLinked,
    IdentityUnlinked,
    KeyFact,
    KeyIssued,
    KeyRevoked,
    PasswordSet,
    PeopleFact,
    UserAdded,
    UserChanged,
    UserDisabled,
    UserEnabled,
    UserFact,
    UserInvited,
)


def people_sentence(fact: PeopleFact, who: str, why: str) -> str:
    """What happened, who did it and why."""
    return _of_user(fact, who, why) if isinstance(fact, UserFact) else _of_key(fact, who, why)


def _of_user(fact: UserFact, who: str, why: str) -> str:
    match fact:
        case UserAdded():
            return f"{who} added the user {fact.name} ({fact.login}){why}: {_grant(fact)}."
        case UserChanged():
            return f"{who} changed the user {fact.name} ({fact.login}){why}: {_grant(fact)}."
        case UserDisabled():
            return f"{who} disabled the user {fact.login}{why}: sessions are over."
        case UserEnabled():
            return f"{who} enabled the user {fact.login} again{why}."
        case UserInvited():
            return f"{who} invited the user {fact.login}{why}, until {fact.expires_at:%Y-%m-%d %H:%M} UTC."
        case PasswordSet():
            how = "with a one-time secret" if fact.invitation else "in place of their own"
            return f"The user {fact.login} chose a password {how}."
        case IdentityLinked():
            return f"{who} linked the user {fact.login} to {fact.subject} of {fact.issuer}{why}."
        case IdentityUnlinked():
            return f"{who} took {fact.subject} of {fact.issuer} from the user {fact.login}{why}."


def _of_key(fact: KeyFact, who: str, why: str) -> str:
    match fact:
        case KeyIssued():
            return (
                f"{who} issued the API key {fact.name} ({fact.key}){why}: {_grant(fact)}, until "
                f"{fact.expires_at:%Y-%m-%d %H:%M} UTC."
            )
        case KeyRevoked():
            return f"{who} revoked the API key {fact.key}{why}."


def _grant(fact: UserAdded | UserChanged | KeyIssued) -> str:
    where = "everywhere" if fact.locations is None else f"at {', '.join(fact.locations)}"
    return f"{', '.join(fact.roles) or 'no role'} {where}"
