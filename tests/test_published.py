"""Cases that others published, with their data in our YAML: name of the data and formulation beside each number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import transform_sim as ts
from transform_sim.inputs import Inputs
from transform_sim.names import CAPACITY, STOCK

FOLDER = Path(__file__).parent / "published"


# OSeMOSYS, tests/super_simple_model.txt (OSeMOSYS_GNU_MathProg, Apache-2.0), short formulation ----------------------

SUPER_SIMPLE = 46.43123317041181


def stands(lp: ts.LinearProgram, data: Inputs) -> None:
    """OSeMOSYS has no mothballing: what exists stays and pays its fixed cost."""
    assets = data.assets
    lp.add_rows("stands", assets.table, STOCK, [(1, CAPACITY)], lower=assets.existing[:, :, None],
                reads=("processes.*.existing",))  # fmt: skip


def test_osemosys_super_simple() -> None:
    r = ts.solve(FOLDER / "osemosys_super_simple.yaml", constraints=[stands])
    assert r.objective == pytest.approx(SUPER_SIMPLE, rel=1e-12)
    # 3.1101 GW · 9.1101 + 2.1101 PJ · 9.1202, half a year from the start of 2016 at 5 %
    assert pytest.approx((3.1101 * 9.1101 + 2.1101 * 9.1202) / 1.05**0.5, rel=1e-12) == SUPER_SIMPLE
    assert r.flow.sel(commodity="natural_gas").sum().item() == pytest.approx(0, abs=1e-12)
    assert r.activity.sel(process="gas_import").sum().item() == pytest.approx(2.1101 * 1.1101, rel=1e-12)


def test_osemosys_super_simple_with_mothballing() -> None:
    """Our own formulation lets the one GW that nobody needs stand idle without fixed cost."""
    r = ts.solve(FOLDER / "osemosys_super_simple.yaml")
    assert r.objective == pytest.approx(SUPER_SIMPLE - (3.1101 - 2.1101) * 9.1101 / 1.05**0.5, rel=1e-12)


# PyPSA, docs/examples/generation-investment-screening-curve.ipynb (MIT), linear optimal investment -------------------


def screening(shares: np.ndarray, load: np.ndarray) -> ts.Results:
    """The screening curve on the given steps of its load duration curve."""
    names = [f"z{k}" for k in range(len(load))]
    slices = ", ".join(f"{n}: {{share: {s!r}}}" for n, s in zip(names, shares.tolist(), strict=True))
    profile = ", ".join(f"{n}: {v!r}" for n, v in zip(names, load.tolist(), strict=True))
    text = (FOLDER / "pypsa_screening_curve.yaml").read_text(encoding="utf-8")
    mean = float(shares @ load)
    text += f"time: {{slices: {{{slices}}}}}\nprofiles: {{load: {{{profile}}}}}\n"
    text += f"demand: {{electricity: {{amount: {mean * 8760!r}, profile: load}}}}\n"
    return ts.solve(ts.loads(text))


def test_pypsa_screening_curve_on_its_snapshots() -> None:
    # 1001 snapshots from 1000 to 0 MW, each weighing 1/1001 of an hour; cost is EUR/h, ours is for 8,760 of them
    r = screening(np.full(1001, 1 / 1001), np.arange(1000.0, -1.0, -1.0))
    # shedding costs nothing to hold, so that only what runs is determined
    most = r.activity_hour.max("hour").squeeze().to_series()
    assert most.to_dict() == pytest.approx({"coal": 500, "gas": 490, "load_shedding": 10})
    assert r.capacity.sum(["region", "period"]).sel(process=["coal", "gas"]).values == pytest.approx([500, 490])
    assert r.objective / 8760 == pytest.approx(14706.193806194067, rel=1e-9)


def test_pypsa_screening_curve_in_the_limit() -> None:
    # with slices of 1 %, whose edges are the kinks of the curve (0.01 and 0.5), sums are integrals:
    # 500 · 15 + 490 · 10 + 2 · 375 + 12 · 124.95 + 1012 · 0.05
    r = screening(np.full(100, 0.01), np.arange(995.0, 0.0, -10.0))
    assert r.objective / 8760 == pytest.approx(14700.0, rel=1e-9)
