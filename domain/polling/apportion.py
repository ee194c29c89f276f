"""Sharing amounts out over the revenue centers of a ticket, so that the sums are kept both ways."""

from collections.abc import Sequence

from domain.money import allocate

Row = list[int]
"""Cents by center, in one fixed order of the centers."""


def share(total: int, *weights: Sequence[int]) -> Row:
    """A total by center, in proportion to the first of the weights that are not all zero; equally where all are."""
    return allocate(total, next(filter(any, weights), weights[0]))


def spread(rows: Sequence[int], columns: Sequence[int], otherwise: Sequence[int]) -> list[Row]:
    """Each row by center, so that each row adds up to itself and the rows together to the columns.

    In proportion, and each cell at most a cent away from it. Where the amounts go both ways there is no proportion:
    then ``otherwise`` are the weights, and the last row that is not zero takes what the others leave.

    Args:
        rows: totals, for instance the amounts of the payments of a ticket; together as much as the columns, and not all
            zero unless these are.
        columns: what each center gets of them all.
        otherwise: weights above zero.
    """
    if not rows:
        return []
    whole = sum(rows)
    if whole > 0 and min(*rows, *columns) >= 0:
        return _rounded(rows, columns, whole)
    if whole < 0 and max(*rows, *columns) <= 0:
        turned = _rounded([-row for row in rows], [-column for column in columns], -whole)
        return [[-cell for cell in cells] for cells in turned]
    found = [allocate(row, otherwise) for row in rows]
    last = max([place for place, row in enumerate(rows) if row], default=0)
    for place, column in enumerate(columns):
        found[last][place] += column - sum([cells[place] for cells in found])
    return found


def _rounded(rows: Sequence[int], columns: Sequence[int], whole: int) -> list[Row]:
    """The proportional cells, rounded down or up so that both sums fit.

    Rounded down, each row lacks some cents, and so does each column. Handing every row's to the columns that lack most
    always comes out even (Ryser's construction; that there is a way out is what the fractions prove, for they add up).
    """
    found = [[row * column // whole for column in columns] for row in rows]
    lacking = [column - sum(cells) for column, cells in zip(columns, zip(*found, strict=True), strict=True)]
    for row, cells in zip(rows, found, strict=True):
        ranks = [(-lack, -(row * column % whole)) for lack, column in zip(lacking, columns, strict=True)]
        for place in sorted(range(len(ranks)), key=ranks.__getitem__)[: row - sum(cells)]:
            cells[place] += 1
            lacking[place] -= 1
    return found
