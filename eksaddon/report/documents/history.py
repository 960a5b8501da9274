"""JSON documents of `history`."""

from collections.abc import Mapping
from typing import Annotated, Literal

from eksaddon.domain.document import Version
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class RunEntry:
    """A run in the list of runs."""

    run_id: str
    state: Annotated[
        str,
        "A run's state; `interrupted` if its process is gone, `unreadable` if its journal cannot be read, "
        "`not_started` if the journal has no record, so that nothing was changed.",
    ]
    opened_at: Annotated[str, "UTC; empty if the journal has no record or cannot be read."]
    counts: Annotated[Mapping[str, int], "Targets by outcome, and those that are `pending` or `updating`."]
    reason: Annotated[
        str, "Why it is paused, stopped, unreadable or not started, or how to resume it; empty otherwise."
    ]


@dataclass(frozen=True, slots=True)
class EventEntry:
    at: Annotated[str, "UTC."]
    about: Annotated[str, "A cluster, a wave or an update; empty for the run as a whole."]
    what: str
    detail: str
    account_name: Annotated[str, "Name of the cluster's account; absent if unknown."] = ""

    @property
    def label(self) -> str:
        """Wave or target of the event, with the account's name if there is one."""
        account, slash, rest = self.about.partition("/")
        return f"{self.account_name or account}{slash}{rest}"


@dataclass(frozen=True, slots=True)
class HistoryDocument:
    schema_version: Version
    kind: Literal["history"]
    entries: tuple[RunEntry, ...]


@dataclass(frozen=True, slots=True)
class RunHistoryDocument:
    schema_version: Version
    kind: Literal["runHistory"]
    entries: tuple[EventEntry, ...]


@dataclass(frozen=True, slots=True)
class ClusterHistoryDocument:
    schema_version: Version
    kind: Literal["clusterHistory"]
    entries: tuple[EventEntry, ...]
