"""Investment by sector adds to what the results hold."""

from __future__ import annotations

import numpy as np
import pytest

from tests.micro import mini, solve
from transform_sim.analysis import invested
from transform_sim.errors import TransformSimError
from transform_sim.results import Results


def test_sectors_add_to_the_investment_of_the_results() -> None:
    r = mini("reline_or_convert")
    np.testing.assert_allclose(invested(r).sum(axis=1), r.investment.sum("owner"))
    assert invested(r).to_numpy().sum() > 0


def test_a_sector_holds_its_plants() -> None:
    plant = {"unit": "t", "capex": 100, "lifetime": 10}
    r = solve(
        commodities={"steel": {"unit": "t"}, "iron": {"unit": "t"}},
        processes={
            "melting": plant | {"sector": "steel", "flows": {"iron": -1, "steel": 1}},
            "reduction": plant | {"sector": "iron", "flows": {"iron": 1}},
            "rolling": plant | {"sector": "steel", "flows": {"steel": -1}},
        },
    )
    frame = invested(r)
    assert frame.loc[2025, "steel"] == pytest.approx(1000.0)
    assert frame.loc[2025, "iron"] == pytest.approx(1000.0)


def test_results_without_it_say_so() -> None:
    bare = Results(mini("two_routes").data.drop_vars("investment"))
    with pytest.raises(TransformSimError, match="solve the study again"):
        invested(bare)
