"""Hints that were wrong once, each with the right one."""

import pytest


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("plan", "--all", "--lameduck", "30"), "hint: use 30s"),
        (("timeline", "--lameduck", "30"), "hint: use 30s"),
        (("plan", "--all", "--report", "pdf=x"), "unknown format 'pdf'"),
        (("plan", "--all", "--replicas", "three"), "error: --replicas must be a whole number"),
        (("plan", "--all", "--concurrency", "0"), "error: --concurrency must be at least 1"),
        (("plan", "--all", "--concurrency", "999"), "error: --concurrency must be at most 256"),
        (("plan", "--all", "-o", "jsn"), "hint: did you mean json?"),
        (("plan", "--clustr", "x"), "hint: did you mean --cluster? see `eksdns plan --help`"),
        (("plan", "--xyzzy"), "error: unknown option --xyzzy"),
        (("plna",), "hint: did you mean plan?"),
        (("xyzzy",), "error: unknown command xyzzy"),
        (("plan", "--cluster"), "error: --cluster needs a value"),
        (("history", "--output"), "error: --output needs a value"),
        (("explain",), "missing"),
    ],
)
def test_a_mistake_of_the_command_line_has_the_right_hint(bare, typed, said):
    ended = bare(*typed)
    assert (ended.code, said.lower() in ended.err.lower()) == (64, True), ended.err
    assert "Input should" not in ended.err


def test_an_endpoint_that_cannot_be_one_was_never_asked(bare, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "localhost:9999")
    ended = bare("plan", "--cluster", "prod", "--lameduck", "20s", "--region", "eu-west-1")
    assert (ended.code, "refused" in ended.err) == (64, False), ended.err
    assert "hint: write it as https://HOST or http://HOST:PORT" in ended.err


def test_a_key_of_another_mapping_is_not_suggested_again(bare, tmp_path):
    (tmp_path / "scenario.yaml").write_text(
        "version: 1\naccounts: [{id: '111122223333', regions: [eu-west-1], role: x}]\n"
    )
    assert "unknown key; did you mean roles?" in bare("simulate", "scenario.yaml").err


@pytest.mark.parametrize("seconds", ["5", "5s"])
def test_seconds_of_a_pod_are_read_the_same_way_from_the_line_and_from_the_file(bare, tmp_path, seconds):
    text = f"version: 1\ncoredns: {{preStop: {seconds}, terminationGracePeriod: 45}}\n"
    (tmp_path / "eksdns.yaml").write_text(text)
    ended = bare("validate", "--addon-version", "v1.12.4-eksbuild.29")
    assert (ended.code, "preStop 5 s" in ended.err) == (0, True), ended.err
    assert bare("timeline", "--lameduck", "5s", "--pre-stop", seconds, "--grace", "45").code == 0


def test_each_error_of_a_file_is_on_a_line_of_its_own(bare, tmp_path):
    (tmp_path / "eksdns.yaml").write_text("version: 1\ncoredns: {replicaCount: x, lameduck: 20}\n")
    lines = bare("validate").err.splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["error", "hint", "error", "hint"]


@pytest.mark.parametrize(("given", "hint"), [("20", "use `20s`"), ("20x", "examples: `20s`, `1m30s`")])
def test_a_lameduck_without_a_unit_gets_one(bare, tmp_path, given, hint):
    (tmp_path / "Corefile").write_text(".:53 {\n    health\n}\n")
    ended = bare("corefile", "set", f"lameduck={given}", "Corefile")
    assert (ended.code, hint in ended.err) == (64, True), ended.err


@pytest.mark.parametrize("command", [("report", "merge", "x.json"), ("show", "x.json")])
def test_broken_json_is_named_in_plain_words(bare, tmp_path, command):
    (tmp_path / "x.json").write_text("{\n")
    ended = bare(*command)
    assert "invalid JSON: expected a key in double quotes" in ended.err
    (tmp_path / "x.json").unlink()
    assert "Errno" not in bare(*command).err
