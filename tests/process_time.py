"""Bounds on what something costs, which hold on a machine that is busy with other things too."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails where the block takes more processor time than that, in this process with all its threads."""
    started = time.process_time()
    yield
    taken = time.process_time() - started
    assert taken < seconds, f"took {taken:.1f} s of processor time"


LIMITED = """
try:
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, ({0}, {0}))
except ImportError:
    pass
"""
"""Python code that ends its own process after so many seconds of processor time, where the system can."""

PATIENCE = 8
"""How many times longer than its processor time a process may take on a busy machine."""
