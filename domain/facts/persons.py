"""What happens to a person's data: who opened what of it, and that it is restricted, held, and at last destroyed.

Never the data itself: the provenance says who and why, the facts which fields and whose.
"""

import datetime as dt

import msgspec


class DataOpened(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody opened personal data.

    Attributes:
        location: where the person is employed.
        employee: the source's id of the person there.
        fields: which, in order.
        way: ``field`` by field, or as an ``export`` of all that there is.
    """

    location: str
    employee: str
    fields: tuple[str, ...]
    way: str = "field"


class PersonSought(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody looked for people by a value that is sealed.

    Attributes:
        field: the field that the value was of, for example ``ssn``.
        found: the names of the people's keys in the vault, or nobody.
    """

    field: str
    found: tuple[str, ...] = ()


class PersonRestricted(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person is to be forgotten: nothing of their data opens any more, and it is destroyed once retention allows.

    Attributes:
        location: where the person is employed.
        employee: the source's id of the person there.
        last_worked: the business date of the person's last punch, or None where there is none.
        years: for how many years after it data on wages is kept.
        due: the first day on which the data may be destroyed.
    """

    location: str
    employee: str
    last_worked: dt.date | None
    years: int
    due: dt.date


class PersonHeld(msgspec.Struct, frozen=True, omit_defaults=True):
    """A legal hold: the person's data is not to be destroyed.

    Attributes:
        location: where the person is employed.
        employee: the source's id of the person there.
    """

    location: str
    employee: str


class PersonReleased(msgspec.Struct, frozen=True, omit_defaults=True):
    """The legal hold is over.

    Attributes:
        location: where the person is employed.
        employee: the source's id of the person there.
    """

    location: str
    employee: str


class PersonShredded(msgspec.Struct, frozen=True, omit_defaults=True):
    """The person's key is destroyed, and with it whatever it sealed, wherever that is kept.

    Attributes:
        location: where the person was employed.
        employee: the source's id of the person there.
    """

    location: str
    employee: str
