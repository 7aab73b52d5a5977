"""The report of a study: one HTML file that opens offline and prints well.

    ts.report(results, "report.html")

What stands in it comes from `content`, its figures from `pictures`.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from transform_sim.files import target, write_whole
from transform_sim.plots import language as speaking
from transform_sim.plots.language import digits, say, spoken, word
from transform_sim.results import Results, open_results

from . import content, pictures, sentences

__all__ = ["report"]


def report(
    results: Results | str | Path,
    path: str | Path = "report.html",
    *,
    language: str | None = None,
    command: Sequence[str] = (),
    figures: str | Path | None = None,
) -> Path:
    """Write the report of a study as one self-contained HTML file.

    Summary first, then figures with their findings, tables, how sure the numbers are, every number of the scenario with
    its source or marked as unstated, the proof of optimality, and how to get it again. Nothing is loaded from the
    network. Raises TypeError for what are no results, such as a scenario that is not solved, and TransformSimError if
    there are none at a path.

    Args:
        results: what `solve` or `open_results` gives, or the path of a results file or of the folder it lies in.
        language: "en" or "de"; that of the figures if absent.
        command: the command line that made the results, to be printed in the report.
        figures: a folder in which the figures are kept as files too.
    """
    results = _opened(results)
    target(path)  # before the figures are drawn, which takes longest
    with speaking(language or spoken()):
        text = _rendered(results, pictures.draw(results, Path(figures) if figures else None), command)
    return write_whole(path, text.encode("utf-8"))


def _opened(results: object) -> Results:
    if isinstance(results, Results):
        return results
    if isinstance(results, str | Path):
        return open_results(results)
    raise TypeError(
        f"report needs results or the path of a results file, not {type(results).__name__}; "
        "solve a scenario first: ts.report(ts.solve(scenario))"
    )


def _rendered(results: Results, drawn: Sequence[pictures.Picture], command: Sequence[str]) -> str:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    folder = resources.files(__package__)
    attrs = results.data.attrs
    return environment.from_string((folder / "template.html").read_text(encoding="utf-8")).render(
        say=say,
        word=word,
        digits=digits,
        lang=spoken(),
        style=(folder / "style.css").read_text(encoding="utf-8"),
        attrs=attrs,
        versions=json.loads(attrs["versions"]),
        command=shlex.join(command) or say("saved with these results: scenario text, hash and versions"),
        tiles=content.tiles(results),
        chapters=pictures.chapters(drawn),
        indicators=content.indicator_rows(results),
        periods=[str(p) for p in results.data["period"].values],
        reliance=content.reliance_rows(results),
        assumptions=content.assumption_groups(results),
        proved=results.certificate["ok"],
        proof=sentences.proof(results),
        solver=results.solver,
        warnings=sentences.warnings(results),
    )
