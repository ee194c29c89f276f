"""The one way out over HTTP, for every adapter: guarded, bounded in time and size, keys added on the way."""

from adapters.http.addresses import Address, Gate, NotAllowed, base_address, gate
from adapters.http.asking import answer_of
from adapters.http.bodies import CutOff, read_body
from adapters.http.pacing import PACES, Paces
from adapters.http.sending import Answered, check_answered, send
from adapters.http.transport import TIMEOUTS, TRANSPORT_ERRORS, deadline, open_client
from adapters.http.waiting import told_wait

__all__ = [
    "PACES",
    "TIMEOUTS",
    "TRANSPORT_ERRORS",
    "Address",
    "Answered",
    "CutOff",
    "Gate",
    "NotAllowed",
    "Paces",
    "answer_of",
    "base_address",
    "check_answered",
    "deadline",
    "gate",
    "open_client",
    "read_body",
    "send",
    "told_wait",
]
