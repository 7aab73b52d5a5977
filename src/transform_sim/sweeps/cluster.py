"""A Dask cluster as an executor: the same chunks, solved by workers on other machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from platform import node
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from transform_sim.errors import MissingExtraError, WorkersError

from .plan import Plan
from .progress import Watcher, silent
from .run import PACKAGES, run

P = ParamSpec("P")
T = TypeVar("T")

LARGEST = "1 GiB"
"""Size of a plan from which on Dask may warn that it is large; it travels once, whatever its size."""


class ClusterError(WorkersError):
    """A cluster cannot be reached, or its workers cannot take part."""


def run_on(
    scheduler: str, plan: Plan, out: str | Path, keep: str | Sequence[str] = "indicators", *, watch: Watcher = silent
) -> None:
    """As `run`, by the workers of a Dask scheduler; those that join later take their share, so it has all chunks."""
    with connected(scheduler) as executor:
        run(plan, out, keep, workers=len(plan.chunks), executor=executor, watch=watch)


@contextmanager
def connected(scheduler: str) -> Iterator[Executor]:
    """The workers of a Dask scheduler such as `tcp://host:8786`; waits until there is one.

    Raises ClusterError if nobody answers there, or the first worker lacks this package or has other versions of what
    decides digits; MissingExtraError.
    """
    try:
        dask, distributed = import_module("dask"), import_module("distributed")
    except ImportError:
        raise MissingExtraError(
            'a Dask scheduler needs distributed, which is not installed — pip install "transform-sim[cluster]"'
        ) from None
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": LARGEST}):
        try:
            client = distributed.Client(scheduler, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ClusterError(f"no Dask scheduler answers at {scheduler}: {error}") from None
        with client:
            cluster = _Cluster(client)
            cluster.check(scheduler)
            yield cluster


class _Cluster(Executor):
    """Tasks on a cluster. Bytes, such as plans, travel once and are then handed from worker to worker."""

    def __init__(self, client: Any) -> None:
        self._client = client
        # a task that is tried again must not be answered with what became of the first attempt
        self._executor = client.get_executor(pure=False)
        self._versions = _versions()
        self._sent: dict[bytes, Any] = {}

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        given = [self._there(value) if isinstance(value, bytes) else value for value in args]
        future: Future[T] = self._executor.submit(_as_here, self._versions, fn, *given, **kwargs)
        return future

    def check(self, scheduler: str) -> None:
        """Try a worker; raises ClusterError if it cannot do what this process can."""
        try:
            self.submit(int).result()
        except Exception as error:
            first = str(error).partition("\n")[0]
            hint = "The scheduler and all workers need the same environment as this process"
            raise ClusterError(f"the workers of {scheduler} cannot take part: {first}. {hint}") from None

    def _there(self, content: bytes) -> Any:
        """As a task, not as scattered data: if the worker that holds it dies, the scheduler makes it anew."""
        if content not in self._sent:
            self._sent[content] = self._client.submit(bytes, content)
        return self._sent[content]


_one = Lock()


def _as_here(versions: Mapping[str, str], function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """A task on a worker, which may have joined late: with the versions of who asks, and alone in its process.

    Raises BrokenExecutor if a version differs: the folder would hold digits that its manifest does not account for.
    """
    others = [f"{name} {own}, not {versions[name]}" for name, own in _versions().items() if own != versions[name]]
    if others:
        raise BrokenExecutor(f"{node()} has {', '.join(others)}")
    # without a scheduler of its own, xarray would ask the cluster for a lock on each file that it writes
    with _one, import_module("dask").config.set(scheduler="synchronous"):
        return function(*args, **kwargs)


def _versions() -> dict[str, str]:
    return {name: version(name) for name in PACKAGES}
