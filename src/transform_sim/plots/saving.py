"""All figures of a study as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes

from transform_sim.results import Results

from . import style
from .capacity import capacity
from .cost import cost
from .dispatch import dispatch
from .emissions import emissions
from .energy import energy
from .prices import prices
from .production import production
from .reading import NotApplicableError

FIGURES: dict[str, Callable[..., Axes]] = {
    "production": production,
    "capacity": capacity,
    "emissions": emissions,
    "cost": cost,
    "prices": prices,
    "dispatch": dispatch,
    "energy": energy,
}
"""Each figure by the name of its file."""
METADATA: dict[str, dict[str, str | None]] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
"""Nothing in a file depends on when it was written."""


def save_all(results: Results, folder: str | Path, formats: Sequence[str] = ("png", "svg")) -> list[Path]:
    """Write every figure that applies to the results as '<figure>.<format>'; the folder is made if it is missing.

    A figure that the results do not hold (hours in an annual study) is left out. Returns the files written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, draw in FIGURES.items():
        figure = style.Page()
        try:
            draw(results, ax=figure.add_subplot())
        except NotApplicableError:
            continue
        with mpl.rc_context(style.RC):  # type: ignore[arg-type]
            for form in formats:
                path = folder / f"{name}.{form}"
                figure.savefig(path, metadata=METADATA.get(form))
                written.append(path)
    return written
