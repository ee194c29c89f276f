"""The shapes of reference data: jobs, menu items, tenders, taxes and house accounts."""

from typing import Any

from pydantic import Field

from api.http.models import Number, Shape


class Reference(Shape):
    """A menu item, tender, tax definition or house account."""

    location: str
    connection: str
    number: str = Field(description="What other records refer to it by.")
    name: str | None = Field(description="Of a house account, whose name is personal, `sealed` where known, else null.")
    listed: bool = Field(description="The newest list of its source still has it.")
    record: dict[str, Any] = Field(
        description="Its other fields. Of house accounts the personal ones say `sealed` where known, else null."
    )
    position: int


class References(Shape):
    """A page of reference data of one kind."""

    data: list[Reference]
    next: str | None = Field(description="The cursor of the next page.")


class Job(Shape):
    """A job that people work in, with its pay per hour."""

    location: str
    connection: str
    job: str
    name: str
    code: str
    rate: Number
    listed: bool = Field(description="The newest list of its source still has it.")
    position: int


class Jobs(Shape):
    """A page of jobs."""

    data: list[Job]
    next: str | None = Field(description="The cursor of the next page.")
