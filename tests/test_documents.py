"""What the documents show works as it is written there: code runs, links lead somewhere, lists are complete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import transform_sim as ts
from tests.micro import tool

ROOT = Path(__file__).parents[1]
PAGES = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "scenarios").rglob("*.md"),
]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Code blocks of the README in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def test_the_python_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    (code,) = blocks("python")
    names: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert names["results"].certificate["ok"]
    assert "NRW industry climate-neutral by 2045" in capsys.readouterr().out


def test_commands_of_the_readme_name_files_that_are_shipped() -> None:
    named = re.findall(r"scenarios/[\w/]+\.yaml", "".join(blocks("sh")))
    assert len(named) >= 3
    assert all((ROOT / name).is_file() for name in named)
    entries = ts.catalogue.entries().index.get_level_values("name")
    assert all(name in entries for name in re.findall(r"sim catalogue (\w+)", README))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing


def test_pictures_are_small() -> None:
    pictures = list((ROOT / "docs" / "figures").glob("*.png"))
    assert pictures
    assert all(p.stat().st_size <= 150_000 for p in pictures)


def test_each_study_is_described() -> None:
    text = (ROOT / "scenarios" / "README.md").read_text(encoding="utf-8")
    assert [p.name for p in (ROOT / "scenarios").glob("*.yaml") if f"[{p.name}]({p.name})" not in text] == []


def test_each_table_of_the_scenarios_is_named_in_notice() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert [p.name for p in (ROOT / "scenarios" / "data").glob("*.csv") if p.name not in notice] == []


def test_the_list_of_assumptions_is_that_of_the_files() -> None:
    lister = tool("list_assumptions")
    text = lister.PAGE.read_text(encoding="utf-8")
    assert lister.page(text) == text, "run python tools/list_assumptions.py"


def test_the_citation_is_of_this_version() -> None:
    cited = YAML(typ="safe").load(ROOT / "CITATION.cff")
    assert cited["cff-version"] == "1.2.0"
    assert cited["version"] == ts.__version__
    assert {"message", "title", "authors"} <= cited.keys()
    assert all("name" in author for author in cited["authors"])
