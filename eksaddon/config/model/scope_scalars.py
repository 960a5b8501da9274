"""Validators for accounts, regions, roles and clusters of the fleet file."""

import re
from typing import assert_never

from eksaddon.config.model.scalars import WordError, shown, text_of
from eksaddon.domain.geography import KnownRegion, NewRegion, NotARegion, region_name
from eksaddon.domain.roles import ROLE_ARN, ROLE_NAME
from eksaddon.domain.selection import CLUSTER_NAME
from eksaddon.regex import regex

REGION = r"^[a-z]{2,5}(-[a-z]+)+-[0-9]{1,2}$"
REGION_OR_GLOB = r"^([a-z]{2,5}(-[a-z]+)+-[0-9]{1,2}|[a-z0-9-]*[*?][a-z0-9*?-]*)$"
_REGION_GLOB = regex(r"[a-z0-9-]*[*?][a-z0-9*?-]*", re.ASCII)
ACCOUNT = r"^[0-9]{12}$"
_ROLE_PART = "[A-Za-z0-9_+=,.@-]+"
ROLE = rf"^(arn:aws(-[a-z]+)*:iam::[0-9]{{12}}:role/)?{_ROLE_PART}(/{_ROLE_PART})*$"


def account_id(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(ACCOUNT, value, re.ASCII):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        raise WordError(f"account {value} is a number", "quote it, or leading zeros are lost")
    raise WordError(f"invalid account ID {shown(value)}", "an account ID has 12 digits")


def region(value: object) -> str:
    text = text_of(value, "region", "a region name (example: eu-west-1)")
    match region_name(text):
        case KnownRegion() | NewRegion():
            return text
        case NotARegion() if text == "all":
            hint = "use `regions: all` for every enabled region"
        case NotARegion(nearest=nearest) if nearest:
            hint = f"did you mean {nearest!r}?"
        case NotARegion():
            hint = "use a region name (example: eu-west-1)"
        case unexpected:
            assert_never(unexpected)
    raise WordError(f"invalid region {text!r}", hint)


def regions(value: object) -> list[str] | str:
    if isinstance(value, str) and value != "all":
        raise WordError(f"regions is {shown(value)}, not a list", f"use [{value}], or all")
    if value == "all":
        return "all"
    if not isinstance(value, list) or not value:
        raise WordError(f"regions is {shown(value)}", "use a list (example: [eu-west-1]), or all")
    return [_region_or_glob(each) for each in value]


def region_globs(value: object) -> list[str]:
    if not isinstance(value, list) or not value:
        raise WordError(f"excludeRegions is {shown(value)}", "use a list (example: [us-west-2, 'ap-*'])")
    return [_region_or_glob(each) for each in value]


def _region_or_glob(value: object) -> str:
    is_glob = isinstance(value, str) and _REGION_GLOB.fullmatch(value) is not None
    return str(value) if is_glob else region(value)


def c7n_regions(value: object) -> list[str] | str:
    """Read regions like c7n-org: `all` anywhere in the list means all, and a string can contain several."""
    items = value if isinstance(value, list) else [value]
    parts = [part.strip() for each in items for part in text_of(each, "region", "a name").split(",")]
    return "all" if "all" in parts else [region(part) for part in parts if part]


def role(value: object) -> str:
    text = text_of(value, "role", "a role name or ARN")
    if text.startswith("arn:"):
        if not ROLE_ARN.fullmatch(text):
            raise WordError(f"invalid role ARN {text!r}", "example: arn:aws:iam::111122223333:role/eksdns")
    elif not ROLE_NAME.fullmatch(text):
        raise WordError(f"invalid role name {text!r}", "use letters, digits and any of +=,.@_-")
    return text


def roles(value: object) -> list[str]:
    """Read a role or a chain of roles; only the last can be a name instead of an ARN."""
    if value == []:
        raise WordError("role is an empty list", "remove it to use the current credentials")
    chain = [role(each) for each in value] if isinstance(value, list) else [role(value)]
    for each in chain[:-1]:
        if not each.startswith("arn:"):
            raise WordError(
                f"role {each!r} is not the last of the chain and is not an ARN", "use the full ARN"
            )
    return chain


def cluster(value: object) -> str:
    text = text_of(value, "cluster name", "a name")
    if CLUSTER_NAME.fullmatch(text):
        return text
    raise WordError(f"invalid cluster name {text!r}", "EKS allows 1 to 100 letters, digits, - and _")
