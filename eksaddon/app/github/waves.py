"""Maps the waves of a plan to jobs of a workflow."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from eksaddon.app.fleet.planfile import load_plan
from eksaddon.config.fleet import FleetFile
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject, canonical
from eksaddon.domain.plan import Action
from eksaddon.domain.rollout.strategy import Approval
from eksaddon.plan.planfile import file_digest
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.states import Kind

MOST_WAVES = 8
"""Number of wave jobs in eksdns-rollout.yml."""


@dataclass(frozen=True, slots=True)
class WaveJob:
    """A wave as a job.

    Attributes:
        needs_approval: The wave needs approval before it starts.
    """

    name: str
    needs_approval: bool


def wave_jobs(plan: ReportModel, fleet: FleetFile) -> tuple[WaveJob, ...]:
    """Waves with updates, in the fleet file's order; one unnamed wave without configured waves.

    Raises:
        EksdnsError: Not a plan, plan and fleet file do not match, or there are more waves than jobs.
    """
    if plan.kind is not Kind.PLAN:
        raise EksdnsError(f"a report of kind {plan.kind.value} has no waves", hint="expected a plan report")
    wave_names = dict.fromkeys(entry.wave for entry in plan.entries if entry.state == Action.UPDATE)
    configured = {} if fleet.strategy is None else {wave.name: wave for wave in fleet.strategy.waves}
    if unknown := [name for name in wave_names if name and name not in configured]:
        raise EksdnsError(
            f"the plan has a wave {unknown[0]}, but {fleet.source or 'the fleet file'} does not",
            hint="use the file that the plan was made from",
        )
    jobs = tuple(
        WaveJob(name, _has_approval(configured[name].before)) for name in configured if name in wave_names
    )
    if "" in wave_names:
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


def plan_digests(folder: Path) -> dict[str, str]:
    """Digest of the saved plan of each part, by the number of the part.

    Args:
        folder: Contains a folder for each part, whose name ends with its number, or the only plan.

    Raises:
        EksdnsError: There is no plan, or a plan was modified.
    """
    paths = {path.parent.name.rpartition("-")[2]: path for path in folder.glob("*/plan.json")}
    if (only := folder / "plan.json").is_file():
        paths["1"] = only
    if not paths:
        raise EksdnsError(f"no plan.json in {folder}", hint="download the artifacts of the plan jobs into it")
    return {part: file_digest(load_plan(path)) for part, path in sorted(paths.items())}


def waves_outputs(jobs: tuple[WaveJob, ...], digests: Mapping[str, str]) -> dict[str, str]:
    """Outputs as an array with an item for every job, because an index out of range is an error."""
    listed: list[JsonObject | None] = [{"name": job.name, "approval": job.needs_approval} for job in jobs]
    items = [*listed, *[None] * (MOST_WAVES - len(jobs))]
    return {
        "has_changes": "true" if jobs else "false",
        "waves": canonical(items),
        "digests": canonical(dict(digests)),
    }
