"""Base and patch: how `extends:` and `variants:` change a scenario. Every node keeps its file and line."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path as FilePath

from .files import MAX_SCENARIO, FileError, Study, decode, read_bytes
from .problems import Problem, did_you_mean
from .reader import read
from .tree import Node

MAX_BASES = 20
TOO_MANY = f"more than {MAX_BASES} files extend each other"


def merge(base: Node, patch: Node) -> Node:
    """`patch` over `base`: mappings key by key, an empty value deletes its key, anything else replaces.

    A mapping over years, or one with `value` or `table`, is one quantity and replaces the older one whole.
    """
    if not isinstance(base.value, dict) or not isinstance(patch.value, dict) or _whole(base) or _whole(patch):
        return patch
    merged = dict(base.value)
    for key, node in patch.value.items():
        if key not in merged:
            merged[key] = node
        elif node.value is None:
            del merged[key]
        else:
            merged[key] = merge(merged[key], node)
    return Node(merged, patch.file, patch.line)


def _whole(node: Node) -> bool:
    keys = node.mapping
    return bool(keys) and (all(isinstance(k, int) for k in keys) or "value" in keys or "table" in keys)


def read_with_bases(path: FilePath, study: Study) -> tuple[Node | None, list[Problem]]:
    """The file at `path` over the files it extends, and the problems of all of them."""
    node, problems = _read_file(path)
    if node is None:
        return None, problems
    return _stacked(node, problems, study, path.parent, path.resolve())


def extended(
    node: Node, problems: list[Problem], study: Study, folder: FilePath | None
) -> tuple[Node | None, list[Problem]]:
    """`node`, a text that stands in `folder`, over the files that it extends, if it extends any."""
    return _stacked(node, problems, study, folder, None)


def _read_file(path: FilePath) -> tuple[Node | None, list[Problem]]:
    try:
        text = decode(read_bytes(path, path.name, MAX_SCENARIO), path.name)
    except FileError as error:
        return None, [Problem(error.code, str(path), 0, "", str(error))]
    return read(text, str(path))


def _stacked(
    node: Node, problems: list[Problem], study: Study, folder: FilePath | None, path: FilePath | None
) -> tuple[Node | None, list[Problem]]:
    if "extends" not in node.mapping:
        return node, problems
    stack = _Stack(study, folder, [*problems])
    stack.put(node, folder, path, ())
    return (reduce(merge, stack.layers) if stack.sound else None), stack.problems


@dataclass
class _Stack:
    """The files of one scenario, the lowest first: each lies over all that it extends, and is there once.

    Were a file that two bases extend there twice, it would undo what the first of them changes.
    """

    study: Study
    folder: FilePath | None
    problems: list[Problem]
    layers: list[Node] = field(default_factory=list)
    place: dict[FilePath, int] = field(default_factory=dict)
    sound: bool = True

    def put(self, node: Node, folder: FilePath | None, path: FilePath | None, above: tuple[FilePath, ...]) -> None:
        """What a file extends, and then itself; `above` are the files that extend it."""
        above = (*above, path) if path else above
        bases: list[FilePath] = []
        for name in self._names(node):
            if (base := self._find(name, folder, above)) is not None:
                self._put_base(name, base, above)
                self._in_order(name, base, bases)
                bases.append(base)
        own = Node({k: n for k, n in node.mapping.items() if k != "extends"}, node.file, node.line)
        if path:
            self.place[path] = len(self.layers)
        if folder is not None and self.folder is not None and folder.resolve() != self.folder.resolve():
            own = _rebased(own, os.path.relpath(folder, self.folder.resolve()))
        self.layers.append(own)

    def _names(self, node: Node) -> tuple[Node, ...]:
        """The names of files that a file extends, in its order."""
        link = node.mapping.get("extends")
        if link is None:
            return ()
        names = link.value if isinstance(link.value, tuple) else (link,)
        if len(names) > MAX_BASES:
            self._refuse("too-deep", link, TOO_MANY)
            return ()
        wrong = next((name for name in names if not isinstance(name.value, str)), None)
        if names and wrong is None:
            return names
        shown = "an empty list" if wrong is None else _shown(wrong)
        self._refuse("wrong-type", link, f"must be base.yaml, or a list such as [base.yaml, targets.yaml], not {shown}")
        return ()

    def _find(self, name: Node, folder: FilePath | None, above: tuple[FilePath, ...]) -> FilePath | None:
        """The file that is meant, if it may be extended here."""
        try:
            path = self.study.find(str(name.value), folder)
        except FileError as error:
            self._refuse(error.code, name, str(error))
            return None
        if path in above:
            chain = " → ".join(p.name for p in (*above[above.index(path) :], path))
            self._refuse("cyclic-extends", name, f"'{name.value}' leads back to itself: {chain}")
            return None
        return path

    def _put_base(self, name: Node, path: FilePath, above: tuple[FilePath, ...]) -> None:
        if path in self.place:
            return
        if len(above) + len(self.layers) >= MAX_BASES:
            self._refuse("too-deep", name, TOO_MANY)
            return
        node, problems = _read_file(path)
        self.problems += problems
        if node is None:
            self.sound = False
            self.place[path] = len(self.layers)  # so that it is not read again
        else:
            self.put(node, path.parent, path, above)

    def _in_order(self, name: Node, path: FilePath, earlier: list[FilePath]) -> None:
        """Later files of a list change earlier ones, which is not possible where these extend them."""
        under = next((p for p in earlier if self.place.get(p, -1) >= self.place.get(path, len(self.layers))), None)
        if under == path:
            self._refuse("order-of-bases", name, f"'{name.value}' is named twice")
        elif under is not None:
            message = f"'{name.value}' cannot change {under.name}: it lies under it, as one of these files extends it"
            self._refuse("order-of-bases", name, f"{message}. Name it first, or leave it out")

    def _refuse(self, code: str, at: Node, message: str) -> None:
        problem = Problem(code, at.file, at.line, "extends", message)
        self.problems += [] if problem in self.problems else [problem]
        self.sound = False


def _shown(node: Node) -> str:
    """What stands there, in words."""
    if isinstance(node.value, dict | tuple):
        return "a mapping" if isinstance(node.value, dict) else "a list"
    return repr(node.value)


def _rebased(node: Node, folder: str) -> Node:
    """The same with table names as seen from the extending file."""
    if isinstance(node.value, tuple):
        return Node(tuple(_rebased(n, folder) for n in node.value), node.file, node.line)
    if not isinstance(node.value, dict):
        return node
    entries = {key: _rebased(child, folder) for key, child in node.value.items()}
    table = entries.get("table")
    if table and isinstance(table.value, str) and not table.value.startswith("package:"):
        entries["table"] = Node(os.path.join(folder, table.value), table.file, table.line)
    return Node(entries, node.file, node.line)


def split_variants(node: Node) -> tuple[Node, dict[str, Node], list[Problem]]:
    """The scenario without its `variants:`, and the patch of each variant."""
    section = node.mapping.get("variants")
    if section is None:
        return node, {}, []
    rest = Node({k: n for k, n in node.mapping.items() if k != "variants"}, node.file, node.line)
    if section.value is None:
        return rest, {}, []
    if not isinstance(section.value, dict):
        return rest, {}, [Problem("wrong-type", section.file, section.line, "variants", "is not {name: changes}")]
    problems = [
        Problem("wrong-type", n.file, n.line, f"variants.{k}", f"{_shown(n)} is no mapping of changes")
        for k, n in section.value.items()
        if not isinstance(n.value, dict)
    ]
    return rest, {str(k): n for k, n in section.value.items() if isinstance(n.value, dict)}, problems


def with_variant(node: Node, variants: dict[str, Node], name: str) -> tuple[Node, list[Problem]]:
    """The scenario changed by one of its variants; it is then named '<name>-<variant>' unless the patch names it."""
    if name not in variants:
        known = did_you_mean(name, variants) if variants else "; the file has none"
        return node, [Problem("unknown-variant", node.file, 0, "variants", f"there is no variant '{name}'{known}")]
    patch = variants[name]
    changed = merge(node, patch)
    own = changed.mapping.get("name")
    if "name" not in patch.mapping and own is not None and isinstance(own.value, str):
        renamed = Node(f"{own.value}-{name}", own.file, own.line)
        changed = Node({**changed.mapping, "name": renamed}, changed.file, changed.line)
    return changed, []
