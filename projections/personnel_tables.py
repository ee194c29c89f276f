"""Tables of personnel: connections that are pulled, the employees that they tell of, and who of them is whom."""

from typing import Final

from sqlalchemy import Column, Index

from projections.columns import WORD, count, flag, key, table, text, whole

personnel: Final = table(
    "personnel",
    key("client"),
    key("connection"),
    count("version"),  # of the stream
    text("tried_at"),  # when the newest pull ended; empty before the first
    text("pulled_at"),  # when the newest one ended that did not fail
    text("whole_at"),  # when everybody was read last
    text("watermark"),
    count("failures"),  # in a row, the newest the last of them
    text("failure"),
    text("message"),
    text("retry_at"),
    whole("position"),
)
"""How the pulls of each connection stand."""

hr_employee: Final = table(
    "hr_employee",
    key("client"),
    key("connection"),
    key("employee"),
    text("person"),
    text("first_name"),
    text("last_name"),
    text("address"),
    text("phone"),
    text("ssn"),
    text("email"),
    text("date_of_birth"),
    text("middle_name"),
    text("payroll_id"),
    text("title"),
    text("department"),
    text("hire_date"),
    flag("active"),
    flag("listed"),
    text("jobs_json"),
    whole("position"),
)
"""Employees of systems of personnel; personal fields are sealed."""

hr_match: Final = table(
    "hr_match",
    key("client"),
    key("location"),
    key("employee"),
    key("connection"),
    text("state"),
    text("rule"),
    Column("hr", WORD, nullable=False),  # who it is; empty where that is not settled
    text("candidates_json"),
    text("decided_by"),  # who linked them; empty where a rule found them
    text("decided_at"),
    whole("position"),
    Index("hr_match_by_hr", "client", "connection", "hr"),
)
"""Who an employee at a point of sale is to a system of personnel."""
