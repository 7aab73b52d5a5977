"""`transform-sim schema`, `export`, `show` and `new`: single files and a folder to start from."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import highspy
import pytest

import transform_sim as ts

from .studies import call, leftovers, scenario


def test_the_schema_is_json_schema(tmp_path: Path) -> None:
    found = call("schema")
    assert found.exit_code == 0
    assert json.loads(found.stdout)["$schema"].startswith("https://json-schema.org/")
    assert '"commodities": {' in found.stdout
    assert call("schema", "--out", tmp_path / "s.json").stdout == f"Written to {tmp_path / 's.json'}\n"
    assert (tmp_path / "s.json").read_text() == found.stdout


def test_the_reference_is_for_reading() -> None:
    found = call("schema", "--markdown")
    assert found.exit_code == 0
    assert "| `growth_max` |" in found.stdout


def test_the_schema_needs_a_place_that_can_be_written(tmp_path: Path) -> None:
    found = call("schema", "--out", tmp_path / "gone" / "s.json")
    assert (found.exit_code, f"there is no folder {tmp_path / 'gone'}" in found.stderr) == (6, True), found.stderr
    found = call("schema", "--out", tmp_path)
    assert (found.exit_code, "it is no plain file" in found.stderr) == (6, True), found.stderr


def test_the_schema_is_written_where_a_link_points(tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    assert call("schema", "--out", tmp_path / "link.json").exit_code == 0
    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())["title"]
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("suffix", [".mps", ".lp"])
def test_an_exported_program_has_the_same_optimum_elsewhere(tmp_path: Path, suffix: str) -> None:
    to = tmp_path / f"model{suffix}"
    found = call("export", scenario(tmp_path, "good.yaml"), "--to", to, "--variant", "dear")
    assert found.exit_code == 0, found.stderr
    assert found.stdout.startswith(f"Written to {to}: 2 rows, 2 columns")
    other = highspy.Highs()
    other.silent()
    other.readModel(str(to))
    other.run()
    assert other.getInfo().objective_function_value == pytest.approx(3000)


def test_export_knows_two_formats_only(tmp_path: Path) -> None:
    found = call("export", scenario(tmp_path, "good.yaml"), "--to", tmp_path / "model.xlsx")
    assert (found.exit_code, "ends neither in .mps nor in .lp" in found.stderr) == (2, True)


def test_show_prints_saved_results(tmp_path: Path) -> None:
    call("run", scenario(tmp_path, "good.yaml"), "--out", tmp_path / "out", "--no-figures")
    for path in (tmp_path / "out", tmp_path / "out" / "results.nc"):
        found = call("show", path)
        assert (found.exit_code, "Results of good" in found.stdout) == (0, True)


def test_show_says_what_is_no_results(tmp_path: Path) -> None:
    scenario(tmp_path, "good.yaml")
    for name, words in (("gone.nc", "there are no results at"), ("good.yaml", "holds no results of transform-sim")):
        found = call("show", tmp_path / name)
        assert (found.exit_code, words in found.stderr) == (6, True)


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new study folder, from inside."""
    assert call("new", tmp_path / "study").exit_code == 0
    monkeypatch.chdir(tmp_path / "study")
    return tmp_path / "study"


def test_a_new_study_runs_as_its_readme_says(study: Path) -> None:
    readme = (study / "README.md").read_text()
    commands = [text for text in readme.split("`") if text.startswith("transform-sim ")]
    assert {command.split()[1] for command in commands} == {"check", "run", "schema"}
    for command in commands:
        found = call(*shlex.split(command)[1:])
        assert found.exit_code == 0, f"{command}: {found.stderr}"
    for made in ("out/summary.txt", "out_variants/comparison.csv", "scenario.schema.json", "scenario.md"):
        assert (study / made).is_file(), made


def test_the_variants_of_a_new_study_differ(study: Path) -> None:
    path = study / "scenario.yaml"
    costs = [
        ts.solve(ts.load(path, name)).objective for name in (None, "cheap_power", "no_heat_pump", "no_gas_by_2040")
    ]
    assert costs[1] < costs[0] < costs[3] < costs[2]


def test_a_new_study_can_have_hours_as_its_readme_says(study: Path) -> None:
    hourly = {
        "time": {"typical_days": {"count": 4, "profiles": "package:de_2025"}},
        "profiles": {"spot": "package:de_2025/price"},
        "commodities.electricity.balance": "hour",
        "supply.electricity.price_profile": "spot",
    }
    readme = (study / "README.md").read_text()
    assert "typical_days: {count: 4, profiles: package:de_2025}" in readme
    assert "spot: package:de_2025/price" in readme
    scenario = ts.load("scenario.yaml")
    assert ts.solve(scenario.with_(hourly)).objective == pytest.approx(ts.solve(scenario).objective, rel=0.05)


def test_new_overwrites_nothing(tmp_path: Path) -> None:
    mine = scenario(tmp_path, "scenario.yaml")
    before = mine.read_text()
    for place in (tmp_path, mine):
        found = call("new", place)
        assert (found.exit_code, "Name a new folder" in found.stderr) == (2, True)
    assert mine.read_text() == before
    (tmp_path / "empty").mkdir()
    assert call("new", tmp_path / "empty").exit_code == 0
