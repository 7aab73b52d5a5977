"""Base and patch: how `extends:` and `variants:` change a scenario. Every node keeps its file and line."""

from __future__ import annotations

import os
from pathlib import Path as FilePath

from .files import MAX_SCENARIO, FileError, Study, decode, read_bytes
from .problems import Problem, did_you_mean
from .reader import read
from .tree import Node

MAX_BASES = 20


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
    return _read_chain(path, study, ())


def _read_chain(path: FilePath, study: Study, above: tuple[FilePath, ...]) -> tuple[Node | None, list[Problem]]:
    file = str(path)
    try:
        text = decode(read_bytes(path, path.name, MAX_SCENARIO), path.name)
    except FileError as error:
        return None, [Problem(error.code, file, 0, "", str(error))]
    node, problems = read(text, file)
    if node is None:
        return None, problems
    return extended(node, problems, study, path.parent, (*above, path.resolve()))


def extended(
    node: Node, problems: list[Problem], study: Study, folder: FilePath | None, above: tuple[FilePath, ...] = ()
) -> tuple[Node | None, list[Problem]]:
    """`node`, which stands in `folder`, over the file that it extends, if it extends one."""
    link = node.mapping.get("extends")
    if link is None:
        return node, problems
    own = Node({k: n for k, n in node.mapping.items() if k != "extends"}, node.file, node.line)

    def refused(code: str, message: str) -> tuple[None, list[Problem]]:
        return None, [*problems, Problem(code, link.file, link.line, "extends", message)]

    if not isinstance(link.value, str):
        return refused("wrong-type", f"must be one file name, such as base.yaml, not {_shown(link)}")
    try:
        base_path = study.find(link.value, folder)
    except FileError as error:
        return refused(error.code, str(error))
    if base_path in above:
        chain = " → ".join(p.name for p in (*above[above.index(base_path) :], base_path))
        return refused("cyclic-extends", f"'{link.value}' leads back to itself: {chain}")
    if len(above) >= MAX_BASES:
        return refused("too-deep", f"more than {MAX_BASES} files extend each other")
    base, more = _read_chain(base_path, study, above)
    problems = [*problems, *more]
    if base is None:
        return None, problems
    if folder is not None and base_path.parent != folder.resolve():
        base = _rebased(base, os.path.relpath(base_path.parent, folder.resolve()))
    return merge(base, own), problems


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
