"""eksdns simulate"""

import sys
from pathlib import Path
from typing import Annotated

import typer

Scenario = Annotated[
    Path | None, typer.Argument(envvar="EKSDNS_SCENARIO", help="Scenario file. Default: the demo's fleet.")
]
Host = Annotated[str, typer.Option("--host", envvar="EKSDNS_HOST", help="Address to listen on.")]
Port = Annotated[int, typer.Option("--port", envvar="EKSDNS_PORT", min=0, max=65535, help="0: any free one.")]


def simulate(scenario: Scenario = None, host: Host = "127.0.0.1", port: Port = 0) -> int:
    """Serve the embedded EKS over HTTP until Ctrl-C; set AWS_ENDPOINT_URL to the address it prints."""
    from eksaddon.app.simulate import simulate as serve

    def ready(url: str, description: str) -> None:
        sys.stderr.write(f"simulating {description}\n")
        sys.stderr.write("any key is taken: AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test\n")
        sys.stdout.write(f"AWS_ENDPOINT_URL={url}\n")
        sys.stdout.flush()

    serve(scenario, host, port, ready)
    return 0
