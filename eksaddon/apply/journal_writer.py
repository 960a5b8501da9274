"""Writes the journal; concurrent records are combined in one append."""

import asyncio
from dataclasses import field
from functools import partial
from typing import assert_never

from eksaddon.apply.steps import BeginWave, Close, EndWave, Pause, RollBack, Soak, Stop
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.run.records import (
    Closed,
    Paused,
    Record,
    RollbackAsked,
    Stopped,
    WaveBegan,
    WaveEnded,
    WaveSoaking,
    to_json,
)
from eksaddon.frozen import dataclass
from eksaddon.ports import Executor, Journal

LANE = "journal"


@dataclass(slots=True)
class JournalWriter:
    """Writes records in batches.

    Attributes:
        lost: Why nothing more can be recorded; None if no write failed.
    """

    journal: Journal
    executor: Executor
    lost: EksdnsError | None = field(default=None)
    _waiting: list[tuple[Record, asyncio.Future[None]]] = field(default_factory=list)
    _writer: asyncio.Task[None] | None = field(default=None)

    async def write(self, *records: Record) -> None:
        """Append records; returns when they are durable.

        Raises:
            EksdnsError: The append failed; later records are rejected.
        """
        if self.lost is not None:
            raise self.lost
        futures: list[asyncio.Future[None]] = []
        for record in records:
            future = asyncio.get_running_loop().create_future()
            self._waiting.append((record, future))
            futures.append(future)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.get_running_loop().create_task(self._drain())
        await asyncio.gather(*futures)

    async def _drain(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            append = partial(self.journal.append, [to_json(record) for record, _ in batch])
            try:
                await asyncio.wrap_future(self.executor.submit(LANE, append))
            except Exception as error:  # noqa: BLE001  # raised in the tasks that wait for it
                self.lost = _write_error(error)
                batch += self._waiting
                self._waiting = []
            for _, future in batch:
                if future.done():  # who waited for it was cancelled; the others still wait
                    continue
                if self.lost is None:
                    future.set_result(None)
                else:
                    future.set_exception(self.lost)


def _write_error(error: Exception) -> EksdnsError:
    if isinstance(error, EksdnsError):
        return error
    lost = EksdnsError(
        f"the journal cannot be written: {type(error).__name__}: {error}", hint="resume the run"
    )
    lost.__cause__ = error
    return lost


def record_of(step: BeginWave | Soak | EndWave | RollBack | Pause | Stop | Close, now: float) -> Record:
    """Record of a step."""
    match step:
        case BeginWave(wave=wave):
            return WaveBegan(now, wave)
        case Soak(wave=wave, until=until):
            return WaveSoaking(now, wave, until)
        case EndWave(wave=wave, state=state, reason=reason):
            return WaveEnded(now, wave, state.value, reason)
        case RollBack(waves=waves, reason=reason):
            return RollbackAsked(now, waves, reason)
        case Pause(reason=reason):
            return Paused(now, reason)
        case Stop(reason=reason):
            return Stopped(now, reason)
        case Close(state=state):
            return Closed(now, state.value)
        case _:
            assert_never(step)
