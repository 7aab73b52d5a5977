"""Solves the calibration of North Rhine-Westphalia, prints its table and writes it into `scenarios/README.md`.

    python tools/calibrate_nrw.py

The table stands between two marks; a test holds it to the study.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import transform_sim as ts
from transform_sim.analysis.calibration import OUTSIDE, RESIDUAL

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "scenarios" / "README.md"
STUDY = ROOT / "scenarios" / "nrw_calibration.yaml"
REGISTER = ROOT / "scenarios" / "data" / "nrw_register.csv"
MARKS = "<!-- calibration -->\n", "<!-- end of calibration -->\n"
HEAD = (
    "| product | activity, Mt/a | from | independent | modelled | verified | deviation | kind | in the register |\n"
    "|---|--:|---|---|--:|--:|--:|---|---|\n"
)


def listing(table: pd.DataFrame) -> str:
    """The text between the marks: one line per row, sums, and why rows lie further off than 10 %."""
    inside = table[table["kind"] != OUTSIDE]
    lines = [_line({str(k): v for k, v in row.items()}) for row in table.to_dict("records")]
    total = _numbers(inside["modelled"].sum(), inside["verified"].sum())
    lines.insert(len(inside), f"| **in the register** | | | | {total} | | |\n")
    far = table[table["explanation"] != ""]
    said = [f"- **{r.product}** ({r.deviation:+.0f} %): {r.explanation}.\n" for r in far.itertuples()]
    return HEAD + "".join(lines) + ("\nFurther off than 10 %:\n\n" + "".join(said) if said else "")


def _line(row: dict[str, object]) -> str:
    activity = "" if pd.isna(row["activity"]) else f"{float(str(row['activity'])) / 1e6:.3f}"
    own = row["kind"] not in (RESIDUAL, OUTSIDE)
    kind = f"{row['kind']}: {row['fitted']}" if own and row["fitted"] else row["kind"]
    independent = ("yes" if row["independent"] else "no") if own else ""
    numbers = _numbers(float(str(row["modelled"])), float(str(row["verified"])))
    return (
        f"| {str(row['product']).replace('_', ' ')} | {activity} | {row['source']} | {independent} | {numbers} "
        f"| {kind} | {row['boundary']} |\n"
    )


def _numbers(modelled: float, verified: float) -> str:
    if pd.isna(verified):
        return f"{modelled:.3f} | – | –"
    return f"{modelled:.3f} | {verified:.3f} | {_percent(100 * (modelled / verified - 1))}"


def _percent(value: float) -> str:
    return f"{round(value, 1) + 0.0:+.1f} %" if abs(value) >= 0.05 else "0.0 %"


def page(text: str, table: pd.DataFrame) -> str:
    """The page with the table written anew."""
    before, rest = text.split(MARKS[0])
    return before + MARKS[0] + listing(table) + MARKS[1] + rest.split(MARKS[1], 1)[1]


def main() -> None:
    """Print the table and write the page."""
    table = ts.analysis.calibration(ts.solve(STUDY), REGISTER)
    print(listing(table))
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), table), encoding="utf-8")


if __name__ == "__main__":
    main()
