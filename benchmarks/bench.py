"""What every benchmark is given: sizes, stores, the databases asked for, and a way to say how far it is."""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

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
        polars: whether that is.
        quiet: say nothing on the way.
        began: when, on the monotonic clock.
    """

    sizes: Sizes
    stores: Stores
    kinds: tuple[str, ...]
    peer: bool
    polars: bool
    quiet: bool = False
    began: float = field(default_factory=time.monotonic)

    def alternate(
        self,
        what: str,
        variants: Mapping[str, Callable[[int], Job]],
        repetitions: int | None = None,
        fewer: Mapping[str, int] = MappingProxyType({}),
    ) -> dict[str, Side]:
        """Run variants in turn; see :func:`benchmarks.measuring.alternate`."""
        rounds = repetitions or self.sizes.repetitions
        return alternate(variants, rounds, lambda text: self.note(f"{what}: {text}"), fewer)

    def note(self, text: str) -> None:
        """Say how far it is, on standard error."""
        if not self.quiet:
            print(f"{time.monotonic() - self.began:6.0f} s  {text}", file=sys.stderr, flush=True)
