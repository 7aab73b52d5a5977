"""Every quantity that a scenario gives, with its dotted path, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .base import Section
from .problems import dotted
from .quantity import Quantity
from .tree import Node, Path


class Given(NamedTuple):
    """One quantity: where it stands, its points and provenance, and the unit that both are in."""

    path: str
    quantity: Quantity
    unit: str


def given(value: Any, node: Node, path: Path = ()) -> Iterator[Given]:
    """The quantities of a resolved section, list or mapping that was written as `node`."""
    if isinstance(value, Quantity):
        yield Given(dotted(path), value, value.unit or "1")
    elif isinstance(value, tuple):
        for position, (item, child) in enumerate(zip(value, _items(node), strict=False)):
            yield from given(item, child, (*path, position))
    else:
        for key, child in node.mapping.items():
            yield from given(_below(value, key), child, (*path, key))


def _items(node: Node) -> tuple[Node, ...]:
    return node.value if isinstance(node.value, tuple) else ()


def _below(value: Any, key: Any) -> Any:
    """What a section or mapping holds under a key as written; None for what is no part of the scenario."""
    if isinstance(value, dict):
        return value.get(key)
    if not isinstance(value, Section):
        return None
    fields = {info.alias or name: name for name, info in type(value).model_fields.items()}
    return getattr(value, fields[key]) if key in fields else None
