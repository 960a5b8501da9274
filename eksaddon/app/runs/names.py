"""Whether the waves and checks that a run is told of exist, before anything is written."""

from collections.abc import Collection

from eksaddon.apply.checks import HEALTH
from eksaddon.discover.names import unknown
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.rollout.strategy import DNS_PROBE, Check, Strategy


def require_names(strategy: Strategy, until_wave: str, checks: Collection[str]) -> None:
    """Refuse `--until-wave` of a wave that there is not, and gates that nothing can look at.

    Args:
        checks: Names of checks beside those that are built in.

    Raises:
        EksdnsError: One of them.
    """
    waves = [wave.name for wave in strategy.waves if wave.name]
    if until_wave and until_wave not in waves:
        raise unknown(f"--until-wave {until_wave}: the plan has no such wave", until_wave, waves)
    known = {HEALTH, *checks}
    for wave in strategy.waves:
        for gate in (*wave.before, *wave.gates):
            if not isinstance(gate, Check) or gate.name in known:
                continue
            message = f"wave {wave.name}: check {gate.name} cannot be made"
            if gate.name == DNS_PROBE:
                hint = "name a DNS server with --dns-server"
                raise EksdnsError(message, hint=hint, exit_code=ExitCode.USAGE)
            raise unknown(message, gate.name, known | {DNS_PROBE})
