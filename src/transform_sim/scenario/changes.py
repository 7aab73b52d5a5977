"""A scenario changed at dotted paths, as sweeps and break-evens do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .problems import Problem
from .scalars import ScalarError, check_number
from .tree import Key, Node, Path, from_dotted, from_plain, walk


def changed(tree: Node, changes: Mapping[str, Any]) -> tuple[Node, list[Problem]]:
    """The nodes with new values at dotted paths, and what is wrong with paths or values."""
    problems = []
    for dotted, value in changes.items():
        try:
            tree = _set(tree, from_dotted(dotted), _node(value, tree.file), tree.file)
        except ScalarError as error:
            problems.append(Problem(error.code, tree.file, 0, dotted, str(error)))
    return tree, problems


def _node(value: Any, file: str) -> Node:
    """Nodes for a value from Python; numbers of numpy become plain ones."""
    node = from_plain(value, file)
    for _, part in walk(node):
        if isinstance(part.value, int | float) and not isinstance(part.value, bool):
            check_number(part.value)
        elif not isinstance(part.value, dict | tuple | str | bool | None):
            raise ScalarError("wrong-type", f"{part.value!r} is not a number, text, list or mapping")
    return node


def _set(node: Node, path: Path, new: Node, file: str) -> Node:
    if not path:
        return Node(new.value, node.file, node.line)
    key, rest = path[0], path[1:]
    if isinstance(node.value, tuple):
        return Node(_item(node.value, key, rest, new, file), node.file, node.line)
    if not isinstance(node.value, dict):
        if node.value is not None:
            raise ScalarError("unknown-key", f"'{key}' cannot be set: {node.value!r} stands there, not a mapping")
        node = Node({}, node.file, node.line)
    entries = dict(node.mapping)
    if key not in entries and "value" in entries and key != "value":
        entries["value"] = _set(entries["value"], path, new, file)
    elif not rest and new.value is None:
        entries.pop(key, None)
    else:
        entries[key] = _set(entries.get(key, Node(None, file, 0)), rest, new, file)
    return Node(entries, node.file, node.line)


def _item(items: tuple[Node, ...], key: Key, rest: Path, new: Node, file: str) -> tuple[Node, ...]:
    if not isinstance(key, int) or key >= len(items):
        raise ScalarError("unknown-key", f"'{key}' is no item of the list; it has 0 … {len(items) - 1}")
    return (*items[:key], _set(items[key], rest, new, file), *items[key + 1 :])
