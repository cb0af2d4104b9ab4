"""How far the run is: done of all, rate, failures, time left; one line that is redrawn, or one every 15 s."""

import io
import sys
import time
from typing import TextIO

_REDRAW, _REPEAT = 0.2, 15.0


class Progress:
    """Counts what is finished. `before` of `total` were finished before this run; `quiet` tells nothing."""

    def __init__(self, total: int, before: int, quiet: bool = False) -> None:
        self.total, self.before, self.finished, self.failed = total, before, 0, 0
        self._stream: TextIO = io.StringIO() if quiet else sys.stderr
        self._redraws = self._stream.isatty()
        self._start = time.monotonic()
        self._shown = float("-inf") if self._redraws else self._start

    def add(self, failed: bool) -> None:
        """One more file is finished."""
        self.finished += 1
        self.failed += failed
        now = time.monotonic()
        if now - self._shown >= (_REDRAW if self._redraws else _REPEAT):
            self._shown = now
            self._write()

    def close(self) -> None:
        """Tell how it ended."""
        self._write()
        if self._redraws:
            self._stream.write("\n")
            self._stream.flush()

    def _write(self) -> None:
        seconds = max(time.monotonic() - self._start, 1e-9)
        rate = self.finished / seconds
        left = self.total - self.before - self.finished
        line = f"[{self.before + self.finished}/{self.total}] {rate:.1f} reports/s, {self.failed} failed"
        if left and rate:
            line += f", {_clock(left / rate)} left"
        else:
            line += f", {_clock(seconds)}"
        self._stream.write(f"\r\x1b[K{line}" if self._redraws else f"{line}\n")
        self._stream.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
