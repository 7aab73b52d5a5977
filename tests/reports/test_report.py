"""The report: one file that loads nothing, with every figure, number and source, in both languages."""

from __future__ import annotations

import base64
import re
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import transform_sim as ts
from tests.micro import ROOT, load, mini
from transform_sim.analysis.assumptions import listed
from transform_sim.errors import TransformSimError
from transform_sim.plots.language import spoken
from transform_sim.results import Results

from .conftest import sourced


def text(page: Path) -> str:
    """What a reader sees: no tags, entities written out."""
    body = page.read_text(encoding="utf-8").partition("<body>")[2]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", body.replace("<wbr>", ""))))


@pytest.mark.parametrize("language", ["en", "de"])
def test_nothing_is_loaded_from_elsewhere(pages: dict[str, Path], language: str) -> None:
    html = pages[language].read_text(encoding="utf-8")
    assert all(address.startswith("data:image/png;base64,") for address in re.findall(r'src="([^"]{0,40})', html))
    assert all(target.startswith("#") for target in re.findall(r'href="([^"]*)"', html))
    assert not re.search(r"<(?:script|link|iframe|object)\b|@import|url\(", html)


@pytest.mark.parametrize("language", ["en", "de"])
def test_links_lead_to_what_is_there_and_nothing_stands_twice(pages: dict[str, Path], language: str) -> None:
    html = pages[language].read_text(encoding="utf-8")
    places = re.findall(r'\bid="([^"]+)"', html)
    assert len(places) == len(set(places))
    assert {target[1:] for target in re.findall(r'href="([^"]*)"', html)} <= set(places)


def test_every_figure_is_a_picture_of_the_page(pages: dict[str, Path]) -> None:
    html = pages["en"].read_text(encoding="utf-8")
    drawn = {p.stem for p in (pages["en"].parent / "figures").glob("*.svg")}
    assert {"production_steel", "emissions", "cost", "sankey", "levelised_steel"} <= drawn
    figures = re.findall(r'<figure id="([^"]+)"><img src="data:image/png;base64,([^"]+)" alt="([^"]+)"', html)
    assert {name for name, *_ in figures} == drawn
    for _, image, finding in figures:
        assert Image.open(BytesIO(base64.b64decode(image))).size[0] > 1000
        assert finding
    summary = text(pages["en"]).partition("In brief")[2].partition("Proved")[0]
    told = [unescape(finding) for name, _, finding in figures if name in ("emissions", "cost", "production_steel")]
    assert all(" ".join(finding.split()) in summary for finding in told)


def test_every_assumption_stands_with_its_source(pages: dict[str, Path]) -> None:
    seen = text(pages["en"])
    rows = [row for row in listed(sourced()) if row.quality != "unstated"]
    assert len(rows) == 7
    for row in rows:
        assert row.path.split(".", 1 if row.path.count(".") == 1 else 2)[-1] in seen
        assert row.source in seen
        assert row.quality in seen
    assert "80 – 120" in seen
    assert "page 7 [CC-BY-4.0]" in seen
    assert "Blast furnace furnace" in seen  # title and name of the plant head its numbers


def test_numbers_without_a_source_are_marked(pages: dict[str, Path]) -> None:
    seen = text(pages["en"])
    assert "Plants (6, 3 of them unstated)" in seen
    assert "lifetime 5; flows.gas -3unstated–" in seen
    assert "Anlagen (6, davon 3 ohne Angabe)" in text(pages["de"])


def test_the_certificate_and_the_way_to_repeat_it_are_told(pages: dict[str, Path]) -> None:
    seen, attrs = text(pages["en"]), sourced().data.attrs
    assert re.sub(r"\s+", " ", sourced().certificate["text"]) in seen
    assert "Proved: under these assumptions no other plan costs less." in seen
    assert attrs["scenario_hash"] in seen
    assert "transform-sim run 'my study.yaml'" in seen
    assert f"{attrs['objective']:,.0f} {attrs['currency']}" in seen
    assert f"{sourced().solver['columns']:,} variables" in seen


def test_texts_of_the_scenario_are_escaped(pages: dict[str, Path]) -> None:
    html = pages["en"].read_text(encoding="utf-8")
    assert "<h1>Steel &amp; &lt;sources&gt;</h1>" in html
    assert "<of a furnace>" not in html


def test_the_german_report_is_german(pages: dict[str, Path]) -> None:
    seen = text(pages["de"])
    assert '<html lang="de">' in pages["de"].read_text(encoding="utf-8")
    for words in ("Das Wichtigste", "CO₂-Emissionen der Industrie", "Annahmen und Quellen", "nachgelesen",
                  "Bewiesen: Unter diesen Annahmen kostet kein anderer Plan weniger."):  # fmt: skip
        assert words in seen
    english = r"\b(?:the|present value|purchases|falls?|emissions of|Numbers by period|bn)\b"
    assert not re.findall(english, seen.partition("Annahmen und Quellen")[0])
    assert spoken() == "en"


def test_a_path_of_results_stands_for_them(tmp_path: Path) -> None:
    sourced().save(tmp_path / "results.nc")
    first = ts.report(tmp_path / "results.nc", tmp_path / "file.html").read_text(encoding="utf-8")
    assert "<h1>Steel &amp; &lt;sources&gt;</h1>" in first
    assert ts.report(str(tmp_path), tmp_path / "folder.html").read_text(encoding="utf-8") == first


def test_what_are_no_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TransformSimError, match=r"there are no results at .*absent\.nc"):
        ts.report(tmp_path / "absent.nc", tmp_path / "report.html")
    expected = "report needs results or the path of a results file, not Scenario; solve a scenario first"
    with pytest.raises(TypeError, match=expected):
        ts.report(load(supply={"steel": {"price": 1}}), tmp_path / "report.html")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not int"):
        ts.report(3, tmp_path / "report.html")  # type: ignore[arg-type]
    assert not (tmp_path / "report.html").exists()


def test_warnings_of_a_german_report_are_german(tmp_path: Path) -> None:
    page = text(ts.report(mini("implied_store"), tmp_path / "report.html", language="de"))
    assert "setzt einen Speicher von 4380 h des mittleren Durchsatzes voraus" in page
    assert "implies a store" not in page
    assert "Optimum bewiesen bei" in page


def without_prices(results: Results) -> Results:
    """Results as a solver without duals leaves them."""
    return Results(results.data.drop_vars([v for v in results.data.data_vars if "price" in str(v)]))


@pytest.mark.parametrize("name", ["seasonal_cavern", "reline_or_convert", "two_nodes", "elastic_demand"])
def test_reports_of_minis_lack_nothing(name: str, tmp_path: Path) -> None:
    page = ts.report(mini(name), tmp_path / "report.html")
    assert page.stat().st_size > 50_000
    assert not list(tmp_path.glob("*.part"))


def test_results_without_prices_have_a_report(tmp_path: Path) -> None:
    html = ts.report(without_prices(sourced()), tmp_path / "report.html").read_text(encoding="utf-8")
    assert 'id="prices"' not in html
    assert 'id="emissions"' in html


def test_a_study_of_years_has_a_report(tmp_path: Path) -> None:
    results = ts.solve(ROOT / "scenarios" / "nrw_steel_annual.yaml")
    html = ts.report(results, tmp_path / "report.html", language="de").read_text(encoding="utf-8")
    assert 'id="dispatch"' not in html
    assert 'id="production_crude_steel"' in html
