"""Actors: who did something, as people call them."""


def name_of(actor: str) -> str:
    """The name of an actor at the beginning of a sentence: ``cli:anna`` is Anna, ``worker`` is The worker."""
    way, _, name = actor.rpartition(":")
    if name == "anonymous":
        return f"Somebody ({way})" if way else "Somebody"
    if not way and name in {"worker", "scheduler", "system"}:
        return f"The {name}"
    return name[:1].upper() + name[1:] if name else "Somebody"
