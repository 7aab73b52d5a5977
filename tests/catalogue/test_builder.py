"""The builder: authored files and open data in, sourced entries out, and every fault with its file and line."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest

from .whole import ROOT  # puts tools/ on the path

import build_catalogue  # isort: skip
from catalogue_build.datasets import Data, check_wish  # isort: skip
from catalogue_build.drawn import DrawError, Drawn, number  # isort: skip
from catalogue_build.origins import LICENCES, ORIGINS  # isort: skip
from catalogue_build.pages import MARK, data_page, notice  # isort: skip
from catalogue_build.sectors import Sector, read_sectors  # isort: skip
from catalogue_build.units import TABLE, ours  # isort: skip
from catalogue_build.whole import whole_problems  # isort: skip

COSTS = """\
technology,parameter,year,value,unit,source,further_description,source_currency_year
boiler,investment,2030,50000,EUR/MW,"Agency, sheet 5 ",,2020
boiler,investment,2050,40000,EUR/MW,"Agency, sheet 5",,2020
boiler,efficiency,2030,0.9,per unit,Agency,,
boiler,lifetime,2030,25,years,Agency,,
boiler,lifetime,2050,25,years,Agency,,
boiler,FOM,2030,4,%/year,Agency,,
boiler,odd,2030,4,furlongs,Agency,,
"""
PARAMETERS = """\
id,dataset,sector,process,variant,parameter,item,value,unit,value_std,unit_std,year,as_reported,source,comment
P00001,POSTED,heat,boiler,,Input,gas,3.6,GJ/t,1.0,MWh/t,2019,3.6 GJ per t,Miller (2019),
P00002,ETM (etsource),heat,boiler,,Input,gas,1.2,MWh/t,,,2019,,,
P00003,PyPSA-Eur config,heat,boiler,,Input,gas,1.4,MWh/t,,,,,"Takes. From Wang et al (2018) (https://d.org/1).",key: gas
"""
ROUTES = """\
sector,route,parameter,item,unit,low,central,high,n_values,central_rule,refs,note
heat,boiler,input,gas,MWh/t,1.0,1.2,1.4,3,median,P00001 ; P00002 ; tc:boiler|FOM,of three
heat,boiler,output,slag,t/t,0.3,0.3,0.3,1,P00001,P00001,
"""
FACTORS = """\
carrier,value,unit,source,origin,licence,comment
gas,0.2009,t_CO2/MWh_LHV,Environment Agency 2022,GENeSYS-MOD/GENeSYS_MOD.data,Apache-2.0,
gas,0.198,t_CO2/MWh_LHV,Stoichiometric,PyPSA/technology-data outputs,CC-BY-4.0,methane
glass,0.12,t_CO2/t_glass,Inventory,Somebody/wiki,single facts from an official report,
"""
PRICES = """\
scenario,carrier,kind,year,value,unit,price_basis,source,origin,licence,comment
A,gas,fuel,2030,7,EUR/GJ,real EUR2020,IEA,PyPSA/technology-data outputs,CC-BY-4.0,
B,gas,fuel,2030,7,EUR/GJ,price year not stated,IEA,PyPSA/technology-data outputs,CC-BY-4.0,
"""
AUTHORED = """\
commodities:
  heat: {title: Heat, unit: MWh}
  gas: {title: Gas, unit: MWh, carbon_content: {data: emission_factors, carrier: gas, source_contains: Agency}}
  co2: {unit: t, kind: emission}
processes:
  boiler:
    title: Boiler
    unit: MWh
    sector: heat
    earliest: 2026
    capex: {data: technology_costs, technology: boiler, parameter: investment, years: [2030, 2050], unit: EUR2025/kW,
            low: 30 EUR2025/kW, note: own note}
    lifetime: {data: technology_costs, technology: boiler, parameter: lifetime, years: [2030, 2050]}
    wacc: &wacc {value: 7 %/a, low: 3 %/a, high: 10 %/a, quality: recalled, source: assumption, note: usual}
    availability: {value: 0.95, quality: opened, source: "book, p. 7; other"}
    flows:
      heat: 1
      gas: {value: -1.1 MWh/MWh, quality: recalled, source: "book, p. 9", note: "words: and, commas"}
    reinvest: {capex: {value: {2030: 20 EUR2020/kW, 2050: 10 EUR2020/kW}, quality: opened, source: book}, wacc: *wacc}
"""
SOURCES = """\
book: {citation: "Miller (2019), Boilers", licence: CC-BY-4.0, attribution: "Miller, CC BY 4.0"}
other: {citation: "Smith (2020)", licence: quoted}
assumption: {citation: Assumption, licence: quoted}
"""
GAPS = "- {entry: boiler, field: growth_max, why: nobody says}\n"


@pytest.fixture
def data(tmp_path: Path) -> Data:
    folder = tmp_path / "data"
    folder.mkdir()
    names = ("technology_costs", "process_parameters", "industry_routes_summary", "emission_factors",
             "price_trajectories")  # fmt: skip
    for name, text in zip(names, (COSTS, PARAMETERS, ROUTES, FACTORS, PRICES), strict=True):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return Data(folder)


def authored(tmp_path: Path, text: str = AUTHORED, sources: str = SOURCES, gaps: str = GAPS) -> Path:
    folder = tmp_path / "authored"
    for part, content in (("", text), ("sources", sources), ("gaps", gaps)):
        (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / part / "small.yaml").write_text(content, encoding="utf-8")
    return folder


def built(data: Data | None, folder: Path) -> Sector:
    [sector] = build_catalogue.build(data, folder)
    return sector


def told(sector: Sector) -> list[str]:
    return [f"{p.line} {p.path}: {p.message}" for p in sector.problems]


def drawn(data: Data, wish: dict[str, object]) -> Drawn:
    check_wish(wish)
    return data.draw(wish)


def test_an_entry_with_drawn_and_quoted_numbers(tmp_path: Path, data: Data) -> None:
    sector = built(data, authored(tmp_path))
    assert told(sector) == []
    boiler = sector.shipped["processes"]["boiler"]
    assert boiler["capex"] == {
        # 50,000 EUR/MW = 50 EUR/kW
        "value": {2030: "50 EUR2025/kW", 2050: "40 EUR2025/kW"},
        "low": "30 EUR2025/kW",
        "quality": "opened",
        "source": "Agency, sheet 5, in technology-data (PyPSA)",
        "licence": "CC-BY-4.0",
        "note": "own note",
    }
    assert boiler["lifetime"]["value"] == "25 a"  # the same in both years
    assert boiler["availability"]["source"] == "Miller (2019), Boilers, p. 7; Smith (2020)"
    assert boiler["availability"]["licence"] == "CC-BY-4.0"  # the more demanding of the two
    assert boiler["flows"] == {
        "heat": 1,
        "gas": {
            "value": "-1.1 MWh/MWh", "quality": "recalled", "source": "Miller (2019), Boilers, p. 9",
            "licence": "CC-BY-4.0", "note": "words: and, commas",
        },
    }  # fmt: skip
    assert boiler["earliest"] == 2026
    content = sector.shipped["commodities"]["gas"]["carbon_content"]
    assert (content["value"], content["licence"]) == ("0.2009 t/MWh", "Apache-2.0")
    assert sector.origins == {"technology-data", "GENeSYS-MOD"}
    assert whole_problems([sector]) == []


def test_the_same_comes_out_each_time(tmp_path: Path, data: Data) -> None:
    texts = [build_catalogue.text_of(built(data, authored(tmp_path))) for _ in range(2)]
    assert texts[0] == texts[1]
    assert texts[0].startswith("# Generated from tools/catalogue/small.yaml")


@pytest.mark.parametrize(
    ("wish", "value", "unit", "quality"),
    [
        ({"data": "technology_costs", "technology": "boiler", "parameter": "FOM", "year": 2030}, 4, "%/a", "opened"),
        ({"data": "technology_costs", "technology": "boiler", "parameter": "efficiency", "years": [2030], "factor": -1,
          "unit": "MWh/MWh"}, -0.9, "MWh/MWh", "opened"),
        ({"data": "technology_costs", "technology": "boiler", "parameter": "lifetime", "year": 2030, "factor": 2}, 50,
         "a", "computed"),
        ({"data": "process_parameters", "id": "P00001"}, 1.0, "MWh/t", "opened"),
        ({"data": "process_parameters", "id": "P00002"}, 1.2, "MWh/t", "opened"),
        ({"data": "process_parameters", "id": "P00001", "unit": "GJ/t"}, 3.6, "GJ/t", "opened"),
        ({"data": "industry_routes_summary", "sector": "heat", "route": "boiler", "item": "gas", "parameter": "input"},
         -1.2, "MWh/t", "computed"),
        ({"data": "industry_routes_summary", "sector": "heat", "item": "slag", "parameter": "output"}, 0.3, "t/t",
         "opened"),
        ({"data": "emission_factors", "carrier": "glass"}, 0.12, "t/t", "opened"),
        ({"data": "price_trajectories", "scenario": "A", "carrier": "gas", "year": 2030}, 7, "EUR2020/GJ", "opened"),
    ],
)  # fmt: skip
def test_drawing(data: Data, wish: dict[str, object], value: float, unit: str, quality: str) -> None:
    found = drawn(data, wish)
    assert list(found.value.values()) == [pytest.approx(value)]
    assert (found.unit, found.quality) == (unit, quality)
    assert found.source
    assert found.licence in LICENCES


def test_a_drawn_input_is_negative_with_its_range(data: Data) -> None:
    found = drawn(data, {"data": "industry_routes_summary", "sector": "heat", "item": "gas", "parameter": "input"})
    assert (found.low, found.high) == (-1.4, -1.0)
    assert found.source == (
        "Miller (2019), in POSTED; Energy Transition Model; Agency, in technology-data (PyPSA); median of 3 values"
    )
    assert found.licence == "CC-BY-4.0"
    assert found.note == "of three"


def test_a_factor_leaves_its_arithmetic(data: Data) -> None:
    wish = {
        "data": "technology_costs",
        "technology": "boiler",
        "parameter": "investment",
        "years": [2030],
        "factor": 0.5,
    }
    assert data.draw(wish).note == "50000 EUR2025/MW × 0.5"


def test_sentences_of_a_configuration_are_not_carried_over(data: Data) -> None:
    source = data.draw({"data": "process_parameters", "id": "P00003"}).source
    assert source == "Wang et al (2018), https://d.org/1, key: gas, in PyPSA-Eur configuration"


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"data": "technology_cost"}, "unknown data 'technology_cost'. Did you mean 'technology_costs'?"),
        ({"data": "process_parameters", "di": "P1"}, "key 'di' does not belong to process_parameters"),
        ({"data": "process_parameters", "id": "P00009"}, "has no row with id 'P00009'"),
        ({"data": "technology_costs", "technology": "boilr", "parameter": "FOM", "year": 2030},
         "no row with technology 'boilr'. Did you mean 'boiler'?"),
        ({"data": "technology_costs", "technology": "boiler", "parameter": "FOM", "years": [2040]},
         r"no such row for 2040; there are \[2030\]"),
        ({"data": "technology_costs", "technology": "boiler", "parameter": "FOM"}, "name the years"),
        ({"data": "technology_costs", "technology": "boiler", "parameter": "odd", "year": 2030},
         "unit 'furlongs' of the row is not in the table of units"),
        ({"data": "technology_costs", "technology": "boiler", "parameter": "FOM", "year": 2030, "unit": "a"},
         "the row is in %/a, which does not convert to a"),
        ({"data": "technology_costs", "technology": "boiler", "parameter": "FOM", "year": 2030, "factor": 0},
         "factor 0 is not a number other than zero"),
        ({"data": "emission_factors", "carrier": "gas"}, "2 rows of emission_factors answer; name one"),
        ({"data": "price_trajectories", "scenario": "B", "carrier": "gas", "year": 2030},
         "do not state one price year"),
    ],
)  # fmt: skip
def test_what_no_row_answers_is_told(data: Data, wish: dict[str, object], message: str) -> None:
    with pytest.raises(DrawError, match=message):
        drawn(data, wish)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("source: book}", "source: bok}",
         "19 processes.boiler.reinvest.capex: unknown source 'bok'. Did you mean 'book'?"),
        (", note: usual", "", "14 processes.boiler.wacc: an assumption needs a note that says why"),
        ("quality: opened, source: book}", "source: book}", "19 processes.boiler.reinvest.capex: 'quality' is missing"),
        ("gas: {value: -1.1 MWh/MWh", "gas: {value: -1.1",
         "18 processes.boiler.flows.gas: write the unit: -1.1 has none"),
        ("value: -1.1 MWh/MWh", "value: -1.1 t/MWh",
         "18 processes.boiler.flows.gas: the unit t/MWh does not fit; MWh/MWh is expected"),
        ("low: 30 EUR2025/kW", "low: 45 EUR2025/kW",
         "11 processes.boiler.capex: low 35789.8 is above value 31813.2 EUR2020/MW in 2050"),
        ("earliest: 2026", "erliest: 2026",
         "10 processes.boiler.erliest: unknown key 'erliest' in an entry. Did you mean 'earliest'?"),
        ("earliest: 2026", "regions: [here]", "10 processes.boiler.regions: unknown key 'regions' in an entry"),
        ("lifetime: {data: technology_costs, technology: boiler, parameter: lifetime, years: [2030, 2050]}",
         "lifetime: 25", "13 processes.boiler.lifetime: a number needs {value, low, high, quality, source, note}"),
        ("availability: {value: 0.95,", "availability: {value: 0.95, data: technology_costs,",
         "15 processes.boiler.availability: give either value or data"),
        ("availability: {value: 0.95,", "availability: {value: 0.95, hihg: 1,",
         "15 processes.boiler.availability: unknown key 'hihg'. Did you mean 'high'?"),
        ("parameter: lifetime", "parametr: lifetime",
         "13 processes.boiler.lifetime: key 'parametr' does not belong to technology_costs. Did you mean 'parameter'?"),
        ("commodities:", "comodities:",
         "1 comodities: unknown section 'comodities'; known are commodities, processes, storages, links"),
        ("  co2: {unit: t", "  boiler: {unit: t", "6 processes.boiler: 'boiler' is the name of an entry in"),
    ],
)  # fmt: skip
def test_faults_come_with_their_line(tmp_path: Path, data: Data, old: str, new: str, message: str) -> None:
    assert old in AUTHORED
    problems = told(built(data, authored(tmp_path, AUTHORED.replace(old, new, 1))))
    assert any(problem.startswith(message) for problem in problems), problems


LISTED = """\
flexible_loads:
  boiler_pauses:
    commodity: heat
    process: boiler
    method: gils
    up: &half {value: 0.5, quality: recalled, source: book}
    down: *half
    delays:
      - {value: 4 h, quality: recalled, source: "book, p. 11"}
      - {value: 8 h, quality: recalled, source: other}
    sheds:
      - cost: {value: 300 EUR2020/MWh, quality: recalled, source: book}
"""


def test_lists_of_numbers_and_of_steps_are_built(tmp_path: Path, data: Data) -> None:
    sector = built(data, authored(tmp_path, AUTHORED + LISTED))
    assert told(sector) == []
    load = sector.shipped["flexible_loads"]["boiler_pauses"]
    assert [delay["value"] for delay in load["delays"]] == ["4 h", "8 h"]
    assert load["delays"][1]["source"] == "Smith (2020)"
    assert load["sheds"][0]["cost"]["licence"] == "CC-BY-4.0"


@pytest.mark.parametrize(("old", "new", "message"), [
    ("value: 8 h, ", "value: 8 MW, ", "flexible_loads.boiler_pauses.delays.1: "),
    ("300 EUR2020/MWh, quality: recalled, ", "300 EUR2020/MWh, ", "boiler_pauses.sheds.0.cost: 'quality' is missing"),
    ("- cost:", "- dear:", "flexible_loads.boiler_pauses.sheds.0.dear: unknown key 'dear'"),
])  # fmt: skip
def test_faults_within_a_list_come_with_their_place(
    tmp_path: Path, data: Data, old: str, new: str, message: str
) -> None:
    assert old in LISTED
    [fault] = told(built(data, authored(tmp_path, AUTHORED + LISTED.replace(old, new))))
    assert message in fault


def test_all_faults_come_at_once(tmp_path: Path, data: Data) -> None:
    text = AUTHORED.replace("source: book}", "source: bok}").replace("earliest", "erliest")
    assert len(told(built(data, authored(tmp_path, text)))) == 2


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        (
            "book: {citation: x, licence: GPL}\n",
            "1 book: licence 'GPL' is none of CC-BY-4.0, Apache-2.0, MIT, CC0-1.0, quoted",
        ),
        ("book: {citation: x, licence: MIT}\n", "1 book: MIT asks for an attribution"),
        ("book: Miller\n", "1 book: a source is {citation: …, licence: …, attribution: …}"),
    ],
)
def test_sources_have_a_licence_and_are_named(tmp_path: Path, sources: str, message: str) -> None:
    [sector] = read_sectors(authored(tmp_path, sources=sources))
    assert message in told(sector)


def test_gaps_have_a_form(tmp_path: Path) -> None:
    [sector] = read_sectors(authored(tmp_path, gaps="# a comment\n- {entry: x, why: y}\n"))
    assert told(sector) == ["2 gaps: a gap is {entry, field, why}"]


def test_what_the_whole_shows_is_told_at_the_authored_line(tmp_path: Path, data: Data) -> None:
    missing = AUTHORED.replace("      heat: 1\n", "      heat: 1\n      oil: 1\n")
    sector = built(data, authored(tmp_path, missing))
    [problem] = whole_problems([sector])
    assert (problem.line, problem.message.split(";")[0].split(".")[0]) == (16, "unknown commodity 'oil'")
    assert problem.file.endswith("small.yaml")


def test_without_data_the_form_is_still_looked_at(tmp_path: Path) -> None:
    assert told(built(None, authored(tmp_path))) == []
    wrong = AUTHORED.replace("data: technology_costs", "data: technologies")
    assert "unknown data 'technologies'" in told(built(None, authored(tmp_path, wrong)))[0]


def test_the_page_and_the_notice_tell_what_was_used(tmp_path: Path, data: Data) -> None:
    sector = built(data, authored(tmp_path))
    page = data_page([sector])
    # carbon content, capex, lifetime, reinvestment and availability are opened; gas and both rates of return recalled
    assert "4 entries with 8 numbers: 5 opened, 0 computed, 3 recalled." in page
    assert "| small | `boiler` | growth_max | nobody says |" in page
    assert "<" not in page.replace("<sector>", "").replace("<!--", "")
    before = "transform-sim\n\nx.csv\n    What  y\n"
    text = notice(before, [sector])
    assert text.startswith(f"{before.rstrip()}\n\n{MARK}\n\n")
    assert notice(text, [sector]) == text
    part = text.split("\nsmall.yaml\n")[1]
    for words in (
        ORIGINS["technology-data"].attribution[:40],
        "Miller, CC BY 4.0",
        "CC BY 4.0, https",
        "Apache License",
    ):
        assert words in part
    assert "POSTED" not in part
    assert all(len(line) <= 120 for line in text.splitlines())


def test_numbers_are_written_as_people_do() -> None:
    cases = {0.2009: "0.2009", 50000.0: "50000", -1.23456789: "-1.2346", 1e-9: "1e-09", 0.0: "0", 1e12: "1e+12"}
    assert {value: number(value) for value in cases} == cases


def test_units_of_the_data_are_units_of_scenarios() -> None:
    from transform_sim.scenario.units import factor

    for written, unit in TABLE.items():
        assert math.isclose(factor(unit, unit), 1), written
    assert ours("EUR/kW") == "EUR2025/kW"
    assert ours("EUR/GJ", "EUR2020") == "EUR2020/GJ"
    assert ours("MWh_el/MWh_H2") == "MWh/MWh"
    assert ours("USD/(tCO2/h)") is None


@pytest.mark.skipif("TRANSFORM_SIM_DATA" not in os.environ, reason="needs the open data: TRANSFORM_SIM_DATA=folder")
def test_building_again_gives_the_committed_files() -> None:
    sectors = build_catalogue.build(Data(Path(os.environ["TRANSFORM_SIM_DATA"])))
    assert [told(sector) for sector in sectors if sector.problems] == []
    assert whole_problems(sectors) == []
    files = build_catalogue.generated(sectors)
    assert len(files) == len(sectors) + 2
    assert [p.name for p, text in files.items() if p.read_text(encoding="utf-8") != text] == []
    assert {p for p in files if p.suffix == ".yaml"} == set(build_catalogue.SHIPPED.glob("*.yaml"))


def test_the_authored_files_are_well_formed() -> None:
    sectors = build_catalogue.build(None)
    assert [told(sector) for sector in sectors if sector.problems] == []
    names = {path.stem for path in (ROOT / "tools/catalogue").glob("*.yaml")}
    assert {sector.name for sector in sectors} == names
