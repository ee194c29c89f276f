"""Refusals of the ways in: what a request or a command line can get wrong before any command is asked."""

from domain.refusals import Conflict, NotFound, NotYet, Refusal


class NotInitialized(Refusal):
    """The store was never made, or is not at the schema of this release."""


class NoSuchLocation(NotFound):
    """No connection of the client feeds the location."""


class NoSuchEmployee(NotFound):
    """No source of the client lists the employee at the location."""


class TestFailed(Conflict):
    """The source did not take the address, the secret or the form values that were to be put in place."""

    __test__ = False  # no test of ours, whatever pytest thinks of the name


class NoSuchProblem(NotFound):
    """There is no kind of problem of that name."""


class BadMoment(Refusal):
    """A moment is neither a position of the log nor an instant with its offset, or it has not come yet."""


class EndsBeforeItBegins(Refusal):
    """The last business date of a range lies before its first."""


class BadComparison(Refusal):
    """What is to be compared is not said, or is said in two ways."""


class BadCursor(Refusal):
    """A cursor of a paged list is not one that daybook gave for the same question."""


class BadVersion(Refusal):
    """An If-Match header does not hold entity tags."""


class NoVersionGiven(Refusal):
    """What is replaced has to be named by its version in If-Match, so that nobody's change is lost unseen."""


class BadIdempotencyKey(Refusal):
    """An Idempotency-Key is not 1 to 255 printable ASCII characters."""


class KeyReused(Refusal):
    """The Idempotency-Key was used before for another request."""


class KeyInUse(NotYet):
    """A request with the same Idempotency-Key is being worked on right now."""


class TooManyPolls(NotYet):
    """As many polls run as may at once: threads are kept free for those who read."""


class ProjectionBehind(NotYet):
    """The views have not reached the position that the reader asks for; a stale answer is never given instead."""


class NotReady(NotYet):
    """Something that the service needs is not in order."""


class UnreadableFile(Refusal):
    """A file that was named on the command line cannot be read, or does not say what it should."""


class PortTaken(Refusal):
    """Another process listens on the port."""


class NoSuchAccount(NotFound):
    """The client has no account of its own for the key."""


class DayIsDeleted(NotFound):
    """Somebody deleted the summary of the day, and no poll has brought it back yet."""


class BadReason(Refusal):
    """A reason is empty, too long, or holds control characters."""


class NotSignedIn(Refusal):
    """Nobody has said who asks, or what they said proves nothing: sign in, or send an API key."""

    def __init__(self, message: str, why: str = "") -> None:
        super().__init__(message)
        self.why = why  # for the log, never for the answer
        self.stale_cookie = ""  # what the browser need not keep any longer


class TooManyAttempts(NotYet):
    """Too many attempts to sign in failed: wait before the next one."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class FromElsewhere(Refusal):
    """A request that a session's cookie came with does not show that daybook's own page sent it."""


class NotLinked(Refusal):
    """An OpenID provider says who it is, and no user is linked to that identity."""


class BadPassword(Refusal):
    """A new password is too short, too long, or too easy to guess."""


class NoProvider(NotFound):
    """Signing in through an OpenID provider is not set up."""


class OtherClient(Refusal):
    """The API key is of another client than the one that is asked for."""


class NothingGiven(Refusal):
    """What a command needs was not given, and there is no terminal to ask at."""


class BadObject(Refusal):
    """The text cannot be the key of an object that is synchronized."""


class AmbiguousObject(Refusal):
    """Several connections have an object of that key, and nothing says which is meant."""


class BothToSynchronize(Refusal):
    """Connections are polled and objects are sent: one command does one of the two."""
