"""Writes what the nine scenarios change and what comes out into `docs/scenarios.md`, with its numbers and its figure.

    python tools/compare_scenarios.py             # solves what has changed since, kept in out/scenarios: ten minutes
    python tools/compare_scenarios.py --tables    # no solving: the tables and the figure from docs/scenarios.csv

The numbers go into `docs/scenarios.csv`, the tables between the marks of the page, the figure into `docs/figures`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

import transform_sim as ts
from transform_sim.analysis.assumptions import shown
from transform_sim.analysis.circularity import recycled_content
from transform_sim.results import Results
from transform_sim.scenario.reader import read
from transform_sim.scenario.tree import Key, Node, locate

ROOT = Path(__file__).parents[1]
SCENARIOS = ROOT / "scenarios"
PAGE, NUMBERS = ROOT / "docs" / "scenarios.md", ROOT / "docs" / "scenarios.csv"
FIGURE = ROOT / "docs" / "figures" / "scenarios.png"
FILES = (
    "ref", "kn45_mix", "kn45_h2", "kn45_elek", "kn45_ccs", "kn45_kreislauf", "kn45_import", "kn45_rueckzug", "seed2050",
)  # fmt: skip
NAMES = (
    "REF", "KN45-Mix", "KN45-H2", "KN45-Elek", "KN45-CCS", "KN45-Kreislauf", "KN45-Import", "KN45-Rueckzug", "Seed2050",
)  # fmt: skip
FIRST = ("kn45_mix", "seed2050")
"""Files whose target is shown; all others have that of KN45-Mix, REF none."""
YEAR, WHOLE, END = "2045", "all", "<!-- end -->\n"
ROUTES = {
    "Blast furnace": ("bf_bof", "bf_bof_ccs", "bf_bof_top_gas_ccs"),
    "Direct reduction": ("dri_eaf", "dri_smelter_bof"),
    "Direct reduction, CO₂ captured": ("dri_eaf_ccs",),
    "Scrap": ("scrap_eaf",),
    "Imported iron": ("hbi_eaf",),
}
"""Processes of each steel route; slabs are bought."""
BOUGHT = {
    "Slabs": ("slab_furnace", "slab_green"), "Imports: iron": ("hbi_gas", "hbi_green"),
    "Imports: slabs": ("slab_furnace", "slab_green"), "Imports: ammonia": ("ammonia_fossil", "ammonia_green"),
    "Imports: methanol": ("methanol_fossil", "methanol_bio", "methanol_green"),
    "Imports: green naphtha": ("bio_naphtha", "e_naphtha"), "Natural gas": ("natural_gas",), "Biomass": ("biomass",),
}  # fmt: skip
HYDROGEN = {
    "Hydrogen from gas": ("hydrogen_autothermal_ccs", "methane_pyrolysis"), "Hydrogen imported": ("hydrogen_entry",),
    "Hydrogen from power": ("electrolysis",),
}  # fmt: skip
UNITS = {
    "Cost": "bn EUR2020", "Cost − REF": "bn EUR2020", "of it paid for CO₂": "bn EUR2020", "CO₂": "Mt/a",
    "Cap premium": "EUR2020/t", "Hydrogen used": "TWh/a", "Power used": "TWh/a", "Natural gas": "TWh/a",
    "Biomass": "TWh/a", "Recycled in steel": "%", "CO₂ stored": "Mt/a", **dict.fromkeys(HYDROGEN, "TWh/a"),
}  # fmt: skip
"""What is no Mt/a has its unit here."""
ROWS = (
    "Cost", "Cost − REF", "of it paid for CO₂", "CO₂", "Cap premium", *ROUTES, "Slabs", "Recycled in steel",
    "Hydrogen used", *HYDROGEN, "CO₂ stored", "Power used", "Natural gas", "Biomass",
    "Imports: iron", "Imports: ammonia", "Imports: methanol", "Imports: green naphtha",
)  # fmt: skip
OVER_YEARS = ("CO₂", "Cap premium", "Hydrogen used", "CO₂ stored", "Power used")


def indicators(results: Results) -> pd.DataFrame:
    """Rows of (indicator, year, value) of one result, in the units of the page; `all` is the whole horizon."""
    data, out = results.data, {}
    flow, bought = data["flow"].sum("region"), data["purchase"].sum("node")

    def made(commodity: str, processes: tuple[str, ...]) -> pd.Series[float]:
        return flow.sel(commodity=commodity, process=list(processes)).sum("process").to_series() / 1e6

    def used(commodity: str) -> pd.Series[float]:
        own = flow.sel(commodity=commodity)
        return -own.where(own < 0, 0.0).sum("process").to_series() / 1e6

    out["CO₂"] = data["emissions"].sel(emission="co2").sum("node").to_series() / 1e6
    out["Cap premium"] = data["cap_price"].max("node").to_series()  # of the node that the cap names
    out |= {name: made("crude_steel", processes) for name, processes in ROUTES.items()}
    out |= {name: made("hydrogen", processes) for name, processes in HYDROGEN.items()}
    out |= {name: bought.sel(supply=list(several)).sum("supply").to_series() / 1e6 for name, several in BOUGHT.items()}
    content = recycled_content(results).set_index(["product", "period"])["share"]
    out["Recycled in steel"] = content["crude_steel"] * 100
    out["Hydrogen used"] = used("hydrogen")
    stores = tuple(str(p) for p in data["process"].values if str(p).startswith("co2_store_"))
    out["CO₂ stored"] = -made("captured_co2", stores)
    out["Power used"] = used("electricity") + data["served_demand"].sel(demand="industry_power").sum("node") / 1e6
    paid = data["cost"].sel(component="carbon_price")
    whole = {"Cost": results.objective / 1e9, "of it paid for CO₂": float(paid.sum()) / 1e9}
    rows = [(name, str(year), float(value)) for name, values in out.items() for year, value in values.items()]
    rows += [(name, WHOLE, value) for name, value in whole.items()]
    return pd.DataFrame(rows, columns=["indicator", "year", "value"])


def solved(out: Path) -> pd.DataFrame:
    """Indicators of all nine scenarios with hours; what has not changed since the last time is not solved again."""
    files = [SCENARIOS / "nrw" / f"{name}.yaml" for name in FILES]
    ts.batch(files, out=out, root=SCENARIOS)
    parts = [indicators(ts.open_results(out / name)).assign(scenario=name) for name in NAMES]
    table = pd.concat(parts)[["scenario", "indicator", "year", "value"]]
    return table.assign(value=[float(f"{v:.9g}") if abs(v) > 1e-6 else 0.0 for v in table["value"]])


def numbers() -> pd.DataFrame:
    """The stored indicators: one row per indicator and year, one column per scenario."""
    table = pd.read_csv(NUMBERS, dtype={"year": str})
    wide = table.pivot(index=["indicator", "year"], columns="scenario", values="value")[list(NAMES)]
    wide.loc[("Cost − REF", WHOLE), :] = wide.loc[("Cost", WHOLE)] - wide.at[("Cost", WHOLE), "REF"]
    return wide


def comparison(table: pd.DataFrame) -> str:
    """The table of key indicators: money over the whole horizon, all else in one year."""
    rows = [(f"{name}, {UNITS.get(name, 'Mt/a')}", table.loc[(name, _year(table, name))]) for name in ROWS]
    return _head("", NAMES) + "".join(f"| {label} | {_cells(row)} |\n" for label, row in rows)


def over_years(table: pd.DataFrame) -> str:
    """Key indicators from period to period."""
    years = sorted({year for _, year in table.index if year != WHOLE})
    rows = [
        f"| {name}, {UNITS[name]} | {year} | {_cells(table.loc[(name, year)])} |\n"
        for name in OVER_YEARS
        for year in years
    ]
    return _head(" | ", NAMES) + "".join(rows)


def _year(table: pd.DataFrame, name: str) -> str:
    return WHOLE if (name, WHOLE) in table.index else YEAR


def _head(first: str, columns: tuple[str, ...]) -> str:
    names = "".join(f" {name} |" for name in columns)
    return f"| {first} |{names}\n|{'---|' * (first.count('|') + 1)}{'--:|' * len(columns)}\n"


def _cells(row: pd.Series[float]) -> str:
    digits = 0 if row.abs().max() >= LARGE and row.name[1] != WHOLE else 1  # type: ignore[index]
    return " | ".join(f"{round(v, digits) + 0.0:,.{digits}f}".replace("-", "−") for v in row)


def changes(file: str) -> str:
    """What a scenario changes: value in the reference, value here."""
    reference = ts.load(SCENARIOS / "nrw_reference.yaml").source.tree
    rows = [
        f"| `{'.'.join(map(str, path))}` | {_at(reference, path)} | {shown(node)} |\n"
        for path, node in _given(SCENARIOS / "nrw" / f"{file}.yaml", target=file in FIRST)
    ]
    return "| number | reference | here |\n|---|---|---|\n" + "".join(rows)


def _given(file: Path, *, target: bool = False) -> Iterator[tuple[tuple[Key, ...], Node]]:
    """Path and value of every number that a file gives, on request with those of its target."""
    node, problems = read(file.read_text(encoding="utf-8"), file.name)
    assert node is not None, problems
    bases = node.mapping["extends"].value if "extends" in node.mapping else ()
    for base in bases if target and isinstance(bases, tuple) else ():
        if str(base.value).startswith("targets/"):
            yield from _given(file.parent / str(base.value))
    yield from _leaves(node, ())


def _leaves(node: Node, path: tuple[Key, ...]) -> Iterator[tuple[tuple[Key, ...], Node]]:
    if isinstance(node.value, tuple):
        children: list[tuple[Key, Node]] = list(enumerate(node.value))
    elif "value" in node.mapping or not node.mapping or all(isinstance(key, int) for key in node.mapping):
        yield path, node.mapping.get("value", node)
        return
    else:
        children = [item for item in node.mapping.items() if path or item[0] not in TOLD]
    for key, child in children:
        yield from _leaves(child, (*path, key))


LARGE = 50
"""From here on amounts are shown without decimals."""
TOLD = ("extends", "name", "title", "description")
"""Keys of a file that are no numbers."""


def _at(reference: Node, path: tuple[Key, ...]) -> str:
    """What the reference has at a path; an en dash if nothing."""
    node = reference
    for key in path:
        deeper = locate(node, (key,))
        if deeper is node:
            return "–"
        node = deeper
    return shown(node.mapping.get("value", node))


def page(text: str, table: pd.DataFrame) -> str:
    """The page with all its tables written anew."""
    parts = {f"changes {name}": changes(file) for file, name in zip(FILES, NAMES, strict=True) if file != "ref"}
    for mark, new in {**parts, "comparison": comparison(table), "years": over_years(table)}.items():
        before, rest = text.split(f"<!-- {mark} -->\n")
        text = f"{before}<!-- {mark} -->\n{new}{END}{rest.split(END, 1)[1]}"
    return text


def picture(table: pd.DataFrame) -> None:
    """Bars of all scenarios in one year, by what they are made up of."""
    from matplotlib.figure import Figure

    panels = {
        "Steel by route, Mt/a": (*ROUTES, "Slabs"), "Hydrogen used, TWh/a": ("Hydrogen used",),
        "CO₂ stored, Mt/a": ("CO₂ stored",), "Power used, TWh/a": ("Power used",),
        "Imports, Mt/a": ("Imports: iron", "Imports: slabs", "Imports: ammonia", "Imports: methanol"),
        "Cost − REF, bn EUR2020": ("Cost − REF",),
    }  # fmt: skip
    figure = Figure(figsize=(10, 6.2), layout="constrained")
    for axes, (title, rows) in zip(figure.subplots(2, 3).flat, panels.items(), strict=True):
        left = np.zeros(len(NAMES))
        for row in rows:
            values = table.loc[(row, _year(table, row)), list(NAMES)].to_numpy(float)
            axes.barh(NAMES, values, left=left, label=row.removeprefix("Imports: "))
            left = left + values
        axes.invert_yaxis()
        axes.set_title(title, fontsize=9, loc="left")
        axes.tick_params(labelsize=7)
        axes.spines[["top", "right"]].set_visible(False)
        if len(rows) > 1:
            axes.legend(fontsize=6, frameon=False, loc="lower center", bbox_to_anchor=(0.5, -0.36), ncols=2)
    figure.suptitle(f"Industry of North Rhine-Westphalia in {YEAR}, nine scenarios", fontsize=10)
    figure.savefig(FIGURE, dpi=110, metadata={"Software": None})


def main() -> None:
    """Solve if asked to, then write numbers, tables and figure."""
    parser = argparse.ArgumentParser(description="writes the tables of docs/scenarios.md")
    parser.add_argument("--tables", action="store_true", help="from docs/scenarios.csv, without solving")
    if not parser.parse_args().tables:
        solved(ROOT / "out" / "scenarios").to_csv(NUMBERS, index=False, lineterminator="\n")
    table = numbers()
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), table), encoding="utf-8")
    picture(table)


if __name__ == "__main__":
    main()
