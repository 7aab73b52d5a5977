"""A strict reader of YAML 1.2: text → nodes with file and line, and every problem on the way.

It builds from the parser's events, so nothing is constructed, no tag is obeyed, and it can stop at once when a
text nests too deep or its aliases would expand without end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
)
from ruamel.yaml.reader import ReaderError

from .problems import Problem, dotted
from .scalars import ScalarError, refuse_misspelt, scalar
from .tree import Key, Node, Path

MAX_DEPTH = 40
MAX_VALUES = 100_000
MAX_LINE = 200_000
MAX_PROBLEMS = 1_000
_TAB = re.compile(r"^ *\t")
_WORDS = {
    "mapping values are not allowed here": "a ':' too many, or wrong indentation",
    "while scanning a quoted scalar": "a quote is never closed",
    "found unexpected end of stream": "a bracket is never closed",
    "could not find expected ':'": "a ':' is missing, or wrong indentation",
    "expected ',' or '}', but got": "a ',' or '}' is missing",
    "expected ',' or ']', but got": "a ',' or ']' is missing",
    "expected <block end>, but found": "wrong indentation, or a bracket too many",
    "did not find expected key": "wrong indentation, or a key is missing",
    "cannot start any token": "a text must not begin with this character; put it in quotes",
}


class _StopReadingError(Exception):
    """Reading cannot go on; the problem is noted already."""


@dataclass
class _Open:
    """A mapping or list whose end has not been read yet.

    `flow`: written in braces; `comma`: the number that a comma before the present key may have torn apart.
    """

    line: int
    anchor: str | None
    items: dict[Key, Node] | list[Node]
    key: Key | None = None
    key_line: int = 0
    size: int = 1
    flow: bool = False
    comma: str = ""
    last: tuple[int, str] = (0, "")  # where the last number ended, and its text


@dataclass
class _Builder:
    file: str
    problems: list[Problem] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int]] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    root: Node | None = None
    documents: int = 0

    def problem(self, code: str, line: int, message: str) -> None:
        self.problems.append(Problem(code, self.file, line, dotted(self.path), message))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _StopReadingError

    def stop(self, code: str, line: int, message: str) -> None:
        self.problem(code, line, message)
        raise _StopReadingError

    @property
    def path(self) -> Path:
        keys = [len(o.items) if isinstance(o.items, list) else o.key for o in self.stack]
        return tuple(k for k in keys if k is not None)

    def event(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.stop("syntax", line, "a second document starts here; a file holds one scenario")
        elif isinstance(event, AliasEvent):
            self._alias(event.anchor, line)
        elif isinstance(event, ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, CollectionStartEvent):
            self._open(event, line)
        elif isinstance(event, CollectionEndEvent):
            done = self.stack.pop()
            value = done.items if isinstance(done.items, dict) else tuple(done.items)
            self._add(Node(value, self.file, done.line), done.anchor, done.size)

    def _open(self, event: Any, line: int) -> None:
        self._no_tag(event, line)
        if self._wants_key:
            self.stop("bad-key", line, "a key must be a name or a year, not a mapping or list")
        if len(self.stack) >= MAX_DEPTH:
            self.stop("too-deep", line, f"nested deeper than {MAX_DEPTH} levels")
        items: dict[Key, Node] | list[Node] = {} if isinstance(event, MappingStartEvent) else []
        self.stack.append(_Open(line, event.anchor, items, flow=bool(event.flow_style)))

    @property
    def _wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].items, dict) and self.stack[-1].key is None

    def _no_tag(self, event: Any, line: int) -> None:
        if event.tag is not None:
            self.problem("tag", line, f"tag '{event.tag}' is not obeyed; write plain values")

    def _alias(self, anchor: str, line: int) -> None:
        if self._wants_key:
            self.stop("bad-key", line, f"a key must be a name or a year, not the alias *{anchor}")
        if anchor not in self.anchors:
            self.stop("syntax", line, f"alias *{anchor} refers to nothing before it")
        node, size = self.anchors[anchor]
        self._add(Node(node.value, self.file, line), None, size)

    def _scalar(self, event: Any, line: int) -> None:
        self._no_tag(event, line)
        quoted = event.style is not None
        try:
            value = event.value if quoted else scalar(event.value)
        except ScalarError as error:
            self.problem(error.code, line, str(error))
            value = event.value
        if self._wants_key:
            top, start = self.stack[-1], event.start_mark.index
            torn = top.flow and not quoted and event.value[:1].isdigit() and start == top.last[0] + 1
            top.comma = f"{top.last[1]},{event.value}" if torn else ""
            self._key(event.value if torn and isinstance(value, float) else value, line, quoted)
        elif self.stack and self.stack[-1].comma and value is None and not quoted:
            self._torn(line)
        else:
            if self.stack and isinstance(value, int) and not isinstance(value, bool):
                self.stack[-1].last = (event.end_mark.index, event.value)
            self._add(Node(value, self.file, line), event.anchor, 1)

    def _torn(self, line: int) -> None:
        """A key without a value right behind a number and a comma: {2030: 1,5} was meant as one number."""
        top = self.stack[-1]
        assert isinstance(top.items, dict)
        top.key = next(reversed(top.items))  # told of the value before the comma
        try:
            refuse_misspelt(top.comma.split()[0])
            self.problem("decimal-comma", line, f"'{top.comma}' has a comma. Write one number, with a decimal point")
        except ScalarError as error:
            self.problem(error.code, line, str(error))
        top.key = None

    def _key(self, key: Any, line: int, quoted: bool) -> None:
        top = self.stack[-1]
        assert isinstance(top.items, dict)
        if isinstance(key, bool) or not isinstance(key, str | int) or key == "":
            shown = "nothing" if key is None else f"'{key}'"
            self.problem("bad-key", line, f"a key must be a name or a year, not {shown}; quote it if it is a name")
            key = str(key)
        if key == "<<" and not quoted:
            self.problem("bad-key", line, "'<<' is not read. Use extends or variants, or repeat the values")
        if key in top.items:
            first = top.items[key].line
            self.problem("repeated-key", line, f"key '{key}' stands twice; the first is in line {first}")
        top.key, top.key_line = key, line

    def _add(self, node: Node, anchor: str | None, size: int) -> None:
        if anchor:
            self.anchors[anchor] = (node, size)
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        top.size += size
        if top.size > MAX_VALUES:
            self.stop("too-many-values", node.line, f"more than {MAX_VALUES:,} values; long series belong in a table")
        if isinstance(top.items, dict):
            assert top.key is not None
            # a mapping entry stands where its key stands
            top.items[top.key] = Node(node.value, node.file, top.key_line)
            top.key = None
        else:
            top.items.append(node)


def read(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """The top mapping of a YAML text and all problems; None if there is no usable mapping."""
    builder = _Builder(file)
    try:
        _refuse_endless_lines(builder, text)
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.event(event)
    except _StopReadingError:
        return None, builder.problems
    except MarkedYAMLError as error:
        return None, [*builder.problems, *_syntax(error, text, file)]
    except ReaderError as error:
        line = text[: error.position].count("\n") + 1
        builder.problem("syntax", line, f"character U+{ord(text[error.position]):04X} has no place in a text file")
        return None, builder.problems
    except Exception:  # the parser lets errors of many kinds escape on broken text, such as a bad escape
        return None, [*builder.problems, Problem("syntax", file, 0, "", "the text is not valid YAML")]
    return _top(builder), builder.problems


def _refuse_endless_lines(builder: _Builder, text: str) -> None:
    """The parser's time grows with the square of a line's length for some lines."""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > MAX_LINE:
            message = (
                f"a line of {len(line):,} characters; at most {MAX_LINE:,} are read. Long series belong in a table"
            )
            builder.stop("too-many-values", number, message)


def _top(builder: _Builder) -> Node | None:
    root = builder.root
    if root is None or root.value is None:
        builder.problem(
            "empty-file", 0, "the file is empty; a scenario has at least name, horizon, regions, commodities"
        )
        return None
    if not isinstance(root.value, dict):
        builder.problem("not-a-mapping", root.line, "the file is no mapping; a scenario starts with 'name: …'")
        return None
    return root


def _syntax(error: MarkedYAMLError, text: str, file: str) -> list[Problem]:
    tabs = [number for number, line in enumerate(text.splitlines(), 1) if _TAB.match(line)]
    if tabs:
        return [Problem("tab", file, n, "", "a tab in the indentation. Indent with spaces") for n in tabs]
    said = f"{error.context or ''} {error.problem or ''}"
    plain = next((words for key, words in _WORDS.items() if key in said), error.problem or "unreadable")
    line = error.problem_mark.line + 1 if error.problem_mark else 0
    return [Problem("syntax", file, line, "", f"not valid YAML here: {plain}")]
