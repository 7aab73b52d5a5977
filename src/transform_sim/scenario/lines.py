"""A quick reader of the shipped catalogue files: one key to a line, as `write.py` writes them.

The full reader takes some 80 µs a line, a second for the whole catalogue; a test holds both to the same nodes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from .reader import read
from .scalars import scalar
from .tree import Key, Node


@dataclass
class _Open:
    """A mapping that may still grow."""

    key: Key
    line: int
    entries: dict[Key, Node] = field(default_factory=dict)


def read_lines(text: str, file: str) -> Node:
    """The top mapping of a text in block style with one key to a line; only for files that `write` has written."""
    stack = [_Open("", 0)]
    for number, line in enumerate(text.split("\n"), 1):
        body = line.lstrip(" ")
        if not body or body[0] == "#":
            continue
        depth = (len(line) - len(body)) // 2
        while len(stack) > depth + 1:
            _close(stack, file)
        if body[-1] == ":":
            stack.append(_Open(_key(body[:-1]), number))
        else:
            key, _, value = body.partition(": ")
            stack[-1].entries[_key(key)] = _value(value, file, number)
    while len(stack) > 1:
        _close(stack, file)
    top = stack[0].entries
    return Node(top, file, min((node.line for node in top.values()), default=0))


def _close(stack: list[_Open], file: str) -> None:
    done = stack.pop()
    stack[-1].entries[done.key] = Node(done.entries, file, done.line)


def _key(word: str) -> Key:
    if word[0] == '"':
        return str(json.loads(word))
    return int(word) if word.isdecimal() else word


def _value(text: str, file: str, line: int) -> Node:
    if text[0] == '"':
        return Node(json.loads(text), file, line)
    if text[0] in "[{":
        node, _ = read("\n" * (line - 1) + f"x: {text}", file)
        assert node is not None
        return node.mapping["x"]
    return Node(scalar(text), file, line)
