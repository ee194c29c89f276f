"""Link an identity at an OpenID provider to a user, or take the link back."""

from dataclasses import dataclass

from domain.commands.changing_people import PeopleChanged, manage
from domain.commands.intent import Intent
from domain.identifiers import PeopleId
from domain.people import decide_link, decide_unlink
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class LinkIdentity:
    """Link an identity, or take the link back.

    Attributes:
        people: whose.
        login: the user.
        issuer: the provider.
        subject: who they are there.
        intent: who wants it and why.
        back: take it back.
    """

    people: PeopleId
    login: str
    issuer: str
    subject: str
    intent: Intent
    back: bool = False


def link_identity(command: LinkIdentity, house: House) -> PeopleChanged:
    """Record it, unless it is so already.

    Raises:
        NotPermitted, MoreThanOwn: they may not.
        NoSuchUser, UserIsDisabled, IdentityTaken, BadIdentity: see ``decide_link``.
        CommandReused, StreamMoved, JournalUnavailable: see ``change``.
    """
    decide = decide_unlink if command.back else decide_link
    return manage(
        command.people,
        command.intent,
        house,
        lambda people: decide(people, command.login, command.issuer, command.subject, giver=command.intent.rights),
    )
