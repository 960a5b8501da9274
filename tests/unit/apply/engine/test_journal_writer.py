"""Writing records of a run while some of those who wait for them are cancelled."""

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field

import pytest

from eksaddon.apply.journal_writer import JournalWriter
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.run.records import Paused
from eksaddon.store.memory import MemoryJournal


@dataclass
class HeldExecutor:
    """Calls begin when a test lets them."""

    held: list[tuple[Future[None], Callable[[], None]]] = field(default_factory=list)

    def submit(self, _lane: Hashable, work: Callable[[], None]) -> Future[None]:
        future: Future[None] = Future()
        self.held.append((future, work))
        return future

    def let(self, error: Exception | None = None) -> None:
        future, work = self.held.pop(0)
        if error is not None:
            future.set_exception(error)
            return
        work()
        future.set_result(None)


def reason(number: int) -> Paused:
    return Paused(float(number), str(number))


async def written(error: Exception | None) -> tuple[list[object], list[str], JournalWriter]:
    """Three tasks write; the second is cancelled while the append is under way."""
    journal, executor = MemoryJournal(), HeldExecutor()
    writer = JournalWriter(journal, executor)  # type: ignore[arg-type]  # it submits, and no more
    tasks = [asyncio.ensure_future(writer.write(reason(number))) for number in range(3)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks[1].cancel()
    await asyncio.sleep(0)
    executor.let(error)
    ended = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 60)
    if error is None:
        last = asyncio.ensure_future(writer.write(reason(3)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        executor.let()
        await last
    return list(ended), [str(record["reason"]) for record in journal.read()], writer


def test_a_cancelled_task_does_not_keep_others_waiting() -> None:
    ended, records, writer = asyncio.run(written(None))
    assert [type(each) for each in ended] == [type(None), asyncio.CancelledError, type(None)]
    assert records == ["0", "1", "2", "3"]
    assert writer.lost is None


@pytest.mark.parametrize("error", [EksdnsError("disk full"), OSError("disk full")])
def test_a_failed_append_reaches_all_who_still_wait(error: Exception) -> None:
    ended, records, writer = asyncio.run(written(error))
    assert [type(each) for each in ended] == [EksdnsError, asyncio.CancelledError, EksdnsError]
    assert records == []
    assert "disk full" in str(writer.lost)
