"""The catalogue of systems: what can be connected, what each asks for, and testing what was filled in."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from adapters.forms import fill
from api.catalogue import found_systems, plain_system, plain_whole_system
from api.http.answering import Acting, Client, Opened, answer
from api.http.documents import documented
from api.http.few_at_once import one_of_few
from api.http.permitting import takes
from api.http.system_models import ExaminationAnswer, ExaminationRequest, Systems, WholeSystem
from api.plain_systems import plain_examined
from domain.commands.examine_system import ExamineSystem, examine_system
from domain.commands.intent import Intent
from domain.permissions import Asked, Permission

router = APIRouter(prefix="/v1", tags=["systems"])

SystemPath = Annotated[str, Path(max_length=64, description="The key of a system.", examples=["tray"])]


@router.get(
    "/systems",
    operation_id="listSystems",
    dependencies=[takes(Permission.READ_CONNECTIONS)],
    summary="The systems that can be connected",
    response_model=Systems,
    responses=documented({200: "The systems, by title."}, 400, 403, 422),
)
def get_systems(
    opened: Opened,
    client: Client,
    who: Acting,
    q: Annotated[
        str,
        Query(max_length=100, description="Words that title, key, summary, kind or capabilities have, all of them."),
    ] = "",
) -> Response:
    """All of them, or those that are looked for; and adapters that are installed but could not be loaded, with why."""
    opened.house.permit(Asked(who.actor, who.rights, Permission.READ_CONNECTIONS, client))
    broken = [{"name": name, "reason": reason} for name, reason in sorted(opened.broken_systems.items())]
    data = [plain_system(system) for system in found_systems(opened.house.systems, q)]
    return answer({"data": data, "broken": broken})


@router.get(
    "/systems/{system}",
    operation_id="getSystem",
    dependencies=[takes(Permission.READ_CONNECTIONS)],
    summary="A system and its form",
    response_model=WholeSystem,
    responses=documented({200: "The system."}, 400, 403, 404, 422),
)
def get_system(opened: Opened, client: Client, who: Acting, system: SystemPath) -> Response:
    """Everything that it declares, with the form that connecting it fills in."""
    opened.house.permit(Asked(who.actor, who.rights, Permission.READ_CONNECTIONS, client))
    return answer(plain_whole_system(opened.house.system(system)))


@router.post(
    "/systems/{system}/test",
    operation_id="testSystem",
    dependencies=[takes(Permission.CONNECT_POS, Permission.CONNECT_ERP)],
    summary="Test credentials by calling the system",
    response_model=ExaminationAnswer,
    responses=documented(
        {200: "What the source said; whether it accepts them."}, 400, 403, 404, 408, 413, 415, 422, 503
    ),
)
def post_test(
    http: Request, opened: Opened, client: Client, who: Acting, system: SystemPath, body: ExaminationRequest
) -> Response:
    """Really call the source, within half a minute, and answer the companies and venues that the credentials see.

    Nothing is recorded or kept. A form that is not filled in as it asks is the problem `bad-form`, whose `errors` name
    every field; credentials that the source does not accept are an answer, with `accepted` false.
    """
    filled = fill(opened.house.system(system).profile.form, body.values)
    intent = Intent(who.actor, rights=who.rights)
    with one_of_few(http.app.state.polls, who.client):
        examined = examine_system(ExamineSystem(client, system, filled, intent), opened.house)
    return answer(plain_examined(system, examined), headers={"Cache-Control": "no-store"})
