"""The option --shard of commands that only read."""

import os
from dataclasses import replace
from pathlib import Path

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.shards.engines import read_shard

ONE_RUN = "a rollout is one run: shards would multiply limits, widths and tolerated failures"


def sharded(targets: TargetRequest, text: str) -> TargetRequest:
    """Limit a selection to a shard.

    Raises:
        EksdnsError: Invalid text, or `auto` outside a parallel job.
    """
    return replace(targets, shard=read_shard(text, os.environ))


def refuse_shard_of_rollout(targets: TargetRequest, out: Path | None) -> None:
    """Refuse to save the plan of a shard.

    Raises:
        EksdnsError: There are a shard and a file.
    """
    if targets.shard is not None and targets.shard.of > 1 and out is not None:
        raise EksdnsError(
            f"--shard {targets.shard} cannot be combined with --out: {ONE_RUN}",
            hint="remove one of them; reports of shards are merged by `eksdns report merge`",
            exit_code=ExitCode.REFUSED,
        )
