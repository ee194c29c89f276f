"""``python -m adapters.webhooks.simulator --port 8500``: a receiver, until interrupted; it prints what it is told."""

import argparse
import contextlib
import sys
from typing import Final

from adapters.webhooks.simulator.receiver import Receiver, Told
from adapters.webhooks.simulator.server import serve

SECRET: Final = "whsec_c2ltdWxhdGVkLXJlY2VpdmVyLW9mLW5vdGljZXM="  # noqa: S105 - of the simulator alone


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8500, help="Where to listen on 127.0.0.1.")
    parser.add_argument("--secret", default=SECRET, help="What messages are signed with.")
    asked = parser.parse_args()
    _say(f"http://127.0.0.1:{asked.port}/hooks (secret {asked.secret})")
    with contextlib.suppress(KeyboardInterrupt):
        serve(Receiver([asked.secret], hear=_hear), asked.port)


def _hear(told: Told) -> None:
    _say(f"{told.id} {told.body.decode()}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
