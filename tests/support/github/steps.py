"""A job of GitHub Actions with its repository."""

from eksaddon.report.render import Drifted
from tests.support.github.job import Job
from tests.support.report.reports import fleet_plan


def drift(job: Job, size: int) -> str:
    return job.report(Drifted(fleet_plan(size)))
