"""Runs a command with an event on its standard input."""

import shlex
import subprocess

TIMEOUT = 30.0


def run_command(command: str, body: bytes) -> str:
    """Run a command without a shell; returns why it failed, empty if it did not."""
    try:
        words = shlex.split(command)
        done = subprocess.run(  # noqa: S603  # the user's own command, without a shell
            words, input=body, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return f"the command did not end within {TIMEOUT:.0f} s"
    except (OSError, ValueError, IndexError) as error:
        return f"the command did not start: {error}"
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        return ": ".join([f"the command ended with exit code {done.returncode}", *last])
    return ""
