"""Add a data import job: what is to be imported through a connection, and which days of it."""

from dataclasses import dataclass, replace

from domain.commands.changing_import_job import ImportJobMade, check_may_choose, decided
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.connection.standing import check_standing
from domain.facts.import_jobs import ImportJobFact
from domain.identifiers import ConnectionId, ImportJobId, plain
from domain.import_jobs import ImportJob, Meant, data_sets_of, decide_add
from domain.permissions import Permission
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class AddImportJob:
    """Add a data import job.

    Attributes:
        job: its id.
        connection: our id of the connection that it polls.
        meant: what it is to import. Where neither companies nor locations are chosen all are meant that the connection
            feeds, or those of them that whoever adds it has.
        intent: who and why.
    """

    job: ImportJobId
    connection: str
    meant: Meant
    intent: Intent


def add_import_job(command: AddImportJob, house: House) -> ImportJobMade:
    """Record the job; it imports nothing until it is run or scheduled.

    Raises:
        NotPermitted: they may not run jobs, or not at one of the locations, or not see the companies.
        NotConnected: there is no such connection, or it does not feed a location.
        NotEstablished, IsDisconnected: nothing is polled through it.
        NothingToAskFor, BadDataSet, BadName, BadPeriod, BadImportJob, BadIdentifier: what is meant does not fit.
        ImportJobExists: there is a job of that id.
        CommandReused, StreamMoved: see ``decided``.
    """
    client, intent, meant = command.job.client, command.intent, command.meant
    plain(command.job.job, "data import job")
    named = ConnectionId(client, plain(command.connection, "connection"))
    house.permit(intent.asks(Permission.RUN_JOBS, client))
    connection = load_connection(house.journal, named)
    check_may_choose(house, named, connection, intent, companies=bool(meant.companies))
    check_standing(connection)
    system = house.system(connection.system)
    chosen = data_sets_of(system.title, system.profile.capabilities, meant.data_sets) if meant.data_sets else ()
    data_sets_of(system.title, system.profile.capabilities)
    if not (meant.companies or meant.locations) and intent.rights.locations is not None:
        meant = replace(meant, locations=tuple(filter(intent.rights.reach, connection.locations)))
    for location in meant.locations:
        house.permit(intent.asks(Permission.RUN_JOBS, client, location))
    whole = replace(meant, data_sets=chosen)

    def decide(job: ImportJob) -> tuple[ImportJobFact, ...]:
        return decide_add(job, command.connection, connection, whole)

    return decided(command.job, intent, house, decide)
