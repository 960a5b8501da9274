"""Whether the waves and checks that a run is told of exist, before anything is written."""

from collections.abc import Iterable, Mapping

from eksaddon.app.runs.dns_probe import WaveProbe
from eksaddon.apply.checks import HEALTH
from eksaddon.apply.world import CheckWave
from eksaddon.domain.errors import EksdnsError, ExitCode, unknown_name
from eksaddon.domain.rollout.strategy import DNS_PROBE, Check, Strategy
from eksaddon.domain.target import Target


def require_names(
    strategy: Strategy, targets: Iterable[Target], until_wave: str, checks: Mapping[str, CheckWave]
) -> None:
    """Refuse names of waves, checks and clusters that the run does not have.

    Args:
        checks: Those beside the built-in ones, by name.

    Raises:
        EksdnsError: One of them.
    """
    waves = [wave.name for wave in strategy.waves if wave.name]
    if until_wave and until_wave not in waves:
        raise unknown_name(f"--until-wave {until_wave}: the plan has no such wave", until_wave, waves)
    _require_servers(targets, checks)
    known = {HEALTH, *checks}
    for wave in strategy.waves:
        for gate in (*wave.before, *wave.gates):
            if not isinstance(gate, Check) or gate.name in known:
                continue
            message = f"wave {wave.name}: check {gate.name} cannot be made"
            if gate.name == DNS_PROBE:
                hint = "name a DNS server with --dns-server"
                raise EksdnsError(message, hint=hint, exit_code=ExitCode.USAGE)
            raise unknown_name(message, gate.name, known | {DNS_PROBE})


def _require_servers(targets: Iterable[Target], checks: Mapping[str, CheckWave]) -> None:
    """A DNS server for a cluster that is not part of the run would leave another one without a check."""
    probe, every = checks.get(DNS_PROBE), tuple(targets)
    for server in probe.servers if isinstance(probe, WaveProbe) else ():
        pattern = server.clusters
        if pattern is None or any(pattern.matches(each.ref, each.account_name) for each in every):
            continue
        message = f"--dns-server {pattern.text}={server.address}: no cluster of the run matches"
        raise unknown_name(message, pattern.text, (each.ref.name for each in every))
