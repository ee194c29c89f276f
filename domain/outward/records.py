"""Master data as documents: what the books, the roster and the reference data of a client say."""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.accounts import DEFAULT_ACCOUNTS, AccountMapping
from domain.outward.documents import RecordDocument


def account_documents(mapping: AccountMapping) -> dict[str, RecordDocument]:
    """The accounts that journal lines go to, by key ``account:{number}``; each is named by the first key it is of."""
    named: dict[str, str] = {}
    own = sorted(mapping.own.items())
    given = sorted(DEFAULT_ACCOUNTS.items()) if mapping.defaults else []
    for key, account in [*own, *given]:
        named.setdefault(account, key)
    numbers = sorted(filter(None, named))
    return {f"account:{number}": RecordDocument("account", number, named[number]) for number in numbers}


def location_document(location: str, name: str, number: str) -> RecordDocument:
    """A location, by its number in the books where it has one."""
    return RecordDocument("location", number or location, name)


def job_document(job: str, name: str, code: str, rate: str, *, listed: bool) -> RecordDocument:
    """A job, by its code where it has one."""
    return RecordDocument("job", code or job, name, _filled({"rate": rate}), active=listed)


def employee_document(
    employee: str,
    person: str,
    sealed: Mapping[str, str],
    fields: Mapping[str, str],
    jobs: Iterable[Any],
    *,
    active: bool,
) -> RecordDocument:
    """An employee, by the payroll number where there is one; personal data stays sealed.

    Args:
        employee: the source's id.
        person: as the vault names them.
        sealed: personal data, sealed, by our names.
        fields: the others, by our names: ``payroll_id``, ``pos_id``, ``hire_date``.
        jobs: ids of their jobs, or objects that have one.
        active: they work there.
    """
    ids = sorted({str(job.get("job", job.get("id", ""))) if isinstance(job, Mapping) else str(job) for job in jobs})
    named = _filled({**fields, "jobs": ",".join(filter(None, ids)), "employee": employee})
    return RecordDocument(
        "employee", fields.get("payroll_id") or employee, "", named, _filled(sealed), person, active=active
    )


def _filled(fields: Mapping[str, str]) -> dict[str, str]:
    """Only what says something, in the order of the names."""
    return {name: value for name, value in sorted(fields.items()) if value}
