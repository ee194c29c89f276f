"""Who works at a venue: jobs, people with made-up but well-formed particulars, and their rates."""

import datetime as dt
import random
from typing import NamedTuple

from adapters.pos.tray.simulator import money
from adapters.pos.tray.simulator.rows import Job, Person, StaffJob

_FIRST = (
    "Ana",
    "Ben",
    "Carla",
    "Deshawn",
    "Elif",
    "Frank",
    "Grace",
    "Hector",
    "Ivy",
    "José",
    "Kim",
    "Liam",
    "Mei",
    "Noor",
    "Olga",
    "Priya",
)
_LAST = (
    "Abbott",
    "Brooks",
    "Castillo",
    "Doyle",
    "Evans",
    "Fischer",
    "García",
    "Hughes",
    "Ito",
    "Jensen",
    "Khan",
    "Lopez",
    "Müller",
    "Nguyen",
)
_STREETS = ("Main St", "Oak Ave", "2nd St", "Mill Rd", "Lake Dr")
# code, name, lowest and highest rate in cents, weight on the staff list
_JOBS = (
    ("MGR", "Manager", 2400, 3200, 2),
    ("SRV", "Server", 750, 1100, 9),
    ("BAR", "Bartender", 900, 1300, 3),
    ("COOK", "Line Cook", 1500, 2100, 7),
    ("HOST", "Host", 1200, 1500, 2),
    ("DISH", "Dishwasher", 1300, 1500, 3),
    ("CLN", "Night Cleaner", 1400, 1700, 2),
)
TIPPED = frozenset({"SRV", "BAR"})
NIGHT = "CLN"


class Crew(NamedTuple):
    """The people of one venue and what they may do."""

    jobs: list[Job]
    people: list[Person]

    def code(self, job_id: str) -> str:
        """Answer a job's code."""
        return next(job.code for job in self.jobs if job.id == job_id)

    def holding(self, *codes: str) -> list[str]:
        """Answer the ids of the active people whose first job is one of these."""
        wanted = {job.id for job in self.jobs if job.code in codes}
        return [person.id for person in self.people if person.active and person.jobs[0].job_id in wanted]


def draw_jobs(seed: int, venue_id: str) -> list[Job]:
    """Draw the jobs of a venue with their usual rates."""
    rng = random.Random(f"{seed}:{venue_id}:jobs")
    return [
        Job(id=f"{venue_id}-J{index:02d}", code=code, name=name, rate=money.text(rng.randrange(low, high + 1, 25)))
        for index, (code, name, low, high, _) in enumerate(_JOBS, start=1)
    ]


def draw_person(rng: random.Random, venue_id: str, number: int, jobs: list[Job], job: int) -> Person:
    """Draw one person whose first job is ``jobs[job]``; every fourth has a second job at another rate.

    Social security numbers have an area of 900 and more, which was never issued; phones are 555-01xx; mail goes to
    example.com.
    """
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    held = [job]
    if rng.random() < 0.25:
        held.append(rng.choice([index for index in range(len(jobs)) if index != job]))
    born = dt.date(1965, 1, 1) + dt.timedelta(days=rng.randrange(15_000))
    hired = dt.date(2019, 1, 1) + dt.timedelta(days=rng.randrange(2_400))
    return Person(
        id=f"{venue_id}-E{number:03d}",
        first_name=first,
        last_name=last,
        address=f"{rng.randint(1, 999)} {rng.choice(_STREETS)}, Springfield",
        phone=f"({rng.randint(201, 989)}) 555-01{rng.randint(0, 99):02d}",
        ssn=f"{900 + number % 100}-{rng.randint(10, 49)}-{rng.randint(1000, 9999)}",
        email=f"staff{number:03d}.{venue_id.lower()}@example.com",
        date_of_birth=born.isoformat(),
        pos_id=f"{1000 + number}",
        hire_date=hired.isoformat(),
        payroll_id=None if rng.random() < 0.1 else f"P{rng.randint(10_000, 99_999)}",
        jobs=[StaffJob(job_id=jobs[index].id, rate=_rate(rng, index)) for index in held],
    )


def _rate(rng: random.Random, index: int) -> str:
    _, _, low, high, _ = _JOBS[index]
    return money.text(rng.randrange(low, high + 1, 5))


def draw_crew(seed: int, venue_id: str, size: int) -> Crew:
    """Draw the staff of a venue; one in twelve has left."""
    rng = random.Random(f"{seed}:{venue_id}:staff")
    jobs = draw_jobs(seed, venue_id)
    turns = [index for index, job in enumerate(_JOBS) for _ in range(job[-1])]
    # The first seven hold one job each, so that even a tiny crew has a manager and a server.
    held = [*range(len(_JOBS)), *(rng.choice(turns) for _ in range(max(0, size - len(_JOBS))))][:size]
    people = [draw_person(rng, venue_id, number, jobs, job) for number, job in enumerate(held, start=1)]
    for person in people[len(_JOBS) :]:
        person.active = rng.random() >= 1 / 12
    if len(people) > len(_JOBS):
        people[-1].active = False  # somebody always has, for the punches of people who are no longer on the list
    return Crew(jobs, people)
