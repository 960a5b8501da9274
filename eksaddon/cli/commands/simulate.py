"""eksdns simulate"""

from typing import Annotated

import typer

from eksaddon.cli import messages

Scenario = Annotated[
    str,
    typer.Argument(envvar="EKSDNS_SCENARIO", help="Scenario file, or a built-in scenario; see --list."),
]
Host = Annotated[str, typer.Option("--host", envvar="EKSDNS_HOST", help="Address to listen on.")]
Port = Annotated[
    int,
    typer.Option(
        "--port", envvar="EKSDNS_PORT", min=0, max=65535, help="Port to listen on; 0 picks a free port."
    ),
]
Speed = Annotated[
    float,
    typer.Option(
        "--speed",
        envvar="EKSDNS_SPEED",
        min=1,
        max=1000,
        help="Updates, rollouts and faults take this much less time; your soaks and timeouts do not.",
    ),
]
List = Annotated[bool, typer.Option("--list", envvar="EKSDNS_LIST", help="List the built-in scenarios.")]


def simulate(
    scenario: Scenario = "demo",
    host: Host = "127.0.0.1",
    port: Port = 0,
    speed: Speed = 1.0,
    show_list: List = False,
) -> int:
    """Serve the EKS simulator over HTTP until Ctrl-C; set AWS_ENDPOINT_URL to the printed address."""
    from eksaddon.app.simulate import scenarios
    from eksaddon.app.simulate import simulate as serve

    if show_list:
        from eksaddon.cli.columns import columns

        messages.rendered(columns(("scenario", "about"), scenarios()))
        return 0

    def ready(url: str, description: str) -> None:
        messages.message(f"simulating {description}")
        if speed != 1:
            messages.message(f"updates, rollouts and faults take 1/{speed:g} of their time")
        messages.message("any access key works: AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test")
        messages.line(f"AWS_ENDPOINT_URL={url}")
        messages.flush()

    serve(scenario, host, port, ready, speed=speed)
    return 0
