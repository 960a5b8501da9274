"""Runs a real CoreDNS on the loopback interface during a measurement."""

import asyncio
import contextlib
import socket
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path

from eksaddon.domain.errors import EksdnsError
from eksaddon.ports import Clock
from eksaddon.probe.prober import Ask
from eksaddon.probe.samples import Reply

LOOPBACK = "127.0.0.1"
START_SECONDS = 20.0
"""The first start reads about 70 MB from disk."""
RETRY_SECONDS = 0.05
MOST_LOG = 4096


def free_port() -> int:
    """A port of the loopback interface that is currently free for TCP and UDP."""
    while True:
        with socket.socket(type=socket.SOCK_STREAM) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind((LOOPBACK, 0))
            port = int(tcp.getsockname()[1])
            with contextlib.suppress(OSError):
                udp.bind((LOOPBACK, port))
                return port


@contextlib.asynccontextmanager
async def running(binary: Path, corefile: str, ask: Ask, clock: Clock) -> AsyncIterator[Process]:
    """Start CoreDNS with the Corefile and wait until it answers `ask`; killed at the end if still running.

    Raises:
        EksdnsError: The binary cannot be started, rejects the Corefile or does not answer in time.
    """
    with tempfile.TemporaryDirectory(prefix="eksdns-coredns-") as folder:
        process = await _start(binary, Path(folder), corefile)
        try:
            await _until_answering(process, binary, Path(folder), ask, clock)
            yield process
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            await process.wait()


async def _start(binary: Path, folder: Path, corefile: str) -> Process:
    """Start the process in its own session, so that Ctrl-C in the terminal does not reach it."""
    program = _written(binary, folder, corefile)
    with (folder / "log").open("wb") as output:
        try:
            return await asyncio.create_subprocess_exec(
                program,
                "-conf",
                "Corefile",
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=folder,
                env={},
                start_new_session=True,
            )
        except OSError as error:
            raise EksdnsError(
                f"cannot start {binary}: {error.strerror}",
                hint="--coredns takes the path of a CoreDNS binary",
            ) from error


def _written(binary: Path, folder: Path, corefile: str) -> Path:
    """Write the Corefile and return the absolute path of the binary."""
    (folder / "Corefile").write_bytes(corefile.encode("utf-8", "surrogateescape"))
    return binary.absolute()


async def _until_answering(process: Process, binary: Path, folder: Path, ask: Ask, clock: Clock) -> None:
    deadline = clock.now() + START_SECONDS
    while not isinstance(await ask(), Reply):
        if process.returncode is not None:
            raise EksdnsError(f"{binary} ended with {process.returncode}: {_last_words(folder)}")
        if clock.now() >= deadline:
            raise EksdnsError(f"{binary} does not answer within {START_SECONDS:g} s: {_last_words(folder)}")
        await clock.sleep(RETRY_SECONDS)


def _last_words(folder: Path) -> str:
    text = (folder / "log").read_bytes()[-MOST_LOG:].decode("utf-8", "replace").strip()
    return text.rpartition("\n")[2] or "no output"
