"""Words, colours and places of labels."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transform_sim.plots import colours, words
from transform_sim.plots.stack import spread


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bf_bof_ccs", "BF-BOF-CCS"),
        ("crude_steel", "crude steel"),
        ("scrap_eaf", "scrap EAF"),
        ("co2", "CO₂"),
        ("H2-DRI", "H₂-DRI"),
        ("NH3 reforming+CCS", "NH₃ reforming+CCS"),
        ("_", "_"),
    ],
)
def test_names_as_people_write_them(name: str, text: str) -> None:
    assert words.label(name) == text


@pytest.mark.parametrize(
    ("largest", "unit", "expected"),
    [
        (15e6, "t/a", (1e6, "Mt/a")),
        (15e3, "kt/a", (1e3, "Mt/a")),
        (0.2, "t/a", (1e-3, "kg/a")),
        (2700.0, "MW", (1e3, "GW")),
        (5e6, "GJ/a", (1e6, "PJ/a")),
        (8e9, "EUR2020/a", (1e9, "bn EUR2020/a")),
        (0.008e9, "EUR2020/a", (1e6, "m EUR2020/a")),
        (80e3, "EUR2020", (1e3, "k EUR2020")),
        (8e3, "EUR2020", (1.0, "EUR2020")),
        (0.0, "t/a", (1.0, "t/a")),
        (3e6, "m3/a", (1e6, "m m3/a")),
    ],
)
def test_units_at_a_readable_size(largest: float, unit: str, expected: tuple[float, str]) -> None:
    assert words.sized(largest, unit) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [(15.44, "15.4"), (15.0, "15"), (-4.39, "−4.39"), (0.0, "0"), (-0.0, "0"), (1e-15, "0"), (1234.5, "1,234")],
)
def test_amounts_have_three_digits(value: float, text: str) -> None:
    assert words.amount(value) == text


def test_amounts_of_a_row_share_their_decimals() -> None:
    assert words.amounts([15.44, 3.0, 0.0, -0.62, 0.004]) == ["15.4", "3.0", "0", "−0.6", "0.004"]
    assert words.amounts([367.0, 1e-13, -3e-14]) == ["367", "0", "0"]


def test_single_numbers_and_rows_round_alike() -> None:
    half = np.float64(10.05)
    assert words.amount(half) == words.amounts([half])[0] == "10.1"


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Electric cracker", "electric cracker"), ("Refinery+CCS", "refinery+CCS"), ("Scrap-EAF", "scrap-EAF"),
        ("DRI-EAF", "DRI-EAF"), ("NH₃ reforming", "NH₃ reforming"), ("Portland cement", "Portland cement"),
        ("SME heat pump", "SME heat pump"), ("E-boiler", "e-boiler"), ("", ""),
    ],
)  # fmt: skip
def test_labels_within_a_sentence_begin_small(label: str, text: str) -> None:
    assert words.inside(label) == text


def test_emissions_are_named_as_such() -> None:
    assert [words.emitted(n) for n in ("co2", "upstream", "co2_power")] == [
        "CO₂ emissions", "upstream emissions", "emissions of purchased power",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(1, 2, "50 %"), (0, 5, "0 %"), (0.001, 1, "<1 %"), (0.999, 1, ">99 %"), (1, 1, "100 %"), (1, 0, "0 %")],
)
def test_percentages_do_not_hide_the_last_bit(part: float, whole: float, text: str) -> None:
    assert words.percent(part, whole).replace("\u00a0", " ") == text


def test_a_name_has_its_colour_whatever_else_is_drawn() -> None:
    alone = colours.looks(["dri_eaf"])["dri_eaf"]
    crowd = colours.looks(["bf_bof", "dri_eaf", "hbi_eaf", "scrap_eaf", "something_new"])["dri_eaf"]
    assert alone == crowd
    assert colours.colour("BF-BOF") == colours.colour("bf_bof")
    assert colours.colour("something_new") == colours.colour("something_new")


def test_two_things_never_look_the_same() -> None:
    names = [f"hydrogen_{i}" for i in range(12)] + ["bf_bof", "bf_bof_ccs", "coal"]
    assert len(set(colours.looks(names).values())) == len(names)


def lightness(colour: str) -> float:
    """Perceived lightness, 0 to 100 (CIE L*)."""
    part = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return float(116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16)


@pytest.mark.parametrize(
    "stack",
    [
        ("bf_bof", "dri_eaf", "hbi_eaf", "scrap_eaf"),
        ("coal", "electricity", "hydrogen", "natural_gas"),
        ("investment", "reinvestment", "financing", "fixed_opex", "variable_opex", "supply_price", "carbon_price"),
    ],
)
def test_neighbours_differ_in_grey(stack: tuple[str, ...]) -> None:
    light = [lightness(colours.colour(name)) for name in stack]
    assert min(abs(a - b) for a, b in pairwise(light)) > 15


@given(
    wanted=st.lists(st.floats(0, 300), min_size=1, max_size=12),
    sizes=st.lists(st.floats(8, 24), min_size=12, max_size=12),
)
def test_labels_keep_their_order_and_distance(wanted: list[float], sizes: list[float]) -> None:
    height, size = 300.0, np.array(sizes[: len(wanted)])
    places = spread(np.sort(wanted), size, height)
    gaps = np.diff(places) - (size[:-1] + size[1:]) / 2
    assert (gaps > -1e-9).all()
    if size.sum() <= height:
        assert places[0] - size[0] / 2 > -1e-9
        assert places[-1] + size[-1] / 2 < height + 1e-9


def test_labels_with_room_stay_where_they_belong() -> None:
    np.testing.assert_allclose(spread(np.array([50.0, 150.0]), np.array([10.0, 10.0]), 300.0), [50.0, 150.0])
