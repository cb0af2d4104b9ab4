"""Run notebooks: the same bytes at every run, progress on the way, and the old file kept until it is done.

`python -m crossfoot_cli.notebooks NOTEBOOK…` executes them in place, in the order given;
with `--report PATH --out DIR`, or `--reports FOLDER --out DIR` for the one of a whole folder, they audit
others: executed copies go to DIR, they stay as they are.
"""

import argparse
import ast
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from crossfoot.atomic_write import replace
from crossfoot.errors import CrossfootError, require

require("notebooks", "ipykernel", "jupyter_client", "nbclient", "nbformat", "traitlets")

import nbformat  # noqa: E402
from jupyter_client.kernelspec import KernelSpec  # noqa: E402
from jupyter_client.manager import AsyncKernelManager  # noqa: E402
from nbclient import NotebookClient  # noqa: E402
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError  # noqa: E402
from traitlets.config import Config  # noqa: E402

PARAMETERS, INJECTED = "parameters", "injected-parameters"  # papermill's tags
_RUN_ON = (
    "> **Run on `{name}`.** The answer in words below is that of what this notebook was written for; every "
    "output is of `{name}`, and its own answer's numbers are the last output."
)
TIMEOUT = 900  # seconds a cell may take
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "COLUMNS": "100",
    "NO_COLOR": "1",
}
_AGAIN = "The notebook on disk is as it was; open it with `make lab` and run it up to that cell"


class NotebookError(CrossfootError, RuntimeError):
    """A notebook that cannot be run to its end: `file` and `cell` say where."""


class Kernel(AsyncKernelManager):
    """This Python as the kernel, whatever kernels are installed; no history, no profile of the user's."""

    @property
    def kernel_spec(self) -> KernelSpec:
        launch = ["-m", "ipykernel_launcher", "-f", "{connection_file}", "--HistoryManager.enabled=False"]
        return KernelSpec(argv=[sys.executable, *launch], **_METADATA["kernelspec"])


class _Client(NotebookClient):
    """A client that leaves interrupts to `stop`; nbclient itself would report the kernel's death."""

    def __init__(self, notebook: Any, stop: Callable[[], None] | None, **options: Any) -> None:
        super().__init__(notebook, **options)
        self._stop = stop

    def _listen(self) -> None:
        with suppress(NotImplementedError, RuntimeError, ValueError):  # no signals in this thread or system
            for number in (signal.SIGINT, signal.SIGTERM):
                if self._stop is not None:
                    asyncio.get_running_loop().add_signal_handler(number, self._stop)

    @asynccontextmanager
    async def async_setup_kernel(self, **options: Any) -> AsyncIterator[None]:
        async with super().async_setup_kernel(**options):
            self._listen()
            yield
        self._listen()


def _transport(folder: str) -> Config:
    """Talk to the kernel through files of that folder, not ports: nobody else can listen in."""
    return Config() if sys.platform == "win32" else Config(Kernel={"transport": "ipc", "ip": f"{folder}/k"})


async def execute(
    source: str | Path,
    target: str | Path,
    parameters: Mapping[str, str] | None = None,
    stop: Callable[[], None] | None = None,
) -> None:
    """Run the notebook in its own folder and write it, executed, to `target` (which may be itself).

    The same code and data give the same bytes: no times, no versions, cells numbered from 1. `target` is
    replaced whole at the end, or not at all. `parameters` are set after the cell tagged `parameters`; a
    name that this cell does not assign raises. `stop` is called at an interrupt, if given.
    Raises NotebookError, naming notebook and cell.
    """
    source, target = Path(source), Path(target)
    notebook = _read(source)
    if parameters is not None:
        _inject(notebook, parameters, source.name)
    with tempfile.TemporaryDirectory() as profile:
        client = _Client(
            notebook,
            stop,
            kernel_manager_class=Kernel,
            config=_transport(profile),
            timeout=TIMEOUT,
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
            resources={"metadata": {"path": str(source.resolve().parent)}},
        )
        running = 0

        def note(cell: Any, cell_index: int) -> None:
            nonlocal running
            running = cell_index + 1

        def failed(problem: str) -> NotebookError:
            return NotebookError(problem, file=source.name, cell=f"cell {running}", advice=_AGAIN)

        client.on_cell_start = note
        environment = os.environ | _ENVIRONMENT | {"IPYTHONDIR": profile}
        try:
            await client.async_execute(env=environment, stderr=subprocess.DEVNULL)
        except CellExecutionError as error:
            first = (error.evalue or "").strip().splitlines()[:1]
            raise failed(": ".join([error.ename, *first])) from None
        except CellTimeoutError:
            raise failed(f"takes longer than {TIMEOUT} s") from None
        except DeadKernelError:
            raise failed("its Python process died (out of memory?)") from None
    _normalise(notebook)
    if source.resolve() == target.resolve():
        _refuse_what_varies(notebook, source)
    replace(target, (nbformat.writes(notebook).rstrip("\n") + "\n").encode("utf-8"))


async def _execute_all(
    paths: Sequence[Path], parameters: Mapping[str, Path], out: Path | None, jobs: int
) -> bool:
    """Run the notebooks, `jobs` at a time, and tell each one's time; true where they were interrupted.

    The first that fails stops the others and is raised.
    """
    interrupted = False
    gate = asyncio.Semaphore(jobs)

    def stop() -> None:
        nonlocal interrupted
        interrupted = True
        for task in tasks:
            task.cancel()

    async def run(path: Path) -> None:
        async with gate:
            start = time.perf_counter()
            # relative, as the notebooks themselves name it: no output carries a path of this machine
            named = {name: os.path.relpath(value, path.parent) for name, value in parameters.items()}
            await execute(path, out / path.name if out else path, named or None, stop)
            chain = sorted(path.parent.glob("*.ipynb"))
            place = f"[{chain.index(path) + 1}/{len(chain)}]"
            print(f"{place} {path.stem} … {time.perf_counter() - start:.1f} s", flush=True)

    tasks = [asyncio.create_task(run(path)) for path in paths]
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    if not interrupted:
        for task in (task for task in tasks if task in done):
            task.result()
    return interrupted


def _read(path: Path) -> Any:
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotebookError("missing", file=str(path), advice="Restore it with `git restore`") from None
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
        raise NotebookError(problem, file=str(path), advice="Check its rights") from None
    except UnicodeDecodeError as error:
        raise _no_notebook(path, error) from None
    try:
        return nbformat.reads(content, as_version=4)
    except Exception as error:  # of nbformat, over what the file holds
        raise _no_notebook(path, error) from None


def _no_notebook(path: Path, error: Exception) -> NotebookError:
    problem = f"not a notebook ({type(error).__name__})"
    return NotebookError(problem, file=str(path), advice="Restore or correct it")


def _inject(notebook: Any, parameters: Mapping[str, str], name: str) -> None:
    tagged = [i for i, cell in enumerate(notebook.cells) if PARAMETERS in cell.metadata.get("tags", ())]
    if len(tagged) != 1:
        raise NotebookError(f"{len(tagged)} cells are tagged {PARAMETERS!r}, not one", file=name)
    assigned = {
        node.id
        for node in ast.walk(ast.parse(notebook.cells[tagged[0]].source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    if unknown := sorted(set(parameters) - assigned):
        raise NotebookError(f"its parameters cell does not assign {', '.join(unknown)}", file=name)
    cell = nbformat.v4.new_code_cell(
        "\n".join(f"{key} = {value!r}" for key, value in parameters.items()),
        id=INJECTED,
        metadata={"tags": [INJECTED]},
    )
    notebook.cells.insert(tagged[0] + 1, cell)
    run_on = Path(parameters.get("REPORT") or parameters.get("REPORTS") or "").name
    if run_on:
        note = nbformat.v4.new_markdown_cell(
            _RUN_ON.format(name=run_on.replace("`", "'")), id=f"{INJECTED}-note"
        )
        notebook.cells.insert(0, note)


def _normalise(notebook: Any) -> None:
    """Drop all that differs between two runs, and number the code cells in order."""
    notebook.metadata = nbformat.from_dict(_METADATA)
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    count = 0
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = cell.get("id") or f"cell-{number}"
        cell.metadata = nbformat.from_dict(
            {key: value for key, value in cell.metadata.items() if key in ("tags", "jupyter")}
        )
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        for output in cell.outputs:
            output.pop("transient", None)
            if output.output_type == "execute_result":
                output.execution_count = count


def _refuse_what_varies(notebook: Any, source: Path) -> None:
    """Refuse outputs that would differ on another machine or at the next run: warnings, and paths."""
    folders = {str(source.resolve().parents[1]), str(Path.home()), sys.prefix} - {"/"}
    for number, cell in enumerate(notebook.cells, 1):
        problem = advice = None
        warned = [output.text for output in cell.get("outputs", ()) if output.get("name") == "stderr"]
        text = str(cell.get("outputs", ""))
        if warned:
            problem = f"it writes to stderr: {warned[0].strip().splitlines()[0]}"
            advice = "Fix what it warns of"
        elif any(f"{folder}{os.sep}" in text for folder in folders):
            problem = "its output holds a path of this machine, and would differ on another"
            advice = "Print the file's name only"
        if problem:
            raise NotebookError(problem, file=source.name, cell=f"cell {number}", advice=advice)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the notebooks named; 0 when all ran, 1 after the first that did not, 130 when interrupted."""
    parser = argparse.ArgumentParser(prog="python -m crossfoot_cli.notebooks", description=__doc__)
    parser.add_argument("notebooks", nargs="+", type=Path)
    others = parser.add_mutually_exclusive_group()
    others.add_argument("--report", type=Path, metavar="PATH", help="audit this report instead")
    others.add_argument("--reports", type=Path, metavar="FOLDER", help="audit all reports below it instead")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write executed copies here")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="how many at a time (2)")
    options = parser.parse_args(arguments)
    other = options.report or options.reports
    if other and not options.out:
        parser.error("--report and --reports need --out: the notebooks themselves are of one report")
    if other and not (other.is_file() if options.report else other.is_dir()):
        what = "file" if options.report else "folder"
        print(f"crossfoot: {other}: no such {what}. Check the path", file=sys.stderr)
        return 1
    parameters = {"REPORT": other} if options.report else {}
    if options.reports:
        parameters = {"REPORTS": other, "OUT": options.out, "READ_IN": options.out}
    count = len(options.notebooks)
    print(f"Running {count} notebook{'s' if count > 1 else ''} …", flush=True)
    try:
        if not asyncio.run(_execute_all(options.notebooks, parameters, options.out, options.jobs)):
            return 0
    except CrossfootError as error:
        print(f"crossfoot: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        place = error.filename or options.out or "the notebooks"
        print(
            f"crossfoot: {place}: {error.strerror or error}. Check the disk and its rights", file=sys.stderr
        )
        return 1
    except KeyboardInterrupt:
        pass
    print("crossfoot: interrupted; notebooks that had not finished are as they were", file=sys.stderr)
    return 130


if __name__ == "__main__":
    sys.exit(main())
