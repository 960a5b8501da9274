"""The JSON Schemas that eksdns publishes."""

from collections.abc import Mapping
from typing import Any

from eksaddon.app.doctor.report import KIND as DOCTOR
from eksaddon.app.doctor.report import doctor_schema
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.plan.planfile import KIND as PLAN_FILE
from eksaddon.plan.planfile import plan_file_schema
from eksaddon.report.documents.adoption import KIND, adoption_schema
from eksaddon.report.documents.read import schema_of
from eksaddon.report.model.states import Kind
from eksaddon.schema import KNOWN_VERSIONS, AddonSchema, packaged_schema


def addon_schema(version: str | None) -> Mapping[str, Any]:
    """The packaged schema of an add-on version; the live one may differ and always wins.

    Raises:
        EksdnsError: The version is unknown.
    """
    wanted = version or str(max(KNOWN_VERSIONS))
    found = packaged_schema(wanted)
    if not isinstance(found, AddonSchema):
        raise EksdnsError(
            f"the schema of add-on version {wanted} is not known",
            hint="give one such as v1.11.4-eksbuild.28",
            exit_code=ExitCode.USAGE,
        )
    return found.document


def document_schema(kind: str) -> Mapping[str, Any]:
    """The schema of a JSON document that eksdns prints.

    Raises:
        EksdnsError: There is no such kind.
    """
    if kind == KIND:
        return adoption_schema()
    if kind == DOCTOR:
        return doctor_schema()
    if kind == PLAN_FILE:
        return plan_file_schema()
    if kind not in tuple(Kind):
        raise EksdnsError(
            f"--output-kind {kind}: no such document",
            hint=f"one of {', '.join((*Kind, KIND, DOCTOR, PLAN_FILE))}",
            exit_code=ExitCode.USAGE,
        )
    return schema_of(Kind(kind))
