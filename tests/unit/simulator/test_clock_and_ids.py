"""Time and chance."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from simulator.clock import Clock, from_text, to_text
from simulator.ids import Ids
from simulator.store import Store

JUNE = datetime(2026, 6, 15, 12, tzinfo=timezone.utc)


def test_times_are_written_with_milliseconds_and_z():
    moment = datetime(2026, 1, 2, 3, 4, 5, 678_999, timezone(timedelta(hours=2)))
    assert to_text(moment) == "2026-01-02T01:04:05.678Z"
    assert from_text("2026-01-02T01:04:05.678Z") == from_text(to_text(moment))


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00Z"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError):
        from_text(text)


def test_a_set_clock_goes_on_and_a_frozen_one_stands():
    clock = Clock(Store())
    clock.set(JUNE)
    assert timedelta() < clock.now() - JUNE < timedelta(seconds=5)
    clock.set(JUNE, freeze=True)
    assert clock.now() == JUNE
    clock.advance(90)
    assert clock.now() == JUNE + timedelta(seconds=90)
    clock.real()
    assert abs(clock.now() - datetime.now(timezone.utc)) < timedelta(seconds=5)


def test_the_clock_survives_a_restart(tmp_path: Path):
    path = str(tmp_path / "state.sqlite")
    store = Store(path)
    Clock(store).set(JUNE, freeze=True)
    store.commit()
    assert Clock(Store(path)).now() == JUNE


def test_ids_depend_on_the_seed_and_the_count_alone():
    one, two = Ids(Store(), 1), Ids(Store(), 1)
    two.count("something else")
    assert [one.order_id() for _ in range(3)] == [two.order_id() for _ in range(3)]
    assert Ids(Store(), 2).order_id() != Ids(Store(), 1).order_id()


def test_ids_do_not_repeat():
    ids = Ids(Store(), 1)
    found = {ids.digits("line", 5) for _ in range(5_000)}
    assert len(found) == 5_000
    assert {len(one) for one in found} == {5}


def test_chance_is_the_same_for_the_same_name():
    ids = Ids(Store(), 1)
    assert ids.chance("a", 1).random() == ids.chance("a", 1).random()
    assert ids.chance("a", 1).random() != ids.chance("a", 2).random()
