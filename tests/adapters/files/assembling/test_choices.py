"""Choices: of all ways to read a ticket, the one that the identity proves, and the plainest of those."""

import pytest

from adapters.files.assembling.choices import Choice, Way, holds, proved


def choice(*cents: int) -> Choice:
    """Ways that add so much to what is left."""
    return [Way(amount, lambda _: None) for amount in cents]


@pytest.mark.parametrize(
    ("left", "choices", "lines", "taken"),
    [
        pytest.param(0, [choice(0, -5)], 0, [0], id="nothing is left"),
        pytest.param(5, [choice(0, -5)], 0, [-5], id="the other way leaves nothing"),
        pytest.param(7, [choice(0, -5), choice(0, -2)], 0, [-5, -2], id="both together leave nothing"),
        pytest.param(7, [choice(0, -5)], 0, [0], id="no way leaves nothing: the first"),
        pytest.param(5, [choice(0, -5), choice(0, -3), choice(0, -2)], 0, [-5, 0, 0], id="the one that changes least"),
        pytest.param(5, [choice(0, -2, -5)], 0, [-5], id="a third way"),
        pytest.param(6, [choice(0, -5)], 1, [-5], id="but for a cent a line"),
        pytest.param(7, [choice(0, -5)], 1, [0], id="two cents on one line are no rounding"),
        pytest.param(1, [choice(0, -2)], 1, [0], id="both ways leave a cent"),
        pytest.param(5, [choice(-5)], 0, [-5], id="no choice at all"),
    ],
)
def test_which_ways_are_taken(left: int, choices: list[Choice], lines: int, taken: list[int]) -> None:
    """Nothing is left, or as little as rounding makes, else the first ways: then nothing is proved."""
    assert [way.cents for way in proved(left, choices, lines)] == taken
    assert holds(left, choices) == (left + sum(taken) == 0)
