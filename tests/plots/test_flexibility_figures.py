"""Figures of flexible demand: what is drawn equals the results, titles say what is found, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.container import BarContainer
from matplotlib.patches import StepPatch

import transform_sim as ts
from tests.flexible import site, solved
from tests.micro import ROOT, mini
from transform_sim import analysis, plots
from transform_sim.analysis.flexibility_hours import moved, weights
from transform_sim.plots.hourly import REST, hours
from transform_sim.plots.reading import NotApplicableError
from transform_sim.plots.saving import figures
from transform_sim.reports.pictures import Picture, chapters
from transform_sim.results import Results

from .conftest import steel_results
from .drawn import axes, panels, plain, texts

DAYS = {"typical_days": {"count": 2, "keep": []}}


@cache
def value() -> pd.DataFrame:
    return analysis.flexibility_value(site({"typical_days": {"count": 4, "keep": []}}), progress=False)


def value_of_the_site(results: object, *, ax: Axes) -> Axes:
    return plots.flexibility_value(solved("site"), value(), ax=ax)


FIGURES: list[Callable[..., Axes]] = [
    plots.flexible_load, plots.store_levels, plots.duration, plots.shift_map, plots.peak_use, plots.flexible_revenue,
    value_of_the_site,
]  # fmt: skip


@pytest.mark.parametrize("draw", FIGURES)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_figure_is_drawn_in_both_languages(draw: Callable[..., Axes], language: str) -> None:
    with plots.language(language):
        ax = draw(solved("valley"), ax=axes())
        ax.figure.draw_without_rendering()
    assert ax.get_title(loc="left")
    assert ("Szenario: Made-up" if language == "de" else "Scenario: Made-up") in everywhere(ax)


def everywhere(ax: Axes) -> str:
    """All words on the axes and the panels under it."""
    return " | ".join(texts(panel) for panel in panels(ax))


def steps(ax: Axes) -> dict[str, np.ndarray]:
    """Height of the steps by label, one after the other."""
    found: dict[str, list[np.ndarray]] = {}
    for patch in (p for p in ax.patches if isinstance(p, StepPatch)):
        top, _, base = patch.get_data()
        found.setdefault(patch.get_label(), []).append(top - (0.0 if base is None else base))
    return {name: np.concatenate(parts) for name, parts in found.items()}


def test_loads_are_stacked_as_they_run_and_a_line_says_what_they_would_use() -> None:
    r = solved("valley")
    ax = plots.flexible_load(r, ax=axes())
    drawn, used = steps(ax), {m.name: (m.use + m.change)[-1] for m in moved(r) if m.kind == "load"}
    for name in ("smelter", "arc_furnace", "chlorine_cells"):
        np.testing.assert_allclose(drawn[name.replace("_", " ")], used[name], atol=1e-6)
    before = r.flexible_use_hour.sel(period=2030).sum(["load", "node"]).values
    np.testing.assert_allclose(drawn["without shifting"], before)
    price = r.shadow_price_hour.sel(commodity="electricity", node="valley", period=2030)
    np.testing.assert_allclose(steps(panels(ax)[1])["price"], price)


def test_a_year_is_shown_by_four_of_its_days() -> None:
    ax = plots.flexible_load(solved("year"), ax=axes())
    assert len(steps(ax)["smelter"]) == 4 * 24
    assert "Not every day is shown." in everywhere(ax)
    one = plots.flexible_load(solved("year"), days=["2025-07-03"], ax=axes())
    day = [str(h).startswith("2025-07-03") for h in solved("year").data["hour"].values]
    own = next(m for m in moved(solved("year")) if m.name == "smelter")
    np.testing.assert_allclose(steps(one)["smelter"], (own.use + own.change)[0][day])


def test_the_title_of_shifting_tells_share_and_prices() -> None:
    rows = analysis.flexible_use(solved("year")).set_index("name").loc["smelter"]
    title = plain(plots.flexible_load(solved("year"), ax=axes()).get_title(loc="left"))
    share, prices = rows["less"] / rows["use"], (rows["price_less"], rows["price_more"])
    assert title == (
        f"Flexible loads shift {share * 100:.0f} % of their electricity in 2025, "
        f"from hours at {prices[0]:.1f} to hours at {prices[1]:.1f} EUR2020/MWh"
    )


@pytest.mark.parametrize("which", ["year", "valley"])
def test_duration_curves_are_those_of_the_analysis(which: str) -> None:
    r = solved(which)  # type: ignore[arg-type]
    ax = plots.duration(r, ax=axes())
    for label, shift in (("as solved", True), ("without shifting", False)):
        patch = next(p for p in ax.patches if isinstance(p, StepPatch) and p.get_label() == label)
        curve = analysis.duration_curve(r, "electricity", with_shift=shift)
        np.testing.assert_allclose(patch.get_data().values, curve.to_numpy())
        np.testing.assert_allclose(patch.get_data().edges[1:], curve.index.to_numpy(dtype=float))
    difference = next(p for p in panels(ax)[1].patches if isinstance(p, StepPatch)).get_data()
    moved_on = float((difference.values * np.diff(difference.edges)).sum())
    total = [float(c.to_numpy() @ np.diff(c.index, prepend=0.0)) for c in (
        analysis.duration_curve(r, "electricity", with_shift=shift) for shift in (True, False)
    )]  # fmt: skip
    assert moved_on == pytest.approx(total[0] - total[1])
    peaks = [analysis.duration_curve(r, "electricity", with_shift=shift).iloc[0] for shift in (False, True)]
    assert f"raises the highest purchases of electricity from {peaks[0]:.0f} to {peaks[1]:.0f} MW" in texts(ax)


def test_a_year_is_a_map_of_365_days_by_24_hours() -> None:
    r = solved("year")
    ax = plots.shift_map(r, ax=axes())
    drawn = next(c for c in ax.collections if isinstance(c, QuadMesh)).get_array()
    assert drawn.shape == (24, 365)
    change = np.sum([m.change[0] for m in moved(r)], axis=0)
    np.testing.assert_allclose(drawn.T.ravel(), change)
    assert [t.get_text() for t in ax.get_xticklabels()][:3] == ["Jan", "Feb", "Mar"]


def test_representative_days_are_as_wide_as_they_are_often() -> None:
    r = solved("valley")
    ax = plots.shift_map(r, ax=axes())
    mesh = next(c for c in ax.collections if isinstance(c, QuadMesh))
    width = np.diff(mesh.get_coordinates()[0, :, 0])
    assert width.sum() == pytest.approx(365)
    drawn = float((mesh.get_array() * width).sum())
    change = sum(float(m.change[-1] @ weights(r)) for m in moved(r, "electricity"))
    assert drawn == pytest.approx(change)
    alone = plots.shift_map(r, name="smelter", ax=axes())
    one = next(c for c in alone.collections if isinstance(c, QuadMesh)).get_array()
    own = next(m for m in moved(r) if m.name == "smelter")
    np.testing.assert_allclose(one.T.ravel(), own.change[-1], atol=1e-9)


def seldom(often: list[float]) -> Results:
    """The valley with days that stand for so many days of the year each."""
    data = solved("valley").data
    return Results(data.assign(step_weight=data["step_weight"].copy(data=np.repeat(often, 24))))


def test_a_narrow_day_is_dated_below_the_others() -> None:
    ax = plots.shift_map(seldom([150.0, 140.0, 72.0, 3.0]), ax=axes())
    dated = {t.get_text() for t in ax.get_xticklabels()}
    assert dated == {"28 February\n150 days/a", "6 May\n140 days/a", "18 May\n72 days/a", "\n\n22 December\n3 days/a"}
    assert "Scenario: Made-up" in everywhere(ax)


def test_dates_that_would_hide_each_other_are_left_out() -> None:
    ax = plots.shift_map(seldom([361.0, 1.0, 1.0, 2.0]), ax=axes())
    dated = [t.get_text().strip() for t in ax.get_xticklabels()]
    assert dated == ["28 February\n361 days/a", "22 December\n2 days/a", "6 May\n1 day/a"]


def test_levels_are_shares_of_capacity() -> None:
    r = solved("valley")
    ax = plots.store_levels(r, ax=axes())
    drawn: dict[str, list[np.ndarray]] = {}
    for line in ax.lines:
        drawn.setdefault(str(line.get_label()), []).append(np.asarray(line.get_ydata()))
    silo = r.level_hour.sel(storage="cement_silo", period=2030).sum("region").values / 600 * 100
    np.testing.assert_allclose(np.concatenate(drawn["cement silo"]), silo)
    smelter = r.shift_level_hour.sel(load="smelter", period=2030).sum("node").values
    np.testing.assert_allclose(np.concatenate(drawn["smelter"]), smelter / smelter.max() * 100)
    assert set(drawn) == {"cement silo", "smelter", "battery"}
    cycles = analysis.flexible_use(r).query("period == 2030 and name == 'cement_silo'")["cycles"].iloc[0]
    assert f"Most often emptied: cement silo, {round(cycles)} times in 2030" in texts(ax)
    assert "The level of a flexible load counts as share of its highest." in texts(ax).replace("\n", " ")


def test_levels_of_stores_alone_say_nothing_of_loads() -> None:
    r = ts.solve(site(DAYS, flexible_loads={}))
    ax = plots.store_levels(r, ax=axes())
    assert {str(line.get_label()) for line in ax.lines} == {"battery"}
    assert "flexible load" not in texts(ax)


def wide(ax: Axes) -> dict[str, np.ndarray]:
    """Lengths of horizontal bars by label, from the top."""
    groups = [c for c in ax.containers if isinstance(c, BarContainer)]
    return {str(c.get_label()): np.array([p.get_width() for p in c]) for c in groups}


def test_bars_at_the_peak_and_all_else_add_to_the_highest_purchases() -> None:
    r = solved("valley")
    ax = plots.peak_use(r, ax=axes())
    rest = analysis.peak(r, "electricity").set_index("name").loc["rest"]
    total = {}
    for label, column, shift in (("Without shifting", "before", False), ("As solved", "after", True)):
        total[column] = analysis.duration_curve(r, "electricity", with_shift=shift).iloc[0]
        assert wide(ax)[label].sum() + rest[column] == pytest.approx(total[column])
    assert f"{total['before']:.0f} MW without shifting, {total['after']:.0f} MW as solved" in texts(ax)


def test_what_stands_still_at_the_peak_has_no_bar() -> None:
    r = solved("site")
    rate = r.data["charge_hour"].copy(data=np.zeros(r.data["charge_hour"].shape))
    rate[..., int(r.purchase_hour.sum(["supply", "node"]).argmin("hour").item())] = 1.0
    nothing = {n: r.data[n] * 0.0 for n in ("flexible_use_hour", "shift_up_hour", "shift_down_hour", "shed_hour")}
    idle = Results(r.data.assign(nothing | {"charge_hour": rate, "discharge_hour": r.data["discharge_hour"] * 0.0}))
    for draw in (plots.peak_use, plots.flexible_revenue):
        with pytest.raises(NotApplicableError):
            draw(idle, ax=axes())


def test_revenue_is_that_of_the_analysis() -> None:
    rows = analysis.flexible_use(solved("site")).sort_values("revenue", ascending=False)
    assert len(rows) == 4
    ax = plots.flexible_revenue(solved("site"), ax=axes())
    np.testing.assert_allclose(wide(ax)["Revenue"], rows["revenue"] / 1e6)
    np.testing.assert_allclose(wide(ax)["Cost of moving it"], rows["cost"] / 1e6)
    assert f"Moving use in time earns {rows['revenue'].sum() / 1e6:.2f} m EUR2020/a" in texts(ax)


def test_savings_are_those_of_the_table() -> None:
    ax = value_of_the_site(None, ax=axes())
    table = value().pivot_table(index="name", columns="compared", values="saving").drop("all")
    table = table.sort_values("alone", ascending=False) / 1e6
    np.testing.assert_allclose(wide(ax)["Added to none"], table["alone"])
    np.testing.assert_allclose(wide(ax)["Taken out of all"], table["last"])
    assert f"Flexibility saves {value()['saving'].iloc[0] / 1e6:.2f} m EUR2020" in texts(ax)


def test_what_has_no_number_says_why() -> None:
    endless = value().assign(saving=np.inf, finding="no solution without")
    ax = plots.flexibility_value(solved("site"), endless, ax=axes())
    assert "Without flexibility the study has no solution" in texts(ax)
    assert "no solution without it" in texts(ax)
    same = value().assign(finding="not distinguishable")
    assert "cannot be told from nothing" in texts(plots.flexibility_value(solved("site"), same, ax=axes()))
    with pytest.raises(NotApplicableError, match="by='load'"):
        plots.flexibility_value(solved("site"), value().iloc[:1], ax=axes())


@pytest.mark.parametrize("draw", FIGURES[:-1])
def test_results_without_flexibility_have_no_such_figure(draw: Callable[..., Axes]) -> None:
    for r in (mini("two_routes"), steel_results()):
        with pytest.raises(NotApplicableError, match=r"^figure .* — .* — "):
            draw(r, ax=axes())


def test_a_commodity_or_period_that_is_not_there_is_told() -> None:
    with pytest.raises(NotApplicableError, match="nothing flexible moves 'heat' — choose from electricity"):
        plots.flexible_load(solved("valley"), "heat", ax=axes())
    with pytest.raises(NotApplicableError, match="no period 2031"):
        plots.duration(solved("valley"), period=2031, ax=axes())
    with pytest.raises(NotApplicableError, match="no 'cement' is bought by the hour"):
        plots.duration(solved("valley"), "cement", ax=axes())


def test_a_study_gets_its_figures_in_a_chapter_of_their_own() -> None:
    names = [name for name, _ in figures(solved("valley"))]
    own = ["flexible_load_electricity", "shift_map_electricity", "store_levels", "duration_electricity",
           "peak_use_electricity", "flexible_revenue"]  # fmt: skip
    assert set(own) <= set(names)
    chapter = next(c for c in chapters([Picture(n, "", "") for n in names]) if c.title == "Flexible demand")
    assert [p.name for p in chapter.pictures] == own
    plain_study = [name for name, _ in figures(steel_results())]
    assert not set(own) - {"store_levels"} & set(plain_study)


def test_the_balance_of_the_hours_closes_with_what_loads_move() -> None:
    balance = hours(solved("site"), "electricity", 2025, "dispatch")
    assert REST not in {*balance.making.columns, *balance.using.columns}
    np.testing.assert_allclose(balance.making.sum(axis=1), balance.using.sum(axis=1))
    net = balance.using["flexible loads"] - balance.making["flexible loads"]
    change = np.sum([m.change[0] for m in moved(solved("site")) if m.kind == "load"], axis=0)
    np.testing.assert_allclose(net, change, atol=1e-9)
    assert "Flexible loads" in texts(plots.dispatch(solved("site"), ax=axes()))


def test_demand_in_the_balance_of_the_hours_is_what_it_was() -> None:
    balance = hours(solved("site"), "electricity", 2025, "dispatch")
    np.testing.assert_allclose(balance.using["demand"], 300.0)


@cache
def regulated() -> pd.DataFrame:
    return analysis.cheapest_regulation(ts.load(ROOT / "scenarios" / "mini" / "network_charge.yaml"), "grid_fee")


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_discount_on_even_use_is_set_against_the_flexibility_it_costs(language: str) -> None:
    with plots.language(language):
        ax = plots.regulation(mini("network_charge"), regulated(), ax=axes())
    charge, lost = wide(ax).values()
    np.testing.assert_allclose(charge, regulated()["network_charge"] / 1e6)
    np.testing.assert_allclose(lost, regulated()["flexibility_lost"] / 1e6, atol=1e-9)
    # 1.948 of charge under prices alone, 0.27 with 7,000 hours; 1.572 of flexibility lost
    told = {
        "en": "Cheapest is baseload, 7,000 h: 1.68 m EUR2020/a less network charge for 1.57 m EUR2020/a",
        "de": "Am günstigsten ist Bandlast, 7.000 h: 1,68 Mio. EUR2020/a weniger Netzentgelt für 1,57 Mio. EUR2020/a",
    }
    assert plain(ax.get_title(loc="left")).startswith(told[language])


def test_a_charge_whose_discounts_do_not_pay_says_so() -> None:
    general = regulated().assign(status=["cheapest", "", "infeasible", ""])
    ax = plots.regulation(mini("network_charge"), general, ax=axes())
    assert "Under the published charge use follows prices most cheaply" in texts(ax)
    assert "no solution" in texts(ax)
    with pytest.raises(NotApplicableError, match="no regulation has a solution"):
        plots.regulation(mini("network_charge"), general.assign(status="infeasible"), ax=axes())
