"""Reads the schema of each installed version."""

from collections.abc import Mapping

from eksaddon.domain.cause import Trouble
from eksaddon.domain.target import Scope
from eksaddon.ports import AddonApi, Executor
from eksaddon.schema import AddonSchema

SCOPES_TO_ASK = 3
"""Maximum scopes to try: a schema is the same in all accounts, so another one may allow the call."""


def live_schemas(
    versions: Mapping[str, tuple[Scope, ...]], api: AddonApi, executor: Executor
) -> dict[str, AddonSchema | Trouble]:
    """Read one schema for each version; the next scope is tried only if the previous one failed."""

    def ask(item: tuple[str, tuple[Scope, ...]]) -> AddonSchema | Trouble:
        version, scopes = item
        answer = api.schema(scopes[0], version)
        for scope in scopes[1:SCOPES_TO_ASK]:
            if not isinstance(answer, Trouble):
                break
            answer = api.schema(scope, version)
        return answer

    answers = executor.each(versions.items(), ask, lane=lambda item: item[1][0])
    return {version: answer for (version, _), answer in answers}
