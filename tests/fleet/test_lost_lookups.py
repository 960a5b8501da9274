"""Twenty clusters in three waves whose probes lose lookups: every count of the run and of its reports."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from eksaddon.domain.target import ClusterRef
from tests.support.walkthrough import Shell, run_on_record, shell

CANARY, MOST, LAST = 2, 15, 3
LOSING = {"m-01": 7, "m-06": 30, "m-11": 1}
"""Lookups that a cluster loses once it is changed."""
RATE, WIDTH, SOAK = 20, 4, 60
FLEET = f"""
version: 1
coredns: {{replicaCount: 3}}
accounts: [{{id: "111122223333", name: shop, regions: [eu-west-1]}}]
rollout:
  waves:
    - name: canary
      select: {{cluster: "c-*"}}
      gates: &probe [{{type: probe, from: cluster, rate: {RATE}, image: x}}]
    - name: most
      select: {{cluster: "m-*"}}
      maxConcurrency: {WIDTH}
      soak: {SOAK}s
      onFailure: ON_FAILURE
      gates: *probe
    - {{name: last, select: {{cluster: "z-*"}}, gates: *probe}}
"""
NAMES = [
    *(f"c-{number:02}" for number in range(CANARY)),
    *(f"m-{number:02}" for number in range(MOST)),
    *(f"z-{number:02}" for number in range(LAST)),
]
Opened = Callable[..., Shell]


def scenario(workloads: dict[str, object]) -> str:
    """As JSON, which is YAML."""
    version = "v1.11.4-eksbuild.51"
    clusters = [
        {
            "name": name,
            "region": "eu-west-1",
            "addon": version,
            "document": "plain",
            "workload": workloads.get(name, {}),
        }
        for name in NAMES
    ]
    return json.dumps(
        {
            "version": 1,
            "accounts": [{"id": "111122223333", "name": "shop", "regions": ["eu-west-1"]}],
            "documents": {"plain": '{"replicaCount":2}'},
            "clusters": clusters,
        }
    )


LOSS = {name: {"dns": {"lostOnChange": lost}} for name, lost in LOSING.items()}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    shells = []

    def start(workloads: dict[str, object], on_failure: str = "pause") -> Shell:
        (tmp_path / "fleet.yaml").write_text(FLEET.replace("ON_FAILURE", on_failure))
        (tmp_path / "scenario.yaml").write_text(scenario(workloads))
        entered = shell(tmp_path / "fleet.yaml", tmp_path / "scenario.yaml", width=160)
        shells.append(entered)
        return entered.__enter__()

    yield start
    for each in shells:
        each.__exit__(None, None, None)


REPORTS = tuple(f"--report={name}=out.{name}" for name in ("json", "yaml", "markdown", "html"))


def ref_of(name: str) -> ClusterRef:
    return ClusterRef("111122223333", "eu-west-1", name)


def has_updates(here: Shell, name: str) -> bool:
    addon = here.world.addon(ref_of(name))
    return addon is not None and bool(addon.updates)


def replicas(here: Shell) -> Counter[str]:
    """Clusters by the first letter of their name, of those that have the new value."""
    changed = Counter(c=0, m=0, z=0)
    for name in NAMES:
        changed[name[0]] += '"replicaCount":3' in (here.world.document(ref_of(name)) or "").replace(" ", "")
    return changed


def test_nothing_lost_is_reported_for_every_wave_and_the_counts_are_rate_times_time(opened: Opened) -> None:
    here = opened({})
    code, text = here.type("apply", "--all", "--yes", *REPORTS)
    assert code == 0, text[-2000:]
    document = json.loads(Path("out.json").read_text())
    assert YAML(typ="safe").load(Path("out.yaml").read_text()) == document
    assert [wave["probe"]["verdict"] for wave in document["waves"]] == ["pass"] * 3
    for wave, size in zip(document["waves"], (CANARY, MOST, LAST), strict=True):
        probed = wave["probe"]["clusters"]
        assert len(probed) == size
        assert {each["lost"] == {} for each in probed} == {True}
        asked = {each["asked"] for each in probed}
        assert len(asked) == 1, "all clusters of a wave are measured for the same time"
    soaked = document["waves"][1]["probe"]["clusters"][0]["asked"]
    assert soaked >= RATE * SOAK, "the soak is measured too"
    assert replicas(here) == Counter(c=CANARY, m=MOST, z=LAST)


@pytest.mark.parametrize(
    ("on_failure", "code", "state"),
    [("pause", 4, "paused"), ("stop", 3, "stopped"), ("rollback-wave", 1, "rolled back")],
)
def test_loss_in_the_middle_of_a_wave_ends_it_as_its_on_failure_says(
    opened: Opened, on_failure: str, code: int, state: str
) -> None:
    here = opened(LOSS, on_failure)
    ended, text = here.type("apply", "--all", "--yes", *REPORTS)
    assert (ended, f" {state}: {len(NAMES)} targets" in text) == (code, True), text[-3000:]
    document = json.loads(Path("out.json").read_text())
    canary, most, *_ = document["waves"]
    assert (canary["probe"]["verdict"], most["probe"]["verdict"]) == ("pass", "fail")

    changed = {name for name in NAMES if has_updates(here, name)}
    started = Counter(name[0] for name in changed)
    assert started["c"] == CANARY
    assert started["z"] == 0, "no cluster of the next wave is touched"
    assert WIDTH <= started["m"] < MOST, "no update starts once the loss is known"
    now = replicas(here)
    assert (now["c"], now["m"]) == (CANARY, 0 if on_failure == "rollback-wave" else started["m"])
    assert sum(document["summary"][key] for key in document["summary"] if key != "targets") == len(NAMES)

    told = {
        each["name"]: each["lost"].get("timeout", 0) for each in most["probe"]["clusters"] if each["lost"]
    }
    assert told == {name: LOSING[name] for name in changed & set(LOSING)}
    assert told, "at least one of the first clusters loses lookups"
    for page in (text, Path("out.markdown").read_text(), Path("out.html").read_text()):
        for lost in told.values():
            assert f"{lost} ({lost} timeout)" in page
    _, history = here.type("history", run_on_record().stem)
    assert f"{sum(told.values())} of" in history


def test_a_person_who_resumes_after_a_loss_accepts_it_and_it_stays_on_record(opened: Opened) -> None:
    here = opened(LOSS)
    assert here.type("apply", "--all", "--yes")[0] == 4
    run = run_on_record().stem
    assert here.type("resume", run)[0] == 5, "whoever resumes has to accept the loss"
    codes, text = [], ""
    for _ in range(len(LOSING)):
        code, text = here.type("resume", run, "--accept-failures", "the loss is known", *REPORTS)
        codes.append(code)
        if code == 0:
            break
    assert codes[-1] == 0, text[-3000:]
    assert replicas(here) == Counter(c=CANARY, m=MOST, z=LAST)
    most = json.loads(Path("out.json").read_text())["waves"][1]
    assert sum(each["lost"].get("timeout", 0) for each in most["probe"]["clusters"]) >= sum(LOSING.values())


@pytest.mark.parametrize(
    ("on_failure", "workload"),
    [
        ("pause", {"api": "no-entry"}),
        ("stop", {"api": "no-entry"}),
        ("rollback-wave", {"api": "no-entry"}),
        ("rollback-wave", {"dns": {"answers": False}}),
    ],
)
def test_one_probe_of_many_that_cannot_run_pauses_before_any_write_of_its_wave(
    opened: Opened, on_failure: str, workload: dict[str, object]
) -> None:
    here = opened({"m-13": workload}, on_failure)
    code, text = here.type("apply", "--all", "--yes", *REPORTS)
    assert (code, f" paused: {len(NAMES)} targets" in text) == (4, True), text[-3000:]
    assert replicas(here) == Counter(c=CANARY, m=0, z=0)
    most = json.loads(Path("out.json").read_text())["waves"][1]["probe"]
    assert most["verdict"] == "inconclusive"
    assert ["m-13" in reason for reason in most["reasons"]] == [True]
