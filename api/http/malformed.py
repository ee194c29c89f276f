"""What is no HTTP at all: answered as a problem like everything else, before any application sees it."""

import uuid

from structlog.contextvars import bound_contextvars
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.http.problems import BAD_REQUEST, problem


class Protocol(H11Protocol):
    """HTTP/1.1 as the server speaks it; of its own accord it would answer bytes that are none in plain text."""

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong and hang up; where an answer has begun already, only hang up."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(_answer(msg))
        self.transport.close()


def _answer(detail: str) -> bytes:
    request = str(uuid.uuid4())
    headers = {"Connection": "close", "Cache-Control": "no-store", "Daybook-Request": request}
    with bound_contextvars(request=request):
        told = problem(BAD_REQUEST, detail, headers={**headers, "X-Content-Type-Options": "nosniff"})
    lines = [b"%b: %b" % line for line in told.raw_headers]
    return b"\r\n".join([b"HTTP/1.1 400 Bad Request", *lines, b"", bytes(told.body)])
