"""Counting things up under their names, as plain numbers: a day has fifty thousand tickets."""

from typing import Final

from domain.summary.lines import AmountLine

UNNAMED: Final = "(none)"
"""Stands for a name that the source did not give."""


class Named(dict[str, list[int]]):
    """Count and amount by name."""

    def add(self, name: str, cents: int) -> None:
        """Count one more."""
        sums = self.get(name) or self.begin(name)
        sums[0] += 1
        sums[1] += cents

    def begin(self, name: str) -> list[int]:
        """The sums of a name, new where there are none; what has no name goes together."""
        return self.setdefault(name or UNNAMED, [0, 0])

    @property
    def total(self) -> int:
        """The sum of all amounts."""
        return sum(cents for _, cents in self.values())

    @property
    def lines(self) -> tuple[AmountLine, ...]:
        """A line for each name, in their order."""
        return tuple([AmountLine(name, *sums) for name, sums in sorted(self.items())])
