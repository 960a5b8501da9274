"""The JSON document of an adoption: its plan, and once it was carried out how it ended."""

import hashlib
from collections.abc import Sequence

from eksaddon.domain.adoption import Adoption, Taken
from eksaddon.domain.diagnostic import Diagnostic
from eksaddon.domain.json import SCHEMA_VERSION, Json, JsonObject
from eksaddon.domain.run.classify import outcome_word
from eksaddon.domain.run.outcome import Outcome
from eksaddon.report.documents.schemas import DIALECT, TEXT, document_schema
from eksaddon.report.model.classify import reason_of, trouble_of
from eksaddon.report.model.states import Kind

KIND = "adoption"
OUTCOMES = ("changed", "stale", "failed", "unreachable", "rolledBack")


def adoption_document(
    plan: Adoption, saved_to: str = "", outcome: Outcome | None = None, there: Sequence[str] = ()
) -> JsonObject:
    """Attributes are null where nothing was carried out."""
    ref = plan.target.ref
    trouble = trouble_of(outcome) if outcome is not None else None
    return {
        "schemaVersion": SCHEMA_VERSION,
        "kind": KIND,
        "account": ref.account,
        "region": ref.region,
        "name": ref.name,
        "kubernetes": plan.kubernetes,
        "addonVersion": plan.version,
        "resolveConflicts": plan.resolve_conflicts.value,
        "action": "blocked" if plan.errors else "adopt",
        "values": plan.values,
        "corefile": _corefile(plan),
        "takes": [_taken(one) for one in plan.takes],
        "diagnostics": [_diagnostic(one) for one in plan.diagnostics],
        "savedTo": saved_to or None,
        "outcome": outcome_word(outcome) if outcome is not None else None,
        "reason": reason_of(outcome) if outcome is not None else "",
        "cause": trouble.cause.value if trouble else None,
        "hint": trouble.hint if trouble else "",
        "there": list(there),
    }


def _corefile(plan: Adoption) -> JsonObject:
    data = plan.corefile.encode("utf-8", "surrogatepass")
    return {
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "asItIs": plan.corefile == plan.live_corefile,
    }


def _taken(one: Taken) -> JsonObject:
    return {
        "path": one.path,
        "owner": one.owner or None,
        "before": one.live,
        "after": one.becomes,
        "conflict": one.is_conflict,
    }


def _diagnostic(one: Diagnostic) -> JsonObject:
    return {
        "severity": one.severity.value,
        "rule": one.rule,
        "summary": one.summary,
        "detail": one.detail,
        "location": None,
    }


def adoption_schema() -> JsonObject:
    """JSON Schema (draft 2020-12); unknown keys are allowed, so that documents can grow."""
    nothing_or_text: JsonObject = {"type": ["string", "null"]}
    flag: JsonObject = {"type": "boolean"}
    corefile: JsonObject = {
        "bytes": {"type": "integer", "minimum": 0},
        "sha256": TEXT,
        "asItIs": {**flag, "description": "Whether it is the live one, byte for byte."},
    }
    taken: JsonObject = {"path": TEXT, "owner": nothing_or_text, "before": {}, "after": {}, "conflict": flag}
    properties: dict[str, Json] = {
        "schemaVersion": {"const": SCHEMA_VERSION},
        "kind": {"const": KIND},
        "account": TEXT,
        "region": TEXT,
        "name": TEXT,
        "kubernetes": TEXT,
        "addonVersion": TEXT,
        "resolveConflicts": TEXT,
        "action": {"enum": ["adopt", "blocked"]},
        "values": {"type": "object", "description": "configurationValues without the Corefile."},
        "corefile": _object(corefile),
        "takes": {"type": "array", "items": _object(taken)},
        "diagnostics": {"type": "array", "items": {"$ref": "#/$defs/diagnostic"}},
        "savedTo": {**nothing_or_text, "description": "What was live before; null where nothing was saved."},
        "outcome": {"enum": [*OUTCOMES, None], "description": "Null for a plan."},
        "reason": TEXT,
        "cause": nothing_or_text,
        "hint": TEXT,
        "there": {
            "type": "array",
            "items": TEXT,
            "description": "After a failure, what is there now.",
        },
    }
    title = f"eksdns {KIND}, schemaVersion {SCHEMA_VERSION}"
    return {"$schema": DIALECT, "title": title, **_object(properties), "$defs": _defs()}


def _object(properties: JsonObject) -> JsonObject:
    return {"type": "object", "required": list(properties), "properties": properties}


def _defs() -> Json:
    return document_schema(Kind.PLAN)["$defs"]
