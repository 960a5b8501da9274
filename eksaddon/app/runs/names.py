"""Checks that waves, checks and servers in options exist, before any write."""

from collections.abc import Iterable, Sequence

from eksaddon.domain.errors import EksdnsError, ExitCode, unknown_name
from eksaddon.domain.probing.gate import ProbeFrom, ProbeGate
from eksaddon.domain.probing.server import DnsServer
from eksaddon.domain.rollout.strategy import MADE, Check, Gate, Strategy
from eksaddon.domain.target import Target


def require_names(
    strategy: Strategy, targets: Iterable[Target], until_wave: str, servers: Sequence[DnsServer]
) -> None:
    """Reject names of waves, checks and clusters that the run does not have.

    Args:
        servers: Servers of the command line.

    Raises:
        EksdnsError: With the first such name.
    """
    waves = [wave.name for wave in strategy.waves if wave.name]
    if until_wave and until_wave not in waves:
        raise unknown_name(f"--until-wave {until_wave}: the plan has no such wave", until_wave, waves)
    _require_servers(targets, servers)
    for wave in strategy.waves:
        for gate in (*wave.before, *wave.gates):
            _require_gate(wave.name, gate, servers)


def _require_gate(wave: str, gate: Gate, servers: Sequence[DnsServer]) -> None:
    match gate:
        case Check(name=name) if name not in MADE:
            raise unknown_name(f"wave {wave}: unknown check {name}", name, MADE)
        case ProbeGate(source=ProbeFrom.HERE, servers=()) if not servers:
            raise EksdnsError(
                f"wave {wave}: the probe has no DNS server",
                hint="name one with --dns-server or under `servers` of the gate, or set `from: cluster`",
                exit_code=ExitCode.USAGE,
            )
        case _:
            return


def _require_servers(targets: Iterable[Target], servers: Sequence[DnsServer]) -> None:
    """Reject servers of clusters outside the run, because a typo would leave a cluster without a probe."""
    every = tuple(targets)
    for server in servers:
        pattern = server.clusters
        if pattern is None or any(pattern.matches(each.ref, each.account_name) for each in every):
            continue
        message = f"--dns-server {pattern.text}={server.address}: no cluster of the run matches"
        raise unknown_name(message, pattern.text, (each.ref.name for each in every))
