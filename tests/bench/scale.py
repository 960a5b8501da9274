"""What a rollout of many targets costs on simulated time: `python -m tests.bench.scale 5000 20000`.

CPU and memory of the engine, size of the journal on disk, and CPU to resume from it. EKS answers from memory.
"""

import argparse
import gc
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eksaddon.apply.steps import Limits
from eksaddon.domain.json import JsonObject
from eksaddon.domain.rollout.strategy import Count, Strategy, Wave
from eksaddon.domain.run.progress import replay
from eksaddon.domain.run.records import from_json
from eksaddon.store.lines import from_lines, to_lines
from eksaddon.store.memory import MemoryJournal
from tests.support.rollouts import Rollout, plan_of, refs_of

WAVES = ("canary", "early", "late", "rest")
WIDTH = 200
PER_ACCOUNT = 25


@dataclass(slots=True)
class FileJournal(MemoryJournal):
    """Appends records to a file, as the local store does, and keeps the opening in memory."""

    path: Path = field(kw_only=True)

    def append(self, records: Sequence[JsonObject]) -> None:
        with self.path.open("ab") as file:
            file.write(to_lines(records))
        if not self.records:
            MemoryJournal.append(self, records)


def rollout_of(targets: int, folder: Path) -> Rollout:
    refs, each = refs_of(targets, max(1, targets // PER_ACCOUNT)), targets // len(WAVES)
    plan = plan_of([(name, refs[at * each : (at + 1) * each]) for at, name in enumerate(WAVES)])
    strategy = Strategy(tuple(Wave(name, max_concurrency=Count(WIDTH)) for name in WAVES))
    rollout = Rollout(plan, strategy, journal=FileJournal(path=folder / f"{targets}.jsonl"))
    rollout.begin()
    return rollout


def row(targets: int, folder: Path) -> str:
    rollout = rollout_of(targets, folder)
    begun = time.process_time()
    progress = rollout.process(Limits(total=WIDTH))
    cpu = time.process_time() - begun
    path = folder / f"{targets}.jsonl"
    size = path.stat().st_size
    begun = time.process_time()
    resumed = replay(from_json(record) for record in from_lines(path.read_bytes(), str(path)).records)
    resume = time.process_time() - begun
    assert len(resumed.targets) == len(progress.targets) == targets
    peak = _memory(targets, folder)
    cells = (
        f"{targets:,}",
        f"{cpu / targets * 1000:.2f}",
        f"{peak / 2**20:.0f}",
        f"{size / 2**20:.1f}",
        f"{resume:.1f}",
    )
    return f"| {' | '.join(cells)} |"


def _memory(targets: int, folder: Path) -> int:
    """Peak of the engine above the plan, in bytes; apart, because counting it costs CPU."""
    (folder / f"{targets}.jsonl").unlink()
    rollout = rollout_of(targets, folder)
    gc.collect()
    tracemalloc.start()
    try:
        rollout.process(Limits(total=WIDTH))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    parser.add_argument("targets", type=int, nargs="+")
    heading = ("targets", "CPU ms/target", "MiB above the plan", "journal MiB", "resume, CPU s")
    sys.stdout.write(f"| {' | '.join(heading)} |\n| {' | '.join(['---'] * len(heading))} |\n")
    for targets in parser.parse_args().targets:
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(f"{row(targets, Path(folder))}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
