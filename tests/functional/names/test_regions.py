"""`--region` overrides AWS_REGION, which is only a default."""


def test_another_region_than_that_of_the_environment_can_be_named(stage):
    ended = stage.call("status", "--all", "--region", "us-east-1")
    assert (ended.code, "no cluster found in 123456789012/us-east-1" in ended.err) == (0, True), ended.err
    ended = stage.call("status", "--cluster", "dev-1", "--region", "us-east-1", "--region", "eu-*")
    assert (ended.code, "123456789012/eu-west-1" in ended.out) == (0, True), ended.err
