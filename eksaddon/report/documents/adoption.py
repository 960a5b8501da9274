"""The JSON document of an adoption: its plan, and its result once executed."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from eksaddon.domain.adoption import Adoption, Taken
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.document import Count, Version, as_json
from eksaddon.domain.json import SCHEMA_VERSION, Json, JsonObject
from eksaddon.domain.run.classify import outcome_word
from eksaddon.domain.run.outcome import Outcome, OutcomeWord
from eksaddon.frozen import dataclass
from eksaddon.report.documents.documents import diagnostic
from eksaddon.report.documents.published import Diagnostic
from eksaddon.report.model.classify import reason_of, trouble_of


@dataclass(frozen=True, slots=True)
class CarriedCorefile:
    bytes: Count
    sha256: str
    as_it_is: Annotated[bool, "Whether it is identical to the live Corefile."]


@dataclass(frozen=True, slots=True)
class Take:
    path: str
    owner: str | None
    before: Json
    after: Json
    conflict: bool


@dataclass(frozen=True, slots=True)
class AdoptionDocument:
    schema_version: Version
    kind: Literal["adoption"]
    account: str
    account_name: Annotated[str, "Empty if unknown."]
    region: str
    name: str
    kubernetes: str
    addon_version: str
    resolve_conflicts: ResolveConflicts
    action: Literal["adopt", "blocked"]
    values: Annotated[Mapping[str, Json], "configurationValues without the Corefile."]
    corefile: CarriedCorefile
    takes: tuple[Take, ...]
    diagnostics: tuple[Diagnostic, ...]
    saved_to: Annotated[str | None, "Backup of the live objects; null if there is none."]
    outcome: Annotated[OutcomeWord | None, "Null for a plan."]
    reason: str
    cause: str | None
    hint: str
    there: Annotated[tuple[str, ...], "Observed state after a failure."]


def adoption_document(
    plan: Adoption, saved_to: str = "", outcome: Outcome | None = None, there: Sequence[str] = ()
) -> JsonObject:
    """Build the document; without `outcome`, that of a plan."""
    ref, trouble = plan.target.ref, None if outcome is None else trouble_of(outcome)
    made = AdoptionDocument(
        SCHEMA_VERSION,
        "adoption",
        account=ref.account,
        account_name=plan.target.account_name,
        region=ref.region,
        name=ref.name,
        kubernetes=plan.kubernetes,
        addon_version=plan.version,
        resolve_conflicts=plan.resolve_conflicts,
        action="blocked" if plan.errors else "adopt",
        values=plan.values,
        corefile=_corefile(plan),
        takes=tuple(_take(one) for one in plan.takes),
        diagnostics=tuple(diagnostic(one) for one in plan.diagnostics),
        saved_to=saved_to or None,
        outcome=None if outcome is None else outcome_word(outcome),
        reason="" if outcome is None else reason_of(outcome),
        cause=trouble.cause.value if trouble else None,
        hint=trouble.hint if trouble else "",
        there=tuple(there),
    )
    return as_json(made)


def _corefile(plan: Adoption) -> CarriedCorefile:
    data = plan.corefile.encode("utf-8", "surrogatepass")
    return CarriedCorefile(len(data), hashlib.sha256(data).hexdigest(), plan.corefile == plan.live_corefile)


def _take(one: Taken) -> Take:
    return Take(one.path, one.owner or None, one.live, one.becomes, one.is_conflict)
