"""A process that writes to a journal until it is done or killed, and says what was acknowledged."""

from multiprocessing.connection import Connection

from adapters.journal import open_journal
from domain.facts import Provenance
from tests.support.facts import recording
from tests.support.processes import CONTEXT


def write(url: str, client: str, commits: int, facts: int, acknowledged: Connection) -> None:
    """Record commits of so many facts in two streams of a client, one by one; send each command's id when it is in."""
    journal = open_journal(url)
    streams = [f"connection:{client}:{name}" for name in ("a", "b")]
    for number in range(commits):
        command = f"{client}-{number}"
        journal.append(
            [recording(stream, number * facts, facts, size=200) for stream in streams], Provenance("writer", command)
        )
        acknowledged.send(command)
    journal.close()


class Writer:
    """A running writer process.

    Attributes:
        client: whose facts it writes.
        process: the process.
    """

    def __init__(self, url: str, client: str, *, commits: int = 1_000_000, facts: int = 3) -> None:
        self.client = client
        self._receiving, sending = CONTEXT.Pipe(duplex=False)
        self.process = CONTEXT.Process(target=write, args=(url, client, commits, facts, sending), daemon=True)
        self.process.start()
        sending.close()

    def acknowledged(self) -> list[str]:
        """What was acknowledged until the process ended; waits for its end."""
        commands: list[str] = []
        try:
            while True:
                commands.append(self._receiving.recv())
        except EOFError:
            self._receiving.close()
            self.process.join()
            self.process.close()
            return commands

    def wait_for_one(self, seconds: float = 20.0) -> str:
        """The first command that is acknowledged."""
        if not self._receiving.poll(seconds):
            raise TimeoutError(f"The writer acknowledged nothing within {seconds:g} seconds.")
        return str(self._receiving.recv())
