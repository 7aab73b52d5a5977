"""Figures of carbon: what is drawn is conserved, in both languages, and removals stand apart from other emissions."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

import transform_sim as ts
from tests.micro import mini, solve
from tests.model.test_carbon import capture, fuel_users, wood_fired
from transform_sim import analysis, plots
from transform_sim.plots.bands import folded, layout
from transform_sim.plots.carbon import MOST, carbon, carbon_sankey, finding, flows, merged
from transform_sim.plots.language import language
from transform_sim.reports.pictures import chapters, draw

from .drawn import axes, bars, plain, texts, total

STUDIES: dict[str, Callable[[], ts.Results]] = {
    "fuel": lambda: fuel_users(4), "capture": capture, "mini": lambda: mini("whose_carbon"),
}  # fmt: skip


def title(ax: Axes) -> str:
    return plain(ax.get_title(loc="left"))


@pytest.mark.parametrize("name", STUDIES)
def test_what_goes_in_stands_as_high_as_what_it_becomes_stands_low(name: str) -> None:
    r = STUDIES[name]()
    ax = carbon(r, ax=axes())
    assert total(ax) == pytest.approx(0, abs=1e-9)
    bought = float(r.carbon_bought.sum())
    assert sum(float(v.clip(min=0).sum()) for v in bars(ax).values()) == pytest.approx(bought)


def test_bars_are_told_apart_by_origin_and_where_they_end_up() -> None:
    drawn = bars(carbon(mini("whose_carbon"), ax=axes()))
    assert drawn["mineral"] == pytest.approx([5])
    assert drawn["mineral, stored"] == pytest.approx([-4.5])
    assert drawn["biogenic, in products"] == pytest.approx([-1.4])
    assert drawn["fossil, into the air"] == pytest.approx([-0.2])


def test_co2_used_again_stands_below_by_its_new_origin_and_above_by_its_old() -> None:
    drawn = bars(carbon(capture(), ax=axes()))
    assert drawn["CO₂ used again, into the air"] == pytest.approx([-6])
    assert sum(float(drawn[o].sum()) for o in ("fossil", "mineral")) == pytest.approx(9)
    assert "CO₂ used again" not in drawn


@pytest.mark.parametrize(
    ("study", "text"),
    [
        (STUDIES["mini"], "6.6 t/a of CO₂ is stored in 2025, 5 % of it biogenic or from the air; "
         "100 % of the carbon in products is not fossil"),
        (wood_fired, "3 t/a of CO₂ is stored in 2025, 100 % of it biogenic or from the air"),
        (STUDIES["fuel"], "No CO₂ is stored in 2025, 3 t/a goes into the air; "
         "0 % of the carbon in products is not fossil"),
        (lambda: capture(demand={"clinker": {"amount": 10}}, processes={
            "kiln": {"unit": "t", "flows": {"clinker": 1, "coal": -1, "limestone": -1}}}),
         "All carbon goes into the air: 9 t/a of CO₂ in 2025"),
    ],
)  # fmt: skip
def test_the_finding_says_what_is_stored_and_what_products_hold(study: Callable[[], ts.Results], text: str) -> None:
    assert plain(finding(study())) == text


@pytest.mark.parametrize("name", STUDIES)
def test_bands_of_carbon_conserve_it(name: str) -> None:
    r = STUDIES[name]()
    links = flows(r, 2025)
    placed = layout(links)
    scale = placed.bands[0].width / placed.bands[0].value
    into, out = ({n.name: 0.0 for n in placed.nodes} for _ in range(2))
    for band in placed.bands:
        assert band.width == pytest.approx(band.value * scale)
        for found, at, x in ((out, band.points[0], 0.012), (into, band.points[-1], 0.0)):
            node = next(n for n in placed.nodes if n.x + x == pytest.approx(at[0])
                        and n.low - 1e-9 <= at[1] < n.low + n.height - 1e-9)  # fmt: skip
            found[node.name] += band.value
    for place in (n.name for n in placed.nodes if into[n.name] and out[n.name]):
        assert into[place] == pytest.approx(out[place], rel=1e-3)
    brought = float(r.carbon_bought.sum())
    assert sum(v for n, v in out.items() if not into[n]) == pytest.approx(brought, rel=1e-3)
    assert sum(v for n, v in into.items() if not out[n]) == pytest.approx(brought, rel=1e-3)


def test_the_diagram_says_where_carbon_ends_up_and_what_its_colours_are() -> None:
    ax = carbon_sankey(mini("whose_carbon"), ax=axes())
    assert (
        title(ax) == "Where 9 t/a of carbon (as CO₂) ends up in 2025: 73 % stored, 16 % in products, 11 % into the air"
    )
    said = texts(ax)
    for words in ("Stored  6.6", "Methanol  1.4", "Captured CO₂  8.1", "Fossil", "Mineral", "Biogenic"):
        assert words in said
    colours = {tuple(np.round(p.get_facecolor(), 3)) for p in ax.patches}
    assert len(colours) == 4  # three origins and the nodes


def test_what_is_bought_is_told_from_the_same_thing_made() -> None:
    r = solve(
        commodities={"crude": {"unit": "t", "carbon_content": 3}, "naphtha": {"unit": "t", "carbon_content": 3},
                     "plastic": {"unit": "t", "carbon_content": 3}, "co2": {"unit": "t", "kind": "emission"}},
        processes={"refinery": {"unit": "t", "capacity_max": 5, "flows": {"naphtha": 1, "crude": -1}},
                   "cracker": {"unit": "t", "flows": {"plastic": 1, "naphtha": -1}}},
        supply={"crude": {"price": 1}, "naphtha": {"price": 9}}, demand={"plastic": {"amount": 10}},
    )  # fmt: skip
    said = texts(carbon_sankey(r, ax=axes()))
    assert "Purchased naphtha  15" in said
    assert "Naphtha  30" in said


def test_several_origins_between_the_same_two_nodes_fold_as_one_link() -> None:
    edges = {
        (("source", "waste"), ("carrier", "waste"), "fossil"): 1.0,
        (("source", "waste"), ("carrier", "waste"), "biogenic"): 1.0,
        (("carrier", "waste"), ("conversion", "kiln"), "fossil"): 1.0,
        (("carrier", "waste"), ("conversion", "kiln"), "biogenic"): 1.0,
        (("conversion", "kiln"), ("losses", "released"), "fossil"): 1.0,
        (("conversion", "kiln"), ("losses", "released"), "biogenic"): 1.0,
    }
    # waste is drawn once, where it is burnt; what becomes of it is an end of its own
    kiln, air = ("conversion", "kiln"), ("losses", "released")
    assert folded(edges) == {(kiln, air, "fossil"): 1.0, (kiln, air, "biogenic"): 1.0}


def test_small_nodes_are_drawn_together_and_nothing_is_lost() -> None:
    names = [f"fuel_{k}" for k in range(2 * MOST)]
    rows = [("source", n, "carrier", n, "fossil", 1.0 + k) for k, n in enumerate(names)]
    rows += [("carrier", n, "conversion", f"works_{k}", "fossil", 1.0 + k) for k, n in enumerate(names)]
    rows += [("conversion", f"works_{k}", "losses", "released", "fossil", 1.0 + k) for k in range(len(names))]
    links = pd.DataFrame(rows, columns=["source_kind", "source", "target_kind", "target", "carrier", "value"])
    joined = merged(links)
    for kind in ("source", "carrier", "conversion"):
        own = joined[joined["source_kind"] == kind]
        assert own["source"].nunique() == MOST + 1
        assert own["value"].sum() == pytest.approx(links[links["source_kind"] == kind]["value"].sum())


@pytest.mark.parametrize("draw_one", [carbon, carbon_sankey])
def test_figures_of_carbon_speak_german(draw_one: Callable[..., Axes]) -> None:
    with language("de"):
        said = texts(draw_one(capture(), ax=axes())).lower()
    assert not re.findall(r"\b(?:stored|into|the|carbon|mineral|is|ends|numbers)\b", said)
    for german in ("gespeichert", "mineralisch", "in die luft"):
        assert german in said


def test_studies_without_carbon_have_no_such_figures() -> None:
    r = solve(processes={"works": {"unit": "t", "variable_opex": 9, "flows": {"steel": 1}}})
    for draw_one in (carbon, carbon_sankey):
        with pytest.raises(plots.NotApplicableError, match="no carbon is followed"):
            draw_one(r, ax=axes())
    assert "Carbon" not in [c.title for c in chapters(draw(r))]


def test_a_period_that_is_not_there_is_refused() -> None:
    with pytest.raises(plots.NotApplicableError, match="no period 2031 — choose from 2025"):
        carbon_sankey(capture(), 2031, ax=axes())


def test_the_report_has_a_chapter_of_carbon_with_both_figures() -> None:
    (chapter,) = [c for c in chapters(draw(mini("whose_carbon"))) if c.title == "Carbon"]
    assert [p.name for p in chapter.pictures] == ["carbon", "carbon_sankey"]
    assert "is stored in 2025" in plain(chapter.pictures[0].finding)


def test_removals_of_stores_stand_apart_from_what_purchases_and_disposal_release() -> None:
    r = wood_fired()
    ax = plots.emissions(r, ax=axes())
    drawn = bars(ax)
    assert drawn["stored CO₂, biogenic or from the air"] == pytest.approx([-3])
    assert "purchases and disposal" not in drawn
    assert total(ax) == pytest.approx(float(r.emissions.sum()))


def test_fossil_co2_that_is_let_go_is_no_removal() -> None:
    r = capture(processes={
        "kiln": {"unit": "t", "flows": {"clinker": 1, "coal": -1, "limestone": -1, "captured": 0.8}},
        "burner": {"unit": "MWh", "flows": {"heat": 5, "coal": -1}},
    }, commodities=_open_captured())  # fmt: skip
    drawn = bars(plots.emissions(r, ax=axes()))
    assert float(analysis.removals(r, "co2").sum()) == 0
    assert "stored CO₂, biogenic or from the air" not in drawn
    assert drawn["purchases and disposal"] == pytest.approx([8])


def _open_captured() -> dict[str, object]:
    return {
        "coal": {"unit": "MWh", "carbon_content": 0.4}, "clinker": {"unit": "t"}, "heat": {"unit": "MWh"},
        "limestone": {"unit": "t", "carbon_content": 0.5, "origin": "process"},
        "captured": {"unit": "t", "carbon_content": 1, "carbon_dioxide": True, "disposal": {}},
        "co2": {"unit": "t", "kind": "emission"},
    }  # fmt: skip
