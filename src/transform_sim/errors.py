"""The exception tree: everything transform_sim raises on purpose derives from `TransformSimError`.

TransformSimError
├── ScenarioError       the scenario has problems (all of them, with file and line)
├── ModelError          a constraint was written against the wrong names or shapes
├── SolveError          the solver ended without a usable optimum
│   ├── InfeasibleError     no solution; carries the explanation
│   ├── UnboundedError      cost falls without limit; carries the ray
│   ├── TimeLimitError      stopped early; carries bound and incumbent
│   └── CertificateError    a solution came back that does not prove itself
├── FilesError          a file or folder cannot be used, or holds something else
├── WorkersError        processes that share the work could not start or died; what is finished is kept
└── MissingExtraError   an optional package is needed; the message holds the pip line
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


class TransformSimError(Exception):
    """Base of all errors raised on purpose; its text is one that a user can act on."""


class ScenarioError(TransformSimError):
    """A scenario has problems; `problems` holds every one of them, the text shows the first ten."""

    def __init__(self, text: str, problems: Sequence[Any] = ()) -> None:
        super().__init__(text)
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (str(self), self.problems))


class ModelError(TransformSimError):
    """A term, row or cost refers to names or shapes that the program does not have."""


class SolveError(TransformSimError):
    """The solver ended without a usable optimum."""


class InfeasibleError(SolveError):
    """No solution exists; `explanation` says in the scenario's words what conflicts and by how much."""

    def __init__(self, text: str, explanation: Any = None) -> None:
        super().__init__(text)
        self.explanation = explanation


class UnboundedError(SolveError):
    """Cost falls without limit; `ray` maps column names to the direction in which it falls."""

    def __init__(self, text: str, ray: dict[str, float] | None = None) -> None:
        super().__init__(text)
        self.ray = ray or {}


class TimeLimitError(SolveError):
    """The time or iteration limit was reached; `bound` ≤ optimum ≤ `incumbent`, None where unknown."""

    def __init__(self, text: str, bound: float | None = None, incumbent: float | None = None) -> None:
        super().__init__(text)
        self.bound = bound
        self.incumbent = incumbent


class CertificateError(SolveError):
    """The returned solution fails the independent check; `certificate` names the worst row and column."""

    def __init__(self, text: str, certificate: Any = None) -> None:
        super().__init__(text)
        self.certificate = certificate


class FilesError(TransformSimError):
    """A file or folder cannot be used; the text says which, why, and what would help."""


class WorkersError(TransformSimError):
    """Processes that share the work could not start, or all of them died; finished work is kept."""


class MissingExtraError(TransformSimError):
    """An optional package is not installed; the text ends with the pip line that installs it."""
