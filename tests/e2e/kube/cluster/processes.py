"""Processes of a test, started, waited for and ended."""

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PAUSE_SECONDS = 0.02
STOP_SECONDS = 20.0
MOST_LOG = 3000


def until(holds: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Asks again and again.

    Raises:
        TimeoutError: It does not hold in time.
    """
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() >= deadline:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        time.sleep(PAUSE_SECONDS)


@contextmanager
def running(
    command: Sequence[str | Path], folder: Path, ready: Callable[[], bool], *, seconds: float
) -> Iterator[None]:
    """The program, ready; ended with the block.

    Raises:
        RuntimeError: It ends by itself or is not ready in time; with its last words.
    """
    log = folder / f"{Path(command[0]).name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env={}
        )
    try:
        _until_ready(process, ready, seconds, log)
        yield
    finally:
        _end(process)


def _until_ready(
    process: subprocess.Popen[bytes], ready: Callable[[], bool], seconds: float, log: Path
) -> None:
    def ready_or_gone() -> bool:
        return process.poll() is not None or ready()

    try:
        until(ready_or_gone, seconds=seconds, what=f"{log.stem} is ready")
    except TimeoutError as error:
        raise RuntimeError(f"{error}\n{_last_words(log)}") from error
    if process.returncode is not None:
        raise RuntimeError(f"{log.stem} ended with {process.returncode}\n{_last_words(log)}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _last_words(log: Path) -> str:
    return log.read_bytes()[-MOST_LOG:].decode("utf-8", "replace")
