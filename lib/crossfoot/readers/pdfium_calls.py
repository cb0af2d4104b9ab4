"""pdfium's functions as they are called for every character and every path of a page.

pypdfium2 hands them pointers of their own types, each of which ctypes looks into at every call; plain
addresses it passes on, which takes two thirds of the time.
"""

import ctypes
from collections.abc import Callable
from typing import Any

_ADDRESS = ctypes.c_void_p


def by_address(function: Any) -> Callable[..., Any]:
    """The function of `pypdfium2.raw`, taking and giving addresses (None for null) in place of pointers."""
    kinds = [
        _ADDRESS if hasattr(kind, "contents") else kind for kind in (function.restype, *function.argtypes)
    ]
    # Keeping Python's lock: the calls are too short for another thread to profit.
    return ctypes.PYFUNCTYPE(*kinds)(address(function))


def address(pointer: Any) -> int:
    """The address that a function has, or that a pointer, such as a page's handle, holds; 0 for null."""
    return ctypes.cast(pointer, _ADDRESS).value or 0


def numbers(kind: Any, count: int) -> tuple[list[Any], list[int]]:
    """So many numbers of a ctypes type for pdfium to write (read their `value`), and their addresses."""
    found = [kind() for _ in range(count)]
    return found, [ctypes.addressof(number) for number in found]
