"""Reads the small part of YAML that the oracle's own scenario files use.

Nested mappings by indentation, flow mappings and lists, numbers, quoted and plain text, comments. It exists so
that the oracle shares no line of code with the package, not even its reader.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

TOKEN = re.compile(
    r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'"""  # quoted text
    r"""|[{}\[\],]|:(?=\s|$)"""  # marks
    r"""|[^\s{}\[\],:"'](?:[^{}\[\],:]|:(?!\s|$))*)"""  # plain text
)
ENTRY = re.compile(r"""("[^"]*"|'[^']*'|[^\s"'{}\[\],:][^:]*?)\s*:(?:\s+(.*))?""")
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


def read_file(path: Path) -> dict[Any, Any]:
    """The mapping in a file."""
    return read(path.read_text(encoding="utf-8"))


def read(text: str) -> dict[Any, Any]:
    """The mapping in a text; ValueError for anything outside the subset."""
    lines = [(len(s) - len(s.lstrip()), s.strip()) for s in map(_uncomment, text.splitlines()) if s.strip()]
    mapping, rest = _block(lines, 0)
    if rest != len(lines):
        raise ValueError(f"indentation of '{lines[rest][1]}' fits no mapping")
    return mapping


def scalar(text: str) -> Any:
    """A number, truth value, nothing, or text."""
    if text[:1] in "\"'" and text:
        return text[1:-1]
    words = {"": None, "null": None, "~": None, "true": True, "false": False, ".inf": float("inf")}
    if text in words:
        return words[text]
    if NUMBER.fullmatch(text):
        return int(text) if text.lstrip("-+").isdigit() else float(text)
    return text


def _uncomment(line: str) -> str:
    quote = ""
    for i, char in enumerate(line):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "#" and (i == 0 or line[i - 1].isspace()):
            return line[:i].rstrip()
    return line.rstrip()


def _block(lines: list[tuple[int, str]], i: int) -> tuple[dict[Any, Any], int]:
    """The mapping whose first line is i, and the number of the line after it."""
    mapping: dict[Any, Any] = {}
    indent = lines[i][0]
    while i < len(lines) and lines[i][0] == indent:
        text = lines[i][1]
        i += 1
        while text.count("{") + text.count("[") > text.count("}") + text.count("]"):
            text += " " + lines[i][1]
            i += 1
        entry = ENTRY.fullmatch(text)
        if not entry:
            raise ValueError(f"'{text}' is not 'name: value'")
        key, behind = scalar(entry[1]), entry[2] or ""
        if key in mapping:
            raise ValueError(f"'{key}' stands twice in one mapping")
        if not behind and i < len(lines) and lines[i][0] > indent:
            mapping[key], i = _block(lines, i)
        else:
            mapping[key] = _flow(behind) if behind[:1] in ("{", "[") else scalar(behind)
    return mapping, i


def _flow(text: str) -> Any:
    value, rest = _value([token.strip() for token in TOKEN.findall(text)])
    if rest:
        raise ValueError(f"'{' '.join(rest)}' is left over")
    return value


def _value(tokens: list[str]) -> tuple[Any, list[str]]:
    """The value at the front of the tokens, and the tokens behind it."""
    head, rest = tokens[0], tokens[1:]
    if head not in ("{", "["):
        return scalar(head), rest
    items: list[Any] = []
    pairs: dict[Any, Any] = {}
    while rest[0] not in ("}", "]"):
        item, rest = _value(rest)
        if head == "{":
            if rest[0] == ":":
                pairs[item], rest = (None, rest[1:]) if rest[1] in (",", "}") else _value(rest[1:])
            else:
                pairs[item] = None
        items.append(item)
        rest = rest[1:] if rest[0] == "," else rest
    return (pairs if head == "{" else items), rest[1:]
