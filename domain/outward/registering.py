"""What an object is to be at the other side, as it was derived from what is recorded here."""

from dataclasses import dataclass

from domain.facts.objects import ObjectType
from domain.identifiers import ObjectId
from domain.outward.documents import Document


@dataclass(frozen=True, slots=True)
class Registering:
    """What one object is to be at the other side.

    Attributes:
        object: which.
        type: what it is.
        document: what is to stand there; an entry without lines is nothing. None: nothing more is said of it, and what
            stands there stays.
        location: ours, where it is of one.
        date: business date, or first of the week, where it is of one.
        position: as of which the document was derived; 0 where that is not known.
    """

    object: ObjectId
    type: ObjectType
    document: Document | None
    location: str = ""
    date: str = ""
    position: int = 0
