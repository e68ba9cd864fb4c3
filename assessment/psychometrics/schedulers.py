"""Who computes the sums over shards: this process, several processes, or a Dask cluster.

A scheduler is given the shards once and then any number of functions to apply to each of them. Results come
back in the order of the shards, so that they are added in one order whoever computed them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from multiprocessing import get_context
from typing import Any, Protocol, TypeVar

from assessment.psychometrics.responses import Shard

Argument = TypeVar("Argument")
Result = TypeVar("Result")


class Apply(Protocol):
    """Applies a function to every shard and one argument; returns the results in the order of the shards."""

    def __call__(self, function: Callable[[Shard, Argument], Result], argument: Argument) -> list[Result]: ...


Scheduler = Callable[[Sequence[Shard]], AbstractContextManager[Apply]]


@contextmanager
def in_process(shards: Sequence[Shard]) -> Iterator[Apply]:
    """Compute here, one shard after the other."""

    def apply(function: Callable[[Shard, Argument], Result], argument: Argument) -> list[Result]:
        return [function(shard, argument) for shard in shards]

    yield apply


def processes(workers: int) -> Scheduler:
    """Return a scheduler over ``workers`` processes of this machine; each holds its part of the shards.

    Processes are spawned, not forked: a fork would take open database connections along.
    """

    @contextmanager
    def scheduler(shards: Sequence[Shard]) -> Iterator[Apply]:
        with ExitStack() as stack, _one_thread_each():
            pools = [
                stack.enter_context(
                    ProcessPoolExecutor(1, get_context("spawn"), _hold, (list(shards[worker::workers]),))
                )
                for worker in range(workers)
            ]

            def apply(function: Callable[[Shard, Argument], Result], argument: Argument) -> list[Result]:
                running = [pool.submit(_apply_to_held, function, argument) for pool in pools]
                parts = [future.result() for future in running]
                return [parts[n % workers][n // workers] for n in range(len(shards))]

            yield apply

    return scheduler


def dask(client: Any) -> Scheduler:
    """Return a scheduler over the workers of a ``dask.distributed.Client`` (the extra ``dask``)."""

    @contextmanager
    def scheduler(shards: Sequence[Shard]) -> Iterator[Apply]:
        held = client.scatter(list(shards), hash=False)

        def apply(function: Callable[[Shard, Argument], Result], argument: Argument) -> list[Result]:
            running = [client.submit(function, shard, argument, pure=False) for shard in held]
            results: list[Result] = client.gather(running)
            return results

        try:
            yield apply
        finally:
            client.cancel(held)

    return scheduler


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let each worker's linear algebra use one thread: the processes are the parallelism.

    The number is read when a worker imports numpy, so it has to stand in the environment that it inherits.
    """
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


_held: list[Shard] = []


def _hold(shards: list[Shard]) -> None:
    _held[:] = shards


def _apply_to_held(function: Callable[[Shard, Argument], Result], argument: Argument) -> list[Result]:
    return [function(shard, argument) for shard in _held]
