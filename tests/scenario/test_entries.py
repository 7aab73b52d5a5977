"""Plants from the catalogue in a study: merging, what is left out, what is told, what is found again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from transform_sim.scenario import Scenario, entries, load, loads
from transform_sim.scenario.lines import read_lines
from transform_sim.scenario.tree import Node

from .study import problems_of, shown

SHIPPED = """\
commodities:
  heat: {title: Heat, unit: MWh}
  gas: {title: Gas, unit: MWh, carbon_content: {value: 0.2 t/MWh, source: a, quality: opened, licence: quoted}}
processes:
  boiler:
    title: Boiler
    unit: MWh
    capex: {value: 90 EUR2020/kW, low: 60 EUR2020/kW, source: book, quality: opened, licence: quoted}
    lifetime: {value: 25 a, source: book, quality: opened, licence: quoted}
    flows:
      heat: 1
      gas: {value: -1.1 MWh/MWh, source: book, quality: opened, licence: quoted}
    modes:
      oil:
        flows:
          oil: {value: -1 MWh/MWh, source: book, quality: opened, licence: quoted}
    techniques: {}
    retrofits:
      pump:
        capex: {value: 200 EUR2020/kW, source: book, quality: opened, licence: quoted}
      kiln:
        capex: {value: 300 EUR2020/kW, source: book, quality: opened, licence: quoted}
  pump:
    unit: MWh
    flows: {heat: 1}
storages:
  tank: {commodity: heat, loss: {value: 1 %/h, source: book, quality: opened, licence: quoted}}
links:
  pipe: {commodity: heat, capex: {value: 4 EUR2020/kW/km, source: book, quality: opened, licence: quoted}}
"""
LEAST = {
    "name": "x",
    "horizon": {"start": 2025, "end": 2030},
    "regions": {"r": {}},
    "commodities": {"h": {"unit": "t"}},
}
STUDY = """\
name: town
horizon: {start: 2025, end: 2030, step: 5}
regions: {east: {}, west: {}}
commodities:
  heat: {from: catalogue}
  gas: {from: catalogue, title: Town gas}
  co2: {unit: t, kind: emission}
processes:
  boiler: {from: catalogue, existing: {east: 10}, modes: }
supply: {gas: {price: 30}}
demand: {heat: {amount: 5}}
"""


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small catalogue instead of the shipped one."""
    from transform_sim.scenario.reader import read

    node, problems = read(SHIPPED, "package:catalogue/small.yaml")
    assert node is not None
    assert problems == []
    found: dict[str, dict[str, Node]] = {
        section: {str(name): n for name, n in part.mapping.items()} if (part := node.mapping.get(section)) else {}
        for section in entries.SECTIONS
    }
    monkeypatch.setattr(entries, "entries", lambda: found)


def town(*changes: tuple[str, str]) -> str:
    text = STUDY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.mark.usefixtures("catalogue")
def test_the_studys_keys_go_before_the_entrys() -> None:
    boiler = loads(town(("existing: {east: 10},", "existing: {east: 10}, capex: 70 EUR2020/kW,"))).processes["boiler"]
    assert boiler.capex.points == {None: {None: 70_000}}
    assert boiler.lifetime.scalar == 25
    assert boiler.existing is not None
    assert boiler.existing.points == {"east": {None: 10}}
    assert boiler.modes == {}
    gas = loads(STUDY).commodities["gas"]
    assert (gas.title, gas.unit) == ("Town gas", "MWh")


@pytest.mark.usefixtures("catalogue")
def test_one_entry_serves_several_plants() -> None:
    scenario = loads(
        town(("processes:", "processes:\n  small: {from: catalogue, entry: boiler, modes: , flows: {gas: -2}}"))
    )
    assert scenario.processes["small"].flows["gas"].scalar == -2
    assert scenario.processes["boiler"].flows["gas"].scalar == -1.1


@pytest.mark.usefixtures("catalogue")
def test_stores_and_links_come_from_it_too() -> None:
    more = (
        "supply:",
        "storages: {tank: {from: catalogue, cycle: year}}\n"
        "links: {line: {entry: pipe, from: east, to: west, length: 2 km}}\nsupply:",
    )
    scenario = loads(town(more))
    assert scenario.storages["tank"].loss.scalar == 0.01
    assert scenario.storages["tank"].cycle == "year"
    line = scenario.links["line"]
    assert (line.from_, line.to, line.commodity) == ("east", "west", "heat")
    assert line.capex.scalar == 4_000


@pytest.mark.usefixtures("catalogue")
def test_conversions_into_absent_plants_are_dropped_until_the_plant_comes() -> None:
    alone = loads(STUDY)
    assert alone.processes["boiler"].retrofits == {}
    with_pump = alone.with_({"processes.pump": {"from": "catalogue"}})
    assert list(with_pump.processes["boiler"].retrofits) == ["pump"]
    without = with_pump.with_({"processes.pump": None})
    assert without.processes["boiler"].retrofits == {}
    assert without.hash == alone.hash


@pytest.mark.usefixtures("catalogue")
def test_conversions_that_the_study_names_are_not_dropped() -> None:
    problems = problems_of(town(("modes: ", "modes: , retrofits: {kiln: {capex: 5}}")))
    assert [shown(p) for p in problems] == ["processes.boiler.retrofits: unknown process 'kiln'; known are boiler"]


@pytest.mark.usefixtures("catalogue")
def test_the_merged_text_needs_no_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = loads(STUDY)
    monkeypatch.setattr(entries, "entries", None)
    twin = loads(scenario.text)
    assert (twin.commodities, twin.processes) == (scenario.commodities, scenario.processes)
    assert twin.hash == scenario.hash
    assert "catalogue" not in scenario.text


@pytest.mark.usefixtures("catalogue")
def test_places_and_changes_work_on_what_is_merged() -> None:
    scenario = loads(STUDY)
    line = SHIPPED.splitlines().index(
        "    capex: {value: 90 EUR2020/kW, low: 60 EUR2020/kW, source: book, quality: opened, licence: quoted}"
    )
    assert scenario.where("processes.boiler.capex") == f"package:catalogue/small.yaml:{line + 1}"
    assert scenario.where("processes.boiler.existing") == "<text>:9"
    changed = scenario.with_({"processes.boiler.capex.value": "80 EUR2020/kW"})
    assert changed.processes["boiler"].capex.scalar == 80_000
    assert changed.processes["boiler"].capex.provenance.source == "book"


@pytest.mark.usefixtures("catalogue")
def test_bases_and_variants_are_merged_before(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(STUDY)
    (tmp_path / "top.yaml").write_text(
        "extends: base.yaml\nprocesses: {boiler: {lifetime: 30}}\n"
        "variants: {pumps: {processes: {pump: {from: catalogue}}}, worn: {processes: {boiler: {lifetime: }}}}\n"
    )
    assert load(tmp_path / "top.yaml").processes["boiler"].lifetime.scalar == 30
    assert list(load(tmp_path / "top.yaml", "pumps").processes["boiler"].retrofits) == ["pump"]
    assert load(tmp_path / "top.yaml", "worn").processes["boiler"].lifetime.scalar == 25


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("  gas: {from: catalogue, title: Town gas}\n", ""),
            "processes.boiler.flows: unknown commodity 'gas'. Add gas: {from: catalogue} under commodities, or take "
            "the flow out with flows: {gas: }",
        ),
        (
            ("existing: {east: 10}, modes: ", "existing: {east: 10}"),
            "processes.boiler.modes.oil.flows: unknown commodity 'oil'. Add oil under commodities, or take the flow "
            "out with modes: {oil: {flows: {oil: }}}",
        ),
    ],
)
def test_a_commodity_that_the_study_lacks_gets_a_hint(change: tuple[str, str], message: str) -> None:
    assert message in [shown(p) for p in problems_of(town(change).replace("supply: {gas: {price: 30}}", "supply: {}"))]


@pytest.mark.usefixtures("catalogue")
def test_a_problem_with_an_entry_names_its_file() -> None:
    lost = town(("  gas: {from: catalogue, title: Town gas}\n", ""), ("supply: {gas: {price: 30}}\n", ""))
    assert {p.file for p in problems_of(lost)} == {"package:catalogue/small.yaml"}


@pytest.mark.usefixtures("catalogue")
def test_every_quantity_is_found_with_its_origin() -> None:
    scenario = loads(STUDY)
    found = {path: (quantity, unit) for path, quantity, unit in scenario.quantities()}
    assert list(found) == [
        "commodities.gas.carbon_content", "processes.boiler.capex", "processes.boiler.lifetime",
        "processes.boiler.flows.heat", "processes.boiler.flows.gas", "processes.boiler.existing", "supply.gas.price",
        "demand.heat.amount",
    ]  # fmt: skip
    quantity, unit = found["processes.boiler.capex"]
    assert (unit, quantity.scalar, quantity.provenance.low) == ("EUR2020/MW", 90_000, 60_000)
    assert (quantity.provenance.source, quantity.provenance.licence) == ("book", "quoted")


def test_quantities_in_lists_and_under_aliases_are_found() -> None:
    scenario = loads(
        "name: x\nhorizon: {start: 2025, end: 2030}\nregions: {a: {}, b: {}}\ncommodities: {gas: {unit: MWh}}\n"
        "links: {pipe: {commodity: gas, from: a, to: b, loss: 1 %}}\n"
        "supply: {gas: {regions: [a], steps: [{price: 30, volume_max: 5}, {price: 45}]}}\ndemand: {gas: {amount: 1}}\n"
    )
    assert [(given.path, given.unit) for given in scenario.quantities()] == [
        ("links.pipe.loss", "1"),
        ("supply.gas.steps.0.price", "EUR2020/MWh"),
        ("supply.gas.steps.0.volume_max", "MWh/a"),
        ("supply.gas.steps.1.price", "EUR2020/MWh"),
        ("demand.gas.amount", "MWh/a"),
    ]


def test_a_range_may_change_with_the_years() -> None:
    capex = "capex: {value: {2030: 1000, 2050: 600}, low: {2030: 800, 2050: 500}, high: 1200, licence: MIT}"
    scenario = loads(
        "name: x\nhorizon: {start: 2025, end: 2030}\nregions: {a: {}}\ncommodities: {heat: {unit: MWh}}\n"
        f"processes: {{boiler: {{unit: MWh, flows: {{heat: 1}}, {capex}}}}}\ndemand: {{heat: {{amount: 1}}}}\n"
    )
    provenance = scenario.processes["boiler"].capex.provenance
    assert provenance.low == {2030: 800, 2050: 500}
    assert (provenance.high, provenance.licence) == (1200, "MIT")


def test_lines_are_read_as_the_full_reader_reads_them() -> None:
    from transform_sim.scenario.reader import read

    text = (
        '# a comment\na:\n  b: 1\n  "c d": "x: \\"y\\" \\u2028 z"\n  2030:\n    e: -1.5e3\n    f: true\n\n  g: {}\n'
        "  h: [1, two]\n  i: null\nj:\n  k: some words\n"
    )
    assert read_lines(text, "x") == read(text, "x")[0]


def test_a_study_of_its_own_does_not_read_the_catalogue() -> None:
    code = (
        "import sys, transform_sim as ts; ts.load(sys.argv[1])\n"
        "from transform_sim.scenario.entries import entries; print(entries.cache_info().misses)"
    )
    path = Path(__file__).parents[2] / "scenarios" / "mini" / "two_routes.yaml"
    found = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "0"


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("{boiler: {from: catalogue, existing: 5, flows: {gas: }, retrofits: {pump: {ratio: 2}, kiln: }}}", True),
        ("{boiler: {from: catalogue, entry: other, reinvest: {lifetime: 12}, modes: {oil: {flows: {oil: }}}}}", True),
        ("{boiler: {from: catalog, unit: MWh}}", False),
        ("{boiler: {from: catalogue, exsiting: 5}}", False),
        ("{boiler: {from: catalogue, flows: {gas: [1]}}}", False),
        ("{boiler: {existing: 5}}", False),
    ],
)
def test_the_json_schema_knows_entries(text: str, sound: bool) -> None:
    from jsonschema import Draft202012Validator

    from transform_sim.scenario import json_schema
    from transform_sim.scenario.reader import read
    from transform_sim.scenario.tree import plain

    node, _ = read(
        STUDY.replace("  boiler: {from: catalogue, existing: {east: 10}, modes: }\n", "").replace(
            "processes:", f"processes: {text}"
        ),
        "x",
    )
    assert node is not None
    faults = list(Draft202012Validator(json_schema()).iter_errors(json.loads(json.dumps(plain(node)))))
    assert (faults == []) == sound


def test_the_json_schema_knows_links_from_the_catalogue() -> None:
    from jsonschema import Draft202012Validator

    from transform_sim.scenario import json_schema

    links = {"line": {"entry": "pipe", "from": "east", "to": "west", "length": "2 km"}}
    validator = Draft202012Validator(json_schema())
    assert list(validator.iter_errors(LEAST | {"links": links})) == []
    assert list(validator.iter_errors(LEAST | {"links": {"line": {"from": "east", "to": "west"}}}))


def test_scenarios_can_be_built_by_hand_without_quantities() -> None:
    by_hand = Scenario.model_validate(
        {
            "name": "x",
            "horizon": {"start": 2025, "end": 2030},
            "regions": {"r": {}},
            "commodities": {"h": {"unit": "t"}},
        }
    )
    with pytest.raises(TypeError, match="was not read from a text"):
        list(by_hand.quantities())
