"""What can be asked of a run, in every state that it can be in, and of a run that is none."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from eksaddon.app.session import AccessBook, Session
from eksaddon.cli import plan_session
from eksaddon.domain.target import ClusterRef
from eksaddon.store.lines import to_lines
from tests.support.examples import one_quick
from tests.support.walkthrough import Shell, run_on_record, shell

FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
rollout:
  waves:
    - {name: first, select: {cluster: "a-*"}, maxConcurrency: 2, failureTolerance: 0}
    - {name: second, select: {cluster: "b-*"}, before: [{type: approval}], maxConcurrency: 2}
"""
SCENARIO = """
version: 1
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
documents: {plain: '{"replicaCount":2}'}
clusters:
  - {name: a-1, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
  - name: a-2
    region: eu-west-1
    addon: v1.11.4-eksbuild.51
    document: plain
    outcomes: [{result: fails, code: AdmissionRequestDenied, message: frozen, keeps: false, status: ACTIVE}]
  - {name: "b-{n}", count: 2, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
"""
NO_FOREIGN_VALUES = "20200101-000000-000000"
ALL_VERBS = (
    ("resume", "RUN"),
    ("approve", "RUN", "second"),
    ("skip", "RUN", "b-1", "--reason", "moved"),
    ("retry", "RUN", "--failed"),
    ("abort", "RUN"),
    ("rollback", "RUN", "--yes"),
    ("history", "RUN"),
)


@dataclass(frozen=True, slots=True)
class Fleet:
    here: Shell

    def type(self, *args: str) -> tuple[int, str]:
        return self.here.type(*args)

    def ask(self, *args: str) -> tuple[int, str]:
        """RUN stands for the run on record."""
        return self.type(*(run_on_record().stem if arg == "RUN" else arg for arg in args))

    def replicas(self, name: str) -> int:
        document = self.here.world.document(ClusterRef("111122223333", "eu-west-1", name))
        return int(json.loads(document or "{}")["replicaCount"])

    @property
    def updates(self) -> int:
        return self.here.world.calls.counts.get("UpdateAddon", 0)

    def summary(self, *args: str) -> dict[str, int]:
        _, text = self.ask(*args, "-q", "-o", "json")
        summary: dict[str, int] = json.loads(text[text.index("{") : text.rindex("}") + 1])["summary"]
        return summary


@pytest.fixture
def paused(tmp_path: Path) -> Iterator[Fleet]:
    """A run that paused since a-2 failed; b-1 and b-2 wait for an approval after that."""
    (tmp_path / "fleet.yaml").write_text(FLEET)
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    with shell(tmp_path / "fleet.yaml", tmp_path / "scenario.yaml") as here:
        assert here.type("apply", "--all", "--yes")[0] == 4
        yield Fleet(here)


@pytest.fixture
def gated(paused: Fleet) -> Fleet:
    """The failure was mended; now an approval is missing."""
    assert paused.ask("retry", "RUN", "--failed")[0] == 4
    return paused


@pytest.fixture
def over(gated: Fleet) -> Fleet:
    assert gated.ask("approve", "RUN", "second")[0] == 0
    assert gated.ask("resume", "RUN")[0] == 0
    return gated


def test_resume_continues_past_a_failure_that_a_user_saw(paused: Fleet) -> None:
    before = paused.updates
    code, text = paused.ask("resume", "RUN")
    assert (code, paused.updates) == (5, before)
    assert "paused because of failures" in text
    assert "--accept-failures" in text
    code, text = paused.ask("resume", "RUN", "--accept-failures", "a-2 is scrapped")
    assert code == 4
    assert "waiting for approval" in text
    assert "eksdns approve" in text
    assert (paused.replicas("a-1"), paused.replicas("a-2")) == (3, 2)
    assert "failures accepted: a-2 is scrapped" in paused.ask("history", "RUN")[1]


def test_retry_repeats_only_failed_targets(paused: Fleet) -> None:
    before = paused.updates
    code, text = paused.ask("retry", "RUN", "--failed")
    assert code == 4
    assert "retrying 1 cluster" in text
    assert paused.replicas("a-2") == 3
    assert paused.updates <= before + 2


def test_retry_wants_to_be_told_what(paused: Fleet) -> None:
    code, text = paused.ask("retry", "RUN")
    assert code == 64
    assert "--failed" in text


def test_nothing_is_retried_where_nothing_failed(gated: Fleet) -> None:
    code, text = gated.ask("retry", "RUN", "--failed")
    assert code == 5
    assert "no failed target can be retried" in text


def test_an_approval_lets_the_wave_start_and_says_who_gave_it(gated: Fleet) -> None:
    assert gated.replicas("b-1") == 2
    code, text = gated.ask("approve", "RUN", "second", "--by", "ana\x1b[31m")
    assert code == 0
    assert "resume: eksdns resume" in text
    code, text = gated.ask("resume", "RUN")
    assert code == 0
    assert gated.replicas("b-1") == gated.replicas("b-2") == 3
    _, told = gated.ask("history", "RUN")
    assert "approved" in told
    assert "by ana\\x1b[31m" in told


def test_an_approval_of_an_invalid_wave_names_those_that_are(gated: Fleet) -> None:
    code, text = gated.ask("approve", "RUN", "third")
    assert code == 64
    assert "has no wave third" in text
    assert "first, second" in text


def test_a_wave_that_is_over_needs_no_approval(gated: Fleet) -> None:
    assert gated.ask("approve", "RUN", "first")[0] == 5


@pytest.mark.parametrize("name", one_quick(["shop/eu-west-1/b-1", "b-1", "111122223333/eu-west-1/b-1"]))
def test_a_cluster_is_excluded_of_the_rest_of_a_run(gated: Fleet, name: str) -> None:
    assert gated.ask("skip", "RUN", name, "--reason", "moves next week")[0] == 0
    gated.ask("approve", "RUN", "second")
    summary = gated.summary("resume", "RUN")
    assert (summary["changed"], summary["skipped"]) == (3, 1)
    assert (gated.replicas("b-1"), gated.replicas("b-2")) == (2, 3)


def test_skipping_names_a_target_of_the_run_and_a_reason(gated: Fleet) -> None:
    code, text = gated.ask("skip", "RUN", "c-9", "--reason", "gone")
    assert code == 64
    assert "c-9 matches no target of this run" in text
    assert gated.ask("skip", "RUN", "b-1")[0] == 64


def test_an_aborted_run_starts_nothing_more(gated: Fleet) -> None:
    before = gated.updates
    code, text = gated.ask("abort", "RUN", "--reason", "wrong day")
    assert code == 0
    assert "roll back: eksdns rollback" in text
    code, text = gated.ask("resume", "RUN")
    assert code == 5
    assert "the state of the run is stopped" in text
    assert gated.updates == before
    assert "wrong day" in gated.ask("history", "RUN")[1]


def test_a_rollback_restores_everything_that_the_run_changed(over: Fleet) -> None:
    code, _ = over.ask("rollback", "RUN", "--yes")
    assert code == 0
    assert [over.replicas(name) for name in ("a-1", "a-2", "b-1", "b-2")] == [2, 2, 2, 2]
    assert "rolled back" in over.type("history")[1]


def test_a_rollback_of_one_wave_leaves_the_others(over: Fleet) -> None:
    code, _ = over.ask("rollback", "RUN", "--wave", "second", "--yes")
    assert [over.replicas(name) for name in ("a-1", "a-2", "b-1", "b-2")] == [3, 3, 2, 2]
    assert code == 0


def test_a_rollback_never_touches_what_a_user_changed_since(over: Fleet) -> None:
    theirs = ClusterRef("111122223333", "eu-west-1", "b-2")
    over.here.world.write(theirs, '{"replicaCount":7}')
    summary = over.summary("rollback", "RUN", "--yes")
    assert over.replicas("b-2") == 7
    assert summary["rolledBack"] == 3
    assert summary["targets"] == 4


def test_a_rollback_asks_first(over: Fleet) -> None:
    before = over.updates
    code, text = over.ask("rollback", "RUN")
    assert code == 5
    assert "--yes" in text
    assert over.updates == before


def test_a_rollback_of_an_invalid_wave_names_those_that_are(over: Fleet) -> None:
    code, text = over.ask("rollback", "RUN", "--wave", "third", "--yes")
    assert code == 64
    assert "waves: first, second" in text


def test_a_rollback_where_nothing_was_changed_is_refused(gated: Fleet) -> None:
    code, text = gated.ask("rollback", "RUN", "--wave", "second", "--yes")
    assert code == 5
    assert "has no changes to roll back in wave second" in text


def test_a_run_that_is_over_takes_no_more_orders_but_retry_and_rollback(over: Fleet) -> None:
    before = over.updates
    for order in (("resume", "RUN"), ("approve", "RUN", "second"), ("abort", "RUN")):
        code, text = over.ask(*order)
        assert code == 5, order
        assert "the state of the run is succeeded" in text
        assert "possible now" not in text
    code, text = over.ask("skip", "RUN", "b-1", "--reason", "late")
    assert code == 5
    assert "the state of the run is succeeded" in text
    assert over.updates == before


def test_a_cluster_that_has_ended_is_not_skipped_any_more(gated: Fleet) -> None:
    code, text = gated.ask("skip", "RUN", "a-1", "--reason", "late")
    assert code == 5
    assert "a-1 is already finished: changed" in text


def test_a_cluster_that_failed_can_be_excluded(paused: Fleet) -> None:
    assert paused.ask("skip", "RUN", "a-2", "--reason", "frozen until May")[0] == 0
    assert paused.ask("resume", "RUN")[0] == 4
    assert paused.ask("retry", "RUN", "--failed")[0] == 5


def test_history_lists_runs_and_shows_one_from_its_opening_to_its_end(over: Fleet) -> None:
    code, text = over.type("history", "-o", "json")
    assert code == 0
    (entry,) = json.loads(text)["entries"]
    assert entry["state"] == "succeeded"
    assert entry["counts"] == {"changed": 4}
    code, text = over.ask("history", "RUN", "-o", "entries")
    told = [each["what"] for each in json.loads(text)["entries"]]
    assert code == 0
    assert (told[0], told[-1]) == ("opened", "ended")
    assert {"paused", "retrying", "resumed", "approved", "failed", "changed"} <= set(told)


def test_history_asks_eks_about_a_cluster_that_no_run_was_at(paused: Fleet) -> None:
    code, text = paused.type("history", "--cluster", "a-2", "--region", "eu-west-1", "-o", "json")
    assert code == 0
    (update,) = json.loads(text)["entries"]
    assert (update["what"], "frozen" in update["detail"]) == ("Failed", True)
    code, text = paused.type("history", "--cluster", "nowhere", "--region", "eu-west-1")
    assert code == 1
    assert "nowhere" in text


def test_show_shows_a_saved_plan_and_refuses_a_changed_one(paused: Fleet) -> None:
    assert paused.type("plan", "--all", "--out", "plan.json")[0] == 0
    code, text = paused.type("show", "plan.json")
    assert code == 0
    assert "b-1" in text
    saved = Path("plan.json")
    saved.write_text(saved.read_text().replace("b-1", "b-3"))
    code, text = paused.type("show", "plan.json")
    assert code == 5
    assert "plan.json" in text
    code, text = paused.type("show", "nowhere.json")
    assert code == 64
    assert "nowhere.json" in text


@pytest.mark.slow
def test_a_run_that_is_not_on_record_is_an_error_for_every_verb(paused: Fleet) -> None:
    before = paused.updates
    for verb in ALL_VERBS:
        code, text = paused.type(*(NO_FOREIGN_VALUES if word == "RUN" else word for word in verb))
        assert code == 64, verb
        assert NO_FOREIGN_VALUES in text
        assert "hint: " in text
    assert paused.updates == before


@pytest.mark.slow
def test_no_run_id_leads_out_of_the_folder_of_runs(paused: Fleet) -> None:
    for verb in ALL_VERBS:
        code, text = paused.type(*("../lock" if word == "RUN" else word for word in verb))
        assert code in {1, 64}, verb
        assert "error: " in text


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["garbage in the middle", "a record of a newer version", "no opening"])
def test_a_damaged_journal_is_refused_by_every_verb_and_left_as_it_is(paused: Fleet, damage: str) -> None:
    path, before = run_on_record(), paused.updates
    lines = path.read_bytes().splitlines(keepends=True)
    match damage:
        case "garbage in the middle":
            lines[2] = b"\x00\x00 not json\n"
        case "no opening":
            del lines[0]
        case _:
            lines[1] = to_lines([{"type": "Teleported", "at": 1.0}])
    path.write_bytes(b"".join(lines))
    for verb in ALL_VERBS:
        code, text = paused.ask(*verb)
        assert code == 1, (verb, text)
        assert "error: " in text
        assert path.stem in text
    assert path.read_bytes() == b"".join(lines)
    assert paused.updates == before
    code, text = paused.type("history")
    assert code == 0
    assert "unreadable" in text


def test_a_record_that_a_crash_cut_short_is_no_damage(paused: Fleet) -> None:
    path = run_on_record()
    path.write_bytes(path.read_bytes() + b'{"type":"Resu')
    code, _ = paused.ask("retry", "RUN", "--failed")
    assert code == 4
    assert paused.replicas("a-2") == 3


def test_role_sessions_carry_the_id_of_the_run_that_writes(tmp_path: Path) -> None:
    """From the first write on, so that CloudTrail tells which run it was."""
    (tmp_path / "fleet.yaml").write_text(FLEET)
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    with shell(tmp_path / "fleet.yaml", tmp_path / "scenario.yaml") as here:
        named: list[object] = []
        inner: Callable[..., Session] = vars(plan_session)["open_session"]

        def opened(book: AccessBook, **options: Any) -> Session:
            named.append(options.get("run"))
            return inner(book, **options)

        with mock.patch("eksaddon.cli.plan_session.open_session", opened):
            assert here.type("apply", "--all", "--yes")[0] == 4
        assert named == [run_on_record().stem]
