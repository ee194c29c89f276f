"""A store with employees, which the tests of SCIM share."""

from collections.abc import Iterator

import pytest

from tests.api.guarded import Guarded, a_guarded_site


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A store where both locations were polled, so that their employees are known."""
    with a_guarded_site(tmp_path_factory.mktemp("scim")) as made:
        for location in ("alpha", "beta"):
            date = made.site.pos.pos.settings.first
            path = f"/v1/days/{location}/{date}/polls"
            assert made.by("full-access").post(path, {"reason": "a test"}).status_code == 201
        made.site.catch_up()
        yield made
