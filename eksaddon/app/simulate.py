"""Serves the embedded EKS on a socket, for programs that use AWS_ENDPOINT_URL."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from eksaddon.app.files.paths import is_present
from eksaddon.app.packaged import packaged_folder
from eksaddon.domain.errors import unknown_name

KEPT_CALLS = 10_000
"""Size limit of the call log, which would grow indefinitely in a long-lived server."""


def simulate(
    scenario: str, host: str, port: int, ready: Callable[[str, str], None], *, speed: float = 1.0
) -> None:
    """Serve until the process is terminated.

    Args:
        scenario: The name of a packaged scenario, or a file.
        ready: Called with the URL and the scenario's description when the server accepts requests.
        speed: Everything takes this much less time, as in `faster`.

    Raises:
        EksdnsError: The scenario is invalid, or the server cannot listen on the address.
    """
    from eksaddon.sim.console import with_console  # noqa: PLC0415  # an edge, needed here only
    from eksaddon.sim.http.server import Address, serve  # noqa: PLC0415  # as above
    from eksaddon.sim.kubernetes.dispatcher import endpoint_at  # noqa: PLC0415  # as above
    from eksaddon.sim.scenario.file import load_scenario, parse_scenario  # noqa: PLC0415  # as above
    from eksaddon.sim.scenario.scenario import world_of  # noqa: PLC0415  # as above
    from eksaddon.sim.scenario.speed import faster  # noqa: PLC0415  # as above

    known = _packaged()
    chosen = (
        parse_scenario(known[scenario], scenario) if scenario in known else load_scenario(_file(scenario))
    )
    listening: list[str] = []

    def is_ready(at: Address) -> None:
        listening.append(at.url)
        ready(at.url, chosen.description)

    world = world_of(
        faster(chosen, speed), endpoint_of=lambda ref: endpoint_at(listening[0], ref), keep_calls=KEPT_CALLS
    )
    serve(with_console(world), host, port, ready=is_ready)


def scenarios() -> tuple[tuple[str, str], ...]:
    """Name and description of each packaged scenario."""
    from eksaddon.sim.scenario.file import parse_scenario  # noqa: PLC0415  # as above

    return tuple((name, parse_scenario(text, name).description) for name, text in _packaged().items())


def _packaged() -> dict[str, str]:
    """Texts of the packaged scenarios by name, sorted; those of `configs/` are also examples to copy."""
    folders = (files("eksaddon.sim") / "scenarios", packaged_folder("configs") / "scenarios")
    found = {
        entry.name.removesuffix(".yaml"): entry.read_text(encoding="utf-8")
        for folder in folders
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    }
    return dict(sorted(found.items()))


def _file(scenario: str) -> Path:
    """Raises EksdnsError for what looks like the name of a packaged scenario."""
    path = Path(scenario)
    if not is_present(path) and not path.suffix and len(path.parts) == 1:
        raise unknown_name(f"no scenario file and no built-in scenario {scenario!r}", scenario, _packaged())
    return path
