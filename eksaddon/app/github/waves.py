"""Maps the waves of a plan to jobs of a workflow."""

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject, canonical
from eksaddon.domain.plan import Action, Plan
from eksaddon.domain.rollout.strategy import Approval
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.wave_progress import WaveState
from eksaddon.frozen import dataclass
from eksaddon.report.render import Planned, document

MOST_WAVES = 8
"""Number of wave jobs in eksdns-waves.yml."""

NOT_BEGUN = frozenset({WaveState.PENDING, WaveState.GATED})


@dataclass(frozen=True, slots=True)
class WaveJob:
    """A wave as a job.

    Attributes:
        needs_approval: The wave needs approval before it starts.
    """

    name: str
    needs_approval: bool


def wave_jobs(plan: Plan) -> tuple[WaveJob, ...]:
    """Waves of a plan with updates, in their order; one unnamed wave without configured waves.

    Raises:
        EksdnsError: There are more waves than jobs.
    """
    changed = {cluster.wave for cluster in plan.clusters if cluster.action is Action.UPDATE}
    return _few_enough(
        tuple(
            WaveJob(wave.name, bool(wave.name) and _has_approval(wave.before))
            for wave in plan.strategy.waves
            if wave.name in changed
        )
    )


def remaining_jobs(run_progress: RunProgress) -> tuple[WaveJob, ...]:
    """Waves of a run that are not over; those that have begun or are approved need no approval again."""
    return tuple(
        WaveJob(
            each.wave.name,
            bool(each.wave.name)
            and not each.approved_by
            and each.state in NOT_BEGUN
            and _has_approval(each.wave.before),
        )
        for each in run_progress.waves
        if each.members and not each.is_over
    )


def _has_approval(gates: tuple[object, ...]) -> bool:
    return any(isinstance(gate, Approval) for gate in gates)


def _few_enough(jobs: tuple[WaveJob, ...]) -> tuple[WaveJob, ...]:
    if len(jobs) > MOST_WAVES:
        raise EksdnsError(
            f"the plan has {len(jobs)} waves, but the workflow supports at most {MOST_WAVES}",
            hint="merge waves in the fleet file, or roll out with `eksdns apply`",
            exit_code=ExitCode.REFUSED,
        )
    return jobs


def require_report_of(plan: Plan, report: JsonObject, where: str) -> None:
    """Refuse a report that is not exactly the one of the plan: reviewers read the one, the other is applied.

    Args:
        report: The document as it was read.

    Raises:
        EksdnsError: It is the report of something else, or was modified.
    """
    if report == document(Planned(plan)):
        return
    raise EksdnsError(
        f"{where} is not the report of this plan",
        hint="run the job again; report and plan come from one command",
        exit_code=ExitCode.REFUSED,
    )


def waves_outputs(jobs: tuple[WaveJob, ...]) -> dict[str, str]:
    """Outputs as an array with an item for every job, because an index out of range is an error."""
    listed: list[JsonObject | None] = [{"name": job.name, "approval": job.needs_approval} for job in jobs]
    items = [*listed, *[None] * (MOST_WAVES - len(jobs))]
    return {
        "has_changes": "true" if jobs else "false",
        "waves": canonical(items),
    }
