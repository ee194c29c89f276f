"""The service itself: is it alive, is it ready, what are its problems, and its own description."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.database import current_revision, head_revision
from adapters.walls import walls
from api.composition import OpenHouse
from api.http.answering import Whole, answer
from api.http.documents import documented, openapi_of
from api.http.models import Health, ProblemKinds, Readiness
from api.http.permitting import PUBLIC
from api.http.problems import Kind, all_kinds, problem_of
from api.http.reference import POLICY, reference_page
from api.refusals import NoSuchProblem, NotReady
from projections import queries

router = APIRouter(tags=["service"])


@router.get(
    "/healthz",
    operation_id="getHealth",
    dependencies=[PUBLIC],
    summary="Whether the process answers",
    response_model=Health,
    responses=documented({200: "It does."}),
)
async def get_health() -> Response:
    """Looks at nothing else: a database that is away is no reason to start the process again."""
    return answer({"status": "ok"})


@router.get(
    "/readyz",
    operation_id="getReadiness",
    dependencies=[PUBLIC],
    summary="Whether the service can do its work",
    response_model=Readiness,
    responses=documented({200: "It can."}, 503),
)
def get_readiness(opened: Whole) -> Response:
    """Looks at the database, its schema, and how far the views are behind the log; tells how the walls stand."""
    checks, position, lag = _checks(opened)
    wrong = [f"{name} is {state}" for name, state in checks.items() if state != "ok"]
    if wrong:
        refusal = NotReady(f"Not ready: {', '.join(wrong)}.")
        return problem_of(refusal, {"checks": checks, "lag_seconds": round(lag, 1)})
    told = {"position": position, "lag_seconds": round(lag, 1), "walls": walls(opened.engine)}
    return answer({"status": "ready", "checks": checks, **told})


def _checks(opened: OpenHouse) -> tuple[dict[str, str], int, float]:
    """Each thing and ``ok``, or what is wrong with it; the head of the log; the lag in seconds."""
    checks = {"database": "ok", "schema": "ok", "views": "ok"}
    head, lag = 0, 0.0
    try:
        if current_revision(opened.settings.url) != head_revision():
            checks["schema"] = "not the one of this release"
        head = opened.journal.head()
        lag = lag_seconds(opened, head)
    except Exception:  # noqa: BLE001 - whatever it is, the answer is that the database is not usable
        checks["database"] = "not usable"
    if lag > opened.settings.ready_lag:
        checks["views"] = f"{lag:.0f} seconds behind"
    elif opened.projector is not None and opened.projector.failure is not None:
        checks["views"] = "standing still"
    return checks, head, lag


def lag_seconds(opened: OpenHouse, head: int) -> float:
    """How long ago the first fact was recorded that is not in the views yet; 0 where there is none."""
    reached = queries.position(opened.engine)
    if reached >= head:
        return 0.0
    waiting = opened.journal.next_seal(reached)
    if waiting is None:
        return 0.0
    return max((opened.house.clock.now() - waiting.recorded_at).total_seconds(), 0.0)


@router.get(
    "/problems",
    operation_id="listProblems",
    dependencies=[PUBLIC],
    summary="The kinds of problems",
    response_model=ProblemKinds,
    responses=documented({200: "All of them."}),
)
async def get_problems() -> Response:
    """What the `type` of a problem can be."""
    return answer({"data": [_kind(kind) for kind in all_kinds()]})


@router.get("/problems/{code}", include_in_schema=False, dependencies=[PUBLIC])
async def get_problem(code: str) -> Response:
    """One kind of problem: what its `type` leads to."""
    for kind in all_kinds():
        if kind.code == code:
            return answer(_kind(kind))
    raise NoSuchProblem(f"There is no kind of problem {code[:60]!r}: /problems lists those that there are.")


def _kind(kind: Kind) -> dict[str, str | int]:
    return {"type": kind.type, "status": kind.status, "title": kind.title}


@router.get("/openapi.json", include_in_schema=False, dependencies=[PUBLIC])
async def get_document(request: Request) -> Response:
    """The OpenAPI document."""
    return answer(openapi_of(request.app))


@router.get("/docs", include_in_schema=False, dependencies=[PUBLIC])
async def get_reference(request: Request) -> Response:
    """The reference for people."""
    return HTMLResponse(reference_page(openapi_of(request.app)), headers={"Content-Security-Policy": POLICY})


@router.get("/", include_in_schema=False, dependencies=[PUBLIC])
async def get_root() -> Response:
    """To the reference."""
    return RedirectResponse("/docs", 307)
