"""The waves of a plan as jobs of a workflow."""

from dataclasses import dataclass

from eksaddon.config.fleet import FleetFile
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject, canonical
from eksaddon.domain.plan import Action
from eksaddon.domain.rollout.strategy import Approval
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.states import Kind

MOST_WAVES = 8
"""Jobs that eksdns-rollout.yml has for waves."""


@dataclass(frozen=True, slots=True)
class WaveJob:
    """Attributes: needs_approval: Somebody has to say yes before the wave starts."""

    name: str
    needs_approval: bool


def wave_jobs(plan: ReportModel, fleet: FleetFile) -> tuple[WaveJob, ...]:
    """Waves in which something is to be updated, in the fleet file's order; one without a name for no waves.

    Raises:
        EksdnsError: It is no plan, the two do not belong together, or there are more waves than jobs.
    """
    if plan.kind is not Kind.PLAN:
        raise EksdnsError(f"a report of kind {plan.kind.value} has no waves", hint="expected a plan report")
    wanted = dict.fromkeys(entry.wave for entry in plan.entries if entry.state == Action.UPDATE)
    known = {} if fleet.strategy is None else {wave.name: wave for wave in fleet.strategy.waves}
    if strange := [name for name in wanted if name and name not in known]:
        raise EksdnsError(
            f"the plan has a wave {strange[0]}, but {fleet.source or 'the fleet file'} does not",
            hint="use the file that the plan was made from",
        )
    jobs = tuple(WaveJob(name, _has_approval(known[name].before)) for name in known if name in wanted)
    if "" in wanted:
        jobs += (WaveJob("", needs_approval=False),)
    return _few_enough(jobs)


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


def waves_outputs(jobs: tuple[WaveJob, ...]) -> dict[str, str]:
    """As an array with a place for every job of the workflow, since an index beyond an array is an error."""
    listed: list[JsonObject | None] = [{"name": job.name, "approval": job.needs_approval} for job in jobs]
    places = [*listed, *[None] * (MOST_WAVES - len(jobs))]
    return {"has_changes": "true" if jobs else "false", "waves": canonical(places)}
