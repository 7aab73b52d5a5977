"""Colours of sectors, routes and carriers: apart for all eyes, and in grey."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from transform_sim.plots import colours

from .test_style import lightness

# Machado, Oliveira, Fernandes (2009), IEEE TVCG 15(6): deuteranopia, on linear RGB
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])
FIGURES = {
    "sectors": [*colours.SECTORS],
    "steel": ["BF-BOF", "BF-BOF+CCS", "DRI-EAF", "DRI-EAF+CCS", "Scrap-EAF", "HBI-EAF"],
    "cement": ["Clinker", "Clinker+CCS", "clinker_oxyfuel", "clinker_amine", "Cement mill"],
    "lime": ["Lime", "Lime+CCS"],
    "lime kilns": ["lime_kiln", "lime_kiln_ccs"],
    "olefins": ["Steam cracker", "Steam cracker+CCS", "Electric cracker", "MTO", "Chemical recycling"],
    "chlorine": ["Chlor-alkali, standing", "Chlor-alkali, membrane"],
    "ammonia": ["NH3 reforming", "NH3 reforming+CCS", "NH3 from hydrogen", "ammonia_import"],
    "methanol": ["methanol_reforming", "methanol_synthesis"],
    "aluminium": ["aluminium_smelter", "aluminium_inert_anode", "aluminium_recycling"],
    "glass": ["Glass, gas", "Glass, hybrid", "Glass, electric", "Glass, hydrogen"],
    "refining": ["Refinery", "Refinery+CCS"],
    "steam": ["Gas boiler", "Coal boiler", "E-boiler", "Biomass boiler", "Biomass boiler+CCS", "Hydrogen boiler",
              "steam_heat_pump", "Gas CHP", "Biomass CHP"],
    "heat": ["Heat pump", "Heat exchange"],
    "furnaces": ["Gas furnace", "Electric furnace", "Hydrogen furnace", "Biomass furnace"],
    "power": ["Wind", "Solar", "Gas turbine", "Combined cycle", "Hydrogen turbine", "grid_power", "battery"],
    "hydrogen": ["Electrolysis", "Reforming", "Reforming+CCS", "Ammonia cracker", "hydrogen_import"],
    "carriers": ["coal", "lignite", "refuse_fuel", "biomass", "natural_gas", "electricity", "hydrogen", "crude_oil",
                 "naphtha", "ammonia", "methanol"],
}  # fmt: skip
LEAST = 12.0
"""Distance in CIELAB at which areas side by side are told apart without looking twice."""


def linear(colour: str) -> NDArray[np.float64]:
    part = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    x = np.clip(XYZ @ rgb / WHITE, 0.0, None)
    f = np.where(x > 216 / 24389, np.cbrt(x), (24389 / 27 * x + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one: str, other: str, sight: NDArray[np.float64]) -> float:
    """Distance of two colours for a sight, given as matrix on linear RGB."""
    first, second = (lab(np.clip(sight @ linear(c), 0.0, 1.0)) for c in (one, other))
    return float(np.linalg.norm(first - second))


@pytest.mark.parametrize("sight", [np.eye(3), DEUTERANOPIA], ids=["all colours", "deuteranopia"])
@pytest.mark.parametrize("names", FIGURES.values(), ids=FIGURES)
def test_what_stands_together_is_told_apart(names: list[str], sight: NDArray[np.float64]) -> None:
    looks = colours.looks(names)
    alike = {
        (a, b): round(apart(looks[a].colour, looks[b].colour, sight), 1)
        for a, b in combinations(names, 2)
        if looks[a].hatch == looks[b].hatch and apart(looks[a].colour, looks[b].colour, sight) < LEAST
    }
    assert not alike


@pytest.mark.parametrize("figure", ["sectors", "steel", "glass", "furnaces"])
def test_neighbours_differ_in_grey(figure: str) -> None:
    looks = colours.looks(FIGURES[figure])
    near = [
        (a, b)
        for a, b in pairwise(FIGURES[figure])
        if looks[a].hatch == looks[b].hatch and abs(lightness(looks[a].colour) - lightness(looks[b].colour)) < 8
    ]
    assert not near


def test_capture_is_striped_and_what_is_bought_dotted() -> None:
    looks = colours.looks(["Clinker+CCS", "clinker_oxyfuel", "hydrogen_import", "purchased scrap", "gas feedstock"])
    assert {n: look.hatch for n, look in looks.items()} == {
        "Clinker+CCS": "///", "clinker_oxyfuel": "///", "hydrogen_import": "...", "purchased scrap": "...",
        "gas feedstock": "\\\\\\",
    }  # fmt: skip


def test_sectors_are_stacked_in_one_order() -> None:
    names = ["other", "somewhere else", "process_heat", "co2", "steel"]
    assert colours.by_sector(names) == ["steel", "process_heat", "co2", "somewhere else", "other"]
