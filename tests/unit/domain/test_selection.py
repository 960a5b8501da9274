import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.selection import ClusterPattern, Match, Selection, arn_fault, read_cluster_pattern
from eksaddon.domain.target import Account, ClusterRef, Labels, Target


def target(
    name: str = "prod-1",
    account: str = "111122223333",
    region: str = "eu-west-1",
    account_name: str = "shop-prod",
    labels: Labels = (("env", "prod"), ("path", "/Workloads/Prod")),
) -> Target:
    return Target(ClusterRef(account, region, name), account_name, labels)


MATCHES = [
    Match(),
    Match(clusters=("prod-*",)),
    Match(clusters=("other", "prod-?")),
    Match(accounts=("111122223333",)),
    Match(accounts=("shop-*",)),
    Match(regions=("eu-*",)),
    Match(labels=(("env", ("dev", "pr*")),)),
    Match(units=("/Workloads",)),
    Match(units=("/Workloads/Prod/",)),
    Match(units=("/",)),
    Match(
        clusters=("prod-*",), accounts=("shop-prod",), regions=("eu-west-1",), labels=(("env", ("prod",)),)
    ),
]
MISSES = [
    Match(clusters=("Prod-*",)),
    Match(clusters=("prod",)),
    Match(accounts=("1111",)),
    Match(regions=("us-*",)),
    Match(labels=(("env", ("dev",)),)),
    Match(labels=(("tier", ("*",)),)),
    Match(units=("/Work",)),
    Match(units=("/Workloads/Prod/Eu",)),
    Match(clusters=("prod-*",), regions=("us-east-1",)),
]


@pytest.mark.parametrize("match", MATCHES)
def test_a_match_takes_the_target(match: Match) -> None:
    assert match.matches(target())


@pytest.mark.parametrize("match", MISSES)
def test_one_part_that_disagrees_is_enough_to_miss(match: Match) -> None:
    assert not match.matches(target())


def test_a_label_without_value_is_matched_by_a_star_only() -> None:
    bare = target(labels=(("pci", ""),))
    assert Match(labels=(("pci", ("*",)),)).matches(bare)
    assert not Match(labels=(("pci", ("yes",)),)).matches(bare)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("prod", ClusterPattern("prod", "prod")),
        ("prod-*", ClusterPattern("prod-*", "prod-*")),
        (
            "shop-prod/eu-west-1/web",
            ClusterPattern("shop-prod/eu-west-1/web", "web", "shop-prod", "eu-west-1"),
        ),
        (
            "arn:aws:eks:eu-west-1:111122223333:cluster/web",
            ClusterPattern(
                "arn:aws:eks:eu-west-1:111122223333:cluster/web", "web", "111122223333", "eu-west-1"
            ),
        ),
        ("arn:aws:eks:::cluster/web-?", ClusterPattern("arn:aws:eks:::cluster/web-?", "web-?")),
    ],
)
def test_a_cluster_is_named_by_name_path_or_arn(text: str, pattern: ClusterPattern) -> None:
    assert read_cluster_pattern(text) == pattern


@pytest.mark.parametrize(
    "text", ["", "a/b", "a/b/c/d", "-prod", "prod web", "arn:aws:iam::1:role/x", "x" * 101, "a//", "pröd"]
)
def test_an_invalid_cluster_name_is_refused(text: str) -> None:
    assert read_cluster_pattern(text) is None


names = st.from_regex(r"[0-9A-Za-z][0-9A-Za-z_-]{0,20}", fullmatch=True)


@given(names, st.sampled_from(["eu-west-1", "us-east-1"]))
def test_the_printed_form_of_a_cluster_selects_that_cluster_alone(name: str, region: str) -> None:
    ref = ClusterRef("111122223333", region, name)
    pattern = read_cluster_pattern(str(ref))
    assert pattern is not None
    assert pattern.is_exact
    assert pattern.matches(ref, "")
    assert not pattern.matches(ClusterRef("444455556666", region, name), "")
    assert not pattern.matches(ClusterRef("111122223333", region, f"{name}x"), "")


def test_an_account_may_be_named_instead_of_numbered() -> None:
    pattern = ClusterPattern("shop-prod/*/web", "web", "shop-prod")
    assert pattern.matches(ClusterRef("111122223333", "eu-west-1", "web"), "shop-prod")
    assert not pattern.matches(ClusterRef("111122223333", "eu-west-1", "web"), "shop-dev")


PROD = Account("111122223333", "shop-prod", labels=(("path", "/Workloads/Prod"),))


@pytest.mark.parametrize(
    ("selection", "reason"),
    [
        (Selection(), ""),
        (Selection(accounts=("shop-*",)), ""),
        (Selection(accounts=("shop-dev",)), "not selected by --account"),
        (Selection(not_accounts=("111122223333",)), "excluded by --not-account"),
        (Selection(not_accounts=("444455556666",), units=("/Workloads",)), ""),
        (Selection(units=("/Sandbox",)), "not selected by --ou"),
    ],
)
def test_an_account_is_refused_with_a_reason(selection: Selection, reason: str) -> None:
    assert selection.refusal(PROD) == reason


@pytest.mark.parametrize(
    ("selection", "taken"),
    [
        (Selection(), True),
        (Selection(clusters=(ClusterPattern("prod-*", "prod-*"),)), True),
        (Selection(clusters=(ClusterPattern("dev", "dev"),)), False),
        (Selection(regions=("us-east-1",)), False),
        (Selection(labels=(("env", "prod"),)), True),
        (Selection(labels=(("env", "prod"), ("tier", "gold"))), False),
        (Selection(accounts=("shop-dev",)), False),
    ],
)
def test_a_selection_takes_a_target_only_if_every_part_does(selection: Selection, taken: bool) -> None:
    assert selection.matches(target()) is taken


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "arn:aws-cn:eks:eu-west-1:111122223333:cluster/web",
            "eu-west-1 is in the partition aws, not in aws-cn",
        ),
        (
            "arn:aws:eks:cn-north-1:111122223333:cluster/web",
            "cn-north-1 is in the partition aws-cn, not in aws",
        ),
        ("arn:aws:eks:eu-west-1:111122223333:nodegroup/web/one", "not the ARN of an EKS cluster"),
        ("arn:aws:eks:eu-west-1:111122223333:nodegroup/web/one/2", "not the ARN of an EKS cluster"),
        ("arn:aws:iam::111122223333:role/a/b", "not the ARN of an EKS cluster"),
        ("arn:aws:eks", "not the ARN of an EKS cluster"),
    ],
)
def test_an_arn_that_names_no_cluster_is_refused_with_the_reason(text, fault):
    assert arn_fault(text) == fault
    assert read_cluster_pattern(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws-cn:eks:cn-north-1:111122223333:cluster/web",
        "arn:*:eks:eu-west-1:111122223333:cluster/web",
        "arn:aws:eks:eu-*:111122223333:cluster/web",
        "arn:aws:eks:::cluster/web-?",
        "web",
    ],
)
def test_an_arn_with_a_fitting_partition_or_a_pattern_is_read(text):
    assert arn_fault(text) == ""
    assert read_cluster_pattern(text) is not None
