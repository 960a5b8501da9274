"""Parses `s3://bucket/prefix?setting=value`, the location and settings of a state store in S3.

The settings have the names of Go's s3blob URLs (source: gocloud.dev/blob/s3blob), so that several tools
can share a URL; only `bucketowner` is specific to eksdns.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from urllib.parse import parse_qsl

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.geography import NotARegion, region_name
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

_URL = regex(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[^?]*))?(?:\?(?P<query>.*))?")
_SETTINGS = ("region", "endpoint", "profile", "ssetype", "kmskeyid", "bucketowner")
_ENCRYPTIONS = ("AES256", "aws:kms", "aws:kms:dsse")
_A_REGION = "a region, for example eu-west-1"
_REGION = regex(r"[a-z]{2,5}(-[a-z]+)+-[0-9]{1,2}")
_ACCOUNT = regex(r"[0-9]{12}")
_ENDPOINT = regex(r"https?://[^\s/?#]+/?")


@dataclass(frozen=True, slots=True)
class BucketUrl:
    """A bucket, a prefix and settings; empty if not in the URL.

    Attributes:
        prefix: Ends with a slash, or is empty.
        encryption: x-amz-server-side-encryption of every object; empty for the bucket's default.
        key: Id or ARN of the KMS key; empty for the bucket's key, or the AWS managed key.
        owner: Account that must own the bucket, sent as x-amz-expected-bucket-owner.
    """

    bucket: str
    prefix: str = ""
    region: str = ""
    endpoint: str = ""
    profile: str = ""
    encryption: str = ""
    key: str = ""
    owner: str = ""


def read_bucket_url(text: str) -> BucketUrl:
    """Read a URL.

    Raises:
        EksdnsError: The bucket is missing, or a setting is unknown or invalid.
    """
    found = _URL.fullmatch(text)
    if found is None:
        raise _usage(f"invalid S3 location {text!r}", "example: s3://bucket/prefix")
    settings = _settings(text, found["query"] or "")
    prefix = (found["prefix"] or "").strip("/")
    key = settings.get("kmskeyid", "")
    return BucketUrl(
        found["bucket"],
        f"{prefix}/" if prefix else "",
        settings.get("region", ""),
        settings.get("endpoint", ""),
        settings.get("profile", ""),
        settings.get("ssetype", "aws:kms" if key else ""),
        key,
        settings.get("bucketowner", ""),
    )


def _settings(text: str, query: str) -> dict[str, str]:
    settings: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in _SETTINGS:
            near = get_close_matches(name, _SETTINGS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"settings: {', '.join(_SETTINGS)}"
            raise _usage(f"{text}: unknown setting {name!r}", hint)
        if name in settings:
            raise _usage(f"{text}: {name} is given twice", "remove one of them")
        if expected := _mismatch(name, value):
            raise _usage(f"{text}: invalid {name} {value!r}", f"{name} is {expected}")
        settings[name] = value
    if settings.get("kmskeyid") and settings.get("ssetype") == "AES256":
        raise _usage(f"{text}: ssetype AES256 uses no KMS key", "use ssetype=aws:kms, or remove kmskeyid")
    _require_region(text, settings)
    return settings


def _require_region(text: str, settings: Mapping[str, str]) -> None:
    """Reject a name that no region of AWS has; other services at an endpoint name theirs as they like."""
    name = settings.get("region", "")
    if not name or settings.get("endpoint"):
        return
    if isinstance(found := region_name(name), NotARegion):
        hint = f"did you mean {found.nearest}?" if found.nearest else f"region is {_A_REGION}"
        raise _usage(f"{text}: invalid region {name!r}", hint)


def _mismatch(name: str, value: str) -> str:
    """The expected value of a setting; empty if `value` is valid."""
    match name:
        case "region":
            return "" if _REGION.fullmatch(value) else _A_REGION
        case "endpoint":
            return "" if _ENDPOINT.fullmatch(value) else "a URL, for example https://HOST:PORT"
        case "ssetype":
            return "" if value in _ENCRYPTIONS else f"use one of {', '.join(_ENCRYPTIONS)}"
        case "bucketowner":
            return "" if _ACCOUNT.fullmatch(value) else "an account id of 12 digits"
        case _:
            return "" if value.strip() else "not empty"


def _usage(message: str, hint: str) -> EksdnsError:
    return EksdnsError(message, hint=hint, exit_code=ExitCode.USAGE)
