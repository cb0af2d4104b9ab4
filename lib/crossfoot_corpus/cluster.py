"""The Dask cluster: an embedded one, or an existing one by its address; and reports sent through it."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Any

import dask
from distributed import Client, KilledWorker, LocalCluster, as_completed

from crossfoot.errors import CrossfootError, defect, unavailable

from .files import version
from .worker import Limits, Outcome, audit_file

WINDOW = 4
"""Reports under way for each worker thread: enough that none waits, few enough to hold in memory."""
_PATIENCE = 60
"""Seconds to wait for a cluster's first worker."""
_CONNECT = 20
"""Seconds to wait for a scheduler's answer."""
# A worker only waits for its child, which has limits of its own.
_CONFIG = {
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "100 ms",
    "distributed.comm.timeouts.connect": "20s",
}


class ClusterError(CrossfootError, RuntimeError):
    """The cluster cannot be reached, is of another version, or was lost."""


@contextmanager
def connected(scheduler: str | None, workers: int) -> Iterator[Client]:
    """A client of the cluster at that address, or of an embedded one with so many workers.

    Raises ClusterError where there is no cluster, no worker, or workers run other code than this.
    """
    with dask.config.set(_CONFIG):
        if scheduler is None:
            with (
                LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    dashboard_address="127.0.0.1:0",
                    host="127.0.0.1",
                    silence_logs=logging.CRITICAL,
                ) as cluster,
                Client(cluster) as client,
            ):
                yield client
            return
        try:
            client = Client(scheduler, timeout=_CONNECT)
        except (OSError, ValueError) as error:
            advice = "Start it with `dask scheduler`, or leave the address out"
            raise ClusterError("no scheduler answers", file=scheduler, advice=advice) from error
        with client:
            _check(client, scheduler)
            yield client


def _check(client: Client, scheduler: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError:
        advice = f"Start some with `dask worker {scheduler}`"
        raise ClusterError("it has no workers", file=scheduler, advice=advice) from None
    try:
        versions = set(client.run(version).values())
    except Exception as error:
        advice = "Install the same crossfoot[corpus] on every machine"
        raise ClusterError(
            f"its workers cannot run crossfoot ({type(error).__name__}: {error})",
            file=scheduler,
            advice=advice,
        ) from error
    if versions != {version()}:
        advice = "Install the same one on every machine"
        raise ClusterError("its workers run another crossfoot than this", file=scheduler, advice=advice)


def outcomes(
    client: Client, items: Iterable[tuple[str, str]], limits: Limits, audit: str, expected: int
) -> Iterator[Outcome]:
    """The outcome of each (path, sha256), as they come; only so many are under way as keep workers busy.

    `expected` is about how many there are.

    Raises ClusterError where the cluster is lost.
    """
    threads = max(1, sum(worker["nthreads"] for worker in _workers(client).values()))
    waiting = iter(items)
    reads = expected // threads
    own = version()

    def submit(item: tuple[str, str]) -> Any:
        path, sha256 = item
        return client.submit(
            audit_file,
            path,
            sha256,
            limits,
            audit,
            reads,
            key=f"crossfoot-{sha256}",
            pure=False,
            retries=2,
        )

    running = {submit(item): item[1] for item in islice(waiting, WINDOW * threads)}
    done = as_completed(list(running), raise_errors=False)
    for future in done:
        sha256 = running.pop(future)
        try:
            outcome = future.result()
        except Exception as error:
            if future.status != "error" or client.status != "running":
                raise ClusterError(
                    "the cluster was lost", advice="Run again: it goes on from here"
                ) from error
            if isinstance(error, KilledWorker):  # lost again and again
                outcome = Outcome(sha256, "failed", "worker", f"lost its worker ({type(error).__name__})")
            elif isinstance(error, OSError):
                outcome = Outcome(sha256, "failed", "system", unavailable(error))
            else:
                outcome = Outcome(sha256, "failed", "error", defect(error))
        if outcome.version not in ("", own):
            advice = "Install the same one on every machine"
            raise ClusterError("a worker runs another crossfoot than this", advice=advice)
        del future
        yield replace(outcome, version=own)
        for item in islice(waiting, 1):
            following = submit(item)
            running[following] = item[1]
            done.add(following)


def _workers(client: Client) -> dict[str, dict]:
    return client.scheduler_info(n_workers=-1)["workers"]
