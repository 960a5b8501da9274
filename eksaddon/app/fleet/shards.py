"""The option --shard of commands that only read."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.shards.engines import read_shard
from eksaddon.domain.shards.shard import Shard

if TYPE_CHECKING:
    from eksaddon.domain.rollout.strategy import Strategy

SHARD = "EKSDNS_SHARD"
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


def refuse_sharded_job(environ: Mapping[str, str]) -> None:
    """Refuse a rollout in the job of a shard, which would write the whole fleet.

    Raises:
        EksdnsError: EKSDNS_SHARD is set, and not the only shard.
    """
    text = environ.get(SHARD, "")
    if text and read_shard(text, environ) != Shard(1, 1):
        raise EksdnsError(
            f"{SHARD} is {text}, but apply cannot be sharded: {ONE_RUN}",
            hint="run it in one job, without that variable",
            exit_code=ExitCode.REFUSED,
        )


def wave_warning(shard: Shard | None, strategy: "Strategy") -> str:
    """What the waves in the plan of a shard are not; empty if they are those of the rollout."""
    limited = [wave.name for wave in strategy.waves if wave.limit]
    if shard is None or shard.of == 1 or not limited:
        return ""
    return (
        f"shard {shard} takes the members of {', '.join(limited)} from its own accounts;"
        " the rollout, which is not sharded, takes them from the whole fleet"
    )
