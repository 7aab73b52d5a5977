"""What all parts of a scenario share: strictness, immutability, field helpers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

K = TypeVar("K")
V = TypeVar("V")


class Section(BaseModel):
    """A mapping in a scenario file: unknown keys are refused, nothing can be changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)


class FrozenDict(dict[K, V]):
    """A dict that refuses changes; picklable, so that scenarios travel to worker processes."""

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("a scenario cannot be changed after loading; use scenario.with_(…) for a changed copy")

    __setitem__ = __delitem__ = _refuse
    clear = pop = popitem = setdefault = update = __ior__ = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return (FrozenDict, (dict(self),))


def _freeze(value: Mapping[K, V]) -> FrozenDict[K, V]:
    return FrozenDict(value)


def _empty_section(value: Any) -> Any:
    """`coast:` with nothing behind it means a section with all defaults."""
    if isinstance(value, Mapping):
        return {k: ({} if v is None else v) for k, v in value.items()}
    return {} if value is None else value


Named = Annotated[dict[str, V], BeforeValidator(_empty_section), AfterValidator(_freeze)]
"""A mapping from names to sections."""

Frozen = Annotated[dict[K, V], AfterValidator(_freeze)]
"""A mapping that cannot be changed."""


def text(description: str, default: Any = "", **extra: Any) -> Any:
    """A field that is a name, a text or a switch, documented for `docs/scenario.md`."""
    return Field(default, description=description, json_schema_extra={f"x-{k}": v for k, v in extra.items()})
