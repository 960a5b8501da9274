"""Comments and issues for GitHub: a hidden marker to find them, the report, and a link to the run."""

from dataclasses import replace

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.frozen import dataclass
from eksaddon.regex import regex
from eksaddon.report.escape import code_span, markdown_text
from eksaddon.report.formats.markdown import markdown
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.options import COMMENT_BYTES, RenderOptions
from eksaddon.report.model.reviewed import review_digest
from eksaddon.report.model.states import DriftState, Kind
from eksaddon.report.model.text import counted

KEY = regex(r"[a-z0-9][a-z0-9._-]{0,39}")
RUN_URL = regex(
    r"https?://[A-Za-z0-9.:-]+/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/actions/runs/[0-9]+(?:/[a-z0-9/]+)?"
)
COMMIT = regex(r"[0-9a-f]{7,64}")
LONGEST_TITLE = 256
RUN = regex(r"[A-Za-z0-9-]{1,80}")
_STATE = regex(r"<!-- eksdns:run ([A-Za-z0-9-]{1,80}) at=([0-9]{1,12}(?:\.[0-9]{1,12})?) -->")
_REVIEWED = regex(
    r"<!-- eksdns:reviewed digest=(sha256:[0-9a-f]{64}) run=([0-9]{1,20}) artifact=([A-Za-z0-9._-]{1,80}) -->"
)


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of a report.

    Attributes:
        run_url: URL of the workflow run; empty for none.
        commit: Commit hash; empty if unknown.
        run: Id of the workflow run; 0 for none.
        artifact: Name of the artifact of that run with the report; empty for none.
    """

    run_url: str = ""
    commit: str = ""
    run: int = 0
    artifact: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a comment says about the plan that was reviewed.

    Attributes:
        digest: See `review_digest`.
        run: Id of the workflow run with the report.
        artifact: Name of its artifact.
    """

    digest: str
    run: int
    artifact: str


def reviewed_in(body: str) -> Reviewed | None:
    """What the second line of a comment says; None in a comment without a plan."""
    _, _, rest = body.partition("\n")
    found = _REVIEWED.fullmatch(rest.split("\n", 1)[0].rstrip("\r"))
    return Reviewed(found[1], int(found[2]), found[3]) if found else None


def marker(purpose: str, key: str) -> str:
    """The hidden marker in the first line of the text.

    Raises:
        EksdnsError: The key could close the HTML comment around it.
    """
    if not KEY.fullmatch(key):
        raise EksdnsError(
            f"invalid --key {key!r}",
            hint="use up to 40 lowercase letters, digits, dots, dashes and underscores",
            exit_code=ExitCode.USAGE,
        )
    return f"<!-- eksdns:{purpose}:{key} -->"


def conversation_text(report_model: ReportModel, mark: str, origin: Origin) -> str:
    """The text, within GitHub's size limit of comments and issues; of a plan also what was reviewed."""
    head, footer = f"{mark}\n{_reviewed(report_model, origin)}", _footer(origin)
    max_bytes = COMMENT_BYTES - len(f"{head}{footer}".encode())
    return f"{head}{markdown(report_model, replace(RenderOptions(), most_bytes=max_bytes))}{footer}"


def _reviewed(report_model: ReportModel, origin: Origin) -> str:
    if report_model.kind is not Kind.PLAN or not origin.run or not origin.artifact:
        return ""
    found = f"digest={review_digest(report_model)} run={origin.run} artifact={origin.artifact}"
    return f"<!-- eksdns:reviewed {found} -->\n"


def _footer(origin: Origin) -> str:
    """Link run and commit; values from the environment with an unexpected format are omitted."""
    parts = []
    if RUN_URL.fullmatch(origin.run_url):
        parts.append(f"[full report of this run]({origin.run_url})")
    if COMMIT.fullmatch(origin.commit):
        parts.append(f"of commit {code_span(origin.commit[:12])}")
    return f"<sub>{' '.join(parts)}</sub>\n" if parts else ""


def out_of_date_text(mark: str, origin: Origin) -> str:
    """A comment for a commit that could not be planned, instead of the plan of an earlier one."""
    commit = (
        f"commit {code_span(origin.commit[:12])}" if COMMIT.fullmatch(origin.commit) else "the last commit"
    )
    run = f"[its run]({origin.run_url})" if RUN_URL.fullmatch(origin.run_url) else "its run"
    return (
        f"{mark}\n### eksdns plan\n\n**This plan is out of date:** {commit} could not be planned, see {run}. "
        "A merge of this commit is not rolled out before a plan is reviewed.\n"
    )


@dataclass(frozen=True, slots=True)
class Ending:
    """How a rollout ended, as texts.

    Attributes:
        state: Completes the title, as `paused`.
        run: Id of the recorded run; empty for none.
        next_step: Empty if there is none.
        at: Time of the state, in seconds since the epoch.
    """

    state: str
    run: str = ""
    reason: str = ""
    next_step: str = ""
    at: float = 0.0


def rollout_text(mark: str, ending: Ending, origin: Origin) -> str:
    """A comment on how a rollout ended, with the next step."""
    run = f"Run {code_span(ending.run)}" if ending.run else ""
    why = ": ".join(filter(None, (run, markdown_text(ending.reason))))
    state = f"<!-- eksdns:run {ending.run} at={ending.at!r} -->\n" if RUN.fullmatch(ending.run) else ""
    paragraphs = (
        f"{mark}\n{state}### eksdns rollout {markdown_text(ending.state)}",
        why,
        f"**Next step:** {markdown_text(ending.next_step)}" if ending.next_step else "",
    )
    return "\n\n".join(filter(None, paragraphs)) + f"\n\n{_footer(origin)}"


def state_in(body: str) -> tuple[str, float] | None:
    """The run and the time in the second line of such a comment; None without a run."""
    _, _, rest = body.partition("\n")
    found = _STATE.fullmatch(rest.split("\n", 1)[0].rstrip("\r"))
    return (found[1], float(found[2])) if found else None


NOT_CHECKED_TITLE = "eksdns: drift could not be checked"


def not_checked_text(mark: str, origin: Origin) -> str:
    """An issue for a check that could not start."""
    run = f"[the run]({origin.run_url})" if RUN_URL.fullmatch(origin.run_url) else "the run"
    return (
        f"{mark}\n### eksdns drift\n\n**Drift could not be checked:** see {run}. "
        "Whether clusters drifted since the last report is unknown.\n"
    )


def drift_title(report_model: ReportModel) -> str:
    """Title of the drift issue; contains no untrusted text."""
    counts = report_model.counts
    drifted = counts[DriftState.DRIFTED]
    parts = [f"{counted(drifted, 'cluster')} drifted"] if drifted else []
    unknown = (DriftState.UNHEALTHY, DriftState.UNVERIFIED, DriftState.UNREACHABLE)
    parts += [f"{counts[word]:,} {word}" for word in unknown if counts[word]]
    return f"eksdns: {', '.join(parts) or 'no drift'}"[:LONGEST_TITLE]


def is_clean(report_model: ReportModel) -> bool:
    """Whether nothing needs attention; never true with unhealthy or unreachable clusters."""
    if report_model.kind is not Kind.DRIFT:
        raise EksdnsError(
            f"a {report_model.kind.value} report contains no drift",
            hint="expected a report written by `eksdns drift`",
        )
    clean = (DriftState.IN_SYNC, DriftState.SKIPPED)
    return not any(number for word, number in report_model.counts.items() if word not in clean)
