"""Common mistakes, typed into the real command line, and the page about them."""

import contextlib
import io
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from tests.support.paths import ROOT
from tests.support.walkthrough import ANY_RUN_ID, Shell, shell

PAGE = ROOT / "docs" / "troubleshooting.md"
BEGIN, END = "<!-- mistakes: begin -->\n", "<!-- mistakes: end -->\n"
RUN = "RUN"
ANY_HASH = re.compile(r"sha256:(?!0{64})[0-9a-f]{64}")

ACCOUNTS = """
accounts:
  - {id: "111122223333", name: dev, role: eksdns-apply, regions: [eu-west-1], labels: {env: dev}}
  - {id: "333344445555", name: shop, role: eksdns-apply, regions: [eu-west-1, us-east-1], labels: {env: prod}}
"""
FLEET = f"""
version: 1
coredns: {{replicaCount: 3}}
{ACCOUNTS.strip()}
rollout:
  waves:
    - {{name: canary, select: {{labels: {{env: dev}}}}}}
    - {{name: rest, select: {{labels: {{env: prod}}}}}}
""".lstrip()
ADDON = "addon: v1.12.4-eksbuild.29, document: two"
SCENARIO = f"""
version: 1
defaultAccount: dev
accounts:
  - {{id: "111122223333", name: dev, regions: [eu-west-1], roles: {{eksdns-apply: {{}}}}}}
  - {{id: "333344445555", name: shop, regions: [eu-west-1, us-east-1], roles: {{eksdns-apply: {{}}}}}}
documents: {{two: '{{"replicaCount":2}}'}}
clusters:
  - {{name: web, account: dev, region: eu-west-1, {ADDON}}}
  - {{name: prod, account: shop, region: us-east-1, {ADDON}}}
  - {{name: api, account: shop, region: us-east-1, {ADDON}}}
  - {{name: closed, account: shop, region: us-east-1, {ADDON}}}
faults:
  - {{kind: denied, match: {{cluster: closed}}}}
"""


def coredns(text: str) -> Mapping[str, str]:
    """A fleet file with this desired state."""
    return {"eksdns.yaml": f"version: 1\ncoredns: {text}\n{ACCOUNTS}"}


def edited(old: str, new: str) -> Mapping[str, str]:
    assert old in FLEET
    return {"eksdns.yaml": FLEET.replace(old, new)}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One of them.

    Attributes:
        typed: Behind `eksdns`.
        what: What was done, in a few words.
        files: In place of the usual fleet file, by name.
        before: Commands before it; the run that they record is `RUN`.
    """

    typed: str
    what: str
    files: Mapping[str, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict)


OPEN = {"eksdns.yaml": "version: 1\ncoredns: {replicaCount: 3\n"}
TAB = {"eksdns.yaml": "version: 1\ncoredns:\n\treplicaCount: 3\n"}
EMPTY = edited("rollout:", "overrides: [{match: {}, coredns: {}}]\nrollout:")
HEALTH = {"Corefile": ".:53 {\n    health\n}\n"}
DIGEST = f"apply plan.json --yes --digest sha256:{'0' * 64}"
NO_PROFILE = {"AWS_PROFILE": "shpo"}
CONFIG = "[profile shop]\nregion = eu-west-1\n"
PLANNED = ("plan --cluster web --out plan.json",)
APPLIED = ("apply --cluster web --yes",)

TOPICS: Mapping[str, tuple[Mistake, ...]] = {
    "Options": (
        Mistake("plan", "No cluster is selected."),
        Mistake("plna --all", "A command is misspelt."),
        Mistake("plan --al", "An option is misspelt."),
        Mistake("plan --cluster", "An option has no value."),
        Mistake("plan --all -o jsn", "An output format is misspelt."),
        Mistake("plan --all --report pdf=plan.pdf", "A report format does not exist."),
        Mistake("plan --all --report json", "A report has no path."),
        Mistake("plan --all --report json=missing/plan.json", "The folder of a report does not exist."),
        Mistake("plan --all --lameduck 30", "A duration has no unit."),
        Mistake("plan --all --lameduck 1d", "Go durations have no days."),
        Mistake("plan --all --replicas three", "A number is not a number."),
        Mistake("plan --cluster web --replicas 0", "CoreDNS would have no pod."),
        Mistake("plan --all --pdb-max-unavailable 50percent", "A percentage is misspelt."),
        Mistake("plan --all --concurrency 0", "A number is out of range."),
        Mistake("plan --all --resolve-conflicts force", "A choice does not exist."),
        Mistake("apply --all --max-wait 5", "A time limit has no unit."),
        Mistake("plan --all --label env", "A label has no value."),
        Mistake("apply --all --dns-server dns.example.com", "A DNS server is given by name."),
    ),
    "Names": (
        Mistake("plan --cluster prdo", "A cluster is misspelt."),
        Mistake("plan --cluster 'my cluster'", "A cluster name is not valid."),
        Mistake(
            "apply --cluster dev/eu-west-1/web --cluster shop/us-east-1/prdo --yes",
            "One of two clusters does not exist.",
        ),
        Mistake("plan --all --account shpo", "An account is misspelt."),
        Mistake("apply --all --not-account shpo", "An excluded account is misspelt."),
        Mistake("plan --all --region us-east-9", "A region does not exist."),
        Mistake("plan --all --label enw=prod", "A label is misspelt."),
        Mistake("plan --all --label env=prd", "A label's value is misspelt."),
        Mistake("plan --all --ou /Workloads", "An organizational unit does not exist."),
        Mistake("apply --all --until-wave canry", "A wave is misspelt."),
        Mistake("apply --all --dns-server wbe=10.0.0.10", "A DNS server is for no cluster of the run."),
        Mistake("apply --account shop --region eu-west-1 --yes", "Nothing is found in the selected place."),
        Mistake("explain wbe", "A cluster to explain does not exist."),
        Mistake("validate --addon-version 1.11", "An add-on version is not complete."),
    ),
    "Fleet file": (
        Mistake("plan --all", "There is no fleet file.", {"eksdns.yaml": ""}),
        Mistake("plan --all -c fleet.yml", "The fleet file has another name."),
        Mistake("validate", "A key is misspelt.", coredns("{replicaCuont: 3}")),
        Mistake(
            "validate",
            "The format version is not supported by this release.",
            {"eksdns.yaml": "version: 2\n"},
        ),
        Mistake("validate", "A duration has no unit.", coredns("{lameduck: 20}")),
        Mistake("validate", "A number is quoted.", coredns('{replicaCount: "3"}')),
        Mistake("validate", "Several values are wrong.", coredns("{replicaCount: 0, lameduck: 1d}")),
        Mistake("validate", "A key is used twice.", coredns("{replicaCount: 3, replicaCount: 2}")),
        Mistake("validate", "A bracket is not closed.", OPEN),
        Mistake("validate", "A tab indents a line.", TAB),
        Mistake(
            "validate",
            "A field of the Deployment is put below `configuration`.",
            coredns("{configuration: {terminationGracePeriodSeconds: 45}}"),
        ),
        Mistake("validate", "An override selects nothing.", EMPTY),
        Mistake("validate", "A wave selects an unknown label.", edited("env: dev}}}", "enw: dev}}}")),
        Mistake("validate", "A wave is defined twice.", edited("name: rest", "name: canary")),
        Mistake(
            "validate",
            "A gate names an unknown check.",
            edited("{env: dev}}}", "{env: dev}}, gates: [{type: check, name: dns-prob}]}"),
        ),
        Mistake("validate", "An account ID is too short.", edited('"111122223333"', '"1111"')),
        Mistake("validate", "A region is misspelt.", edited("[eu-west-1]", "[eu-west]")),
    ),
    "Values that do not work": (
        Mistake(
            "plan --cluster web",
            "A key is unknown to the installed add-on version.",
            coredns("{configuration: {podColour: blue}}"),
        ),
        Mistake(
            "validate --addon-version v1.12.4-eksbuild.29",
            "No pod may ever be evicted.",
            coredns("{replicaCount: 3, podDisruptionBudget: {maxUnavailable: 0}}"),
        ),
        Mistake("plan --cluster shop/us-east-1/closed", "The role may not read the add-on."),
    ),
    "Plan files and runs": (
        Mistake("apply --all", "The question cannot be answered."),
        Mistake("apply --all --yes --confirm-count 5", "The number of clusters is another."),
        Mistake("apply missing.json", "A plan file does not exist."),
        Mistake("apply eksdns.yaml", "A file is not a saved plan."),
        Mistake("apply --all --digest sha256:0", "A digest is given without a plan file."),
        Mistake(DIGEST, "The plan is not the approved one.", before=PLANNED),
        Mistake("apply plan.json --cluster web", "A saved plan is narrowed.", before=PLANNED),
        Mistake("resume 20260101-000000-abcdef", "A run does not exist."),
        Mistake("resume RUN", "A run is finished.", before=APPLIED),
        Mistake("approve RUN prod", "A run has no such wave.", before=APPLIED),
        Mistake("retry RUN", "Nothing is selected to retry.", before=APPLIED),
        Mistake("skip RUN prdo --reason moved", "A cluster is not part of the run.", before=APPLIED),
        Mistake("history --state gs://acme/runs", "A store is not supported."),
    ),
    "AWS and GitHub": (
        Mistake("history --state s3://acme-runs", "A profile does not exist.", environ=NO_PROFILE),
        Mistake("history --state s3://acme-runs", "There are no credentials."),
        Mistake("report merge report.json", "A report does not exist."),
        Mistake("doctor --github", "The role to check is missing."),
    ),
    "Corefiles and probes": (
        Mistake("corefile lint Corefle", "A Corefile does not exist."),
        Mistake("corefile lint Corefile", "A plugin is misspelt.", {"Corefile": ".:53 {\n    helth\n}\n"}),
        Mistake("corefile set lameduck=20 Corefile", "A duration has no unit.", HEALTH),
        Mistake("timeline --lameduck 30", "A duration has no unit."),
        Mistake("probe dns.example.com", "A DNS server is given by name."),
    ),
}


@dataclass(frozen=True, slots=True)
class Answer:
    mistake: Mistake
    code: int
    text: str


def answers() -> Iterator[tuple[str, tuple[Answer, ...]]]:
    """Every mistake with what it leads to, by topic."""
    with tempfile.TemporaryDirectory() as folder:
        config, scenario = Path(folder) / "fleet.yaml", Path(folder) / "scenario.yaml"
        config.write_text(FLEET, encoding="utf-8")
        scenario.write_text(SCENARIO, encoding="utf-8")
        for topic, mistakes in TOPICS.items():
            yield topic, tuple(_answer(mistake, config, scenario) for mistake in mistakes)


def _answer(mistake: Mistake, config: Path, scenario: Path) -> Answer:
    with shell(config, scenario, width=100) as here, _settings(mistake.environ):
        for command in mistake.before:
            here.type(*command.split())
        for name, text in mistake.files.items():
            if text:
                Path(name).write_text(text, encoding="utf-8")
            else:
                Path(name).unlink()
        code, text = _typed(here, mistake.typed)
        folder = str(Path.cwd())
    text = ANY_RUN_ID.sub(RUN, text.replace(f"{folder}/", "").replace(folder, "."))
    return Answer(mistake, code, ANY_HASH.sub("sha256:" + "1" * 64, text))


@contextlib.contextmanager
def _settings(more: Mapping[str, str]) -> Iterator[None]:
    Path("aws-config").write_text(CONFIG, encoding="utf-8")
    settings = {
        "AWS_CONFIG_FILE": "aws-config",
        "AWS_SHARED_CREDENTIALS_FILE": "none",
        "AWS_REGION": "eu-west-1",
    }
    settings |= {"AWS_EC2_METADATA_DISABLED": "true", **more}
    clean = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
    with mock.patch.dict(os.environ, {**clean, **settings}, clear=True):
        yield


def _typed(here: Shell, line: str) -> tuple[int, str]:
    """The exit code, and the errors and hints."""
    words = [word.strip("'") for word in re.findall(r"'[^']*'|\S+", line)]
    runs = [path.stem for path in Path().rglob("runs/*.jsonl")]
    words = [runs[0] if word == RUN else word for word in words]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = here.run(*words)
    shown = err.getvalue() if "error: " in err.getvalue() else out.getvalue() + err.getvalue()
    return code, "\n".join(_errors(shown))


def _errors(text: str) -> Iterator[str]:
    """Errors, each with its hint, and those that a plan or a linter shows in its result."""
    is_error = False
    for line in text.splitlines():
        is_error = "error: " in line or line.startswith("  ✗") or (is_error and line.startswith("hint: "))
        if is_error:
            yield line.strip()


def page_text() -> str:
    parts = []
    for topic, found in answers():
        parts.append(f"## {topic}\n")
        for answer in found:
            typed = answer.mistake.typed
            parts.append(f"{answer.mistake.what} Exit code {answer.code}.\n")
            parts.append(f"```console\n$ eksdns {typed}\n{answer.text}\n```\n")
    return "\n".join(parts)


def written(page: str, text: str) -> str:
    """The page with this between its markers."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{text}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), page_text()), encoding="utf-8")
