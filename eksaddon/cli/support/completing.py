"""Completes names of clusters, runs, waves, regions, accounts and profiles."""

from typing import Any

from eksaddon.frozen import dataclass

OPTIONS = {
    "--account": "accounts",
    "--cluster": "clusters",
    "--not-account": "accounts",
    "--profile": "profiles",
    "--region": "regions",
    "--run": "runs",
    "--until-wave": "waves",
    "--wave": "waves",
}
ARGUMENTS = {"TOPIC": "topics", "CLUSTER": "clusters", "RUN": "runs", "RUN_ID": "runs", "WAVE": "waves"}


@dataclass(frozen=True, slots=True)
class Item:
    """A completion as Typer's shells read it; its own class has no public name."""

    value: str
    help: str = ""
    type: str = "plain"


def complete(parameter: Any) -> None:  # noqa: ANN401  # Typer's parameters have no public type
    """Let a parameter complete names, if it takes the name of something."""
    is_option = parameter.param_type_name == "option"
    kind = OPTIONS.get(parameter.opts[0]) if is_option else ARGUMENTS.get(parameter.metavar or "")
    if kind is None or parameter.envvar == "EKSDNS_PROBE_RUN":  # the ID of a probe is not recorded
        return

    def shell_complete(ctx: Any, incomplete: str) -> list[Item]:  # noqa: ANN401  # as above
        from eksaddon.app.local.names import Kind, known

        return [Item(name) for name in known(Kind(kind), incomplete, str(ctx.params.get("state") or ""))]

    parameter.shell_complete = shell_complete
