"""Tries a Corefile in a real CoreDNS."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from eksaddon.app.corefile import Source, target_version
from eksaddon.app.runtime import SystemClock
from eksaddon.corefile.syntax.versions import show_version
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.probing.trial import Trial, TrialQuery, new_failures
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class FileTrial:
    """The result of `corefile try`.

    Attributes:
        coredns: Version of the binary, such as `1.14.7`.
        before: The trial of the Corefile before the change; None without one.
    """

    file: str
    coredns: str
    after: Trial
    before: Trial | None = None

    @property
    def failures(self) -> tuple[str, ...]:
        """Failures that the earlier Corefile does not have."""
        return new_failures(self.before, self.after)


def read_query(text: str) -> TrialQuery:
    """Read `NAME` or `NAME/TYPE`.

    Raises:
        EksdnsError: Not a DNS name or record type.
    """
    from eksaddon.probe.ask import Question  # noqa: PLC0415  # dnspython, needed here only

    name, _, kind = text.partition("/")
    kind = kind.upper() or "A"
    Question("127.0.0.1", name=name, record_type=kind)
    return TrialQuery(name if name.endswith(".") else f"{name}.", kind)


def try_corefile(
    source: Source,
    before: Source | None,
    binary: Path,
    queries: Sequence[TrialQuery],
    addon_version: str | None = None,
) -> FileTrial:
    """Run one Corefile, or two in turn, in the binary.

    Raises:
        EksdnsError: The binary cannot be started, or is not the CoreDNS of the add-on version.
    """
    from eksaddon.probe.trial.trial import CoreDns, version_of  # noqa: PLC0415  # as above

    async def run() -> FileTrial:
        version = await version_of(binary)
        if addon_version is not None:
            _require_version(binary, version, addon_version)
        coredns = CoreDns(binary, SystemClock())
        old = None if before is None else await coredns.try_corefile(before.text, queries)
        return FileTrial(source.name, version, await coredns.try_corefile(source.text, queries), old)

    return asyncio.run(run())


def _require_version(binary: Path, version: str, addon_version: str) -> None:
    wanted = show_version(target_version(addon_version).coredns)
    if version != wanted:
        raise EksdnsError(
            f"{binary} is CoreDNS {version}, and {addon_version} runs CoreDNS {wanted}",
            hint=f"set --coredns to a CoreDNS {wanted}, or omit --addon-version",
            exit_code=ExitCode.USAGE,
        )
