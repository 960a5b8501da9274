"""Saved plans: what is read is what was written, and nobody changes it unseen."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from eksaddon.app.fleet.planfile import load_plan, save_plan
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.encoding.codec import encode
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import SCHEMA_VERSION, Json, digest
from eksaddon.domain.observed import Managed
from eksaddon.domain.plan import Plan
from eksaddon.domain.target import Account, AssumedRole, ClusterRef, Target
from eksaddon.domain.versions.desired import DefaultVersion, DesiredVersion, ExactVersion
from eksaddon.domain.versions.offered import Offered, VersionList
from eksaddon.domain.workload import NotChecked
from eksaddon.plan.digest import plan_digest
from eksaddon.plan.fleet import Planner
from eksaddon.plan.planfile import SavedPlan, file_digest, from_text, plan_file_schema, plan_warnings, to_text
from eksaddon.schema import packaged_schema
from tests.support.plans import plans

ACCOUNTS = (Account("111122223333", access=AssumedRole(("arn:aws:iam::111122223333:role/x",), "ext")),)
SCHEMA = Draft202012Validator(plan_file_schema())
EMPTY = SavedPlan(Plan((), 1000.0, plan_digest(())), ACCOUNTS, "1.0")


@given(plans())
def test_a_plan_that_is_saved_is_read_as_it_was(plan: Plan) -> None:
    saved = SavedPlan(plan, ACCOUNTS, "1.0")
    assert from_text(to_text(saved), "plan.json") == saved


@given(plans())
def test_a_file_that_is_written_in_parts_is_the_text_of_the_whole(plan: Plan) -> None:
    saved = SavedPlan(plan, ACCOUNTS, "1.0")
    whole: dict[str, Json] = {
        "schemaVersion": SCHEMA_VERSION,
        "kind": "planFile",
        "tool": "1.0",
        "accounts": [encode(each) for each in ACCOUNTS],
        "plan": encode(plan),
    }
    assert file_digest(saved) == f"sha256:{digest(whole)}"
    text = json.dumps(whole | {"hash": digest(whole)}, indent=1, ensure_ascii=False)
    assert to_text(saved) == f"{text}\n"


@given(plans())
def test_every_plan_file_is_valid_by_the_published_schema(plan: Plan) -> None:
    SCHEMA.validate(json.loads(to_text(SavedPlan(plan, ACCOUNTS, "1.0"))))


def test_the_schema_refuses_what_a_plan_file_does_not_have() -> None:
    good = json.loads(to_text(EMPTY))
    SCHEMA.validate(good)
    for bad in (
        {**good, "more": 1},
        {**good, "plan": {**good["plan"], "digest": 1}},
        {**good, "accounts": [{}]},
    ):
        assert not SCHEMA.is_valid(bad)
    Draft202012Validator.check_schema(plan_file_schema())


@given(plans(), st.data())
def test_a_file_with_one_changed_character_is_refused_or_means_the_same(
    plan: Plan, data: st.DataObject
) -> None:
    saved = SavedPlan(plan, ACCOUNTS, "1.0")
    text = to_text(saved)
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + data.draw(st.characters(codec="utf-8")) + text[at + 1 :]
    assert read_or_refused(changed) in {None, saved.plan.digest + repr(saved)}


def read_or_refused(text: str) -> str | None:
    """What was read, or None where it was refused with a way out."""
    try:
        read = from_text(text, "plan.json")
    except EksdnsError as error:
        return None if error.hint else f"no hint: {error}"
    return read.plan.digest + repr(read)


def body() -> dict[str, object]:
    found: dict[str, object] = json.loads(to_text(EMPTY))
    return found


def signed(changed: dict[str, object]) -> str:
    rest = {key: value for key, value in changed.items() if key != "hash"}
    return json.dumps(rest | {"hash": digest(rest)})  # type: ignore[arg-type]  # JSON


@pytest.mark.parametrize(
    ("text", "said", "code"),
    [
        ("{", "plan.json:1:2", ExitCode.USAGE),
        ("[]", "is not a valid saved plan", ExitCode.USAGE),
        ("[" * 100_000, "is not a valid saved plan", ExitCode.USAGE),
        ("9" * 5000, "is not a valid saved plan", ExitCode.USAGE),
        ("{}", "another JSON document", ExitCode.USAGE),
        ('{"kind": "drift"}', "a 'drift' document", ExitCode.USAGE),
        (json.dumps(body() | {"schemaVersion": 9}), "schemaVersion 9", ExitCode.REFUSED),
        (json.dumps(body() | {"tool": "2.0"}), "its hash does not match", ExitCode.REFUSED),
        (signed(body() | {"plan": {"type": "Plan"}}), "plan: 'clusters' is missing", ExitCode.REFUSED),
    ],
)
def test_a_modified_plan_file_is_refused(text: str, said: str, code: ExitCode) -> None:
    with pytest.raises(EksdnsError) as caught:
        from_text(text, "plan.json")
    assert said in str(caught.value)
    assert caught.value.exit_code is code


def test_an_old_plan_and_one_of_another_version_are_worth_a_warning() -> None:
    assert plan_warnings(EMPTY, tool="1.0", now=1000.0) == ()
    told = plan_warnings(EMPTY, tool="2.0", now=1000.0 + 50 * 3600)
    assert [line.split(";")[0] for line in told] == [
        "the plan was created by eksdns 1.0, this is eksdns 2.0",
        "the plan is 50 hours old",
    ]


def test_a_version_that_was_chosen_long_ago_is_worth_a_warning() -> None:
    version = "v1.11.4-eksbuild.51"
    newer = "v1.13.2-eksbuild.21"
    target = Target(ClusterRef("111122223333", "eu-west-1", "prod"))
    offered = Offered(VersionList("1.34", (newer, version), newer, read_at=900.0), VersionList(""))
    schema = packaged_schema(newer)
    assert schema is not None
    planner = Planner({newer: schema}, versions={target.ref: offered})

    def warnings(desired: DesiredVersion, now: float) -> list[str]:
        observed = Managed(target.ref, version, "ACTIVE", "{}")
        unread = NotChecked("not to be read", is_chosen=True)
        cluster = planner.plan(target, observed, DesiredState(version=desired), unread)
        plan = Plan((cluster,), 1000.0, "")
        return [line.split(";")[0] for line in plan_warnings(SavedPlan(plan, (), "1.0"), tool="1.0", now=now)]

    old = "the versions that EKS offers were read 50 hours ago"
    assert old in warnings(DefaultVersion(), 900.0 + 50 * 3600)
    assert warnings(DefaultVersion(), 1000.0) == []
    assert old not in warnings(ExactVersion(newer), 900.0 + 50 * 3600)


def test_a_plan_on_disk_is_its_owners_alone_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "plan.json"
    save_plan(path, EMPTY.plan, ACCOUNTS)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_plan(path) == replace(EMPTY, tool=load_plan(path).tool)
    assert [each.name for each in path.parent.iterdir()] == ["plan.json"]


def test_files_that_cannot_be_read_or_written_are_clear_errors(tmp_path: Path) -> None:
    with pytest.raises(EksdnsError, match="cannot read"):
        load_plan(tmp_path / "none.json")
    (tmp_path / "file").write_text("")
    with pytest.raises(EksdnsError, match="cannot write"):
        save_plan(tmp_path / "file" / "plan.json", EMPTY.plan, ())
    (tmp_path / "folder").mkdir()
    with pytest.raises(EksdnsError, match="cannot write"):
        save_plan(tmp_path / "folder", EMPTY.plan, ())
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder"]
