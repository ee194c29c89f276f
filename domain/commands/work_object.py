"""Work on an object: do what there is to do for it, one step, as a worker does."""

from collections.abc import Callable

from domain.commands.attempt_object import Attempted, AttemptObject, attempt_object
from domain.commands.intent import Intent
from domain.commands.synchronize_objects import SynchronizeObjects, synchronize_objects
from domain.commands.verify_object import VerifyObject, verify_object
from domain.identifiers import ObjectId
from domain.outward import NotToBeAttempted, Task
from domain.ports.house import House


def work_object(one: ObjectId, task: Task, intend: Callable[[], Intent], house: House) -> Attempted:
    """Ask for the object and attempt it, attempt it, or look up what came of an attempt.

    Whoever is killed anywhere in here leaves something that is to be done again, by whoever asks what there is to do.

    Args:
        one: which.
        task: what there is to do.
        intend: who and why; each time with an id of its own.
        house: the ports.

    Raises:
        NotToBeAttempted: somebody else did it meanwhile.
        Others: as of the three commands.
    """
    if task == "verify":
        return verify_object(VerifyObject(one, intend()), house)
    if task == "request":
        (outcome,) = synchronize_objects(SynchronizeObjects([one], "background", intend()), house)
        if not outcome.accepted:
            raise NotToBeAttempted(outcome.message)
    return attempt_object(AttemptObject(one, intend()), house)
