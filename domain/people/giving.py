"""Nobody gives more than they have themselves, and nobody takes where they may not act."""

from domain.permissions import NotPermitted, Rights


class MoreThanOwn(NotPermitted):
    """Somebody would give more than they have themselves, or take from somebody beyond their locations."""


def check_giving(giver: Rights, given: Rights, held: Rights | None = None) -> None:
    """Make sure that the giver has what somebody gains.

    Args:
        giver: what the giver may do.
        given: what somebody may do afterwards.
        held: what they may do before; without it all of ``given`` is gained. Who comes to more locations gains all of
            it there.

    Raises:
        MoreThanOwn: the giver lacks a permission or a location of it.
    """
    _check_reach(giver, given)
    kept = held.permissions if held is not None and _within(given, held) else frozenset()
    lacking = sorted(permission.value for permission in given.permissions - kept - giver.permissions)
    if lacking:
        raise MoreThanOwn(
            f"Nobody gives more than they have: this would give {', '.join(lacking)}, which you do not have. Ask "
            "somebody who does, or the operator at the machine."
        )


def check_taking(taker: Rights, held: Rights) -> None:
    """Make sure that whoever takes something from somebody may act at all of their locations.

    Raises:
        MoreThanOwn: they may not.
    """
    _check_reach(taker, held)


def _check_reach(one: Rights, other: Rights) -> None:
    if not _within(other, one):
        raise MoreThanOwn(
            "This concerns locations that are not yours: ask somebody who has them, or the operator at the machine."
        )


def _within(inner: Rights, outer: Rights) -> bool:
    """All locations of the one are of the other."""
    if outer.locations is None:
        return True
    return inner.locations is not None and inner.locations <= outer.locations
