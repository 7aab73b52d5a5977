"""One small entry of a solution off by 1 %: the certificate names the row that it breaks."""

from __future__ import annotations

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import MINIS, ROOT
from transform_sim.solvers.certificate import certify

MINI = ROOT / "scenarios" / "mini"


@pytest.mark.parametrize(
    ("name", "column", "rows"),
    [
        ("two_routes", "purchase[coal, step 1, ruhr, 2025]", {"balance[coal, ruhr, 2025]"}),
        ("seasonal_cavern", "discharge[cavern, epe, 2030, winter]",
         {"balance[hydrogen, epe, 2030, winter]", "seasonal_level_day[cavern, epe, 2030, run 2]"}),
        ("retrofit_midway", "disposal[captured, ruhr, 2030]",
         {"balance[captured, ruhr, 2030]"}),
        ("two_nodes", "capacity[pipeline, coast, 2035]",
         {f"{row}[pipeline, {at}2035]" for row, at in (("capacity_stock", "coast, "), ("capacity_max", "coast, "),
                                                       ("link_limit", ""))}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("factor", [1.01, 0.99])
def test_the_row_is_named(name: str, column: str, rows: set[str], factor: float) -> None:
    study = ts.prepare(MINI / f"{name}.yaml")
    solution, program = study.session.solve(), study.program
    names = [program.column_name(j) for j in range(program.shape[1])]
    assert certify(program, solution.x, solution.row_dual).ok
    x = solution.x.copy()
    assert x[names.index(column)] > 0
    x[names.index(column)] *= factor
    certificate = certify(program, x, solution.row_dual)
    assert not certificate.ok
    assert certificate.worst_row is not None
    assert certificate.worst_row.name in rows
    assert certificate.worst_row.name in str(certificate)


@pytest.mark.parametrize("path", MINIS, ids=lambda path: path.stem)
def test_no_small_entry_escapes(path: object) -> None:
    """Each column that is used, one after the other, also those that are a millionth of the largest."""
    study = ts.prepare(path)  # type: ignore[arg-type]
    solution, program = study.session.solve(), study.program
    for j in np.flatnonzero(np.abs(solution.x) > 1e-6):
        x = solution.x.copy()
        x[j] *= 1.01
        certificate = certify(program, x, solution.row_dual)
        touched = {program.row_name(int(i)) for i in program.matrix[:, [j]].nonzero()[0]}
        assert not certificate.ok, program.column_name(int(j))
        assert certificate.worst_row is not None
        assert certificate.worst_row.name in touched, program.column_name(int(j))
