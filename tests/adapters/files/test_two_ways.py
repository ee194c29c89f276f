"""The fast way through a batch: what it takes is what the careful way takes, and it is taken wherever it can be."""

import io
import random

import pytest

from adapters.files import check
from adapters.files.checking import carefully
from tests.adapters.files.build import PLAIN, SALES, as_csv, least, pages, sample, told

HEADS = SALES.headers[: SALES.repeats]
COMP = [name for name in SALES.headers if "_Comp_" in name]


def checks(count: int, rows: int, *, comps: float = 0.0, seed: int = 1) -> list[dict[str, str]]:
    """Rows of checks, some of them with a comp."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        opened = (
            f"11/{number % 20 + 1:02d}/2026 {rng.randint(10, 21)}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}"
        )
        head = {
            "CheckNumber": f"C{number}",
            "OpenTime": opened,
            "CloseTime": opened,
            "GuestCount": str(rng.randint(1, 9)),
        }
        for line in range(rows):
            row = least(SALES, **head, ItemSale_TicketItemNumber=str(line))
            if rng.random() < comps:
                row |= {name: sample(SALES)[name] for name in COMP}
            made.append(row)
    return made


@pytest.mark.parametrize(
    ("rows", "headers"),
    [
        (checks(800, 5), SALES.headers),
        (checks(800, 5, comps=0.1), SALES.headers),
        (checks(800, 5, comps=0.9), SALES.headers),
        (checks(4_000, 1), SALES.headers),
        (checks(800, 5, comps=0.1), [*reversed(HEADS), *SALES.headers[8:18], *reversed(SALES.headers[18:])]),
        (checks(800, 5, comps=0.1), SALES.headers[::-1]),
        (checks(800, 5, comps=0.1), [*SALES.headers[:7], *SALES.headers[8:], SALES.headers[7]]),
        (checks(800, 5, comps=0.1), [name for name in SALES.headers if name not in {"OpenTime", "ItemSale_Comp_Time"}]),
        (checks(800, 5, comps=0.1), ["Extra", *SALES.headers]),
        (checks(800, 5), SALES.required),
        (checks(800, 5), [*HEADS, *SALES.headers[8:18]]),
    ],
    ids=[
        "checks",
        "comps",
        "mostly comps",
        "single",
        "shuffled",
        "reversed",
        "split",
        "fewer",
        "more",
        "least",
        "no tail",
    ],
)
def test_files_of_all_habits_take_the_fast_way(
    rows: list[dict[str, str]], headers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the columns, how long checks are and how many comps there are: the same bytes, and no careful look."""
    data = as_csv(rows, headers)
    official = [name for name in SALES.headers if name in headers]
    expected = pages(as_csv(rows, official), SALES, PLAIN)

    def never(*_: object) -> None:
        raise AssertionError("The batch was looked at row by row.")

    monkeypatch.setattr(carefully.Carefully, "take", never)
    assert pages(data, SALES, PLAIN) == expected
    assert check(io.BytesIO(data), SALES).rows == len(rows)


@pytest.mark.parametrize("at", [0, 1, 250, 2_000, 3_998, 3_999])
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"CheckNumber": ""}, ("CheckNumber", "required")),
        ({"CloseTime": "02/30/2026"}, ("CloseTime", "no-such-date")),
        ({"ItemSale_GrossAmount": "x"}, ("ItemSale_GrossAmount", "not-an-amount")),
        ({"ItemSale_Modifiers_Quantity": "1"}, ("ItemSale_Modifiers_ItemNumber", "required-together")),
        ({"ItemSale_Comp_Amount": "1"}, ("ItemSale_Comp_CompName", "required-together")),
        ({"ItemSale_Promo_DrawerNumber": "x" * 65}, ("ItemSale_Promo_DrawerNumber", "too-long")),
    ],
)
def test_one_bad_row_among_thousands_is_found(at: int, changes: dict[str, str], error: tuple[str, str]) -> None:
    """At its head, in its middle and at its tail; first, last and between."""
    rows = checks(800, 5, comps=0.05)
    rows[at] = {**rows[at], **dict.fromkeys(COMP, ""), **changes}
    assert (at + 2, *error) in told(as_csv(rows), SALES)
    assert {row for row, *_ in told(as_csv(rows), SALES)} == {at + 2}


@pytest.mark.parametrize("cells", [10, 29, 31])
def test_a_row_of_another_length_among_thousands_is_found(cells: int) -> None:
    """Even where others make up for it."""
    lines = as_csv(checks(800, 5)).split(b"\r\n")
    lines[700] = b",".join((lines[700] + b",x").split(b",")[:cells])
    lines[702] = b",".join((lines[702] + b",x" * 40).split(b",")[: 60 - cells])
    assert {row for row, *_ in told(b"\r\n".join(lines), SALES)} == {701, 703}
