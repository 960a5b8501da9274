from pathlib import Path
from textwrap import dedent

import pytest

from eksaddon.config.c7n import load_accounts_file, parse_accounts_file
from eksaddon.config.errors import ConfigError
from eksaddon.domain.target import Account, AllRegions, AssumedRole, ProfileCredentials

FILE = """\
vars: {owner: platform, tier: silver, nested: {a: b}, path: /nowhere}
accounts:
- account_id: '123456789012'
  name: shop-prod
  display_name: Shop
  email: shop@example.com
  regions: [eu-west-1, 'us-east-1,us-west-2']
  role: EksDnsRole
  external_id: abc
  profile: not-used-beside-a-role
  tags: ['env:prod', 'path:/Workloads', 'path:/Workloads/Prod', pci, 'url:http://a']
  vars: {tier: gold, audited: true, weight: 3}
- account_id: '123456789013'
  profile: shop-dev
  external_id: not-used-without-a-role
  regions: [all]
- account_id: '123456789014'
  name: china
  role: ['arn:aws-cn:iam::999999999999:role/hub', 'arn:aws-cn:iam::123456789014:role/x']
"""


def test_an_accounts_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "accounts.yml"
    path.write_text(FILE)
    assert load_accounts_file(path) == (
        Account(
            "123456789012",
            "shop-prod",
            access=AssumedRole(("arn:aws:iam::123456789012:role/EksDnsRole",), "abc"),
            regions=("eu-west-1", "us-east-1", "us-west-2"),
            labels=(
                ("audited", "true"),
                ("env", "prod"),
                ("owner", "platform"),
                ("path", "/Workloads"),
                ("path", "/Workloads/Prod"),
                ("pci", ""),
                ("tier", "gold"),
                ("url", "http://a"),
                ("weight", "3"),
            ),
        ),
        Account(
            "123456789013",
            access=ProfileCredentials("shop-dev"),
            regions=AllRegions.ALL,
            labels=(("owner", "platform"), ("tier", "silver")),
        ),
        Account(
            "123456789014",
            "china",
            "aws-cn",
            AssumedRole(("arn:aws-cn:iam::999999999999:role/hub", "arn:aws-cn:iam::123456789014:role/x")),
            labels=(("owner", "platform"), ("tier", "silver")),
        ),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("accounts: []", "a.yml:1:11: accounts: is empty"),
        ("projects: []", "a.yml:1:1: missing key accounts"),
        ("accounts: [{name: x}]", "a.yml:1:12: accounts[0]: missing key account_id"),
        ("accounts: [{account_id: 12345678901}]", "account 12345678901 is a number"),
        ("accounts: [{account_id: '1', tags: [3]}]", "a.yml:1:37: accounts[0].tags[0]: 3 is not text"),
        ("accounts: [{account_id: '123456789012', role: x, regions: eu}]", "invalid region 'eu'"),
        ("accounts: [{account_id: '123456789012', role: x, regions: [3]}]", "3 is not a region"),
        ("accounts: [{account_id: '123456789012'}]", "neither role nor profile"),
        (
            "accounts: [{account_id: '123456789012', role: 'arn:aws:iam::123456789013:role/x'}]",
            "a.yml:1:47: accounts[0]: the role is in account 123456789013, not in 123456789012",
        ),
        (
            """\
            accounts:
            - {account_id: '123456789012', role: x}
            - {account_id: '123456789012', role: y}
            """,
            "a.yml:3:16: accounts[1]: duplicate account 123456789012",
        ),
    ],
)
def test_a_bad_accounts_file_is_reported_with_its_place(text: str, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_accounts_file(dedent(text), "a.yml")
    assert expected in caught.value.message
