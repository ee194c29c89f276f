"""Refusals: what daybook will not do, said in sentences that name what, where and what to do."""


class Refusal(Exception):
    """The request was understood and refused.

    The class names the kind of refusal for machines (:attr:`code`), the message says it to a person.
    """

    @property
    def code(self) -> str:
        """The kind of refusal in kebab case, stable: ``NotABusinessDate`` is ``not-a-business-date``."""
        name = type(self).__name__
        return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")


class NotFound(Refusal):
    """What was asked for does not exist, or not for this client."""


class BadIdentifier(Refusal):
    """An identifier has characters or a length that daybook does not take."""


class Conflict(Refusal):
    """What is there is not what the caller thought: look again, then decide again."""


class NotYet(Refusal):
    """It cannot be done now, and can be later."""
