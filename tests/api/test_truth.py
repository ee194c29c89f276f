"""The figures of the Daily Sales Summary against those that the point of sale reckons on its own, to the cent."""

import datetime as dt
from collections.abc import Iterator

import pytest

from adapters.pos.tray.simulator import Edits
from tests.api.site import DATES, Site, a_site
from tests.support.truth import differences, figures, shown

VENUES = {"alpha": "V100", "beta": "V101"}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A daybook with busier days, all of them polled."""
    with a_site(tmp_path_factory.mktemp("busy"), tickets=150) as site:
        for location in VENUES:
            for date in DATES:
                assert site.poll(date, location).status_code == 201
        site.catch_up()
        yield site


@pytest.mark.parametrize("location", VENUES)
@pytest.mark.parametrize("date", DATES)
def test_totals_equal_the_truth(busy: Site, location: str, date: dt.date) -> None:
    """Sales, discounts, taxes, tenders, tips, voids, cash and labor are what the POS says that they are."""
    _assert_true(busy, location, date)


def _assert_true(busy: Site, location: str, date: dt.date) -> None:
    summary = busy.client.get(f"/v1/days/{location}/{date}/dss").json()["summary"]
    assert differences(figures(busy.pos.pos, VENUES[location], date, DATES), shown(summary)) == {}


def test_totals_equal_the_truth_after_edits(busy: Site) -> None:
    """After all kinds of edits at the POS a repoll of the days that differ comes to the new truth, to the cent."""
    date, following = DATES[1], DATES[2]
    noon = dt.datetime.combine(following, dt.time(17), dt.UTC)
    busy.pos.pos.edit(
        Edits(
            venue="V100",
            business_date=date,
            tickets=3,
            voids=2,
            tips=2,
            tickets_added=2,
            tickets_removed=2,
            punches=3,
            punches_added=1,
            punches_removed=1,
            void_at=noon,
        )
    )
    for changed in (date, following):
        assert busy.poll(changed).json()["outcome"] == "polled"
    busy.catch_up()
    for changed in (date, following):
        _assert_true(busy, "alpha", changed)
