"""The nodes of a scenario file: plain values that remember the file and line they were written on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Key = str | int
Path = tuple[Key, ...]
Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Node:
    """A mapping, a list or a single value, with the place of its key."""

    value: dict[Key, Node] | tuple[Node, ...] | Scalar
    file: str
    line: int

    @property
    def mapping(self) -> dict[Key, Node]:
        """The entries of a mapping; empty for anything else."""
        return self.value if isinstance(self.value, dict) else {}


def plain(node: Node) -> Any:
    """The node as plain data: dict, tuple, text, number, bool or None."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, tuple):
        return tuple(plain(child) for child in node.value)
    return node.value


def from_dotted(text: str) -> Path:
    """The path that people write as policies.carbon_price.2030; digits are years or places in a list."""
    return tuple(int(key) if key.isdecimal() and len(key) < 9 else key for key in text.split("."))


def from_plain(data: Any, file: str, line: int = 0) -> Node:
    """Nodes for plain data that no file holds (a changed value); numbers of numpy become plain ones."""
    if hasattr(data, "tolist"):
        data = data.tolist()
    if isinstance(data, Mapping):
        return Node({key: from_plain(value, file, line) for key, value in data.items()}, file, line)
    if isinstance(data, Sequence) and not isinstance(data, str):
        return Node(tuple(from_plain(value, file, line) for value in data), file, line)
    return Node(data, file, line)


def locate(node: Node, path: Path) -> Node:
    """The node at `path`, or the deepest one on the way; a `value:` with its source is stepped through."""
    for key in path:
        step = _child(node, key) or (_child(node.mapping["value"], key) if "value" in node.mapping else None)
        if step is None:
            break
        node = step
    return node


def _child(node: Node, key: Key) -> Node | None:
    if isinstance(node.value, dict):
        return node.value.get(key)
    if isinstance(node.value, tuple) and isinstance(key, int) and 0 <= key < len(node.value):
        return node.value[key]
    return None


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every node with its path, parents first."""
    yield path, node
    children = (
        node.value.items()
        if isinstance(node.value, dict)
        else enumerate(node.value)
        if isinstance(node.value, tuple)
        else ()
    )
    for key, child in children:
        yield from walk(child, (*path, key))
