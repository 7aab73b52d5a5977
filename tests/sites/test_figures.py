"""What the figures of a site draw is what was solved, in both languages; the README's example runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from transform_sim.plots import NotApplicableError, language
from transform_sim.plots import site as figures
from transform_sim.plots.style import Page

from .plants import electrolyser, mill, shipped, years

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize(("spoken", "word"), [("en", "The plant pays"), ("de", "Die Anlage zahlt")])
def test_a_week_shows_price_and_use_and_what_was_paid(spoken: str, word: str) -> None:
    site = electrolyser()
    found = site.run({"electricity": shipped()[None, :]}, keep="hourly", progress=False)
    page = Page()
    with language(spoken):
        ax = figures.operation(found, site, week=10, ax=page.add_subplot())
    use = ax.lines[0].get_ydata()
    np.testing.assert_allclose(np.asarray(use)[:168], found.load.values[0, 9 * 168 : 10 * 168])
    title = ax.get_title(loc="left").replace("\n", " ")
    paid = found.price_bought.sel(commodity="electricity").item()
    assert title.startswith(word)
    assert f"{paid:.1f}".replace(".", "," if spoken == "de" else ".") in title
    ordered = np.asarray(page.axes[1].lines[0].get_ydata())
    np.testing.assert_array_equal(ordered, np.sort(found.load.values[0])[::-1])


@pytest.mark.parametrize("spoken", ["en", "de"])
def test_the_distribution_counts_every_case_and_names_its_middle(spoken: str) -> None:
    found = mill().run({"electricity": years(30)}, progress=False)
    with language(spoken):
        ax = figures.distribution(found, ax=Page().add_subplot())
    assert sum(bar.get_height() for bar in ax.patches) == 30
    low, high = np.quantile(found.objective / 1e6, [0.05, 0.95])
    title = ax.get_title(loc="left")
    for value in (low, high):
        assert f"{value:.3g}".replace(".", "," if spoken == "de" else ".") in title


def test_figures_say_what_they_need() -> None:
    site = electrolyser()
    annual = site.run({"electricity": years(2)}, progress=False)
    with pytest.raises(NotApplicableError, match="keep='hourly'"):
        figures.operation(annual, site)
    with pytest.raises(NotApplicableError, match="run at least ten"):
        figures.distribution(annual)
    hourly = site.run({"electricity": years(1)}, keep="hourly", progress=False)
    with pytest.raises(NotApplicableError, match="no week 53"):
        figures.operation(hourly, site, week=53)
    with pytest.raises(NotApplicableError, match="hydrogen is not bought by the hour"):
        figures.operation(hourly, site, "hydrogen")


def test_the_plant_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"^```py\n(.*?)^```$", README.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert names["found"].complete
    assert "Delivers hydrogen: 300,000 MWh/a, in every hour" in capsys.readouterr().out
