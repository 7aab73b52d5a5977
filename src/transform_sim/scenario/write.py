"""Plain data → YAML text that `reader.py` reads back unchanged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from .scalars import ScalarError, scalar

_PLAIN = re.compile(r"[^\W\d_](?:[\w ./()%+-]*[\w)%])?")
_UNSAFE = re.compile("[\x7f-\xa0\u2028\u2029\ufeff]")


def write(data: dict[Any, Any]) -> str:
    """The mapping as YAML in block style; lists and empty mappings on one line."""
    return "\n".join(_mapping(data, "")) + "\n"


def _mapping(data: dict[Any, Any], indent: str) -> Iterator[str]:
    for key, value in data.items():
        if isinstance(value, dict) and value:
            yield f"{indent}{_scalar(key)}:"
            yield from _mapping(value, indent + "  ")
        else:
            yield f"{indent}{_scalar(key)}: {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_scalar(k)}: {_flow(v)}' for k, v in value.items())}}}"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return value if _is_plain(value) else _quoted(value)
    return repr(value)


def _is_plain(text: str) -> bool:
    try:
        return _PLAIN.fullmatch(text) is not None and scalar(text) == text
    except ScalarError:
        return False


def _quoted(text: str) -> str:
    """JSON's quoting is YAML's, save for characters that YAML takes for line ends or refuses."""
    return _UNSAFE.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(text, ensure_ascii=False))
