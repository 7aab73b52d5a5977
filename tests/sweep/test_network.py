"""A sweep over the price of peaks: costs alone move, and each case is what the changed scenario gives."""

from __future__ import annotations

from pathlib import Path

import pytest

import transform_sim as ts
from tests.micro import ROOT

PATH = "network_charges.grid_fee.capacity"


def test_the_price_of_peaks_is_swept(tmp_path: Path) -> None:
    scenario = ts.load(ROOT / "scenarios" / "mini" / "network_charge.yaml")
    values = [0.0, 5e4, 3e5]
    sweep = ts.sweep(scenario, {PATH: values}, out=tmp_path / "sweep", progress=False)
    cold = [ts.solve(scenario.with_({PATH: value})).objective for value in values]
    assert sweep.objective.values == pytest.approx(cold, rel=1e-9)
    # a fifth of what is published is paid for 10 MW, the least peak that 7,000 hours of use allow
    assert cold == pytest.approx([3_672_000 + 70_000 + 0.2 * 10 * value for value in values])
