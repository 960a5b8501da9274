"""The shard of a parallel job, from the text of an option or the variables of its engine."""

from collections.abc import Mapping

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.shards.shard import Shard
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

AUTO = "auto"
INDEX, TOTAL = "EKSDNS_SHARD_INDEX", "EKSDNS_SHARD_TOTAL"
"""For engines without variables of their own: the index from 0, and the number of shards."""

_FORM = regex(r"([1-9][0-9]{0,4})/([1-9][0-9]{0,4})")
_NUMBER = regex(r"[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Engine:
    """How an engine numbers its parallel jobs.

    Attributes:
        marker: Variable that is set in every job of the engine; other engines use the other names too.
        first: Number of the first job.
    """

    name: str
    marker: str
    index: str
    first: int
    total: str


ENGINES = (
    Engine("GitLab", "GITLAB_CI", "CI_NODE_INDEX", 1, "CI_NODE_TOTAL"),
    Engine("Buildkite", "BUILDKITE", "BUILDKITE_PARALLEL_JOB", 0, "BUILDKITE_PARALLEL_JOB_COUNT"),
    Engine("CircleCI", "CIRCLECI", "CIRCLE_NODE_INDEX", 0, "CIRCLE_NODE_TOTAL"),
    Engine("Azure Pipelines", "TF_BUILD", "SYSTEM_JOBPOSITIONINPHASE", 1, "SYSTEM_TOTALJOBSINPHASE"),
    Engine("AWS Batch", "AWS_BATCH_JOB_ID", "AWS_BATCH_JOB_ARRAY_INDEX", 0, "AWS_BATCH_JOB_ARRAY_SIZE"),
    Engine("a Kubernetes Indexed Job", "JOB_COMPLETION_INDEX", "JOB_COMPLETION_INDEX", 0, TOTAL),
)
"""Sources: the pages about variables of docs.gitlab.com, buildkite.com, circleci.com, learn.microsoft.com
(Azure Pipelines) and docs.aws.amazon.com (AWS Batch). Kubernetes has none for the number of completions.
"""


def read_shard(text: str, environ: Mapping[str, str]) -> Shard | None:
    """Parse a shard.

    Args:
        text: `I/N` with I from 1, `auto`, or empty for none.
        environ: For `auto`.

    Raises:
        EksdnsError: Another form, or `auto` where no parallel job is found: every job would do all the work.
    """
    if not text:
        return None
    if text == AUTO:
        return _of_environment(environ)
    found = _FORM.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        raise EksdnsError(
            f"invalid --shard {text!r}",
            hint="use the number of the shard and of all shards, such as 1/8 to 8/8, or auto",
            exit_code=ExitCode.USAGE,
        )
    return Shard(int(found[1]), int(found[2]))


def _of_environment(environ: Mapping[str, str]) -> Shard:
    if environ.get(INDEX):
        return _shard("the environment", environ, INDEX, TOTAL, 0)
    for engine in ENGINES:
        if environ.get(engine.marker):
            return _shard(engine.name, environ, engine.index, engine.total, engine.first)
    raise EksdnsError(
        "--shard auto: this is not a parallel job of a known engine",
        hint=f"use --shard I/N, or set {INDEX} (from 0) and {TOTAL}",
        exit_code=ExitCode.USAGE,
    )


def _shard(name: str, environ: Mapping[str, str], index: str, total: str, first: int) -> Shard:
    numbers = [environ.get(variable, "") for variable in (index, total)]
    if all(map(_NUMBER.fullmatch, numbers)):
        number, of = int(numbers[0]) - first + 1, int(numbers[1])
        if 1 <= number <= of:
            return Shard(number, of)
    pairs = zip((index, total), numbers, strict=True)
    shown = ", ".join(f"{variable}={value or 'not set'}" for variable, value in pairs)
    raise EksdnsError(
        f"--shard auto: {name} does not number its parallel jobs: {shown}",
        hint="run the job in parallel, or use --shard I/N",
        exit_code=ExitCode.USAGE,
    )
