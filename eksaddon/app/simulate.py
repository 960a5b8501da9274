"""Serves the embedded EKS on a socket, for programs that use AWS_ENDPOINT_URL."""

from collections.abc import Callable
from pathlib import Path

KEPT_CALLS = 10_000
"""Size limit of the call log, which would grow indefinitely in a long-lived server."""


def simulate(scenario: Path | None, host: str, port: int, ready: Callable[[str, str], None]) -> None:
    """Serve until the process is terminated.

    Args:
        scenario: A scenario file; None for the packaged one.
        ready: Called with the URL and the scenario's description when the server accepts requests.

    Raises:
        EksdnsError: The scenario is invalid, or the server cannot listen on the address.
    """
    from eksaddon.sim.console import with_console  # noqa: PLC0415  # an edge, needed here only
    from eksaddon.sim.http.server import Address, serve  # noqa: PLC0415  # as above
    from eksaddon.sim.kubernetes.dispatcher import endpoint_at  # noqa: PLC0415  # as above
    from eksaddon.sim.scenario.file import load_scenario, packaged_scenario  # noqa: PLC0415  # as above
    from eksaddon.sim.scenario.scenario import world_of  # noqa: PLC0415  # as above

    chosen = packaged_scenario("demo") if scenario is None else load_scenario(scenario)
    listening: list[str] = []

    def is_ready(at: Address) -> None:
        listening.append(at.url)
        ready(at.url, chosen.description)

    world = world_of(chosen, endpoint_of=lambda ref: endpoint_at(listening[0], ref), keep_calls=KEPT_CALLS)
    serve(with_console(world), host, port, ready=is_ready)
