"""eksdns simulate"""

from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli import messages

Scenario = Annotated[
    Path | None,
    typer.Argument(envvar="EKSDNS_SCENARIO", help="Scenario file. Default: the fleet of `eksdns demo`."),
]
Host = Annotated[str, typer.Option("--host", envvar="EKSDNS_HOST", help="Address to listen on.")]
Port = Annotated[
    int,
    typer.Option(
        "--port", envvar="EKSDNS_PORT", min=0, max=65535, help="Port to listen on; 0 picks a free port."
    ),
]


def simulate(scenario: Scenario = None, host: Host = "127.0.0.1", port: Port = 0) -> int:
    """Serve the EKS simulator over HTTP until Ctrl-C; set AWS_ENDPOINT_URL to the printed address."""
    from eksaddon.app.simulate import simulate as serve

    def ready(url: str, description: str) -> None:
        messages.message(f"simulating {description}")
        messages.message("any access key works: AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test")
        messages.line(f"AWS_ENDPOINT_URL={url}")
        messages.flush()

    serve(scenario, host, port, ready)
    return 0
