"""The shapes of SCIM's answers, for the OpenAPI document and for tests; answers are written without them."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.scim.words import EMPLOYEE, ENTERPRISE


class ScimShape(BaseModel):
    """An answer: these members, and those of schemas that extend it."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class ScimError(ScimShape):
    """What went wrong, as RFC 7644 has it; the header Daybook-Problem names the kind as `/problems` lists it."""

    schemas: list[str]
    status: str = Field(description="The HTTP status.", examples=["404"])
    scimType: str = Field(default="", description="The kind, of a bad request.", examples=["invalidFilter"])  # noqa: N815 - the standard's name
    detail: str = Field(description="A sentence about this occurrence.")


class ScimMeta(ScimShape):
    """What is said of every resource."""

    resourceType: str = ""  # noqa: N815
    lastModified: str = Field(default="", description="When it was recorded, UTC.")  # noqa: N815
    location: str = ""
    version: str = Field(default="", description="The weak entity tag.", examples=['W/"3694e05e9dff591"'])


class ScimName(ScimShape):
    """The names of an employee."""

    formatted: str = ""
    givenName: str = ""  # noqa: N815
    middleName: str = ""  # noqa: N815
    familyName: str = ""  # noqa: N815


class ScimValue(ScimShape):
    """One of several values."""

    value: str = ""
    formatted: str = ""


class ScimJob(ScimShape):
    """A job that somebody works in."""

    value: str = ""
    payRate: str = ""  # noqa: N815


class ScimEnterprise(ScimShape):
    """The enterprise extension."""

    employeeNumber: str = ""  # noqa: N815


class ScimEmployee(ScimShape):
    """Our own extension."""

    location: str = ""
    posId: str = ""  # noqa: N815
    hireDate: str = ""  # noqa: N815
    listed: bool = True
    minor: bool = False
    jobs: list[ScimJob] = []
    dateOfBirth: str = ""  # noqa: N815


class ScimUser(ScimShape):
    """An employee of one location."""

    schemas: list[str]
    id: str
    externalId: str = ""  # noqa: N815
    userName: str = ""  # noqa: N815
    name: ScimName = ScimName()
    displayName: str = ""  # noqa: N815
    active: bool = True
    emails: list[ScimValue] = []
    phoneNumbers: list[ScimValue] = []  # noqa: N815
    addresses: list[ScimValue] = []
    enterprise: ScimEnterprise = Field(default=ScimEnterprise(), alias=ENTERPRISE)
    employee: ScimEmployee = Field(default=ScimEmployee(), alias=EMPLOYEE)
    meta: ScimMeta = ScimMeta()


class ScimUsers(ScimShape):
    """A page of users."""

    schemas: list[str]
    totalResults: int = Field(description="How many there are in all.")  # noqa: N815
    startIndex: int = Field(default=1, description="The index of the first, from 1; of pages by index.")  # noqa: N815
    itemsPerPage: int = Field(description="How many are on this page.")  # noqa: N815
    nextCursor: str = Field(default="", description="The next page, of pages by cursor.")  # noqa: N815
    previousCursor: str = ""  # noqa: N815
    Resources: list[ScimUser] = []


class ScimResource(BaseModel):
    """A resource that describes the service."""

    model_config = ConfigDict(extra="allow")

    schemas: list[str]
    id: str = ""
    meta: dict[str, Any] = {}


class ScimResources(ScimShape):
    """All of a kind of such."""

    schemas: list[str]
    totalResults: int  # noqa: N815
    startIndex: int = 1  # noqa: N815
    itemsPerPage: int  # noqa: N815
    Resources: list[ScimResource] = []
