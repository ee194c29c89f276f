"""What goes wrong with an OpenID provider and its tokens."""

from domain.refusals import NotYet


class ProviderAway(NotYet):
    """The OpenID provider does not answer as it should."""


class ProviderRefused(Exception):
    """The OpenID provider does not take what was posted."""


class BadToken(Exception):
    """A token proves nothing; the message says why, for the log."""
