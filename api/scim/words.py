"""The names that SCIM gives to things, and bounds."""

from typing import Final

MEDIA_TYPE: Final = "application/scim+json"
PREFIX: Final = "/scim/v2"
"""Where the service is."""

USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
EMPLOYEE: Final = "urn:daybook:params:scim:schemas:extension:employee:1.0:User"
"""Our own extension: location, numbers, hire date, jobs with pay rates, and, if asked for, the date of birth."""

LIST: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR: Final = "urn:ietf:params:scim:api:messages:2.0:Error"
SCHEMA: Final = "urn:ietf:params:scim:schemas:core:2.0:Schema"
RESOURCE_TYPE: Final = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
CONFIG: Final = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"

PAGE: Final = 100
MOST: Final = 200
"""Users on a page: where the reader does not say, and at most."""

MOST_OPENED: Final = 50
"""Users on a page at most where it opens personal data: each opening is a fact of its own."""
