"""Faults that are a status: refusals, throttling, breakdowns, and answers that only look like success."""

import msgspec

from adapters.pos.tray.simulator.faults.registry import Answer, AnswerAct, answer_fault
from adapters.pos.tray.simulator.kernel import Visit

_STATUSES = {
    400: ("bad_request", "The request is refused as malformed."),
    401: ("unauthorized", "The key is refused."),
    403: ("forbidden", "The venue is refused to this key."),
    404: ("unknown_venue", "The venue is said not to exist."),
    408: ("timeout", "The server says that the request came too slowly."),
    409: ("day_not_closed", "The business date is said not to be closed yet."),
    500: ("internal_error", "The server breaks down."),
    502: ("bad_gateway", "A gateway on the way has no answer."),
    503: ("unavailable", "The server is not available; Retry-After where parameters.retryAfter is given."),
    504: ("gateway_timeout", "A gateway on the way waited in vain."),
}
_RETRY_AFTER = {
    "seconds": "whole seconds",
    "date": "an HTTP date",
    "missing": "missing",
}


def _error(code: str, message: str) -> bytes:
    return msgspec.json.encode({"error": {"code": code, "message": message}})


def _refusing(status: int, code: str, message: str) -> AnswerAct:
    def refuse(visit: Visit, answer: Answer) -> Answer:
        refused = answer.but(status=status, body=_error(code, message))
        return (
            refused.but(retry_after=str(visit.parameters["retryAfter"]))
            if "retryAfter" in visit.parameters
            else refused
        )

    return refuse


def _throttling(style: str) -> AnswerAct:
    def throttle(visit: Visit, answer: Answer) -> Answer:
        visit.pos.board.throttle(visit, float(visit.parameters.get("seconds", 1)), style)
        return answer

    return throttle


for _status, (_code, _sentence) in _STATUSES.items():
    answer_fault(f"status_{_status}", f"{_sentence} Status {_status}.")(_refusing(_status, _code, _sentence))
for _style, _words in _RETRY_AFTER.items():
    answer_fault(
        f"status_429_{_style}",
        f"Status 429 for parameters.seconds (1), Retry-After {_words}. Asking early doubles it (to 60 at most).",
    )(_throttling(_style))


@answer_fault("error_body_200", "Status 200 with the body of an error.")
def _error_body(visit: Visit, answer: Answer) -> Answer:
    return answer.but(body=_error("internal_error", f"{visit.resource} could not be read."))


@answer_fault("html_login_page", "Status 200 with the HTML of a login page.")
def _login_page(visit: Visit, answer: Answer) -> Answer:
    page = f"<!doctype html><title>Sign in</title><form>Sign in to see {visit.resource}</form>"
    return answer.but(body=page.encode(), content_type="text/html; charset=utf-8")


@answer_fault("redirect", "Status 302 to another host, parameters.location (https://elsewhere.example.com/).")
def _redirect(visit: Visit, answer: Answer) -> Answer:
    return answer.but(
        status=302, body=b"", location=str(visit.parameters.get("location", "https://elsewhere.example.com/"))
    )
