"""German or English: every sentence and name in figures, from one vocabulary.

    with ts.plots.language("de"):
        ts.plots.production(results)

The English text is the key; `vocabulary.csv` beside this file holds the German one. A sentence has places for what
the study says (`{share}`), at which both languages put the same words and numbers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from types import TracebackType

from transform_sim.errors import TransformSimError

LANGUAGES = ("en", "de")
_current = "en"


class LanguageError(TransformSimError):
    """A language that the vocabulary does not have."""


class language:  # noqa: N801 - called like a function
    """Set the language of all figures of this process, "en" or "de"; as a context, until it ends.

    Raises LanguageError for any other language.
    """

    def __init__(self, code: str) -> None:
        global _current
        if code not in LANGUAGES:
            raise LanguageError(f"figures — there is no language '{code}' — choose from {', '.join(LANGUAGES)}")
        self._before, _current = _current, code

    def __enter__(self) -> None:
        """The language is set already; leaving sets back the one before."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        global _current
        _current = self._before


def spoken() -> str:
    """The language in which figures speak now: "en" or "de"."""
    return _current


def say(template: str, **values: object) -> str:
    """A sentence in the language of the figures: `template` is the English one, with a place for each of `values`.

    Raises LanguageError if the vocabulary has no German sentence for it.
    """
    if _current == "en":
        return template.format(**values)
    if template not in vocabulary():
        raise LanguageError(f"figures — the vocabulary has no German for '{template}' — add it to vocabulary.csv")
    return vocabulary()[template].format(**values)


def word(term: str) -> str:
    """A name or term in the language of the figures; what the vocabulary does not know stays as it is.

    'crude_steel', 'Crude steel' and 'crude steel' are the same term.
    """
    if _current == "en":
        return term
    return vocabulary().get(term) or _terms().get(_plain(term), term)


def digits(text: str) -> str:
    """A number as '1,234.5' with the signs of the language: in German '1.234,5'."""
    return text if _current == "en" else text.translate(str.maketrans(",.", ".,"))


def retold(text: str, templates: Sequence[str]) -> str:
    """A sentence that results keep in English, in the language of the figures; one like none of `templates` stays.

    What stands in its places is taken over: numbers with the signs of the language, names that the vocabulary knows.
    """
    if _current == "en":
        return text
    for template in templates:
        found = _places(template).fullmatch(text)
        if found:
            return vocabulary()[template].format(**{k: _taken_over(v) for k, v in found.groupdict().items()})
    return text


@cache
def _places(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile("".join(f"(?P<{p}>.+?)" if i % 2 else re.escape(p) for i, p in enumerate(parts)))


def _taken_over(text: str) -> str:
    return digits(text) if re.fullmatch(r"[-\d.,]+(?:e[-+]?\d+)?", text) else word(text)


@cache
def vocabulary() -> dict[str, str]:
    """English → German, sentences and terms."""
    text = (resources.files(__package__) / "vocabulary.csv").read_text(encoding="utf-8")
    return {row["en"]: row["de"] for row in csv.DictReader(text.splitlines())}


@cache
def _terms() -> dict[str, str]:
    return {_plain(en): de for en, de in vocabulary().items() if "{" not in en}


def _plain(term: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", term.lower()))
