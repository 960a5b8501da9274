"""The steps of a wave's job: start or resume the run of a saved plan, show and report the result."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from pathlib import Path

from eksaddon.app.fleet.planfile import load_plan
from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.app.github.due import refuse_overtaking
from eksaddon.app.github.operate import next_step
from eksaddon.app.github.wave import Ended, so_far
from eksaddon.app.runs.asks import Ask, approving, resuming, retrying
from eksaddon.app.runs.execute import Conduct, Finished
from eksaddon.app.runs.rollout import Expected, continue_run, open_run
from eksaddon.app.wiring import open_run_store
from eksaddon.apply.result import result_of
from eksaddon.cli.approval import approved, made_or_saved
from eksaddon.cli.operator import next_run_id, session_for
from eksaddon.cli.options import OutputOptions
from eksaddon.cli.output import check_reports, put
from eksaddon.cli.run_controls import conducted, end
from eksaddon.cli.run_options import RunOptions
from eksaddon.cli.terminal import Terminal, terminal
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.records import Record
from eksaddon.domain.run.result import RunState
from eksaddon.frozen import dataclass
from eksaddon.report.render import Ran


def running(wave: str, max_wait: str, state: str, dns_servers: str = "", dns_name: str = "") -> RunOptions:
    """Options of a run in a job.

    Args:
        wave: Wave after which the run pauses; empty for none.
        dns_servers: Separated by white space.
    """
    servers = dns_servers.split() or None
    return RunOptions(until_wave=wave, max_wait=max_wait, state=state, dns_server=servers, dns_name=dns_name)


def operation_lines(run_progress: RunProgress, _head: str = "") -> Iterator[str]:
    """Next steps of a run in GitHub."""
    if run_progress.state is RunState.PAUSED:
        yield f"paused: {run_progress.reason}"
    if step := next_step(run_progress):
        yield f"possible now: {step}"


@dataclass(slots=True)
class WaveSteps:
    """Implements the steps of app/github/wave.py.

    Attributes:
        head: Expected journal head; after each step, the current one.
        digest: Digest of the approved plan; empty for any.
        has_run: Whether any step has finished.
        last: The run after the last step that finished.
    """

    plan: Path | None
    running: RunOptions
    output: OutputOptions
    at: Terminal = field(default_factory=terminal)
    has_run: bool = False
    head: str = ""
    digest: str = ""
    last: RunProgress | None = None

    def begin(self) -> Ended:
        def work(conduct: Conduct) -> Finished:
            run_id = next_run_id()
            with made_or_saved(
                self._plan_file(),
                TargetRequest(),
                DesiredRequest(),
                self.at,
                quiet=False,
                digest=self.digest,
                run=run_id,
            ) as made:
                plan = approved(
                    made.plan,
                    self.at,
                    yes=True,  # the plan was reviewed when it was saved
                    quiet=False,
                    confirm_count=None,
                    at_once=self.running.max_concurrency,
                    failures=0,
                )
                store = open_run_store(self.running.state)
                refuse_overtaking(store, plan)
                return open_run(plan, made.accounts, store, made.session, conduct, run_id=run_id)

        return self._carried_out(work)

    def resume(self, run_id: str) -> Ended:
        return self._request(run_id, resuming)

    def retry(self, run_id: str) -> Ended:
        return self._request(run_id, retrying)

    def approve(self, run_id: str, wave: str, by: str) -> Ended:
        def ask(progress: RunProgress, now: float, who: str) -> Sequence[Record]:
            return [*approving(wave, by)(progress, now, who), *resuming(progress, now, who)]

        return self._request(run_id, ask)

    def show(self, run_progress: RunProgress) -> None:
        """Show the result of a run that needs no step."""
        put(Ran(result_of(run_progress)), self.output, check_reports(self.output), self.at)

    def _plan_file(self) -> Path:
        if self.plan is None:
            raise EksdnsError("neither a plan nor a run given", hint="set --run", exit_code=ExitCode.USAGE)
        return self.plan

    def _request(self, run_id: str, ask: Ask) -> Ended:
        store = open_run_store(self.running.state)
        expected = Expected(self.head, load_plan(self.plan, self.digest) if self.plan else None)
        return self._carried_out(
            lambda conduct: continue_run(run_id, ask, store, session_for(run_id), conduct, expected=expected)
        )

    def _carried_out(self, work: Callable[[Conduct], Finished]) -> Ended:
        files = check_reports(self.output)
        with conducted(self.running, self.output, self.at) as conduct:
            finished = work(conduct)
        self.has_run, self.head, self.last = True, finished.head or self.head, finished.run_progress
        code = end(finished, self.output, files, self.at, operation_lines)
        return Ended(code, so_far(finished.run_progress))
