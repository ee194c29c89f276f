"""Requests that the document describes, and such as it does not, in the names of several people."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.access.problems import problem_in
from tests.access.town import DATES, THERE, Town, principal

CHECKS: Final = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
WAIT: Final = 0.02
"""Seconds that a read waits for positions that will not come, so that requests for such do not take all the time."""

WITHOUT_PROOF: Final = 0.95
"""Of so many requests neither header nor cookie says who asks, because the town is told otherwise."""

CALM: Final = 200
"""Requests after which the door forgets whose proofs were none."""

NOT_NOW: Final = frozenset({502, 503})
"""What is documented of the server's side: the source, or the views, need time. Everything else from 500 is a fault."""

PEOPLE: Final = (
    principal("operator"),
    principal("operator"),
    principal("full-access", at=frozenset({"alpha"})),
    principal("auditor", client=THERE),
    principal("payroll", at=frozenset({"beta"})),
)
THERE_ARE: Final = {
    "location": ("alpha", "beta", "gamma"),
    "connection": ("tray", "tray-two"),
    "date": tuple(map(str, DATES)),
    "generation": (1, 2),
    "number": (1,),
    "figure": ("net_sales", "by_category/Food"),
    "id": ("alpha", "tray", "12"),
    "kind": ("deposits",),
}
"""Values of addresses that lead somewhere."""


@dataclass
class Outcome:
    """What came of it.

    Attributes:
        requests: that were sent.
        statuses: how often each was answered.
        problems: how often each type was answered.
        faults: a sentence for each kind of answer that does not conform.
    """

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)


def conform(town: Town, examples: int, start: int = 0, *, document: Mapping[str, Any] | None = None) -> Outcome:
    """Send so many requests of each operation that the document allows, and half as many that it does not.

    Args:
        town: what is asked.
        examples: of each operation.
        start: equal ones make equal requests.
        document: that is held against it, or None for its own.
    """
    outcome, chosen = Outcome(), random.Random(start)
    schema = schemathesis.openapi.from_dict(dict(document or town.app.openapi_schema or {}))
    schema.app = town.app
    schema.config.update(base_url="http://127.0.0.1:8200")
    for mode, count in ((GenerationMode.POSITIVE, examples), (GenerationMode.NEGATIVE, max(1, examples // 2))):
        found: Any
        for found in schema.get_all_operations():
            operation: Any = found.ok()
            parameters = [*operation.path_parameters, *operation.query, *operation.headers, *operation.body]
            if mode is GenerationMode.NEGATIVE and not parameters:
                continue  # there is nothing that could be wrong
            _try(town, operation, mode, count, start, chosen, outcome)
    return outcome


def _try(
    town: Town, operation: Any, mode: GenerationMode, count: int, start: int, chosen: random.Random, outcome: Outcome
) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @seed(start)
    def send(case: Any) -> None:
        if chosen.random() < 0.7:
            there_are = {**{name: (value,) for name, value in town.ids.items()}, **THERE_ARE}
            case.path_parameters.update(
                {name: chosen.choice(there_are[name]) for name in case.path_parameters if name in there_are}
            )
        if chosen.random() < WITHOUT_PROOF:
            # Else half of the requests would come no further than the door, which knows none of what is made up.
            case.headers.pop("Authorization", None)
            case.cookies.clear()
        if outcome.requests % CALM == 0:
            town.calm()
        town.who = chosen.choice(PEOPLE)
        answer = case.call(headers={"Host": "127.0.0.1:8200"})
        outcome.requests += 1
        outcome.statuses[answer.status_code] += 1
        if answer.status_code >= 400:
            told, fault = problem_in(answer.status_code, dict(answer.headers), answer.content)
            outcome.problems[told] += 1
            if fault:
                outcome.faults.setdefault(f"{operation.label}: {fault}", case.as_curl_command())
        if answer.status_code >= 500 and answer.status_code not in NOT_NOW:
            outcome.faults.setdefault(f"{operation.label}: {answer.status_code}", case.as_curl_command())
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                name = f"{operation.label}: {answer.status_code} {type(failure).__name__}"
                outcome.faults.setdefault(name, f"{failure}\n{case.as_curl_command()}")

    send()
