"""What a reader sees first: a few lines for the console, a small table for the notebook."""

from __future__ import annotations

import transform_sim as ts
from tests.micro import mini, solve
from transform_sim.results.summary import counted, money, number


def test_the_summary_names_cost_years_emissions_and_proof(each_mini: ts.Results) -> None:
    text = repr(each_mini)
    assert text.startswith("Results of ")
    for word in ("Cost", "Years", "Proof", "Solved", "EUR2020", "proved optimal"):
        assert word in text
    assert len(max(text.splitlines(), key=len)) < 400


def test_numbers_of_a_known_case() -> None:
    text = repr(mini("two_routes"))
    assert "4.36 bn EUR2020" in text
    assert "2025, 2030, 2035" in text
    assert "1.70 → 0.600 → 0.600 Mt/a" in text


def test_warnings_are_shown() -> None:
    assert "implies a store of 4380 h" in repr(mini("implied_store"))


def test_html_is_escaped() -> None:
    r = solve(title="<b>steel</b> & more", supply={"steel": {"price": 1}})
    html = r._repr_html_()
    assert "&lt;b&gt;steel&lt;/b&gt; &amp; more" in html
    assert "<b>steel" not in html


def test_three_digits_or_all_before_the_point() -> None:
    assert [number(v) for v in (0, 1234.5, 12.345, 0.01234, -5.6789)] == ["0", "1,234", "12.3", "0.0123", "-5.68"]


def test_money_is_counted_by_its_size() -> None:
    texts = [money(v, "EUR2020") for v in (4.36e9, -8.2e6, 750e3, 9_999.0, 0.0)]
    assert texts == ["4.36 bn EUR2020", "-8.20 m EUR2020", "750 k EUR2020", "9,999 EUR2020", "0 EUR2020"]
    assert [counted(v)[0] for v in (1e9, 999e6, 1e6, 999e3, 1e4, 9e3)] == [1e9, 1e6, 1e6, 1e3, 1e3, 1.0]


def test_a_small_study_has_no_billions() -> None:
    text = repr(solve(supply={"steel": {"price": 70_000}}))
    assert "700 k EUR2020, present value" in text
