"""The calibration as drawn: positions are the table's numbers, and only what was found alone is filled."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from tests.analysis.test_calibration import register, works
from transform_sim import plots
from transform_sim.analysis import calibration

from .drawn import axes, texts


def points(ax: Axes) -> dict[str, Line2D]:
    return {str(line.get_label()): line for line in ax.lines}


def test_points_are_modelled_and_lines_verified() -> None:
    ax = plots.calibration(works(), register(), ax=axes())
    drawn = points(ax)
    np.testing.assert_allclose(drawn["modelled, independent"].get_xdata(), [2.0])
    np.testing.assert_allclose(np.sort(drawn["modelled, fitted"].get_xdata()), [1.0, 2.0])
    lines = next(c for c in ax.collections if c.get_label() == "verified")
    np.testing.assert_allclose([s[0, 0] for s in lines.get_segments()], [1.9, 1.0, 1.0])


def test_fitted_points_are_hollow() -> None:
    drawn = points(plots.calibration(works(), register(), ax=axes()))
    assert drawn["modelled, fitted"].get_markerfacecolor() == "white"
    assert drawn["modelled, independent"].get_markerfacecolor() != "white"


def test_residual_rows_stand_together_as_the_last() -> None:
    table = register(independent=["yes", "no", "no"], fitted=["", "residual", "residual"], verified=[1.9e6, 1e6, 2e6])
    ax = plots.calibration(works(), table, ax=axes())
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Steel, north", "Residual processes (2)"]
    np.testing.assert_allclose(points(ax)["residual"].get_xdata(), [3.0])


def test_title_and_note_say_what_is_compared_and_what_is_not() -> None:
    ax = plots.calibration(works(), register(), ax=axes())
    assert "Of 3.9 Mt verified, 1.9 Mt are compared without fitting; 1 of 1 such rows within 10 %" in texts(ax)
    assert "outside the register: station, 0.5 Mt." in texts(ax)
    assert "+5.3 %" in texts(ax)
    assert "+100 %" in texts(ax)
    fitted = plots.calibration(works(), register(independent=["no"] * 3, fitted=["activity"] * 3), ax=axes())
    assert "the comparison confirms nothing" in texts(fitted)


def test_it_speaks_german() -> None:
    with plots.language("de"):
        ax = plots.calibration(works(), register(), ax=axes())
        ax.figure.draw_without_rendering()
    assert "angepasst" in texts(ax)
    assert "1,9 Mt" in texts(ax)


def test_a_register_without_emissions_is_not_drawn() -> None:
    with pytest.raises(plots.NotApplicableError, match="no emissions"):
        plots.calibration(works(), register(verified=[0.0, 0.0, 0.0]), ax=axes())
    assert calibration(works(), register(verified=[0.0, 0.0, 0.0]))["deviation"].isna().all()
