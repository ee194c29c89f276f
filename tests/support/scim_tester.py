"""What the tester of SCIM servers is given where a service creates nobody."""

from typing import Any


class There:
    """Resources that there are already: the service creates none."""

    def __init__(self, one: Any) -> None:
        self._one = one

    def create_and_register(self, *_: Any, **__: Any) -> Any:
        """The one that there is."""
        return self._one

    def cleanup(self) -> None:
        """Nothing was made."""
