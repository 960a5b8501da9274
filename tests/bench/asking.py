"""What the boto3 programs share; imports nothing that they would not need themselves."""

from collections.abc import Iterable
from typing import Any

_REGIONS = ("eu-west-1", "us-east-1", "ap-northeast-2", "eu-central-1")

ROLE = "eksdns-apply"

THREADS = 64

Client = Any
"""boto3 makes its clients while it runs."""


def regions(count: int) -> tuple[str, ...]:
    return _REGIONS[:count]


def keys_of(sts: Client, account: str) -> dict[str, str]:
    role = f"arn:aws:iam::{account}:role/{ROLE}"
    keys: dict[str, str] = sts.assume_role(RoleArn=role, RoleSessionName="bench")["Credentials"]
    return keys


def names_in(client: Client) -> list[str]:
    pages: Iterable[dict[str, list[str]]] = client.get_paginator("list_clusters").paginate()
    return [name for page in pages for name in page["clusters"]]


def read(client: Client, name: str) -> object:
    return client.describe_addon(clusterName=name, addonName="coredns")
