"""Bad input: what, where and what to do on stderr, the exit code of the table, and nothing written."""

import pytest

FLAGS = ("--lameduck", "20s")


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("plan", "--cluster", "prod", "--lameduck", "30"), 64, "missing unit"),
        (("plan", "--cluster", "prod", "--lameduck", "1d"), 64, "unknown unit"),
        (("plan", "--cluster", "prod", "--grace", "soon"), 64, "--grace"),
        (("plan", "--cluster", "prod", "--pdb-max-unavailable", "abc%"), 64, "--pdb-max-unavailable"),
        (("plan", "--cluster", "prod"), 64, "eksdns init"),
        (("plan", *FLAGS), 64, "--cluster"),
        (("plan", "--cluster", "a/b", *FLAGS), 64, "invalid cluster name 'a/b'"),
        (("plan", "--cluster", "nope-*", *FLAGS), 64, "matches none"),
        (("plan", "--cluster", "nope", *FLAGS), 1, "no-such-cluster"),
        (("plan", "--cluster", "prod", "--bogus"), 64, "--bogus"),
        (("plan", "--cluster", "prod", "--lamduck", "20s"), 64, "did you mean --lameduck?"),
        (("plan", "--cluster", "prod", *FLAGS, "--report", "tabel=x"), 64, "did you mean table=x?"),
        (("plan", "--cluster", "prod", *FLAGS, "--report", "pdf=x"), 64, "unknown format 'pdf'"),
        (("plan", "--cluster", "secret", *FLAGS), 1, "eks:DescribeAddon"),
        (("plan", "--cluster", "prod", "--label", "env", *FLAGS), 64, "key=value"),
        (("nonsense",), 64, "nonsense"),
        (("apply", "--cluster", "prod", *FLAGS, "--yes", "--state", "gs://b/x"), 64, "gs://"),
        (("apply", "--cluster", "prod", *FLAGS, "--yes", "--state", "S3://b/x"), 64, "s3://b/x"),
        (("history", "--state", "file:///tmp/x"), 64, "file://"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_written(stage, args, code, said):
    ended = stage.call(*args)
    assert (ended.code, said in ended.err) == (code, True), ended.err
    assert "hint: " in ended.err
    assert stage.count("UpdateAddon") == 0


@pytest.mark.parametrize(
    ("cluster", "summary"),
    [
        ("auto", "Auto Mode"),
        ("legacy", "not installed"),
        ("unborn", "CREATING"),
    ],
)
def test_a_cluster_without_the_addon_is_skipped_for_its_own_reason(stage, cluster, summary):
    ended = stage.call("apply", "--cluster", cluster, *FLAGS, "--yes")
    assert ended.code == 0
    assert summary in ended.out
    assert stage.count("UpdateAddon") == 0


def test_a_broken_corefile_is_not_edited(stage):
    ended = stage.call("apply", "--cluster", "typo", *FLAGS, "--yes")
    assert ended.code == 5
    assert "Unknown directive 'helth'" in ended.out
    assert stage.count("UpdateAddon") == 0


def test_a_rule_stops_a_write(stage):
    ended = stage.call("apply", "--cluster", "prod", "--replicas", "0", "--yes")
    assert ended.code == 5
    assert "replicaCount 0 disables cluster DNS" in ended.out
    assert stage.count("UpdateAddon") == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version: 1\ncoredns: {lameduk: 20s}\n", "lameduck"),
        ("version: 1\ncoredns: {lameduck: 20}\n", "20s"),
        ("version: 1\ncoredns: {replicaCount: many}\n", "replicaCount"),
        ("version: 1\ncoredns: [\n", "eksdns.yaml:"),
        ("", "eksdns.yaml"),
    ],
)
def test_a_fleet_file_that_will_not_do_is_located(stage, tmp_path, text, said):
    (tmp_path / "eksdns.yaml").write_text(text)
    ended = stage.call("plan", "--cluster", "prod")
    assert ended.code == 1
    assert said in ended.err
    assert "eksdns.yaml" in ended.err


def test_no_credentials_are_named_as_such(bare, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    ended = bare("plan", "--cluster", "prod", *FLAGS)
    assert ended.code == 1
    assert "no-credentials" in ended.err


def test_no_region_is_named_as_such(stage, monkeypatch):
    monkeypatch.delenv("AWS_REGION")
    ended = stage.call("plan", "--all", *FLAGS)
    assert ended.code in {1, 64}
    assert "--region" in ended.err


def test_a_file_of_60000_accounts_is_refused_before_it_is_parsed(stage, tmp_path):
    path = tmp_path / "many.yaml"
    entries = "".join(
        f'  - {{id: "{number:012}", role: r, regions: [eu-west-1]}}\n' for number in range(60_000)
    )
    path.write_text(f"version: 1\ncoredns: {{lameduck: 20s}}\naccounts:\n{entries}")
    ended = stage.call("plan", "--all", "--config", str(path))
    assert (ended.code, "holds more than 10,000 accounts" in ended.err) == (1, True), ended.err
    assert "organization" in ended.err
