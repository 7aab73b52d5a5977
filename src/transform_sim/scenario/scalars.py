"""Single values of YAML 1.2: what a word in a file means, and which ones are refused as likely mistakes."""

from __future__ import annotations

import math
import re

from .tree import Scalar

LARGEST = 1e25
"""No number in natural units comes near this; beyond it is a slip of the keyboard."""

_WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?(?:0|[1-9][\d_]*)")
_FLOAT = re.compile(r"[-+]?(?:\.\d+|(?:0|[1-9][\d_]*)(?:\.\d*)?)(?:[eE][-+]?\d+)?")
_ZERO = re.compile(r"([-+]?)0+(\d[\d_]*(?:\.\d*)?(?:[eE][-+]?\d+)?)")
_NAN = re.compile(r"[-+]?\.?nan", re.IGNORECASE)
_INF = re.compile(r"[-+]?\.inf", re.IGNORECASE)
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:\.\d{3}){2,7}|[-+]?\d{1,3}(?:,\d{3}){2,7}")
_COMMA = re.compile(r"[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+(?:[eE][-+]?\d+)?")


class ScalarError(ValueError):
    """A value that is refused; `code` is its kind of problem."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def scalar(word: str) -> Scalar:
    """The value of an unquoted word; raises ScalarError."""
    if word in _WORDS:
        return _WORDS[word]
    refuse_misspelt(word)
    if _INT.fullmatch(word) and len(word) <= 40:
        return int(check_number(int(word)))
    if _FLOAT.fullmatch(word):
        return check_number(float(word))
    return word


def refuse_misspelt(word: str) -> None:
    """Raise ScalarError for what is meant as a number but is none, or not the one that was meant."""
    if _NAN.fullmatch(word):
        raise ScalarError("not-a-number", f"'{word}' is no number. Leave the key out if there is no value")
    if _INF.fullmatch(word):
        raise ScalarError("infinite", f"'{word}' is not read. Write inf with a unit, such as 'inf a'")
    if _THOUSANDS.fullmatch(word):
        raise ScalarError("thousands", f"'{word}' is text, not a number. Write {_without_marks(word)}")
    if _COMMA.fullmatch(word):
        right = word.replace(".", "").replace(",", ".")
        raise ScalarError("decimal-comma", f"'{word}' has a decimal comma. Write {right}")
    if zero := _ZERO.fullmatch(word):
        raise ScalarError("leading-zero", f"'{word}' has a leading zero. Write {zero[1]}{zero[2]}, or quote it as text")


def _without_marks(word: str) -> str:
    digits = word.replace(".", "").replace(",", "")
    return f"{int(digits):_} or {int(digits) / 1e6:.12g}e6"


def check_number(number: float) -> float:
    """The number itself; raises ScalarError if it is NaN, infinite or absurdly large."""
    if math.isnan(number):
        raise ScalarError("not-a-number", "the value is NaN. Leave the key out if there is no value")
    if math.isinf(number):
        raise ScalarError("infinite", "the value is infinite. Write inf with a unit, such as 'inf a'")
    if abs(number) > LARGEST:
        raise ScalarError("too-large", f"{number:g} is beyond any quantity; at most {LARGEST:g} is read")
    return number
