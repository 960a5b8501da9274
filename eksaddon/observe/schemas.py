"""Reads the schema of each installed version."""

from collections.abc import Mapping
from concurrent.futures import Future
from functools import partial
from itertools import islice

from eksaddon.domain.cause import Trouble
from eksaddon.domain.target import Scope
from eksaddon.ports import AddonApi, Executor
from eksaddon.schema import AddonSchema

SCOPES_TO_ASK = 3
"""Maximum scopes to try: a schema is the same in every account, so another one may allow the call."""


class EarlySchemas:
    """Reads the schema of a version as soon as the first cluster with it has been read.

    One call for each version, as without it; the answer is there when the last cluster has been read.
    """

    def __init__(self, api: AddonApi, executor: Executor) -> None:
        self._api = api
        self._executor = executor
        self._asked: dict[str, tuple[Scope, Future[AddonSchema | Trouble]]] = {}

    def lacks(self, version: str) -> bool:
        """Whether the version was not asked for yet."""
        return version not in self._asked

    def ask(self, version: str, scope: Scope) -> None:
        """Start the call unless the version was asked for; returns immediately."""
        if self.lacks(version):
            call = partial(self._api.schema, scope, version)
            self._asked[version] = scope, self._executor.submit((scope, "schema"), call)

    def known(self, version: str) -> AddonSchema | None:
        """The schema of a version that was asked for, if it is there; does not wait."""
        _, call = self._asked[version]
        answer = call.result() if call.done() else None
        return None if isinstance(answer, Trouble) else answer

    def answer(self, version: str, scope: Scope) -> tuple[Scope, AddonSchema | Trouble]:
        """Wait for the answer of the scope that was asked; asks `scope` if none was."""
        self.ask(version, scope)
        asked, call = self._asked[version]
        return asked, call.result()


def live_schemas(
    versions: Mapping[str, tuple[Scope, ...]],
    api: AddonApi,
    executor: Executor,
    early: EarlySchemas | None = None,
) -> dict[str, AddonSchema | Trouble]:
    """Read one schema for each version; the next scope is tried only if the previous one failed."""
    begun = early or EarlySchemas(api, executor)
    for version, scopes in versions.items():
        begun.ask(version, scopes[0])
    found: dict[str, AddonSchema | Trouble] = {}
    for version, scopes in versions.items():
        asked, answer = begun.answer(version, scopes[0])
        others = (scope for scope in scopes if scope != asked)
        for scope in islice(others, SCOPES_TO_ASK - 1):
            if not isinstance(answer, Trouble):
                break
            answer = api.schema(scope, version)
        found[version] = answer
    return found
