"""Change a data import job: its name, and what it is to import. What had begun goes on as it was planned."""

from dataclasses import dataclass

from domain.commands.changing_import_job import (
    ImportJobMade,
    OnImportJob,
    changed,
    check_may_choose,
    check_theirs,
)
from domain.facts import Period
from domain.facts.import_jobs import ImportJobFact
from domain.identifiers import ConnectionId
from domain.import_jobs import ImportJob, data_sets_of, decide_change, redefined
from domain.permissions import NotPermitted
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class ChangeImportJob(OnImportJob):
    """Change a data import job. What is None stays as it is.

    Attributes:
        name: what people call it.
        period: which business days.
        companies: all of them, in the place of locations.
        locations: all of them, in the place of companies; empty: all that the connection feeds.
        data_sets: all of them; empty: all that the system has.
    """

    name: str | None = None
    period: Period | None = None
    companies: tuple[str, ...] | None = None
    locations: tuple[str, ...] | None = None
    data_sets: tuple[str, ...] | None = None


def change_import_job(command: ChangeImportJob, house: House) -> ImportJobMade:
    """Record what is different; the connection stays.

    Raises:
        NotPermitted: they may not run jobs, or not at all of its locations, or not see the companies.
        NoSuchImportJob, ImportJobIsOver: there is none to change.
        NotConnected, NothingToAskFor, BadDataSet, BadName, BadPeriod, BadImportJob: what is meant does not fit.
        NotScheduled: it is scheduled, and what is meant cannot be.
        NotTheVersion, CommandReused, StreamMoved: see ``changed``.
    """
    intent = command.intent

    def decide(job: ImportJob) -> tuple[ImportJobFact, ...]:
        connection = check_theirs(job, command.job, house, intent)
        named = ConnectionId(command.job.client, job.connection)
        check_may_choose(house, named, connection, intent, companies=bool(command.companies))
        data_sets = command.data_sets
        if data_sets:
            system = house.system(connection.system)
            data_sets = data_sets_of(system.title, system.profile.capabilities, data_sets)
        meant = redefined(
            job,
            name=command.name,
            period=command.period,
            companies=command.companies,
            locations=command.locations,
            data_sets=data_sets,
        )
        if not meant.companies and not all(map(intent.rights.reach, meant.locations or connection.locations)):
            raise NotPermitted(
                "The data import job would be about locations that are not yours: choose among your own."
            )
        return decide_change(job, connection, meant, house.window_days)

    return changed(command, house, decide)
