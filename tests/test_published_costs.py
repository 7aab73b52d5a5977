"""Published costs of products and of abatement, each a scenario of a page with citation and arithmetic in its head."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import transform_sim as ts

FOLDER = Path(__file__).parent / "published"


@cache
def solved(name: str, variant: str | None = None) -> ts.Results:
    """The optimum of a file, or of one of its variants."""
    return ts.solve(ts.load(FOLDER / f"{name}.yaml", variant=variant))


def price(r: ts.Results, commodity: str, node: str) -> float:
    """What one unit more would cost in the last period."""
    return float(r.shadow_price.sel(commodity=commodity, node=node).isel(period=-1).squeeze())


def levelised(r: ts.Results, commodity: str) -> dict[str, float]:
    """Levelised cost of a new plant in its cheapest mode at what markets ask, in the last period, by process."""
    table = ts.analysis.levelised_cost(r, commodity, prices="market")
    last = table[(table["period"] == table["period"].max()) & (table["investment"] == "new")]
    ways = last.groupby(["process", "mode"])["value"].sum()
    return {str(name): float(cost) for name, cost in ways.groupby("process").min().items()}


PRODUCTS = [
    # file, product, node, published, tolerance, plant whose levelised cost is its price, and the sum in the file's head
    ("v07_hydrogen_cost", "hydrogen", "scarce", 110.3, 0.005, "electrolysis_scarce", 110.294),
    ("v07_hydrogen_cost", "hydrogen", "rich", 55.6, 0.005, "electrolysis_rich", 55.571),
    ("v08_green_hydrogen", "hydrogen_delivered", "plant", 146.2, 0.005, None, 146.210),
    ("v10_clinker", "clinker", "works", 62.6, 0.02, "kiln", 63.10),
    ("v15_green_ammonia", "ammonia", "plant", 1000, 0.20, "ammonia_synthesis", 1123.4),
]


@pytest.mark.parametrize(
    ("name", "product", "node", "published", "tolerance", "plant", "head"),
    PRODUCTS,
    ids=[f"{p[0]}-{p[2]}" for p in PRODUCTS],
)
def test_price_of_the_product_is_the_published_cost(
    name: str, product: str, node: str, published: float, tolerance: float, plant: str | None, head: float
) -> None:
    r = solved(name)
    assert price(r, product, node) == pytest.approx(published, rel=tolerance)
    assert price(r, product, node) == pytest.approx(head, rel=1e-4)
    if plant is not None:
        assert levelised(r, product)[plant] == pytest.approx(price(r, product, node), rel=1e-9)


def test_green_hydrogen_is_made_of_its_published_parts() -> None:
    """Capital, power and what follows it, as the study's code prints them."""
    r = solved("v08_green_hydrogen")
    kinds = ts.analysis.levelised_cost(r, "hydrogen", prices="market").groupby("kind")["value"].sum()
    assert kinds[["capital", "energy"]].tolist() == pytest.approx([20.518, 115.892], abs=1e-3)
    assert price(r, "hydrogen_delivered", "plant") - price(r, "hydrogen", "plant") == pytest.approx(9.8)


def test_clinker_is_made_of_its_published_parts() -> None:
    table = ts.analysis.levelised_cost(solved("v10_clinker"), "clinker", prices="market")
    kinds = table.groupby("kind")["value"].sum()
    assert kinds[["capital", "variable"]].tolist() == pytest.approx([20.33, 20.41], abs=0.01)
    items = table.set_index("item")["value"]
    assert items[["coal", "electricity", "raw_meal"]].tolist() == pytest.approx([9.72, 7.65, 5.0], abs=0.005)


def test_ammonia_of_the_catalogues_own_electrolysis_lies_above_the_auction() -> None:
    """Outside the band of 20 %, for the reason that the file gives: what hydrogen costs above 130, and no more."""
    bought, made = solved("v15_green_ammonia"), solved("v15_green_ammonia", "electrolysis")
    cost = price(made, "ammonia", "plant")
    assert cost == pytest.approx(1223.6, rel=1e-3)
    assert 1.20 * 1000 < cost < 1.25 * 1000
    dearer = price(made, "hydrogen", "plant") - price(bought, "hydrogen", "plant")
    hydrogen = -made.flow.sel(commodity="hydrogen", process="ammonia_synthesis").sum() / 10_000
    assert cost - price(bought, "ammonia", "plant") == pytest.approx(dearer * float(hydrogen), rel=1e-6)


# --- abatement ------------------------------------------------------------------------------------------------------

BAND = (80.0, 200.0)
AGORA = (100.0, 170.0)
ABATEMENT = [
    # variant, EUR/t CO2, inside the range that Agora gives, product, works, routes that share it
    ("steel", 117.3, True, "crude_steel", "steelworks", ("bf_bof", "dri_eaf")),
    ("cement", 121.6, True, "clinker", "cement_works", ("clinker_kiln", "clinker_oxyfuel")),
    ("cement_amine", 180.3, False, "clinker", "cement_works", ("clinker_kiln", "clinker_amine")),
    ("ammonia", 189.5, False, "ammonia", "ammonia_works", ("ammonia_reforming", "ammonia_synthesis")),
]


@pytest.mark.parametrize(
    ("variant", "measured", "in_range", "product", "works", "routes"), ABATEMENT, ids=[row[0] for row in ABATEMENT]
)
def test_key_technologies_abate_at_what_is_published(
    variant: str, measured: float, in_range: bool, product: str, works: str, routes: tuple[str, str]
) -> None:
    r = solved("v13_key_technologies", variant)
    cost = float(r.data["cap_price"].sel(period=2030).max())
    assert BAND[0] <= cost <= BAND[1]
    assert (AGORA[0] <= cost <= AGORA[1]) is in_range
    assert cost == pytest.approx(measured, abs=1)
    made = r.activity.sel(process=list(routes), region=works, period=2030).sum("mode")
    assert (made > 0.25e6).all()
    assert float(made.sum()) == pytest.approx(1e6)
    if product != "crude_steel":  # both kinds of plant are new: at the price of the cap they cost the same
        at_the_cap = levelised(r, product)
        assert [at_the_cap[name] for name in routes] == pytest.approx([price(r, product, works)] * 2, rel=1e-6)


def test_steel_abates_at_the_cost_of_conversion_instead_of_relining() -> None:
    """Own arithmetic with the catalogue's numbers; 0.094393 is CRF(7 %, 20)."""
    relined = (240 * 0.094393 + 110) / 0.9 + 20
    # the works use 0.2306 MWh of power and make 0.87 / 2.6316 = 0.3306 of their gas
    relined += 5.45 * 20 + 0.217 * 35 + (0.925 + 0.321) * 130 + 0.15 * 320 + (0.2306 - 0.3306) * 75
    converted = (700 * 0.094393 + 85) / 0.9 + 20
    converted += 1.50 * 130 + 0.05 * 100 + 1.733 * 130 + 1.18 * 75 + 0.05 * 35
    cost = (converted - relined) / (1.93 - 0.08)
    r = solved("v13_key_technologies", "steel")
    assert float(r.data["cap_price"].sel(period=2030).max()) == pytest.approx(cost, rel=5e-4)


def test_ammonia_without_support_abates_above_the_band() -> None:
    """237 EUR/t at hydrogen of 130 EUR/MWh: the premium of 14.4 on 5.93 MWh/t is what separates the two."""
    alone = float(solved("v13_key_technologies", "ammonia_alone").data["cap_price"].sel(period=2030).max())
    supported = float(solved("v13_key_technologies", "ammonia").data["cap_price"].sel(period=2030).max())
    assert alone == pytest.approx(237.0, abs=1)
    assert alone > BAND[1]
    assert alone - supported == pytest.approx(14.4 * 5.93 / (8.917 * 0.2016), rel=2e-3)
