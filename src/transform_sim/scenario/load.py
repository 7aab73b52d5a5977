"""From a file or a text to a Scenario: read, merge, validate, resolve, check. All problems come at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

from transform_sim.errors import ScenarioError

from .changes import changed
from .checks import check
from .entries import with_entries, without_lost_retrofits
from .files import MAX_SCENARIO, Study
from .merge import extended, read_with_bases, split_variants, with_variant
from .problems import Problem, Report, display, render
from .reader import read
from .resolve import resolve
from .schema import Scenario
from .tables import Tables
from .tree import Node, from_dotted, locate, plain
from .validate import validate
from .write import write

TEXT = "<text>"


def load(path: str | Path, variant: str | None = None, root: str | Path | None = None) -> Scenario:
    """Read a scenario file, or one of its variants.

    Args:
        variant: a name under `variants:`; its changes are merged in.
        root: folder that the scenario may read from; its own folder if absent.

    Raises ScenarioError with every problem, its file and line.
    """
    path = Path(path)
    study = Study(Path(root) if root is not None else path.parent, path.parent)
    node, problems = read_with_bases(path, study)
    return _finish(node, problems, study, path, variant)


def loads(text: str, root: str | Path | None = None) -> Scenario:
    """Read a scenario from a text; `extends` and tables are looked up in `root`, and refused without it."""
    folder = Path(root) if root is not None else None
    study = Study(folder, folder)
    if len(text) > MAX_SCENARIO:
        size = f"the text has {len(text) / 1e6:.0f} MB; at most {MAX_SCENARIO / 1e6:g} MB are read"
        _raise([Problem("too-large-file", TEXT, 0, "", size)])
    node, problems = read(text, TEXT)
    if node is not None:
        node, problems = extended(node, problems, study, folder)
    return _finish(node, problems, study, None, None)


def load_variants(path: str | Path, root: str | Path | None = None) -> list[str]:
    """The names under `variants:` of a scenario file and of what it extends."""
    path = Path(path)
    study = Study(Path(root) if root is not None else path.parent, path.parent)
    node, problems = read_with_bases(path, study)
    if node is None:
        _raise(problems)
    _, variants, more = split_variants(node)
    if problems or more:
        _raise([*problems, *more])
    return list(variants)


@dataclass(frozen=True)
class Origin:
    """What a scenario was read from: the merged nodes, its file, the folder it may read, the tables it read.

    `whole` still has the catalogue's conversions into processes that are not there; a change may bring them.
    """

    tree: Node
    whole: Node
    file: Path | None
    root: Path | None
    folder: Path | None
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path | None:
        """The scenario file; None for a text."""
        return self.file

    @cached_property
    def text(self) -> str:
        """Everything merged, as YAML."""
        return write(plain(self.tree))

    @cached_property
    def hash(self) -> str:
        """SHA-256 over the merged data and the tables."""
        canonical = json.dumps([_canonical(plain(self.tree)), dict(self.digests)], sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def where(self, path: str) -> str:
        """'file:line' of a dotted path."""
        node = locate(self.tree, from_dotted(path))
        return f"{display(node.file)}:{node.line}"

    def changed(self, changes: Mapping[str, Any]) -> Scenario:
        """The scenario with other values at dotted paths."""
        tree, problems = changed(self.whole, changes)
        if problems:
            _raise(problems)
        return _make(tree, [], Study(self.root, self.folder), self.file)


def _finish(
    node: Node | None, problems: list[Problem], study: Study, path: Path | None, variant: str | None
) -> Scenario:
    if node is None:
        _raise(problems)
    tree, variants, more = split_variants(node)
    problems = [*problems, *more]
    if variant is not None:
        tree, more = with_variant(tree, variants, variant)
        problems += more
    return _make(tree, problems, study, path)


def _make(tree: Node, problems: list[Problem], study: Study, path: Path | None) -> Scenario:
    whole, more = with_entries(tree)
    tree = without_lost_retrofits(whole)
    report = Report(tree, [*problems, *more])
    scenario, complete = validate(plain(tree), report)
    if scenario is not None:
        scenario = resolve(scenario, Tables(study, report), report)
        check(scenario, report, complete)
    if report.problems or scenario is None:
        _raise(report.problems)
    scenario._source = Origin(tree, whole, path, study.root, study.folder, dict(study.digests))
    return scenario


def _raise(problems: Iterable[Problem]) -> NoReturn:
    problems = sorted(problems, key=lambda p: (p.file, p.line))
    raise ScenarioError(render(problems), problems)


def _canonical(data: Any) -> Any:
    """The same for whatever spelling of keys and numbers means the same."""
    if isinstance(data, dict):
        return {str(key): _canonical(value) for key, value in data.items()}
    if isinstance(data, tuple):
        return [_canonical(value) for value in data]
    return float(data) if isinstance(data, int) and not isinstance(data, bool) else data
