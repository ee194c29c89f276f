"""Options about people: which field is the payroll id."""

from collections.abc import Callable

import msgspec

from domain.polling.configuration import Options
from domain.records import Employee


def compile_people(options: Options) -> Callable[[Employee], Employee]:
    """What an employee as the source states them becomes.

    With ``custom_payroll_id_field`` that field is the payroll id, blank where it is blank: falling back to the source's
    would pay the wrong person. The source's is kept beside it.
    """
    field = options.custom_payroll_id_field
    if not field:
        return lambda employee: employee

    def substituted(employee: Employee) -> Employee:
        chosen: str = getattr(employee, field).strip()
        if chosen == employee.payroll_id:
            return employee
        return msgspec.structs.replace(employee, payroll_id=chosen, source_payroll_id=employee.payroll_id)

    return substituted


def lacks_payroll_id(employee: Employee, options: Options) -> bool:
    """The field that is taken for the payroll id is blank, so payroll cannot know whom to pay."""
    return bool(options.custom_payroll_id_field) and not employee.payroll_id
