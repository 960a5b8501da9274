"""What the Kubernetes API says instead of an object (source: meta/v1 Status)."""

from collections.abc import Sequence

from eksaddon.domain.json import Json, JsonObject
from eksaddon.sim.kubernetes.applying import Conflict
from eksaddon.sim.kubernetes.fields import printed


class StatusError(Exception):
    """The API says no."""

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
    """As an apply is refused: one cause for each field."""
    causes: list[Json] = [
        {
            "reason": "FieldManagerConflict",
            "message": f'conflict with "{each.manager}"',
            "field": printed(each.path),
        }
        for each in conflicts
    ]
    count = "1 conflict" if len(causes) == 1 else f"{len(causes)} conflicts"
    listed = "\n".join(f'conflict with "{each.manager}": {printed(each.path)}' for each in conflicts)
    return StatusError(409, "Conflict", f"Apply failed with {count}: {listed}", {"causes": causes})


def invalid(name: str, field: str, value: Json, problem: str) -> StatusError:
    message = f'Deployment.apps "{name}" is invalid: {field}: Invalid value: {value}: {problem}'
    cause: Json = {
        "reason": "FieldValueInvalid",
        "message": f"Invalid value: {value}: {problem}",
        "field": field,
    }
    details: JsonObject = {"name": name, "group": "apps", "kind": "Deployment", "causes": [cause]}
    return StatusError(422, "Invalid", message, details)
