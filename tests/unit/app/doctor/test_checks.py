"""What answers say about access."""

import pytest

from eksaddon.app.doctor.checks import (
    BLOCKS_PLANS,
    BREAKS,
    answered,
    of_addon,
    of_scaling,
    of_trial,
    of_workload,
)
from eksaddon.app.doctor.report import MOST_NAMES, document, findings, total
from eksaddon.domain.access.checkup import Check, CheckState, Checkup, Piece
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.kube.apply_answer import (
    Applied,
    ApplyAnswer,
    ApplyConflict,
    Overridden,
    WriteForbidden,
    WriteRefused,
)
from eksaddon.domain.kube.scaled import ScaledDown
from eksaddon.domain.observed import (
    AutoMode,
    Connected,
    Managed,
    NotActive,
    NotInstalled,
    Observed,
    Unreachable,
)
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import NotChecked, RolloutStuck, Workload, WorkloadState

REF = ClusterRef("111122223333", "eu-west-1", "prod")


@pytest.mark.parametrize("cause", list(Cause))
def test_no_trouble_is_ever_fine_and_each_says_what_to_do(cause: Cause) -> None:
    for piece in Piece:
        check = answered(piece, Trouble(cause, "said"))
        assert (check.state, check.breaks) == (CheckState.MISSING, BREAKS[piece])
        assert check.remedy


@pytest.mark.parametrize(
    ("observed", "state"),
    [
        (Managed(REF, "v1", "ACTIVE", None), CheckState.FINE),
        (NotInstalled(REF), CheckState.FINE),
        (AutoMode(REF), CheckState.FINE),
        (NotActive(REF, "CREATING"), CheckState.SKIPPED),
        (Connected(REF), CheckState.SKIPPED),
        (Unreachable(REF, Trouble(Cause.THROTTLED, "")), CheckState.MISSING),
    ],
)
def test_what_is_found_on_a_cluster_says_whether_it_may_be_read(
    observed: Observed, state: CheckState
) -> None:
    assert of_addon(observed).state is state


@pytest.mark.parametrize("answer", [Applied(), ApplyConflict(()), WriteRefused("too long"), Overridden(())])
def test_a_caller_who_is_answered_about_fields_may_patch(answer: ApplyAnswer) -> None:
    assert of_trial(answer).state is CheckState.FINE


@pytest.mark.parametrize("reason", ["403 Forbidden", "timed out", "401 Unauthorized"])
def test_a_kubernetes_api_that_was_not_read_is_missing(reason: str) -> None:
    for check in (of_workload(NotChecked(reason)), of_trial(NotChecked(reason))):
        assert (check.state, check.detail) == (CheckState.MISSING, reason)


def test_a_permission_missing_everywhere_is_reported_once() -> None:
    check = Check(Piece.ACCOUNT, CheckState.MISSING, "bad\x1b[31m\nnews", "all", "ask")
    refs = [ClusterRef(REF.account, REF.region, f"c{number}") for number in range(MOST_NAMES + 2)]
    lines = findings([Checkup(ref, (check,)) for ref in refs], 200)
    assert [line.strip()[:3] for line in lines] == ["", "mis", "whe", "eff", "fix"]
    assert lines[2].endswith(" and 2 more")
    assert "\x1b" not in "".join(lines)


def test_counts_of_the_document_add_up() -> None:
    well, ill = Check(Piece.ACCOUNT, CheckState.FINE), Check(Piece.ACCOUNT, CheckState.MISSING)
    unseen, left_out = Check(Piece.UPDATES, CheckState.SKIPPED), Check(Piece.ACCOUNT, CheckState.SKIPPED)
    checkups = [Checkup(REF, checks) for checks in ((well,), (ill,), (well, ill), (unseen,), (left_out,))]
    found = document(checkups)
    assert found["summary"] == {"targets": 5, "ok": 1, "missing": 2, "unproven": 1, "skipped": 1}
    clusters = found["clusters"]
    assert isinstance(clusters, list)
    assert [each["ok"] for each in clusters] == [True, False, False, False, False]
    assert total(checkups) == "5 targets: 1 ok, 2 with missing permissions, 1 not checked, 1 skipped"


def test_credentials_that_may_not_patch_are_missing_that_right() -> None:
    found = of_trial(WriteForbidden("cannot patch", "the Role in configs/access/kubernetes.yaml"))
    assert (found.state, found.detail) == (CheckState.MISSING, "cannot patch")
    assert "--print role" in found.remedy


def test_autoscalers_that_may_not_be_listed_are_missing_and_leave_the_rest() -> None:
    found = of_workload(Workload(2, 30, 0, None, scalers_unread="access denied"))
    assert (found.state, found.detail) == (CheckState.MISSING, "access denied")
    assert "everything else works" in found.breaks
    assert "--print role" in found.remedy


def test_an_unfinished_rollout_is_in_the_table_too() -> None:
    runs = Workload(2, 30, 0, None, rollout=RolloutStuck("the Deployment is paused"))
    checks = (of_addon(NotInstalled(REF)), of_workload(runs), of_workload(Workload(2, 30, 0, None)))
    assert findings([Checkup(REF, checks)], 200) == (
        "",
        "note: kubernetes read: the rollout is stuck: the Deployment is paused",
        f"  where: {Checkup(REF, ()).label}",
    )


def test_an_unfinished_rollout_is_in_the_detail_of_what_was_read() -> None:
    runs = Workload(2, 30, 0, None, rollout=RolloutStuck("the Deployment is paused"))
    found = of_workload(runs)
    assert (found.state, found.detail) == (CheckState.FINE, "the rollout is stuck: the Deployment is paused")


def test_a_scaling_that_a_proof_has_left_is_a_note_with_the_command() -> None:
    left, changed = (Workload(count, 30, 0, None, scaled_down=ScaledDown(2, 0)) for count in (0, 2))
    found = of_scaling(REF, left)
    assert found is not None
    assert (found.state, found.breaks) == (CheckState.FINE, BLOCKS_PLANS)
    assert "`eksdns prove --cluster 111122223333/eu-west-1/prod --restore`" in found.remedy
    assert findings([Checkup(REF, (found,))], 200)[1].startswith("note: kubernetes read: `eksdns prove`")
    record = of_scaling(REF, changed)
    assert record is not None
    assert (record.breaks, "removes the record" in record.remedy) == ("", True)


@pytest.mark.parametrize("state", [NotChecked("timed out"), Workload(2, 30, 0, None)])
def test_without_a_record_there_is_no_note(state: WorkloadState) -> None:
    assert of_scaling(REF, state) is None
