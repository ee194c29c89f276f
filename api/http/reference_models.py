"""The shapes of reference data: menu items, tenders, taxes and house accounts."""

from typing import Any

from pydantic import Field

from api.http.models import Shape


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
