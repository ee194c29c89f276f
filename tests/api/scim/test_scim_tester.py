"""The service as a third party's tester of SCIM servers sees it, over real HTTP."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any, cast

import httpx2
import uvicorn
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server
from scim2_tester.checkers import object_query, object_query_with_attributes, object_query_without_id
from scim2_tester.utils import CheckConfig, CheckContext

from tests.api.guarded import Guarded
from tests.support.scim_tester import There


@contextlib.contextmanager
def serving(app: Any) -> Iterator[str]:
    """The application on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            thread.join(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


def test_the_tester_finds_nothing_wrong(place: Guarded) -> None:
    """All of discovery and errors; and reading users, with one that is there in place of one that it would create."""
    with serving(place.client.app) as url:
        headers = {"Authorization": f"Bearer {place.key('auditor')}"}
        with httpx2.Client(base_url=f"{url}/scim/v2", headers=headers) as http:
            client = SyncSCIMClient(http)
            results = check_server(client, include_tags={"discovery", "misc"})
            (kind,) = client.provider.resource_types
            user = cast("Any", client.provider.model_for(kind))
            one = client.query(user).resources[0]
            context = CheckContext(client, CheckConfig())
            context.resource_manager = cast("Any", There(one))
            for check in (object_query, object_query_without_id, object_query_with_attributes):
                results += check(context, user)
    assert len(results) >= 15
    assert [result for result in results if result.status not in {Status.SUCCESS, Status.SKIPPED}] == []
    skipped = {(result.title, result.reason) for result in results if result.status is Status.SKIPPED}
    assert len(results) - len(skipped) >= 25, skipped
