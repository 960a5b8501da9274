"""The schema of each installed version: the live one, else the packaged one."""

from collections.abc import Mapping

from eksaddon.domain.cause import Trouble
from eksaddon.domain.target import Scope
from eksaddon.ports import AddonApi, Executor
from eksaddon.schema import AddonSchema

SCOPES_TO_ASK = 3
"""A version's schema is the same everywhere, so where one account denies it another may answer."""


def live_schemas(
    versions: Mapping[str, tuple[Scope, ...]], api: AddonApi, executor: Executor
) -> dict[str, AddonSchema | Trouble]:
    """One answer for each version; a further scope is asked only where the one before could not tell."""

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
