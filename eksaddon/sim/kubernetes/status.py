"""Errors of the Kubernetes API (source: meta/v1 Status)."""

from collections.abc import Sequence

from eksaddon.domain.json import Json, JsonObject
from eksaddon.sim.workload.applying import Conflict
from eksaddon.sim.workload.fields import printed


class StatusError(Exception):
    """The API rejects a request."""

    def __init__(self, code: int, reason: str, message: str, details: JsonObject | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.document: JsonObject = {
            "apiVersion": "v1",
            "kind": "Status",
            "metadata": {},
            "status": "Failure",
            "code": code,
            "reason": reason,
            "message": message,
            "details": details or {},
        }


def unauthorized() -> StatusError:
    return StatusError(401, "Unauthorized", "Unauthorized")


def unknown_path() -> StatusError:
    return StatusError(404, "NotFound", "the server could not find the requested resource")


def not_found(resource: str, name: str) -> StatusError:
    details = {"name": name, "kind": resource}
    return StatusError(404, "NotFound", f'{resource} "{name}" not found', details)


def forbidden(user: str, verb: str, resource: str, group: str, namespace: str) -> StatusError:
    message = (
        f'{resource} is forbidden: User "{user}" cannot {verb} resource "{resource.partition(".")[0]}" '
        f'in API group "{group}" in the namespace "{namespace}"'
    )
    return StatusError(403, "Forbidden", message)


def conflict(conflicts: Sequence[Conflict]) -> StatusError:
    """The error of a conflicting apply: one cause for each field."""
    causes: list[Json] = [
        {
            "reason": "FieldManagerConflict",
            "message": f"conflict with {_manager(each)}",
            "field": printed(each.path),
        }
        for each in conflicts
    ]
    return StatusError(409, "Conflict", f"Apply failed with {_summary(conflicts)}", {"causes": causes})


def _summary(conflicts: Sequence[Conflict]) -> str:
    if len(conflicts) == 1:
        return f"1 conflict: conflict with {_manager(conflicts[0])}: {printed(conflicts[0].path)}"
    fields: dict[str, str] = {}
    for each in conflicts:
        fields[_manager(each)] = fields.get(_manager(each), "") + f"\n- {printed(each.path)}"
    listed = "\n".join(f"conflicts with {manager}:{paths}" for manager, paths in sorted(fields.items()))
    return f"{len(conflicts)} conflicts: {listed}"


def _manager(conflict: Conflict) -> str:
    part = f' with subresource "{conflict.subresource}"' if conflict.subresource else ""
    using = " using apps/v1" if conflict.operation == "Update" else ""
    return f'"{conflict.manager}"{part}{using}'


def invalid(name: str, field: str, value: Json, problem: str) -> StatusError:
    return _unacceptable(name, field, "FieldValueInvalid", f"Invalid value: {value}: {problem}")


def forbidden_field(name: str, field: str, problem: str) -> StatusError:
    return _unacceptable(name, field, "FieldValueForbidden", f"Forbidden: {problem}")


def missing(name: str, field: str, problem: str) -> StatusError:
    return _unacceptable(name, field, "FieldValueRequired", f"Required value: {problem}")


def _unacceptable(name: str, field: str, reason: str, problem: str) -> StatusError:
    cause: Json = {"reason": reason, "message": problem, "field": field}
    details: JsonObject = {"name": name, "group": "apps", "kind": "Deployment", "causes": [cause]}
    return StatusError(422, "Invalid", f'Deployment.apps "{name}" is invalid: {field}: {problem}', details)
