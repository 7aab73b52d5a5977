"""Scenarios of the reference study say what the world is like, never how much of what is built.

A file that extends `scenarios/nrw_reference.yaml` may change prices, how much there is to buy, store or use, since when
it is available, targets and policies, how much is demanded, and names. It may not bound a route's share, nor
touch what a plant costs or does: which routes win is the answer, not an input. `ALLOWED` is the whole list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from transform_sim.scenario.reader import read
from transform_sim.scenario.tree import Key, Node

SCENARIOS = Path(__file__).parent.parent / "scenarios"
REFERENCE = SCENARIOS / "nrw_reference.yaml"
ANOTHER_STUDY = {
    "nrw_endogenous_power.yaml": "has the German power system in the program: fleets that stand, with their potentials",
}
"""Files that extend the reference but ask another question, so that they bring plants of their own."""

ALLOWED = (
    # names, and how the year is looked at
    "extends", "name", "title", "description", "time", "flexibility", "view",
    # targets and policies
    "policies.**",
    # prices, potentials and first years of what is bought, sold, stored and sent
    "supply.*.(title|source|price|price_profile|levy|steps|volume_max|power_max|available_from)",
    "sales.*.(title|source|price|price_profile|price_floor|spread|steps|volume_max|power_max|available_from)",
    "commodities.*.disposal.(cost|volume_max|available_from)",
    "links.*.(title|source|tariff|capacity_max|earliest|latest)",
    "network_charges.*.(title|source|energy|capacity|available_from|available_until)",
    "resources.*.(title|limit)",
    # from when, and until when, a technology can be built
    "processes.*.(title|source|earliest|latest)",
    "processes.*.retrofits.*.earliest",
    "storages.*.(title|source|earliest|latest)",
    # how much is demanded
    "demand.*.(title|amount)",
)  # fmt: skip
"""Paths in a file that may be changed: `*` is one name, `**` anything below."""


def _pattern(path: str) -> re.Pattern[str]:
    escaped = path.replace(".", r"\.").replace("**", "\0").replace("*", r"[^.]+").replace("\0", r".+")
    return re.compile(rf"{escaped}(?:\..+)?")


PATTERNS = [_pattern(path) for path in ALLOWED]


def leaves(node: Node, path: tuple[Key, ...] = ()) -> Iterator[tuple[str, int]]:
    """(dotted path, line) of every value of a file; what stands in a variant counts as if it stood in the file."""
    if isinstance(node.value, dict) and node.value:
        for key, child in node.mapping.items():
            below = (*path, key)
            yield from leaves(child, below[2:] if below[:1] == ("variants",) and len(below) > 1 else below)
        return
    yield ".".join(map(str, path)), node.line


def refused(text: str, file: str = "made up") -> list[str]:
    """Every change in a scenario file that the list does not allow, with its line."""
    node, problems = read(text, file)
    assert node is not None, problems
    found = [(path, line) for path, line in leaves(node) if path and not any(p.fullmatch(path) for p in PATTERNS)]
    return [f"{file}:{line}: {path}" for path, line in found]


def bases(file: Path) -> list[Path]:
    """The files that a file extends, and those that these extend."""
    node, _ = read(file.read_text(encoding="utf-8"), file.name)
    link = node.mapping.get("extends") if node is not None else None
    names = [] if link is None else [n.value for n in link.value] if isinstance(link.value, tuple) else [link.value]
    direct = [(file.parent / str(name)).resolve() for name in names]
    return [path for own in direct for path in (own, *bases(own))]


def changes_of_the_reference() -> list[Path]:
    """Files that extend the reference, and those that lie between: all that such a scenario consists of beside it."""
    below = {REFERENCE.resolve(), *bases(REFERENCE)}
    files = sorted({*SCENARIOS.glob("*.yaml"), *(SCENARIOS / "nrw").glob("**/*.yaml")})
    chains = {file.resolve(): bases(file) for file in files if file.name not in ANOTHER_STUDY}
    found = {path for file, chain in chains.items() if REFERENCE.resolve() in chain for path in (file, *chain)}
    return sorted(found - below)


@pytest.mark.parametrize("file", changes_of_the_reference(), ids=lambda f: f.name)
def test_a_scenario_changes_the_world_and_no_plant(file: Path) -> None:
    assert refused(file.read_text(encoding="utf-8"), file.name) == []


def test_the_climate_neutral_study_is_among_them() -> None:
    names = [file.name for file in changes_of_the_reference()]
    assert "nrw_climate_neutral.yaml" in names
    assert not {"nrw_reference.yaml", *ANOTHER_STUDY} & set(names)


@pytest.mark.parametrize("name", ANOTHER_STUDY)
def test_exceptions_are_needed(name: str) -> None:
    """Another study brings plants of its own; if it no longer does, it is one of the scenarios."""
    assert REFERENCE.resolve() in bases(SCENARIOS / name)
    assert refused((SCENARIOS / name).read_text(encoding="utf-8"), name)


FREE = """\
extends: nrw_reference.yaml
name: more-hydrogen
policies: {emission_cap: {value: {2030: 45 Mt/a, 2045: 0}, source: law}, carbon_price: {2030: 120}}
supply:
  hydrogen_import:
    steps: [{price: {2030: 120, 2045: 90}, volume_max: 8 TWh/a}]
  grid_power: {price: 60, power_max: {2025: 12 GW}}
commodities: {stored_co2: {disposal: {volume_max: {value: {2030: 3 Mt/a}, source: law}, available_from: 2035}}}
resources: {land_wind: {limit: {2030: 1 GW}}}
processes: {electric_cracker: {earliest: 2035}, bf_bof: {retrofits: {dri_eaf: {earliest: 2028}}}}
demand: {crude_steel: {amount: {2045: 12 Mt/a}}}
variants:
  late: {processes: {dri_eaf: {earliest: 2035}}, time: annual}
  free: {policies: {emission_cap: }}
"""


def test_what_the_world_is_like_may_be_changed() -> None:
    assert refused(FREE) == []


BOUNDS = [
    # a share, or an amount, of a route
    ("processes: {dri_eaf: {capacity_max: 5 Mt/a}}", "processes.dri_eaf.capacity_max"),
    ("processes: {dri_eaf: {capacity_max: {value: {2045: 5 Mt/a}, source: x}}}", "processes.dri_eaf.capacity_max"),
    ("processes: {bf_bof_ccs: {new_capacity_max: 0}}", "processes.bf_bof_ccs.new_capacity_max"),
    ("processes: {bf_bof: }", "processes.bf_bof"),
    ("processes: {bf_bof: {retrofits: }}", "processes.bf_bof.retrofits"),
    ("processes: {dri_eaf: {growth_max: 2 %/a}}", "processes.dri_eaf.growth_max"),
    ("processes: {dri_eaf: {availability: 50 %}}", "processes.dri_eaf.availability"),
    ("processes: {dri_eaf: {minimum_load: 90 %}}", "processes.dri_eaf.minimum_load"),
    ("processes: {dri_eaf: {regions: []}}", "processes.dri_eaf.regions"),
    ("resources: {h2_steel: {unit: t, limit: 5 Mt/a, activity: {dri_eaf: 1}}}", "resources.h2_steel.activity.dri_eaf"),
    ("storages: {hydrogen_cavern: {capacity_max: 1 TWh}}", "storages.hydrogen_cavern.capacity_max"),
    # what a plant costs, does or owns
    ("processes: {dri_eaf: {capex: 500}}", "processes.dri_eaf.capex"),
    ("processes: {dri_eaf: {flows: {hydrogen: -1.5}}}", "processes.dri_eaf.flows.hydrogen"),
    ("processes: {dri_eaf: {modes: {natural_gas: }}}", "processes.dri_eaf.modes.natural_gas"),
    ("processes: {bf_bof: {existing: {ruhr: 0}}}", "processes.bf_bof.existing.ruhr"),
    ("processes: {bf_bof: {reinvest: {capex: 900}}}", "processes.bf_bof.reinvest.capex"),
    ("commodities: {coal: {carbon_content: 0.5}}", "commodities.coal.carbon_content"),
    ("demand: {crude_steel: {shortfall_cost: 1}}", "demand.crude_steel.shortfall_cost"),
    ("horizon: {discount_rate: 0}", "horizon.discount_rate"),
]


@pytest.mark.parametrize(("change", "path"), BOUNDS, ids=[path for _, path in BOUNDS])
def test_bounds_on_routes_are_refused(change: str, path: str) -> None:
    told = refused(f"extends: nrw_reference.yaml\nname: made-up\n{change}\n")
    assert any(line.startswith(f"made up:3: {path}") for line in told)


def test_bounds_in_variants_are_refused() -> None:
    told = refused(f"extends: nrw_reference.yaml\nvariants:\n  half_gas:\n    {BOUNDS[0][0]}\n")
    assert told == ["made up:4: processes.dri_eaf.capacity_max"]
