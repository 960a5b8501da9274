"""The published JSON Schemas."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from eksaddon.app.advice.recommend import RecommendDocument
from eksaddon.app.doctor.report import DoctorDocument
from eksaddon.app.probing.in_cluster import ClusterProbeDocument
from eksaddon.app.probing.proof_report import ProofDocument
from eksaddon.domain.document import kind_of, schema_of
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.plan.planfile import KIND as PLAN_FILE
from eksaddon.plan.planfile import plan_file_schema
from eksaddon.probe.document import ProbeDocument
from eksaddon.report.documents import published
from eksaddon.report.documents.adoption import AdoptionDocument
from eksaddon.report.documents.corefile import CorefileDocument
from eksaddon.report.documents.corefile_lint import LintDocument
from eksaddon.report.documents.corefile_try import TryDocument
from eksaddon.report.documents.history import ClusterHistoryDocument, HistoryDocument, RunHistoryDocument
from eksaddon.report.documents.schema_matrix import SchemaMatrixDocument
from eksaddon.report.timeline.document import TimelineDocument
from eksaddon.schema import KNOWN_VERSIONS, AddonSchema, packaged_schema

DOCUMENTS: Mapping[str, type] = MappingProxyType(
    {
        kind_of(document): document
        for document in (
            *published.DOCUMENTS.values(),
            AdoptionDocument,
            DoctorDocument,
            RecommendDocument,
            CorefileDocument,
            LintDocument,
            TryDocument,
            TimelineDocument,
            SchemaMatrixDocument,
            ProbeDocument,
            ClusterProbeDocument,
            ProofDocument,
            HistoryDocument,
            RunHistoryDocument,
            ClusterHistoryDocument,
        )
    }
)
"""Documents of `-o json` by their `kind`."""


def addon_schema(version: str | None) -> Mapping[str, Any]:
    """The packaged schema of an add-on version; the live one can differ and takes precedence.

    Raises:
        EksdnsError: The version is unknown.
    """
    requested = version or str(max(KNOWN_VERSIONS))
    found = packaged_schema(requested)
    if not isinstance(found, AddonSchema):
        raise EksdnsError(
            f"unknown add-on version {requested}",
            hint="example: v1.11.4-eksbuild.28",
            exit_code=ExitCode.USAGE,
        )
    return found.document


def document_schema(kind: str) -> Mapping[str, Any]:
    """The schema of an output document.

    Raises:
        EksdnsError: Unknown kind.
    """
    if kind == PLAN_FILE:
        return plan_file_schema()
    if kind not in DOCUMENTS:
        raise EksdnsError(
            f"invalid --output-kind {kind!r}",
            hint=f"use one of {', '.join((*DOCUMENTS, PLAN_FILE))}",
            exit_code=ExitCode.USAGE,
        )
    return schema_of(DOCUMENTS[kind])
