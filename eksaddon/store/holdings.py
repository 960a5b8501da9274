"""Leases on targets: one small document that is replaced as a whole; pure."""

import json
from collections.abc import Iterable
from dataclasses import replace

from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.json import Json, JsonObject, canonical
from eksaddon.frozen import dataclass
from eksaddon.ports import HeldByOther, Holder
from eksaddon.store.process import is_gone, this_process


@dataclass(frozen=True, slots=True)
class Holding:
    """The targets held by one run.

    Attributes:
        process: Process id from `this_process`; empty if unknown.
    """

    holder: Holder
    keys: frozenset[str]
    process: str = ""

    def is_by(self, holder: Holder) -> bool:
        """Whether `holder` is the same process of the same run; the expiry time is ignored."""
        return (self.holder.run_id, self.holder.who) == (holder.run_id, holder.who)


Holdings = tuple[Holding, ...]


def acquired(holdings: Holdings, keys: frozenset[str], holder: Holder, now: float) -> Holdings | HeldByOther:
    """Add a lease on `keys`, or return the conflicting holders; expired leases are dropped.

    A lease of an ended process of this machine is dropped even before it expires: the process can no
    longer send requests.
    """
    alive = tuple(
        each
        for each in holdings
        if each.holder.until > now and not each.is_by(holder) and not is_gone(each.process)
    )
    for each in alive:
        taken = each.keys & keys
        if taken:
            return HeldByOther(min(taken), each.holder)
    return (*alive, Holding(holder, keys, this_process()))


def renewed(holdings: Holdings, holder: Holder, now: float) -> Holdings | None:
    """Extend the lease to `holder.until`; None if it expired: another run may have seen that."""
    own = next((each for each in holdings if each.is_by(holder)), None)
    if own is None or own.holder.until <= now:
        return None
    return tuple(replace(each, holder=holder) if each is own else each for each in holdings)


def released(holdings: Holdings, holder: Holder) -> Holdings:
    return tuple(each for each in holdings if not each.is_by(holder))


def held_for(holdings: Holdings, run_id: str, now: float) -> tuple[Holder, ...]:
    """Holders of leases for a run, without those known to have ended."""
    return tuple(
        each.holder
        for each in holdings
        if each.holder.run_id == run_id and each.holder.until > now and not is_gone(each.process)
    )


def unlocked(holdings: Holdings, run_id: str) -> Holdings:
    """Remove all leases of a run."""
    return tuple(each for each in holdings if each.holder.run_id != run_id)


def shifted(holdings: Holdings, seconds: float) -> Holdings:
    """Convert the times to a clock that is `seconds` ahead."""
    return tuple(
        replace(each, holder=replace(each.holder, until=each.holder.until + seconds)) for each in holdings
    )


def to_text(holdings: Holdings) -> str:
    return canonical({"version": 1, "held": [_document(each) for each in holdings]})


def _document(holding: Holding) -> Json:
    holder = holding.holder
    return {
        "run": holder.run_id,
        "who": holder.who,
        "until": holder.until,
        "keys": sorted(holding.keys),
        "process": holding.process,
    }


def from_text(text: str, where: str) -> Holdings:
    """Parse the document; an empty one has no leases.

    Raises:
        EksdnsError: The document is invalid.
    """
    if not text:
        return ()
    try:
        document = json.loads(text)
        return tuple(_holdings(document["held"]))
    except (ValueError, KeyError, TypeError) as error:
        raise EksdnsError(
            f"{where} is not a valid lock file: {error}",
            hint="delete it if you are sure that no run is in progress",
        ) from None


def _holdings(documents: Iterable[JsonObject]) -> Iterable[Holding]:
    for each in documents:
        keys = each["keys"]
        if not isinstance(keys, list):
            raise TypeError("keys")
        holder = Holder(str(each["run"]), str(each["who"]), float(str(each["until"])))
        yield Holding(holder, frozenset(map(str, keys)), str(each.get("process", "")))
