"""Who works for the simulated company, as its HR department knows them."""

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_FIRST: Final = ("Ada", "Bruno", "Chloe", "Dmitri", "Esther", "Farid", "Gina", "Hugo", "Inés", "Jonas", "Keiko", "Lars")
_LAST: Final = ("Adler", "Bianchi", "Costa", "Duval", "Eriksen", "Fuchs", "Greco", "Horvath", "Ibarra", "Jansen")
_STREETS: Final = ("Cedar St", "Elm Ave", "5th St", "Quarry Rd")
_JOBS: Final = (("server", "Server", 900), ("cook", "Line Cook", 1_700), ("host", "Host", 1_300), ("bar", "Bar", 1_100))


@dataclass(frozen=True, slots=True)
class Job:
    """A job that somebody works in.

    Attributes:
        id: of the job.
        name: what it is called.
        rate: pay per hour, a decimal number.
    """

    id: str
    name: str
    rate: str


@dataclass(frozen=True, slots=True, repr=False)
class Worker:
    """Somebody who works for the company, or did. Everything is made up; what is not known is empty.

    Attributes:
        login: unlike anybody else's.
        first_name, last_name, email, phone, address: in clear.
        born, hired: ``YYYY-MM-DD``.
        ssn: social security number.
        number: for payroll.
        title: of the first job.
        department: within the company.
        jobs: with rates of pay.
        active: works there still.
    """

    login: str
    first_name: str
    last_name: str
    email: str = ""
    phone: str = ""
    address: str = ""
    born: str = ""
    hired: str = ""
    ssn: str = ""
    number: str = ""
    title: str = ""
    department: str = ""
    jobs: tuple[Job, ...] = ()
    active: bool = True

    def __repr__(self) -> str:
        return f"Worker({self.login})"


def draw_workers(seed: int) -> Iterator[Worker]:
    """People without end, the n-th always the same of one seed.

    Social security numbers have an area of 900 and more, which was never issued; phones are 555-01xx, mail goes to
    example.com.
    """
    for number in itertools.count(1):
        yield _drawn(random.Random(f"{seed}:hr:{number}"), number)


def _drawn(rng: random.Random, number: int) -> Worker:
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    job, title, cents = rng.choice(_JOBS)
    born = dt.date(1965, 1, 1) + dt.timedelta(days=rng.randrange(15_000))
    hired = dt.date(2019, 1, 1) + dt.timedelta(days=rng.randrange(2_400))
    return Worker(
        login=f"hr.{number:04d}",
        first_name=first,
        last_name=last,
        email=f"hr.{number:04d}@example.com",
        phone=f"({rng.randint(201, 989)}) 555-01{rng.randint(0, 99):02d}",
        address=f"{rng.randint(1, 999)} {rng.choice(_STREETS)}, Springfield",
        born=born.isoformat(),
        hired=hired.isoformat(),
        ssn=f"{900 + number % 100}-{rng.randint(50, 99)}-{rng.randint(1000, 9999)}",
        number=f"H{number:05d}",
        title=title,
        department="Restaurants",
        jobs=(Job(job, title, f"{(cents + 25 * rng.randrange(8)) / 100:.2f}"),),
    )
