"""Proves that reports of shards are those of a whole fleet."""

from collections.abc import Sequence

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.shards.shard import ShardMark
from eksaddon.report.model.model import ReportModel

Named = tuple[str, ReportModel]
"""A report with the name of its file."""


def whole_fleet(reports: Sequence[Named]) -> Sequence[Named]:
    """Take each shard of one fleet exactly once; of a shard that was run again, the newest report.

    Reports without a shard are returned as they are.

    Raises:
        EksdnsError: A shard is missing, reports are of other fleets, or only some have a shard.
    """
    marked = [(source, report, report.shard) for source, report in reports if report.shard is not None]
    if not marked:
        return reports
    if len(marked) < len(reports):
        other = next(source for source, report in reports if report.shard is None)
        raise EksdnsError(
            f"{marked[0][0]} is about a shard, {other} is not",
            hint="merge the reports of one fleet at a time",
            exit_code=ExitCode.USAGE,
        )
    first = marked[0][2]
    for source, _, mark in marked:
        _require_same(marked[0][0], first, source, mark)
    newest: dict[int, Named] = {}
    for source, report, mark in sorted(marked, key=lambda one: one[1].created_at):
        newest[mark.number] = (source, report)
    missing = [str(number) for number in range(1, first.of + 1) if number not in newest]
    if missing:
        raise EksdnsError(
            f"{len(missing)} of {first.of} shards are missing: {', '.join(missing[:20])}",
            hint="check and run the failed jobs again, then merge the reports of all shards",
            exit_code=ExitCode.PARTIAL,
        )
    return [newest[number] for number in sorted(newest)]


def _require_same(first: str, one: ShardMark, source: str, other: ShardMark) -> None:
    if one.of != other.of:
        raise EksdnsError(
            f"{first} is of {one.of} shards, {source} of {other.of}",
            hint="run all shards with the same number of shards",
            exit_code=ExitCode.USAGE,
        )
    if one.fleet != other.fleet:
        raise EksdnsError(
            f"{first} and {source} are not shards of one fleet",
            hint="the fleet file, the options or the accounts changed between them; run all shards again",
            exit_code=ExitCode.REFUSED,
        )
