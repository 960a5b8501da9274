"""`--region` overrides AWS_REGION, which is only a default."""

import pytest


def test_another_region_than_that_of_the_environment_can_be_named(stage):
    ended = stage.call("status", "--all", "--region", "us-east-1")
    assert (ended.code, "no cluster found in 123456789012/us-east-1" in ended.err) == (0, True), ended.err
    ended = stage.call("status", "--cluster", "dev-1", "--region", "us-east-1", "--region", "eu-*")
    assert (ended.code, "123456789012/eu-west-1" in ended.out) == (0, True), ended.err


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_a_typo_in_the_environment_is_a_usage_error(stage, monkeypatch, variable):
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "eu-wset-1")
    ended = stage.call("status", "--all")
    assert ended.code == 64, ended.err
    assert "invalid region 'eu-wset-1' in AWS_REGION, AWS_DEFAULT_REGION or the profile" in ended.err
    assert "did you mean eu-west-1?" in ended.err
    assert stage.call("status", "--all", "--region", "eu-west-1").code == 3  # one cluster is denied
