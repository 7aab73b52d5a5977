"""Golden programs: for each family a small study beside the whole linear program that it becomes, as readable text.

A formula that changes shows as a changed line of a `.lp` file. If the change is meant, write the files again and read
the difference before committing it:

    python -m tests.model.golden             # all of them
    python -m tests.model.golden storage     # some of them

The files hold every row and column, sorted by name, in CPLEX-LP text as `transform-sim export` writes it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from transform_sim.pipeline import compose
from transform_sim.solvers.export import write_lp

FOLDER = Path(__file__).parent / "golden"


def families() -> list[str]:
    """The families that have a golden program."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def write(family: str, target: Path) -> Path:
    """Write the program of a family's study to `target`."""
    _, program = compose(FOLDER / f"{family}.yaml")
    write_lp(program, target)
    return target


if __name__ == "__main__":
    for name in sys.argv[1:] or families():
        print(write(name, FOLDER / f"{name}.lp"))
