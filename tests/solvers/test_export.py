"""Files that other solvers read: the same optimum comes back, and names can be recognised."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import highspy
import numpy as np
import pytest

from transform_sim.lp import INF, Entities, Grid, LinearProgram, Periods, Program
from transform_sim.solvers import prepare, write_lp, write_mps
from transform_sim.solvers.export import file_names

from .programs import dense, transition

# every kind of row and bound
MIXED = dense(
    [1, -2, 3, 0, -1],
    [[1, 1, 0, 0, 0.1], [0, 0, 0, 0, 0], [1, -1, 0, 0, 0], [1, 0, 1, 0, 0], [0, 1, 0, 0, 2]],
    [-INF, -INF, 1, -4, -9],
    [3, INF, 1, 7, INF],
    lower=[0, -INF, -5, -INF, -2],
    upper=[INF, 4, -1, INF, -2],
)
PROGRAMS = {"mixed": MIXED, "study": transition(2, 3, 1), "no rows": dense([1], np.zeros((0, 1)), lower=2)}


def read(path: Path) -> highspy.Highs:
    solver = highspy.Highs()
    solver.silent()
    assert solver.readModel(str(path)) == highspy.HighsStatus.kOk
    solver.run()
    return solver


@pytest.mark.parametrize("write", [write_lp, write_mps])
@pytest.mark.parametrize("name", PROGRAMS)
def test_reads_back_to_the_same_optimum(name: str, write: type, tmp_path: Path) -> None:
    program = PROGRAMS[name]
    write(program, tmp_path / f"program{'.lp' if write is write_lp else '.mps'}")
    solver = read(next(tmp_path.iterdir()))
    assert solver.getObjectiveValue() == pytest.approx(prepare(program).solve().objective, rel=1e-10)
    assert solver.getNumCol() == program.shape[1]
    names = dict(zip(file_names(program.columns, program), program.cost, strict=True))
    costs = dict(zip(solver.getLp().col_names_, solver.getLp().col_cost_, strict=True))
    assert costs == names


def test_lp_text() -> None:
    path = Path(__file__).with_name("golden") / "mixed.lp"
    assert path.read_text(encoding="ascii") == _text(write_lp, MIXED, path)


def test_mps_text() -> None:
    path = Path(__file__).with_name("golden") / "mixed.mps"
    assert path.read_text(encoding="ascii") == _text(write_mps, MIXED, path)


def test_equal_programs_give_equal_lp_files_whatever_the_order(tmp_path: Path) -> None:
    def program(first: str, second: str) -> Program:
        lp = LinearProgram({"place": ["b", "a"]}, Periods((2030,), np.ones(1)), {"year": GRID})
        places = Entities.of(place=[0, 1])
        for name in (first, second):
            lp.add_columns(name, places, "year")
        lp.add_rows("need", places, "year", [(1.0, first), (1.0, second)], lower=2.0)
        lp.add_cost("price", "x", 3.0)
        return lp.freeze()

    write_lp(program("x", "y"), tmp_path / "one.lp")
    write_lp(program("y", "x"), tmp_path / "two.lp")
    assert (tmp_path / "one.lp").read_text() == (tmp_path / "two.lp").read_text()


def test_names_that_readers_would_misread(tmp_path: Path) -> None:
    labels = {"what": ["a-b", "a_b", "Köln", "2 km", "x:y", "(p,q)", "[z]", "a b"]}
    lp = LinearProgram(labels, Periods((2030,), np.ones(1)), {"year": GRID})
    over = Entities.of(what=np.arange(len(labels["what"])))
    for name in ("infeed", "e1", "nan", "3rd", "free"):
        lp.add_columns(name, over, "year", lower=1.0)
        lp.add_cost("price", name, 1.0)
    lp.add_rows("end", over, "year", [(1.0, "infeed"), (1.0, "e1")], lower=3.0)
    program = lp.freeze()
    names = file_names(program.columns, program)
    assert names[:3] == ["_infeed(a_b,2030)", "_infeed(a_b,2030)~2", "_infeed(K_ln,2030)"]
    assert len(set(names)) == len(names)
    for write, ending in ((write_lp, "lp"), (write_mps, "mps")):
        write(program, tmp_path / f"odd.{ending}")
        assert read(tmp_path / f"odd.{ending}").getObjectiveValue() == pytest.approx(8 * 6)


def test_long_rows_are_wrapped() -> None:
    program = transition(1, 2, 1)
    lines = _text(write_lp, program, Path("wrapped.lp")).splitlines()
    assert max(map(len, lines)) <= 100


def test_negative_zero_is_zero() -> None:
    program = dataclasses.replace(
        MIXED,
        row_lower=np.where(MIXED.row_lower == 1, -0.0, MIXED.row_lower),
        row_upper=np.where(MIXED.row_upper == 1, -0.0, MIXED.row_upper),
    )
    assert "= 0\n" in _text(write_lp, program, Path("zero.lp"))


GRID = Grid("year", np.ones(1), np.zeros(1, dtype=np.int64), ("y",))


def _text(write: type, program: Program, path: Path) -> str:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / path.name
        write(program, target)
        return target.read_text(encoding="ascii")
