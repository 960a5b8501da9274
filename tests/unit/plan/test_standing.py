"""Whether an unchanged document is in force: the live objects as evidence, and the action."""

import pytest

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.live import LiveField
from eksaddon.domain.plan import Action
from eksaddon.domain.proof import LiveDiffers, LiveMatches, LiveNotRead
from eksaddon.domain.workload import NotChecked, Workload
from eksaddon.plan.inputs import Situation
from eksaddon.plan.standing import UPDATE_UNSEEN, live_seen, standing
from eksaddon.schema import packaged_schema
from tests.support.planner import VERSION, managed, wants

READ = Workload(2, 30, 0, None)
SAME = LiveField("replicaCount", None, 2, 2, is_held=True)
EDITED = LiveField("replicaCount", None, 2, 5, is_held=True)


def test_live_objects_that_were_not_read_are_no_evidence() -> None:
    assert live_seen(NotChecked("no permission"), ()) == LiveNotRead("no permission")


def test_live_objects_match_where_no_compared_field_deviates() -> None:
    assert live_seen(READ, (SAME,)) == LiveMatches()


def test_live_objects_that_differ_name_the_fields() -> None:
    trouble = Trouble(Cause.NOT_AS_PLANNED, "the live replicaCount differs", operation="Read")
    assert live_seen(READ, (SAME, EDITED)) == LiveDiffers(trouble)


@pytest.mark.parametrize("fields", [(SAME,), (EDITED,)])
def test_a_live_edit_is_drift_and_no_reason_to_send_the_same_document(fields: tuple[LiveField, ...]) -> None:
    schema = packaged_schema(VERSION)
    assert schema is not None
    case = Situation(managed({"replicaCount": 2}), wants(), READ, schema)
    assert standing(case, fields) == (Action.IN_SYNC, "", None)


def test_an_unread_update_of_the_stored_document_blocks_with_its_reason() -> None:
    schema = packaged_schema(VERSION)
    assert schema is not None
    denied = Trouble(Cause.DENIED, "denied", "AccessDenied", "DescribeUpdate", "eks:DescribeUpdate")
    case = Situation(managed({"replicaCount": 2}, update=denied), wants(), READ, schema)
    action, reason, finding = standing(case, ())
    assert action is Action.BLOCKED
    assert reason == f"the configuration is stored, but the result of its update could not be read: {denied}"
    assert finding == Diagnostic(Severity.ERROR, UPDATE_UNSEEN, reason, denied.hint)
