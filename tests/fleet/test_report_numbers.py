"""Two thousand clusters with a little of everything: every number of every report, counted by hand.

What is expected comes from the scenario alone, as somebody with a pencil would count it.
"""

import csv
import io
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from ruamel.yaml import YAML

from eksaddon.report.format import Format
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.render import Drifted, render
from tests.support.simulation import Simulation, fleet_of, simulate

CLUSTERS, REGIONS = 2_000, ("eu-west-1", "us-east-1")
ACCOUNTS = tuple(f"1000000000{number:02}" for number in range(40))
NO_ROLE, OTHER_ID, OFFLINE = ACCOUNTS[5], ACCOUNTS[11], ACCOUNTS[23]
DENIED = (ACCOUNTS[8], "us-east-1")
VERSIONS = (
    "v1.9.3-eksbuild.40",
    "v1.10.1-eksbuild.38",
    "v1.11.4-eksbuild.51",
    "v1.12.4-eksbuild.29",
    "v1.13.2-eksbuild.21",
)
COREFILE = """\
.:53 {
    errors
    health {
        lameduck %s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        fallthrough in-addr.arpa ip6.arpa
    }
    forward . /etc/resolv.conf
    cache 30
}
"""
KEYS: Mapping[str, tuple[int, str]] = {
    "low": (2, COREFILE % "5s"),
    "half": (3, COREFILE % "5s"),
    "few": (2, COREFILE % "20s"),
    "right": (3, COREFILE % "20s"),
    "spaced": (3, (COREFILE % "20000ms").replace("    ", "\t") + "# as it should be\n"),
    "broken": (2, ".:53 {\n    errors\n"),
}
"""What the stored documents say: replicas and Corefile."""
CHANGES: Mapping[str, frozenset[str]] = {
    "low": frozenset({"replicaCount", 'corefile[".:53"].health.lameduck'}),
    "half": frozenset({'corefile[".:53"].health.lameduck'}),
    "few": frozenset({"replicaCount"}),
    "right": frozenset(),
    "spaced": frozenset(),
}
OTHERS = ("auto", "missing", "creating")
"""Of clusters without a document: Auto Mode, no add-on, not yet active."""


@dataclass(frozen=True, slots=True)
class Cluster:
    account: str
    region: str
    name: str
    kind: str
    version: str

    @property
    def is_seen(self) -> bool:
        return self.account not in {NO_ROLE, OTHER_ID, OFFLINE} and (self.account, self.region) != DENIED

    @property
    def state(self) -> str:
        if self.kind in OTHERS:
            return "skipped"
        if self.kind == "broken":
            return "unverified"
        return "drifted" if CHANGES[self.kind] else "inSync"


def drawn() -> Iterator[Cluster]:
    dice = random.Random(20260101)  # a fleet that stays the same
    kinds = [*KEYS, *OTHERS]
    weights = (40, 12, 12, 20, 8, 1, 3, 3, 1)
    for number in range(CLUSTERS):
        account = ACCOUNTS[number % len(ACCOUNTS)]
        (kind,) = dice.choices(kinds, weights)
        version = "" if kind in OTHERS else dice.choice(VERSIONS)
        yield Cluster(account, dice.choice(REGIONS), f"c{number:04}", kind, version)


FLEET = tuple(drawn())
SEEN = tuple(each for each in FLEET if each.is_seen)


def scenario() -> str:
    """As JSON, which is YAML."""
    accounts: list[dict[str, Any]] = [
        {"id": account, "name": f"team-{number:02}", "regions": list(REGIONS), "roles": {"eksdns-apply": {}}}
        for number, account in enumerate(ACCOUNTS)
    ]
    accounts[ACCOUNTS.index(NO_ROLE)]["roles"] = {}
    accounts[ACCOUNTS.index(OTHER_ID)]["roles"] = {"eksdns-apply": {"externalId": "theirs"}}
    document = {
        "version": 1,
        "seed": 7,
        "accounts": [{"id": "999999999999", "name": "hub", "regions": ["eu-west-1"]}, *accounts],
        "defaultAccount": "hub",
        "documents": {
            kind: {"values": {"replicaCount": replicas}, "corefile": corefile}
            for kind, (replicas, corefile) in KEYS.items()
        },
        "clusters": [_placed(each) for each in FLEET],
        "faults": [
            {"kind": "unreachable", "match": {"account": OFFLINE}},
            {"kind": "denied", "match": {"service": "eks", "account": DENIED[0], "region": DENIED[1]}},
            {"kind": "throttle-429", "match": {"operation": "DescribeAddon"}, "probability": 0.1},
            {"kind": "server-error", "match": {"operation": "DescribeAddon"}, "probability": 0.01},
        ],
    }
    return json.dumps(document)


def _placed(cluster: Cluster) -> dict[str, Any]:
    found: dict[str, Any] = {"name": cluster.name, "account": cluster.account, "region": cluster.region}
    match cluster.kind:
        case "auto":
            return {**found, "addon": "none", "autoMode": True}
        case "missing":
            return {**found, "addon": "none"}
        case "creating":
            return {**found, "addon": "none", "status": "CREATING"}
        case kind:
            return {**found, "addon": cluster.version, "document": kind}


Place = tuple[str, str, str]
"""Account, region and name; `*` for all of a region."""


@dataclass(frozen=True, slots=True)
class Expected:
    state: str
    changes: frozenset[str] = frozenset()
    version: str = ""


def expected() -> dict[Place, Expected]:
    found = {
        (each.account, each.region, each.name): Expected(
            each.state, CHANGES.get(each.kind, frozenset()), each.version
        )
        for each in SEEN
    }
    lost = [(account, region) for account in (NO_ROLE, OTHER_ID, OFFLINE) for region in REGIONS]
    return found | {(*place, "*"): Expected("unreachable") for place in (*lost, DENIED)}


EXPECTED = expected()
STATES = Counter(each.state for each in EXPECTED.values())
BY_CHANGES = Counter(each.changes for each in EXPECTED.values() if each.changes)
UNKNOWN = ("unreachable", "unverified")
LABELS = {"in sync": "inSync", **{each: each for each in ("drifted", *UNKNOWN, "skipped")}}


@pytest.fixture(scope="module")
def simulation() -> Iterator[Simulation]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.endpoint.time", type("Time", (), {"sleep": staticmethod(lambda _: None)}))
        yield simulate(scenario())


@pytest.fixture(scope="module")
def rendered(simulation: Simulation) -> Callable[[Format], str]:
    accounts = [
        {"id": account, "name": f"team-{number:02}", "role": "eksdns-apply", "regions": list(REGIONS)}
        for number, account in enumerate(ACCOUNTS)
    ]
    wanted = {"lameduck": "20s", "replicaCount": 3}
    fleet = fleet_of(json.dumps({"version": 1, "coredns": wanted, "accounts": accounts}))
    plan = simulation.plan(fleet)
    return lambda format_: render(Drifted(plan), format_, RenderOptions(width=120, most_bytes=10**7))


def test_the_scenario_contains_what_its_description_says() -> None:
    assert len(FLEET) == CLUSTERS
    assert {each.version for each in FLEET if each.version} == set(VERSIONS)
    assert {each.kind for each in SEEN} == {*KEYS, *OTHERS}
    assert set(STATES) == {"drifted", *UNKNOWN, "skipped", "inSync"}


def test_nothing_is_read_twice(rendered: Callable[[Format], str], simulation: Simulation) -> None:
    rendered(Format.JSON)
    counts = simulation.world.calls.counts
    asked = sum(each.kind != "creating" for each in SEEN)
    assert counts["DescribeAddonConfiguration"] <= len(VERSIONS) * 2
    assert asked <= counts["DescribeAddon"] < asked * 1.3, "throttled calls are made again, others are not"


def check_document(loaded: Any) -> None:  # JSON
    summary = dict(loaded["summary"])
    assert summary.pop("targets") == len(EXPECTED) == sum(summary.values())
    assert Counter(summary) == STATES
    found = {
        (one["account"], one["region"], one["name"]): Expected(
            one["state"], frozenset(change["path"] for change in one["changes"]), one["addonVersion"]
        )
        for one in loaded["clusters"]
    }
    assert len(loaded["clusters"]) == len(found)
    assert found == EXPECTED


def test_json_and_yaml_have_every_cluster_in_its_state_with_its_changes(
    rendered: Callable[[Format], str],
) -> None:
    loaded = json.loads(rendered(Format.JSON))
    check_document(loaded)
    assert YAML(typ="safe").load(rendered(Format.YAML)) == loaded
    causes = Counter(one["cause"] for one in loaded["clusters"] if one["cause"])
    assert causes == {"role-not-assumable": 4, "connection-failed": 2, "access-denied": 1}


def test_csv_has_a_line_for_every_target(rendered: Callable[[Format], str]) -> None:
    rows = list(csv.DictReader(io.StringIO(rendered(Format.CSV))))
    found = {
        (row["account"], row["region"], row["name"]): (row["state"], row["addonVersion"]) for row in rows
    }
    assert len(rows) == len(EXPECTED)
    assert found == {place: (each.state, each.version) for place, each in EXPECTED.items()}
    for row in rows:
        changes = EXPECTED[row["account"], row["region"], row["name"]].changes
        assert (row["changes"].count(" -> "), bool(row["changes"])) == (len(changes), bool(changes))


def test_junit_counts_by_account_and_region(rendered: Callable[[Format], str]) -> None:
    words = {"failures": ("drifted",), "errors": UNKNOWN, "skipped": ("skipped",)}
    by_scope = Counter((*place[:2], each.state) for place, each in EXPECTED.items())
    suites = ET.fromstring(rendered(Format.JUNIT)).findall("testsuite")  # our own
    places = {tuple(suite.attrib["name"].split(" ")[0].split("/")) for suite in suites}
    assert places == {place[:2] for place in EXPECTED}
    for suite in suites:
        account, region = suite.attrib["name"].split(" ")[0].split("/")
        for attribute, states in words.items():
            count = sum(by_scope[account, region, state] for state in states)
            assert int(suite.attrib[attribute]) == count, suite.attrib["name"]
            element = {"failures": "failure", "errors": "error", "skipped": "skipped"}[attribute]
            assert len(suite.findall(f"testcase/{element}")) == int(suite.attrib[attribute])
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
        assert int(suite.attrib["tests"]) == sum(by_scope[account, region, state] for state in STATES)


def test_sarif_has_a_result_for_every_change_and_every_target_that_was_not_seen(
    rendered: Callable[[Format], str],
) -> None:
    (run,) = json.loads(rendered(Format.SARIF))["runs"]
    rules = Counter(one["ruleId"] for one in run["results"])
    assert rules["drift"] == sum(len(each.changes) for each in EXPECTED.values())
    assert all(rules[each] == STATES[each] for each in UNKNOWN)
    old = [each for each in SEEN if each.version == VERSIONS[0] and each.kind in {"low", "half"}]
    assert rules["reload-sleeps"] == len(old)
    assert "toolExecutionNotifications" not in run["invocations"][0]


SIZE, LABEL = r"([0-9,]+) (?:cluster|target)s?", "(drifted|unreachable|unverified|skipped|in sync)"


def number(text: str) -> int:
    return int(text.replace(",", ""))


def sizes(heads: list[tuple[str, str]], label: str = "") -> list[int]:
    return [number(size) for size, said in heads if label in {"", said}]


def check_groups(every: list[int], drifted: list[int]) -> None:
    assert sum(every) == len(EXPECTED)
    assert sorted(drifted, reverse=True) == sorted(BY_CHANGES.values(), reverse=True)


def test_the_table_groups_what_needs_the_same_change(rendered: Callable[[Format], str]) -> None:
    text = rendered(Format.TABLE)
    heads = re.findall(
        r"^[~?=-] ([0-9,]+) (?:cluster|target)s? (drifted|unreachable|unverified|skipped|in sync)",
        text,
        re.MULTILINE,
    )
    by_state: Counter[str] = Counter()
    for size, label in heads:
        by_state[LABELS[label]] += number(size)
    del by_state["inSync"]  # nobody needs a list of what is well
    assert by_state == {state: count for state, count in STATES.items() if state != "inSync"}
    check_groups([*sizes(heads), STATES["inSync"]], sizes(heads, "drifted"))
    last = text.rstrip().rsplit("\n", 1)[-1]
    assert number(re.findall(r"([0-9,]+) targets", last)[0]) == len(EXPECTED)
    for count, label in re.findall(rf"([0-9,]+) ({'|'.join(LABELS)})", last):
        assert number(count) == STATES[LABELS[label]]


def test_markdown_has_the_same_counts_and_groups(rendered: Callable[[Format], str]) -> None:
    text = rendered(Format.MARKDOWN)
    header, _, row = [line for line in text.splitlines() if line.startswith("|")][:3]
    totals = dict(zip(header.split("|")[2:-1], row.split("|")[2:-1], strict=True))
    assert {LABELS[key.strip()[2:]]: number(count) for key, count in totals.items()} == STATES
    heads = re.findall(rf"<b>([0-9,]+) (?:cluster|target)s?</b> ({'|'.join(LABELS)})", text)
    check_groups(
        [number(size) for size, _ in heads], [number(size) for size, label in heads if label == "drifted"]
    )
    assert "left out" not in text


def test_the_page_has_the_same_totals_map_groups_and_rows(rendered: Callable[[Format], str]) -> None:
    text = rendered(Format.HTML)
    totals = re.findall(r'data-state="(\w+)"[^>]*>\s*<b>([0-9,]+)</b>', text)
    assert Counter({state: number(count) for state, count in totals}) == STATES
    cells = re.findall(
        r'data-account="([0-9]{12})" data-region="([a-z0-9-]+)"[^>]*>([0-9,/]+)</button>', text
    )
    wrong = Counter(place[:2] for place, each in EXPECTED.items() if each.state in {"drifted", *UNKNOWN})
    whole = Counter(place[:2] for place in EXPECTED)
    assert {(account, region) for account, region, _ in cells} == set(whole)
    for account, region, shown in cells:
        parts = [number(part) for part in shown.split("/")]
        assert parts[-1] == whole[account, region]
        assert (parts[0] if len(parts) > 1 else 0) == wrong[account, region]
    rows = re.findall(r'<tr data-a="([0-9]{12})" data-s="(\w+)"', text)
    by_account = Counter((place[0], each.state) for place, each in EXPECTED.items())
    assert Counter(rows) == by_account
    heads = re.findall(r"<summary><span[^>]*>([a-z ]+)</span> <b>([0-9,]+) (?:cluster|target)s?</b>", text)
    check_groups(
        [number(size) for _, size in heads], [number(size) for label, size in heads if label == "drifted"]
    )
