"""Time structures, profiles, and the shipped representative days."""

from __future__ import annotations

import importlib.util
import pickle
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from transform_sim.errors import MissingExtraError
from transform_sim.scenario.time import Slice, Slices, TypicalDays, TypicalDaysTime
from transform_sim.timeseries import TimeStructure, load_profile, project, structure
from transform_sim.timeseries.clustering import extreme_days
from transform_sim.timeseries.days import daily_mean, from_medoids, peak_hour
from transform_sim.timeseries.profiles import shipped_clusterings, shipped_series
from transform_sim.timeseries.projection import fit_availability, fit_shape

ROOT = Path(__file__).parents[1]
COLUMNS = ("wind_onshore", "wind_offshore", "solar_pv", "price", "load")
CAPACITY_FACTORS = COLUMNS[:3]
EXTREMES = ("peak_residual_load", "low_wind_and_sun")


def typical_days(**fields: object) -> TypicalDaysTime:
    return TypicalDaysTime(typical_days=TypicalDays(**fields))


def by_calendar(**parts: dict[str, object]) -> Slices:
    return Slices(slices={name: Slice(**part) for name, part in parts.items()})


SUMMER_WINTER = by_calendar(summer={"months": tuple(range(4, 10))}, winter={"months": (1, 2, 3, 10, 11, 12)})
DAY_NIGHT = by_calendar(day={"hours": tuple(range(8, 20))}, night={"hours": (*range(8), *range(20, 24))})
SHARES = by_calendar(peak={"share": 0.25}, off_peak={"share": 0.75})


ALL_KINDS = {
    "annual": "annual",
    "full_year": "full_year",
    "months": SUMMER_WINTER,
    "hours": DAY_NIGHT,
    "shares": SHARES,
    "days": typical_days(count=4),
    "days_without_extremes": typical_days(count=2, keep=()),
}


# --- structure ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("time", ALL_KINDS.values(), ids=ALL_KINDS)
def test_every_structure_is_one_year(time):
    t = structure(time, {})
    assert t.weight.sum() == pytest.approx(8760, abs=1e-9)
    assert t.day_weight.sum() == pytest.approx(8760, abs=1e-9)
    assert t.run_length.sum() == pytest.approx(365, abs=1e-9)
    assert np.bincount(t.run_day, t.run_length) * 24 == pytest.approx(t.day_weight, abs=1e-9)
    assert t.n_days == len(t.day_label) == len(set(t.day_label))
    assert t.n_steps == len(t.step_label) == len(set(t.step_label)) == len(t.duration)
    # all steps of a day occur equally often
    occurrences = t.weight / t.duration
    assert occurrences == pytest.approx((t.day_weight / np.bincount(t.day, t.duration))[t.day])
    if t.step_of_hour is not None:
        assert np.bincount(t.step_of_hour) == pytest.approx(t.weight)


def test_annual_is_one_step():
    t = structure("annual", {})
    assert (t.kind, t.n_days, t.n_steps, t.chronological) == ("annual", 1, 1, False)
    assert t.weight.tolist() == t.duration.tolist() == [8760]
    assert t.run_length.tolist() == [365]
    assert t.day_label == t.step_label == ("year",)


def test_full_year_is_chronological():
    t = structure("full_year", {})
    assert (t.n_days, t.n_steps, t.chronological) == (365, 8760, True)
    assert set(t.weight) == set(t.duration) == set(t.run_length) == {1.0}
    assert t.day[[0, 23, 24, 8759]].tolist() == [0, 0, 1, 364]
    assert t.run_day.tolist() == list(range(365))
    # 31 January days, 28 of February, the hour 5 of 1 March: (31 + 28) * 24 + 5
    assert t.step_label[59 * 24 + 5] == "2025-03-01 05:00"
    assert t.day_label[-1] == "2025-12-31"


def test_slices_by_calendar():
    t = structure(SUMMER_WINTER, {})
    # April to September: 30 + 31 + 30 + 31 + 31 + 30 = 183 days
    assert t.weight.tolist() == t.duration.tolist() == [183 * 24, 182 * 24]
    assert t.run_length.tolist() == [183, 182]
    assert t.run_day.tolist() == t.day.tolist() == [0, 1]
    assert t.day_label == t.step_label == ("summer", "winter")
    assert not t.chronological
    assert structure(DAY_NIGHT, {}).weight.tolist() == [12 * 365, 12 * 365]


def test_slices_of_months_and_hours_together():
    winter = (1, 2, 3, 10, 11, 12)
    t = structure(
        by_calendar(
            summer={"months": tuple(range(4, 10))},
            winter_day={"months": winter, "hours": tuple(range(6, 18))},
            winter_night={"months": winter, "hours": (*range(6), *range(18, 24))},
        ),
        {},
    )
    assert t.weight.tolist() == [183 * 24, 182 * 12, 182 * 12]
    assert t.step_of_hour[[5, 6, 17, 18]].tolist() == [2, 1, 1, 2]  # 1 January


def test_slices_by_share():
    t = structure(SHARES, {})
    assert t.weight.tolist() == [2190, 6570]
    assert t.step_of_hour is None
    thirds = structure(by_calendar(a={"share": 0.333333}, b={"share": 0.333333}, c={"share": 0.333334}), {})
    assert thirds.weight.sum() == pytest.approx(8760, abs=1e-9)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({}, r"time\.slices — is empty"),
        ({"a": {"months": (1, 2)}}, r"2025-03-01 00:00 belongs to no slice, as do 7344 hours"),  # 306 days
        ({"a": {}, "b": {"hours": (7,)}}, r"2025-01-01 07:00 belongs to 'a' and 'b', as do 365 hours"),
        ({"a": {"months": (0, 13)}}, r"time\.slices\.a\.months — 0 is none of 1…12"),
        ({"a": {"hours": (24,)}}, r"time\.slices\.a\.hours — 24 is none of 0…23"),
        ({"a": {}, "b": {"months": ()}}, r"time\.slices\.b — holds no hour"),
        ({"a": {"share": 0.5}, "b": {"share": 0.4}}, r"shares add to 0\.9 — they must add to 1"),
        ({"a": {"share": 1.0}, "b": {"share": 0.0}}, r"time\.slices\.b\.share — is 0 — must be above 0"),
        ({"a": {"share": 0.5}, "b": {"hours": (1,)}}, r"slices\.b — slice 'a' is given by its share"),
        ({"a": {"share": 1.0, "months": (1,)}}, r"slices\.a — slice 'a' is given by its share"),
    ],
)
def test_slices_that_are_no_year(parts, text):
    with pytest.raises(ValueError, match=text):
        structure(by_calendar(**parts), {})


def test_structure_by_hand_must_be_one_year():
    def by_hand(weight, run_length=(365.0,), day=(0,)):
        return TimeStructure(
            kind="annual",
            weight=np.array(weight),
            duration=np.array(weight),
            day=np.array(day),
            run_day=np.zeros(1, dtype=int),
            run_length=np.array(run_length),
            day_label=("year",),
            step_label=("year",),
            step_of_hour=None,
        )

    assert by_hand([8760.0]).day_weight.tolist() == [8760]
    with pytest.raises(ValueError, match="weights add to 8000 hours"):
        by_hand([8000.0])
    with pytest.raises(ValueError, match="days in the runs differ"):
        by_hand([8760.0], run_length=(364.0,))
    with pytest.raises(ValueError, match="differ in length"):
        by_hand([8760.0, 1.0])
    with pytest.raises(ValueError, match="1 days needs a step"):
        by_hand([8760.0], day=(1,))


def test_structure_is_frozen_and_picklable():
    t = structure(typical_days(), {})
    with pytest.raises(ValueError, match="read-only"):
        t.weight[0] = 0
    assert pickle.loads(pickle.dumps(t)).step_label == t.step_label


# --- representative days -----------------------------------------------------------------------------------------


def test_days_by_hand():
    # the year is represented by days 0 and 100: 0 for the first 50 days and for the last 5
    medoid = np.full(365, 100)
    medoid[:50] = medoid[360:] = 0
    t = from_medoids(medoid)
    assert t.day_weight.tolist() == [55 * 24, 310 * 24]
    assert t.run_day.tolist() == [0, 1, 0]
    assert t.run_length.tolist() == [50, 310, 5]
    assert t.day_label == ("2025-01-01", "2025-04-11")
    assert t.step_label[25] == "2025-04-11 01:00"
    assert t.weight[[0, 47]].tolist() == [55, 310]
    assert set(t.duration) == {1.0}
    assert t.source_hour[[0, 24]].tolist() == [0, 2400]


def test_shipped_series():
    table = shipped_series()
    assert tuple(table) == COLUMNS
    assert all(column.shape == (8760,) for column in table.values())
    for name in CAPACITY_FACTORS:
        assert 0 <= table[name].min() < table[name].max() < 1
    # published figures of 2025: mean price 89.32 EUR/MWh between -250.3 and 583.4; load 470.5 TWh
    assert table["price"].mean() == pytest.approx(89.32, abs=0.005)
    assert (table["price"].min(), table["price"].max()) == pytest.approx((-250.3, 583.4), abs=0.05)
    assert table["load"].sum() / 1e6 == pytest.approx(470.5, abs=0.05)
    # 107.0, 26.1 and 74.3 TWh from the capacities named in NOTICE
    energy = [table[n].sum() * gw / 1e3 for n, gw in zip(CAPACITY_FACTORS, (63.403, 9.215, 86.952), strict=True)]
    assert energy == pytest.approx([107.0, 26.1, 74.3], abs=0.06)
    # hours are CET: the sun is highest between 12 and 13 o'clock, and there is none at midnight
    sun = table["solar_pv"].reshape(365, 24).mean(axis=0)
    assert sun.argmax() in (11, 12)
    assert sun[0] < 1e-3


@pytest.mark.parametrize("count", [2, 3, 4, 6, 8, 12, 16, 24])
@pytest.mark.parametrize("keep", [(), EXTREMES], ids=["plain", "keep"])
def test_shipped_clusterings(count, keep):
    if count == 2 and keep:
        with pytest.raises(
            ValueError, match=r"2 days are not shipped — write one of 3, 4, .* \(or 2 with `keep: \[\]`"
        ):
            structure(typical_days(count=count, keep=keep), {})
        return
    t = structure(typical_days(count=count, keep=keep), {})
    medoid_of_day = shipped_clusterings()[f"{count}_keep" if keep else f"{count}"]
    medoids = np.unique(medoid_of_day)
    assert t.n_days == count == medoids.size
    assert t.weight.sum() == 8760
    assert medoid_of_day[medoids].tolist() == medoids.tolist()  # each stands for itself
    assert np.repeat(t.run_day, t.run_length.astype(int)).tolist() == t.day[t.step_of_hour[::24]].tolist()
    assert (np.diff(t.run_day) != 0).all()
    if keep:
        assert {"2025-12-03", "2025-11-08"} <= set(t.day_label)
    for name, series in shipped_series().items():
        use = "availability" if name in CAPACITY_FACTORS else "shape"
        mean = series.mean() if use == "availability" else 1.0
        values = project(f"package:de_2025/{name}", t, use)
        assert values @ t.weight / 8760 == pytest.approx(mean, abs=1e-9)
        if use == "availability":
            assert 0 <= values.min() <= values.max() <= 1


def test_shipped_extremes_are_the_extremes():
    s = shipped_series()
    generation = 63_403 * s["wind_onshore"] + 9_215 * s["wind_offshore"] + 86_952 * s["solar_pv"]
    peak = int((s["load"] - generation).argmax()) // 24
    low = int(generation.reshape(365, 24).mean(axis=1).argmin())
    t = structure(typical_days(count=3, keep=EXTREMES[::-1]), {})  # in any order
    assert peak != low
    assert {peak * 24, low * 24} <= set(t.source_hour[::24].tolist())


def test_extremes_give_way_to_the_next_day():
    score = np.zeros(365)
    score[[7, 9, 11]] = 3, 2, 1
    assert extreme_days([score, score]) == [7, 9]
    assert extreme_days([score, np.zeros(365)]) == [7, 0]  # ties: the first day


def test_extremes_look_at_the_hour_for_peaks_and_at_the_day_for_lulls():
    values = np.ones(8760)
    values[50] = 9  # day 2 has the highest hour
    values[5 * 24 : 6 * 24] = 2  # day 5 has the higher mean
    assert peak_hour(values).argmax() == 2
    assert daily_mean(values).argmax() == 5


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"count": 5}, r"time\.typical_days\.count — 5 days are not shipped — write one of 3, 4, 6, 8, 12, 16, 24$"),
        ({"count": 5, "keep": ()}, r"write one of 2, 3, 4, 6, 8, 12, 16, 24$"),
        ({"keep": ("peak_residual_load",)}, r"keep — \[peak_residual_load\] is not shipped"),
        ({"profiles": "package:de_2030"}, r"'package:de_2030' is not shipped — write package:de_2025"),
        ({"profiles": "wind"}, r"or a list of own profiles: \[wind\]"),
        ({"profiles": ()}, r"profiles — is empty"),
        ({"profiles": ("sun",), "keep": ()}, r"profiles — unknown profile 'sun' — known are wind, broken"),
        ({"profiles": ("broken",), "keep": ()}, r"profiles — 'broken' cannot be clustered: profile — has 2 values"),
        (
            {"profiles": ("wind",), "keep": ("peak_residual_load",)},
            r"keep — 'peak_residual_load' is not known for own profiles — write max:<profile>",
        ),
        ({"profiles": ("wind",), "keep": ("max:sun",)}, r"keep — unknown profile 'sun'"),
        ({"profiles": ("wind",), "keep": ("max:wind",), "count": 1}, r"1 days leave none beside the 1 in `keep`"),
    ],
)
def test_days_that_cannot_be_chosen(fields, text):
    profiles = {"wind": "package:de_2025/wind_onshore", "broken": (1.0, 2.0)}
    with pytest.raises(ValueError, match=text):
        structure(typical_days(**fields), profiles)


def test_own_days_need_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "tsam", None)
    with pytest.raises(MissingExtraError, match=r'pip install "transform-sim\[days\]"$'):
        structure(typical_days(profiles=("p",), keep=()), {"p": "package:de_2025/price"})


def test_own_days():
    pytest.importorskip("tsam")
    profiles = {"price": "package:de_2025/price", "sun": tuple(load_profile("package:de_2025/solar_pv"))}
    time = typical_days(count=5, profiles=("price", "sun"), keep=("max:price", "min:sun"))
    t = structure(time, profiles)
    again = structure(time, profiles)
    assert t.n_days == 5
    assert t.run_day.tolist() == again.run_day.tolist()
    assert t.step_label == again.step_label
    price, sun = load_profile(profiles["price"]), load_profile(profiles["sun"])
    assert price.argmax() in t.source_hour
    assert daily_mean(sun).argmin() * 24 in t.source_hour
    # every day goes to the nearest of the five, each series counting by its standard deviation
    days = np.hstack([(v / v.std()).reshape(365, 24) for v in (price, sun)])
    medoids = t.source_hour[::24] // 24
    nearest = ((days[:, None] - days[None, medoids]) ** 2).sum(axis=2).argmin(axis=1)
    assert nearest.tolist() == np.repeat(t.run_day, t.run_length.astype(int)).tolist()


def test_own_days_of_a_year_with_few_different_days():
    pytest.importorskip("tsam")
    workdays = np.tile(np.repeat([1.0, 1, 1, 1, 1, 0, 0], 24), 53)[:8760]
    t = structure(typical_days(count=2, profiles=("work",), keep=()), {"work": tuple(workdays)})
    assert sorted(t.day_weight) == [104 * 24, 261 * 24]  # 52 weeks and a day
    kept = structure(typical_days(count=3, profiles=("work",), keep=("min:work",)), {"work": tuple(workdays)})
    assert kept.n_days == 3
    once = tuple(np.r_[1.0, np.zeros(8759)])  # varies on the kept day only
    assert structure(typical_days(count=2, profiles=("once",), keep=("max:once",)), {"once": once}).n_days == 2
    with pytest.raises(ValueError, match="none of the profiles varies"):
        structure(typical_days(count=2, profiles=("flat",), keep=()), {"flat": (0.1,) * 8760})


def test_shipped_days_are_those_that_the_tool_makes():
    pytest.importorskip("tsam")
    made = _tool().clusterings(dict(shipped_series()))
    assert list(made) == list(shipped_clusterings())
    for name, days in made.items():
        assert days.tolist() == shipped_clusterings()[name].tolist(), name


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_data", ROOT / "tools" / "build_data.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- profiles ----------------------------------------------------------------------------------------------------


def test_load_profile():
    assert load_profile("package:de_2025/price")[:2].tolist() == [2.16, 1.6]
    own = load_profile(tuple(range(8760)))
    assert own.dtype == float
    assert own[-1] == 8759
    with pytest.raises(ValueError, match="read-only"):
        load_profile("package:de_2025/price")[0] = 0


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ((1.0,) * 8784, r"has 8784 values — a year has 8760 hours"),
        ((), r"has 0 values"),
        ((0.5,) * 8759 + (float("nan"),), r"value 8759 \(2025-12-31 23:00\) is nan"),
        ((float("inf"),) + (0.5,) * 8759, r"value 0 \(2025-01-01 00:00\) is inf"),
        ("package:de_2025/hour", r"'package:de_2025/hour' is not shipped — known are .* wind_onshore, .*, load"),
        ("price", r"'price' is not shipped"),
        ({"summer": 1.0}, r"is given as \{summer\} — hourly values are needed"),
    ],
)
def test_profiles_that_cannot_be_read(raw, text):
    with pytest.raises(ValueError, match=text):
        load_profile(raw)


# --- projection --------------------------------------------------------------------------------------------------

HALF = tuple([0.2] * 4380 + [0.6] * 4380)


def test_project_by_hand():
    assert project(HALF, structure("annual", {}), "availability") == pytest.approx([0.4])
    assert project(HALF, structure("annual", {}), "shape") == pytest.approx([1.0])
    # 0.2 until noon of 2 July: in summer for April, May, June and 1.5 days = 92.5 of its 183 days
    summer = (92.5 * 0.2 + 90.5 * 0.6) / 183
    winter = (90 * 0.2 + 92 * 0.6) / 182  # January to March; October to December
    slices = structure(SUMMER_WINTER, {})
    assert project(HALF, slices, "availability") == pytest.approx([summer, winter])
    assert project(HALF, slices, "shape") == pytest.approx([summer / 0.4, winter / 0.4])
    assert project(HALF, structure("full_year", {}), "availability").tolist() == list(HALF)
    assert project(HALF, structure("full_year", {}), "shape")[[0, -1]] == pytest.approx([0.5, 1.5])


def test_project_values_by_slice():
    t = structure(SHARES, {})
    assert project({"off_peak": 0.2, "peak": 0.6}, t, "availability") == pytest.approx([0.6, 0.2])
    # mean 0.25 * 0.6 + 0.75 * 0.2 = 0.3
    assert project({"off_peak": 0.2, "peak": 0.6}, t, "shape") == pytest.approx([2, 2 / 3])


def _two_days() -> TimeStructure:
    """Day 0 stands for 73 days (a fifth), day 100 for 292."""
    return from_medoids(np.where(np.arange(365) < 73, 0, 100))


def test_availability_is_rescaled_and_clipped_by_hand():
    series = np.full(8760, 0.6)
    series[:24], series[2400:2424] = 0.9, 0.2
    # mean of the days 0.2*0.9 + 0.8*0.2 = 0.34, of the year (24*0.9 + 24*0.2 + 8712*0.6)/8760 = 0.59973
    mean = (24 * 0.9 + 24 * 0.2 + 8712 * 0.6) / 8760
    values = project(tuple(series), _two_days(), "availability")
    # 0.9 is clipped at 1, and the other day takes up the rest: (mean - 0.2*1) / 0.8
    assert values[[0, 24]] == pytest.approx([1.0, (mean - 0.2) / 0.8])


def test_shape_takes_a_factor_unless_the_series_has_negative_values():
    t = _two_days()
    series = np.full(8760, 2.0)
    series[:24], series[2400:2424] = 1.0, 0.0
    mean = series.mean()
    # days' mean 0.2: factor mean / 0.2; then divided by the mean
    assert project(tuple(series), t, "shape")[[0, 24]] == pytest.approx([5.0, 0.0])
    series[5000] = -2.0  # a negative value on a day that was not chosen decides too
    mean = series.mean()
    shift = mean - 0.2
    assert project(tuple(series), t, "shape")[[0, 24]] == pytest.approx([(1 + shift) / mean, shift / mean])


def test_shifted_prices_keep_their_spread():
    t = structure(typical_days(), {})
    price = shipped_series()["price"]
    found = project("package:de_2025/price", t, "shape") * price.mean()
    assert found.reshape(4, 24).max(axis=1) - found.reshape(4, 24).min(axis=1) == pytest.approx(
        np.ptp(price[t.source_hour].reshape(4, 24), axis=1)
    )


@pytest.mark.parametrize(
    ("raw", "time", "use", "text"),
    [
        ((1.5,) * 8760, "annual", "availability", r"runs from 1\.5 to 1\.5 — an availability lies between 0 and 1"),
        ((-0.1,) * 8760, "full_year", "availability", r"runs from -0\.1"),
        ({"summer": 2.0, "winter": 0.5}, SUMMER_WINTER, "availability", r"runs from 0\.5 to 2"),
        ((0.0,) * 8760, "annual", "shape", r"mean over the year is 0 — a shape needs a mean above zero"),
        ((-1.0,) * 8760, "full_year", "shape", r"mean over the year is -1"),
        ({"summer": 0.0, "winter": 0.0}, SUMMER_WINTER, "shape", r"mean over the year is 0"),
        ({"summer": 1.0, "winter": 1.0}, "annual", "shape", r"is given by slice, but time is annual"),
        ({"summer": 1.0}, SUMMER_WINTER, "shape", r"one value for each slice: summer, winter"),
        ({"summer": 1.0, "winter": 1.0, "x": 1.0}, SUMMER_WINTER, "shape", r"given for summer, winter, x"),
        ({"summer": 1.0, "winter": float("nan")}, SUMMER_WINTER, "shape", r"\[1\.0, nan\]"),
        (HALF, SHARES, "shape", r"slices by share have no hours — give \{slice: value\}"),
    ],
)
def test_projections_that_are_refused(raw, time, use, text):
    with pytest.raises(ValueError, match=text):
        project(raw, structure(time, {}), use)


def test_a_mean_out_of_reach_is_refused():
    series = np.full(8760, 0.5)
    series[:24] = series[2400:2424] = 0.0
    with pytest.raises(ValueError, match=r"reach a mean of at most 0, the year has 0\.497"):
        project(tuple(series), _two_days(), "availability")
    with pytest.raises(ValueError, match="zero on all representative days"):
        project(tuple(series), _two_days(), "shape")
    series[0] = 0.1  # one hour of a fifth of the days: at most 0.2 / 24
    with pytest.raises(ValueError, match=r"at most 0\.008333"):
        project(tuple(series), _two_days(), "availability")


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize("time", [t for n, t in ALL_KINDS.items() if n != "shares"])
def test_projection_keeps_the_mean(name, time):
    t = structure(time, {})
    assert project(f"package:de_2025/{name}", t, "shape") @ t.weight / 8760 == pytest.approx(1, abs=1e-9)


UNIT = st.floats(0, 1, allow_subnormal=True)
SIZES = st.integers(1, 30)


def _share(data: st.DataObject, size: int) -> np.ndarray:
    days = data.draw(hnp.arrays(float, size, elements=st.integers(1, 200)))
    return days / days.sum()


@given(data=st.data(), size=SIZES, mean=UNIT)
def test_fitted_availability_meets_the_mean_within_its_limits(data, size, mean):
    values, share = data.draw(hnp.arrays(float, size, elements=UNIT)), _share(data, size)
    mean *= share[values > 0].sum()  # what can be reached
    fitted = fit_availability(values, share, mean)
    assert share @ fitted == pytest.approx(mean, abs=1e-12)
    assert fitted.min() >= 0
    assert fitted.max() <= 1
    assert (fitted[values == 0] == 0).all()
    order = np.argsort(values)
    assert (np.diff(fitted[order]) >= -1e-12).all()  # what was windier stays at least as windy
    if mean > 0 and (open_ := (fitted < 1) & (values > 1e-9)).any():
        factor = fitted[open_] / values[open_]
        assert factor == pytest.approx(np.full(factor.size, factor[0]), rel=1e-9)  # one factor for all


@given(data=st.data(), size=SIZES, mean=st.floats(1e-3, 1e3))
def test_fitted_shape_meets_the_mean(data, size, mean):
    share = _share(data, size)
    values = data.draw(hnp.arrays(float, size, elements=st.floats(0, 1e3)))
    if values.max() > 0:
        assert share @ fit_shape(values, share, mean, additive=False) == pytest.approx(mean, rel=1e-12)
    prices = data.draw(hnp.arrays(float, size, elements=st.floats(-500, 500)))
    fitted = fit_shape(prices, share, mean, additive=True)
    assert share @ fitted == pytest.approx(mean, abs=1e-9)
    assert fitted - prices == pytest.approx(np.full(size, (fitted - prices)[0]), abs=1e-9)


# --- what is shipped ---------------------------------------------------------------------------------------------


def test_every_shipped_file_is_named_in_the_notice():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    data = ROOT / "src" / "transform_sim" / "data"
    names = {p.name for p in data.rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")}
    sections = {line for line in notice.splitlines() if line and " " not in line}
    assert names >= {"de_2025.csv", "de_2025_days.csv"}
    assert names == sections - {"transform-sim"}
    for name in names:
        entry = notice.split(f"\n{name}\n")[1].split("\n\n")[0]
        for word in ("What", "Source", "Licence", "Attribution", "Changes"):
            assert f"    {word} " in entry, f"{name} lacks {word}"


def test_shipped_series_stay_small():
    assert (ROOT / "src" / "transform_sim" / "data" / "de_2025.csv").stat().st_size < 400_000


def test_tool_writes_the_shipped_series(tmp_path):
    tool = _tool()
    header = "time_utc," + ",".join(name for name, _ in tool.COLUMNS.values())
    rows = [f"{'2024-12-31T23:00:00Z' if h == 0 else h},0.518654,0.271,-0.0,2.160,48221.5" for h in range(8760)]
    source = tmp_path / tool.SOURCE
    source.write_text("\n".join([header, *rows]), encoding="utf-8")
    table = tool.series_rows(source)
    assert table[:2] == [["hour", *COLUMNS], ["0", "0.51865", "0.271", "0", "2.16", "48222"]]
    source.write_text("\n".join([header, *rows[1:]]), encoding="utf-8")
    with pytest.raises(SystemExit, match="expected the 8760 hours"):
        tool.series_rows(source)
