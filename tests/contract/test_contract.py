"""The API does what its document says, for whoever asks; and what it does not do would be seen."""

import copy
from collections.abc import Iterator

import pytest

from tests.access.town import Town, a_town
from tests.contract.conforming import WAIT, conform


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town that the tests of this file share."""
    with a_town(tmp_path_factory.mktemp("town"), wait=WAIT) as opened:
        yield opened


def test_every_answer_is_documented(town: Town) -> None:
    """No fault of the server, no status, type, header or shape that the document does not have."""
    outcome = conform(town, 2)
    assert outcome.faults == {}
    assert {200, 403, 404, 422} <= set(outcome.statuses)


def test_it_sees_what_is_not_documented(town: Town) -> None:
    """A status, and a member of an answer."""
    document = copy.deepcopy(town.app.openapi_schema)
    assert document is not None
    path = "/healthz"
    operation = document["paths"][path]["get"]
    document["paths"] = {path: {"get": operation}, "/v1/locations": document["paths"]["/v1/locations"]}
    document["components"]["schemas"]["Health"]["properties"]["status"] = {"const": "ill"}
    del document["paths"]["/v1/locations"]["get"]["responses"]["403"]
    for status in ("200", "422", "400", "503"):
        document["paths"]["/v1/locations"]["get"]["responses"].pop(status)
    found = conform(town, 8, document=document).faults
    assert any("/healthz" in name for name in found)
    assert any("/v1/locations" in name for name in found)
