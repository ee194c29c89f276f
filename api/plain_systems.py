"""What came of examining a system, as plain values for the HTTP API and the command line."""

from typing import Any

from domain.commands.examine_system import Examined
from domain.forms import BadForm
from domain.ports.systems import Company


def plain_examined(system: str, examined: Examined) -> dict[str, Any]:
    """What came of it; no secrets, and none of what the operator supplies."""
    failure, found = examined.failure, examined.examination
    return {
        "system": system,
        "accepted": found is not None,
        "failure": None if failure is None else failure.failure,
        "message": None if failure is None else failure.message,
        "retryable": None if failure is None else failure.retryable,
        "retry_at": None if failure is None else failure.retry_at,
        "environment": None if found is None else found.environment,
        "companies": [] if found is None else [_company(company) for company in found.companies],
        "requests": failure.requests if found is None and failure is not None else found.requests if found else 0,
    }


def plain_problems(refusal: BadForm) -> list[dict[str, str]]:
    """What is wrong with a form, field by field."""
    return [
        {"field": problem.field, "title": problem.title, "message": problem.message} for problem in refusal.problems
    ]


def _company(company: Company) -> dict[str, Any]:
    return {
        "organization": company.organization,
        "name": company.name,
        "places": [
            {"id": place.id, "name": place.name, "zone": place.zone or None, "source": dict(place.source)}
            for place in company.places
        ],
    }
