"""Names: what people call things, on one line."""

from typing import Final

from domain.refusals import Refusal

LONGEST_NAME: Final = 200


class BadName(Refusal):
    """A name is empty, too long, or no text on one line."""


def is_line(text: str) -> bool:
    """The text may stand in a sentence and in a table: printable, on one line, and not too long."""
    return len(text) <= LONGEST_NAME and text.isprintable()


def checked_name(name: str) -> str:
    """The name, if it can be one.

    Raises:
        BadName: it is empty, too long or has control characters.
    """
    if not name or not is_line(name) or name != name.strip():
        raise BadName(f"A name is 1 to {LONGEST_NAME} printable characters on one line, without space around it.")
    return name
