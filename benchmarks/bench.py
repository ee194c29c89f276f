"""What every benchmark is given: sizes, stores, the databases asked for, and a way to say how far it is."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.measuring import Job, Side, alternate
from benchmarks.sizes import Sizes
from benchmarks.stores import Stores


@dataclass(frozen=True, slots=True)
class Bench:
    """One run of the benchmarks.

    Attributes:
        sizes: how much of everything.
        stores: makes databases.
        kinds: ``sqlite``, ``postgresql`` or both.
        peer: whether dlt is measured too.
        quiet: say nothing on the way.
    """

    sizes: Sizes
    stores: Stores
    kinds: tuple[str, ...]
    peer: bool
    quiet: bool = False

    def alternate(
        self, what: str, variants: Mapping[str, Callable[[int], Job]], repetitions: int | None = None
    ) -> dict[str, Side]:
        """Run variants in turn; see :func:`benchmarks.measuring.alternate`."""
        return alternate(variants, repetitions or self.sizes.repetitions, lambda text: self.note(f"{what}: {text}"))

    def note(self, text: str) -> None:
        """Say how far it is, on standard error."""
        if not self.quiet:
            print(f"  {text}", file=sys.stderr, flush=True)
