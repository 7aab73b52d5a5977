"""Writes the shipped catalogue from the authored files and open data.

    python tools/build_catalogue.py --data FOLDER      writes src/transform_sim/data/catalogue/, docs/data.md, NOTICE
    python tools/build_catalogue.py --check            only looks whether the authored files are well-formed

FOLDER holds the open CSV files that `data:` mappings draw from. docs/data.md says where they come from.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from catalogue_build.authored import Builder
from catalogue_build.datasets import Data
from catalogue_build.pages import data_page, notice
from catalogue_build.sectors import Sector, read_sectors
from catalogue_build.whole import names_once, whole_problems

from transform_sim.scenario.problems import Problem
from transform_sim.scenario.write import write

ROOT = Path(__file__).parents[1]
AUTHORED = ROOT / "tools" / "catalogue"
SHIPPED = ROOT / "src" / "transform_sim" / "data" / "catalogue"
DATA_PAGE = ROOT / "docs" / "data.md"
NOTICE = ROOT / "NOTICE"
HEADER = (
    "# Generated from tools/catalogue/{name}.yaml by tools/build_catalogue.py; change it there.\n"
    "# How to read it, and what is left out: docs/data.md. Licences: NOTICE.\n"
)


def build(data: Data | None, authored: Path = AUTHORED) -> list[Sector]:
    """Every sector with its shipped entries and its problems; without data only what needs none."""
    sectors = read_sectors(authored)
    unit_of = {
        (section, name): str(node.mapping["unit"].value)
        for sector in sectors
        for section, name, node in sector.entries()
        if "unit" in node.mapping
    }
    for sector in sectors:
        Builder(sector, data, unit_of).build()
    names_once(sectors)
    return sectors


def text_of(sector: Sector) -> str:
    """The shipped file of a sector."""
    return HEADER.format(name=sector.name) + write(sector.shipped)


def generated(sectors: list[Sector]) -> dict[Path, str]:
    """Every generated file with its text; what sectors with faults would change is left out."""
    files = {SHIPPED / f"{s.name}.yaml": text_of(s) for s in sectors if not s.problems and s.shipped}
    if not any(sector.problems for sector in sectors):
        files[DATA_PAGE] = data_page(sectors)
        files[NOTICE] = notice(NOTICE.read_text(encoding="utf-8"), sectors)
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the shipped catalogue.")
    parser.add_argument("--data", type=Path, help="folder of the open CSV files")
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    if options.data is None and not options.check:
        parser.error("give --data FOLDER, or --check")
    sectors = build(Data(options.data) if options.data else None)
    problems = [problem for sector in sectors for problem in sector.problems]
    if options.data:
        files = generated(sectors)
        problems += whole_problems(sectors)
        if not options.check:
            write_files(files)
        stale = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
        problems += [Problem("catalogue", str(path), 0, "", "is not what the builder writes") for path in stale]
    tell(problems)


def write_files(files: dict[Path, str]) -> None:
    """Write what changed, and take away the files of sectors that are authored no more."""
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"written {path.relative_to(ROOT)}")
    for path in SHIPPED.glob("*.yaml"):
        if not (AUTHORED / path.name).exists():
            path.unlink()
            print(f"removed {path.relative_to(ROOT)}")


def tell(problems: list[Problem]) -> None:
    """Every problem with its file and line, and the exit code."""
    for problem in sorted(problems, key=lambda p: (p.file, p.line)):
        file = Path(problem.file)
        shown = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file
        print(f"{shown}:{problem.line}: {problem.path}: {problem.message}", file=sys.stderr)
    if problems:
        sys.exit(f"{len(problems)} problems")


if __name__ == "__main__":
    main()
