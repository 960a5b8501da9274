"""A report that can be sent to strangers: secrets in every field, and none in the report."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from eksaddon.app.support.outline import outline
from eksaddon.config.json_schema import config_schema
from eksaddon.store.local import LocalStore

SECRET = "hunter2-Zx9"
LINES = f"first {SECRET}\n  forward . {SECRET} 1s"


def filled(schema: Any, definitions: Any, depth: int = 0) -> Any:
    """A document with every key of a schema, and the secret in every place that takes a text."""
    if depth > 12:
        return SECRET
    if "$ref" in schema:
        return filled(definitions[schema["$ref"].rpartition("/")[2]], definitions, depth + 1)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return filled(schema[choice][-1 if depth % 2 else 0], definitions, depth + 1)
    if "properties" in schema:
        known = {key: filled(each, definitions, depth + 1) for key, each in schema["properties"].items()}
        return {**known, SECRET: {SECRET: [SECRET, LINES, 123456789012]}}
    if schema.get("type") == "array":
        return [filled(schema.get("items", {}), definitions, depth + 1), SECRET]
    if schema.get("type") == "object":
        return {SECRET: SECRET, f"{SECRET}-2": {SECRET: LINES}}
    return SECRET


SCHEMA = config_schema()


def test_a_secret_in_every_field_of_the_fleet_file_is_not_in_the_report(bare, tmp_path):
    document = filled(SCHEMA, SCHEMA["$defs"])
    text = json.dumps(document)
    (tmp_path / "eksdns.yaml").write_text(text, encoding="utf-8")
    done = bare("bug-report")
    assert done.code == 0
    assert text.count(SECRET) > 100
    assert SECRET not in done.out + done.err
    assert "123456789012" not in done.out
    assert "terminationGracePeriod:" in done.out
    assert "eksdns.yaml, invalid: " in done.out


def test_a_secret_in_every_variable_is_not_in_the_report(bare, monkeypatch):
    for name in ("EKSDNS_LAMEDUCK", "AWS_PROFILE", "AWS_SESSION_TOKEN", "HTTPS_PROXY", "LANG", SECRET):
        monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("EKSDNS_NOTIFY_SECRET", "12345")
    done = bare("bug-report")
    assert SECRET not in done.out + done.err
    assert "- AWS_REGION: eu-west-1\n" in done.out
    assert "- HTTPS_PROXY: [text]\n" in done.out
    assert "- EKSDNS_NOTIFY_SECRET: [text]\n" in done.out


def test_a_secret_in_every_text_of_the_last_run_is_not_in_the_report(stage, tmp_path):
    (tmp_path / "eksdns.yaml").write_text(
        "version: 1\ncoredns: {lameduck: 20s}\nrollout:\n  waves:\n"
        f"    - {{name: {SECRET}, select: {{cluster: prod}}}}\n"
        f"    - {{name: rest-{SECRET}, select: {{cluster: '*'}}}}\n",
        encoding="utf-8",
    )
    where = ("--state", str(tmp_path / SECRET))
    stage.call("apply", "--all", "-y", "-q", "--until-wave", SECRET, *where)
    run_id = LocalStore(tmp_path / SECRET).runs()[-1]
    stage.call("skip", run_id, "dev-1", "--reason", SECRET, *where)
    stage.call("abort", run_id, "--reason", SECRET, *where)
    done = stage.call("bug-report", *where)
    journal = "".join(str(one) for one in LocalStore(tmp_path / SECRET).open(run_id).read())
    assert journal.count(SECRET) > 3
    assert SECRET not in done.out + done.err
    assert "- state: stopped, with a reason\n" in done.out
    assert "- waves: 2: " in done.out


def test_the_last_run_is_summed_up(stage, tmp_path):
    state = str(tmp_path / "runs-of-a-test")
    stage.call("apply", "--cluster", "prod", "--lameduck", "20s", "-y", "-q", "--state", state)
    done = stage.call("bug-report", "--state", state)
    assert "- recorded runs: 1\n- state: succeeded, without a reason\n" in done.out
    assert "- targets: 1: 1 changed\n" in done.out


@pytest.mark.parametrize("text", ["coredns: [", "\x00", "version: 2\n", ""])
def test_a_broken_fleet_file_is_named_by_its_rules_only(bare, tmp_path, text):
    (tmp_path / "eksdns.yaml").write_text(text, encoding="utf-8")
    done = bare("bug-report")
    assert done.code == 0
    assert "cannot be read: config-syntax" in done.out or "invalid: " in done.out


def test_a_damaged_journal_does_not_fail_the_report(bare, tmp_path):
    LocalStore(tmp_path / "s").create("20260102-030405-1f2e3d").append([{"kind": SECRET}])
    done = bare("bug-report", "--state", str(tmp_path / "s"))
    assert done.code == 0
    assert "- cannot be read: EksdnsError" in done.out
    assert SECRET not in done.out


def test_out_writes_a_private_file(bare, tmp_path):
    done = bare("bug-report", "--out", "report.md")
    assert done.out == ""
    assert stat.S_IMODE((tmp_path / "report.md").stat().st_mode) == 0o600
    assert Path("report.md").read_text(encoding="utf-8").startswith("# eksdns bug report\n")


def test_long_and_deep_documents_are_cut():
    deep: Any = SECRET
    for _ in range(40):
        deep = [deep]
    assert outline(deep).endswith("...")
    assert outline(list(range(1000))).endswith("... and 600 more lines")
    assert outline({"coredns": {}, "waivers": [], "version": 1.5, "rollout": None, "x": ""}) == (
        'coredns: {}\nwaivers: []\nversion: 1.5\nrollout: null\n[key 5]: ""'
    )
