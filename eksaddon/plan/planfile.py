"""Plan files: the plan, and a digest against modification."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from eksaddon.domain.encoding.codec import CodecError, decode, encode
from eksaddon.domain.encoding.codec_schema import Schemas
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import (
    SCHEMA_VERSION,
    Json,
    JsonObject,
    canonical,
    canonical_list,
    digest,
    digest_of_parts,
    json_fault,
)
from eksaddon.domain.plan import Plan
from eksaddon.domain.target import Account
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

KIND = "planFile"
OLD = 24 * 3600.0
"""Age in seconds after which a plan gets a warning."""

_ALGORITHM = "sha256:"
_DIGEST = regex(r"[0-9a-f]{12,64}")
CREATE_NEW_PLAN = "create a new plan with `eksdns plan --out FILE`"


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """The contents of a plan file.

    Attributes:
        accounts: Accounts of its targets with roles and external ids; no secrets.
        tool: Version of eksdns that created the plan.
    """

    plan: Plan
    accounts: tuple[Account, ...]
    tool: str


def plan_file_schema() -> JsonObject:
    """JSON Schema of a plan file; only the digest detects modification."""
    schemas = Schemas()
    properties: dict[str, Json] = {
        "schemaVersion": {"const": SCHEMA_VERSION},
        "kind": {"const": KIND},
        "tool": {"type": "string", "description": "Version of eksdns that created the plan."},
        "accounts": {"type": "array", "items": schemas.of(Account)},
        "plan": schemas.of(Plan),
        "hash": {"type": "string", "description": "SHA-256 of the other members as canonical JSON."},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"eksdns plan file, schemaVersion {SCHEMA_VERSION}",
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
        "$defs": schemas.definitions,
    }


def to_text(saved: SavedPlan) -> str:
    return "".join(text_parts(saved, file_digest(saved)))


def text_parts(saved: SavedPlan, found: str) -> Iterator[str]:
    """The text of a plan file in parts: a fleet's plan as a tree of JSON takes ten times its own memory.

    Args:
        found: Digest of the file.
    """
    body = _body_without_clusters(saved) | {"hash": found.removeprefix(_ALGORITHM)}
    begin, key, end = json.dumps(body, indent=1, ensure_ascii=False).partition('"clusters": []')
    yield begin
    yield key.removesuffix("[]")
    before = "[\n   "
    for cluster in saved.plan.clusters:
        text = json.dumps(encode(cluster), indent=1, ensure_ascii=False)
        yield before + text.replace("\n", "\n   ")  # line feeds of values are escaped
        before = ",\n   "
    yield "\n  ]" if saved.plan.clusters else "[]"
    yield f"{end}\n"


def file_digest(saved: SavedPlan) -> str:
    """Digest of the whole plan file, including the roles of the accounts."""
    begin, key, end = canonical(_body_without_clusters(saved)).partition('"clusters":[]')
    clusters = canonical_list(map(encode, saved.plan.clusters))
    return f"{_ALGORITHM}{digest_of_parts(chain((begin, key.removesuffix('[]')), clusters, (end,)))}"


def require_digest(saved: SavedPlan, wanted: str, where: str) -> None:
    """Reject a plan file with another digest.

    Args:
        wanted: With or without `sha256:`, at least the first 12 digits.

    Raises:
        EksdnsError: Invalid digest, or the file has another one.
    """
    digits = wanted.strip().lower().removeprefix(_ALGORITHM)
    if not _DIGEST.fullmatch(digits):
        raise EksdnsError(
            f"invalid digest {wanted!r}",
            hint="use the digest that `plan --out` printed, at least its first 12 hexadecimal digits",
            exit_code=ExitCode.USAGE,
        )
    found = file_digest(saved)
    if not found.removeprefix(_ALGORITHM).startswith(digits):
        raise EksdnsError(
            f"{where} is another plan than the one approved: its digest is {found}",
            hint="apply the file that was approved, or have this one approved",
            exit_code=ExitCode.REFUSED,
        )


def _body_without_clusters(saved: SavedPlan) -> dict[str, Json]:
    """The body with an empty list of clusters, the first key of its plan and the only one before `hash`."""
    return {
        "schemaVersion": SCHEMA_VERSION,
        "kind": KIND,
        "tool": saved.tool,
        "accounts": [encode(account) for account in saved.accounts],
        "plan": encode(replace(saved.plan, clusters=())),
    }


def from_text(text: str, where: str) -> SavedPlan:
    """Read a plan file.

    Raises:
        EksdnsError: Not a plan file, a newer format, or modified.
    """
    body = dict(_object(text, where))
    if body.get("kind") != KIND:
        kind = body.get("kind")
        found = f"a {kind!r} document" if kind else "another JSON document"
        raise EksdnsError(
            f"{where} is {found}, not a saved plan", hint=CREATE_NEW_PLAN, exit_code=ExitCode.USAGE
        )
    if body.get("schemaVersion") != SCHEMA_VERSION:
        raise EksdnsError(
            f"{where} has schemaVersion {body.get('schemaVersion')}, this version reads {SCHEMA_VERSION}",
            hint="use the version of eksdns that created it, or create a new plan",
            exit_code=ExitCode.REFUSED,
        )
    if body.pop("hash", None) != digest(body):
        raise EksdnsError(
            f"{where} was modified: its hash does not match",
            hint=CREATE_NEW_PLAN,
            exit_code=ExitCode.REFUSED,
        )
    return _saved(body, where)


def _object(text: str, where: str) -> JsonObject:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        fault = json_fault(error)
        place = f"{where}:{fault.lineno}:{fault.colno}"
        raise EksdnsError(
            f"{place}: invalid JSON: {fault.msg}", hint=CREATE_NEW_PLAN, exit_code=ExitCode.USAGE
        ) from None
    except (ValueError, RecursionError):  # numbers and nesting that no plan has
        document = None
    if not isinstance(document, dict):
        raise EksdnsError(
            f"{where} is not a valid saved plan", hint=CREATE_NEW_PLAN, exit_code=ExitCode.USAGE
        )
    return document


def _saved(body: JsonObject, where: str) -> SavedPlan:
    try:
        accounts = decode(list[Account], body.get("accounts"), "accounts")
        plan = decode(Plan, body.get("plan"), "plan")
        return SavedPlan(plan, tuple(accounts), str(body.get("tool")))
    except CodecError as error:
        raise EksdnsError(f"{where}: {error}", hint=CREATE_NEW_PLAN, exit_code=ExitCode.REFUSED) from None


def plan_warnings(saved: SavedPlan, *, tool: str, now: float) -> tuple[str, ...]:
    """Warnings before a plan is executed."""
    found = []
    if saved.tool != tool:
        found.append(f"the plan was created by eksdns {saved.tool}, this is eksdns {tool}")
    age = now - saved.plan.created_at
    if age > OLD:
        found.append(f"the plan is {age / 3600:.0f} hours old; targets that changed since will be stale")
    read_at = [one.basis.offered_at for one in saved.plan.clusters if one.basis and one.basis.offered_at]
    if read_at and now - min(read_at) > OLD:
        hours = (now - min(read_at)) / 3600
        found.append(
            f"the versions that EKS offers were read {hours:.0f} hours ago; the version that `default`, "
            "`latest` or `>=` chose then is written, even if EKS offers another one now"
        )
    return tuple(found)
