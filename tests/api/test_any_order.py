"""Whatever happens in whatever order, days come to what they are: drawn stories of polls, edits and configurations."""

import datetime as dt
import random
from pathlib import Path
from typing import Any

import pytest

from adapters.pos.tray.simulator import Edits
from tests.api.scene import DAYS, Scene, a_scene

CHOICES: dict[str, tuple[Any, ...]] = {
    "specify_business_day_start_time": ("04:00", "00:00", "06:30"),
    "trim_service_type_name": (True,),
    "split_sales_detail": ([{"match": "Soda", "name": "Syrup", "percent": "15"}],),
    "use_revenue_centers": (["Dining"], ["Bar", "Patio"]),
    "number_of_lookback_days": (1, 3, 7),
    "disable_deposits_import": (True,),
    "vsd_for_actual": (True,),
    "allow_24_hour_punches": (True,),
    "observes_daylight_savings_time": (False,),
    "offset_time_zone": ("-0.5", "2", "-5"),
    "use_consolidate_api": (True,),
    "open_time": (True,),
    "skip_unmatched_void_entries": (True,),
    "use_item_level_taxes": (True,),
    "use_sales_item_level_tax": (True,),
    "skip_tax_on_discount": (True,),
    "has_mpf_tax": (True,),
    "include_inactive_employees": (True,),
}
EDITED = ("tickets", "voids", "tips", "tickets_added", "tickets_removed", "punches", "punches_added", "punches_removed")
A_DAY = dt.timedelta(days=1)
ALL_DAYS = (DAYS[0] - A_DAY, *DAYS, DAYS[-1] + A_DAY)
"""The days with data, and those on either side, on which some of it may be by another start of the day."""


def _options(rng: random.Random) -> dict[str, Any]:
    return {name: rng.choice(CHOICES[name]) for name in rng.sample(sorted(CHOICES), rng.choice((1, 3, 6, 12)))}


def _live(scene: Scene, rng: random.Random, venue: str) -> dict[str, Any]:
    """Poll, edit and configure by chance; every moment no ticket is on two days. Answers the last options."""
    options: dict[str, Any] = {"use_item_level_taxes": True}
    for _ in range(rng.randint(6, 14)):
        chance, date = rng.random(), rng.choice(DAYS)
        if chance < 0.55:
            scene.poll("pier", date)
            scene.assert_once()
            assert scene.replay("pier", date)["differs"] is False
        elif chance < 0.75:
            options = _options(rng)
            scene.configure("tray", options)
        else:
            counts: dict[str, Any] = {name: rng.choice((0, 1, 2)) for name in EDITED}
            scene.pos.pos.edit(Edits(venue=venue, business_date=date, **counts))
    return options


def _settle(scene: Scene, location: str) -> None:
    """Read every day until readings of others have nothing more to say."""
    for _ in range(2):
        for date in ALL_DAYS:
            scene.poll(location, date)
    for date in ALL_DAYS:
        told = scene.poll(location, date)
        assert (told["outcome"], told.get("compensated")) == ("unchanged", None), date
        assert scene.replay(location, date)["differs"] is False


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_days_come_to_what_a_fresh_daybook_reads(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After any story, once every day is read under the last options, the records are those of who knew no others."""
    rng = random.Random(f"any order: {seed}")
    odd = {
        "tax_difference_share": 0.3,
        "unmatched_void_share": 0.4,
        "item_center_share": 0.3,
        "surcharge_share": 0.2,
        "non_sale_share": 0.2,
    }
    with a_scene(tmp_path / "data", "", monkeypatch, seed=seed, tickets=12, staff=9, **odd) as scene:
        venue = scene.pos.pos.settings.venues[seed % 2]
        scene.connect("tray", f"pier={venue.id}:{venue.zone}")
        options = _live(scene, rng, venue.id)
        _settle(scene, "pier")
        scene.assert_sound()
        scene.connect("fresh", f"quay={venue.id}:{venue.zone}")
        scene.configure("fresh", options)
        _settle(scene, "quay")
        for date in ALL_DAYS:
            lived, fresh = ({k: v for k, v in scene.day(name, date).records.items() if v} for name in ("pier", "quay"))
            assert lived == fresh, date
