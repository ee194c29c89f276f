"""``python -m adapters.erp.office_24seven.simulator --port 8400``: one organization, 12345, until interrupted."""

import argparse
import contextlib

from adapters.erp.office_24seven.simulator import Vendor, serve


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8400, help="Where to listen on 127.0.0.1.")
    port = parser.parse_args().port
    print(f"http://127.0.0.1:{port}/v1 (client id app-one, secret office-secret-one)", flush=True)  # noqa: T201
    with contextlib.suppress(KeyboardInterrupt):
        serve(Vendor(), port)


if __name__ == "__main__":
    main()
