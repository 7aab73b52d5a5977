"""`ts.catalogue`: entries, numbers and single sheets, on a small catalogue worked by hand."""

from __future__ import annotations

import pytest

import transform_sim as ts
from transform_sim.catalogue import sheet, tables
from transform_sim.scenario.reader import read

SHIPPED = """\
commodities:
  heat: {title: Heat, unit: MWh}
processes:
  pump:
    title: Heat pump <b>
    unit: MWh
    route: Pump
    sector: heat
    capex:
      value: {2030: 1000 EUR2020/kW, 2050: 0.6 MEUR2020/MW}
      low: 500 EUR2020/kW
      high: {2030: 1500 EUR2020/kW, 2040: 1200 EUR2020/kW}
      source: book
      quality: opened
      licence: MIT
    wacc: {value: 7 %/a, source: Assumption, quality: recalled, licence: quoted, note: usual}
    flows:
      heat: 1
storages:
  tank: {title: Tank, commodity: heat, loss: {value: 0.01, source: x, quality: computed, licence: quoted}}
links: {}
"""


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    node, _ = read(SHIPPED, "small.yaml")
    assert node is not None
    found = {section: {str(k): n for k, n in part.mapping.items()} for section, part in node.mapping.items()}
    monkeypatch.setattr(tables, "shipped_entries", lambda: found)
    monkeypatch.setattr(sheet, "entries", lambda: found)


def test_entries_count_their_numbers_by_quality() -> None:
    frame = ts.catalogue.entries()
    assert frame.index.tolist() == [("commodities", "heat"), ("processes", "pump"), ("storages", "tank")]
    assert frame.loc[("processes", "pump")].tolist() == ["Heat pump <b>", "heat", "Pump", "MWh", 2, 1, 0, 1]
    assert frame.loc[("storages", "tank"), "unit"] == "MWh"


def test_rows_are_in_one_unit_year_by_year() -> None:
    rows = ts.catalogue.rows("pump")
    capex = rows[rows["path"] == "capex"]
    # 0.6 MEUR/MW = 600 EUR/kW; between 2030 and 2050 linear; high stays after its last year
    assert capex[["year", "value", "low", "high"]].astype(float).to_numpy().tolist() == [
        [2030, 1000, 500, 1500],
        [2040, 800, 500, 1200],
        [2050, 600, 500, 1200],
    ]
    assert set(capex["unit"]) == {"EUR2020/kW"}
    wacc = rows[rows["path"] == "wacc"].iloc[0]
    assert (wacc["value"], wacc["unit"], wacc["note"], wacc["licence"]) == (7, "%/a", "usual", "quoted")
    assert wacc[["year", "low", "high"]].isna().all()


def test_all_rows_are_those_of_all_entries() -> None:
    rows = ts.catalogue.rows()
    assert rows[["section", "entry", "path"]].drop_duplicates().to_numpy().tolist() == [
        ["processes", "pump", "capex"], ["processes", "pump", "wacc"], ["storages", "tank", "loss"],
    ]  # fmt: skip
    assert rows.iloc[-1]["unit"] == "1"


def test_a_sheet_reads_in_a_terminal_and_in_a_notebook() -> None:
    pump = ts.catalogue.show("pump")
    assert repr(pump).splitlines() == [
        "pump: Heat pump <b> (process, sector heat, route Pump, per MWh)",
        "  capex 1000 in 2030, 600 in 2050 EUR2020/kW [500 … 1500 in 2030, 1200 in 2040], opened: book (MIT)",
        "  wacc 7 %/a, recalled: Assumption",
        "      usual",
    ]
    page = pump._repr_html_()
    assert "Heat pump &lt;b&gt;" in page
    assert "<b>Heat" not in page.replace("<caption><b>", "")
    assert page.count("<tr>") == 3


def test_an_unknown_entry_is_named() -> None:
    with pytest.raises(ts.catalogue.UnknownEntryError, match=r"has no entry 'pumpe'. Did you mean 'pump'\?"):
        ts.catalogue.show("pumpe")
    with pytest.raises(ts.errors.TransformSimError):
        ts.catalogue.rows("pumpe")
