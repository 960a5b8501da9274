"""Who holds which targets: one small document, changed as a whole; pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.json import Json, JsonObject, canonical
from eksaddon.ports import HeldByOther, Holder


@dataclass(frozen=True, slots=True)
class Holding:
    holder: Holder
    keys: frozenset[str]

    def is_by(self, holder: Holder) -> bool:
        """Whether it is the same process of the same run, whatever its time."""
        return (self.holder.run_id, self.holder.who) == (holder.run_id, holder.who)


Holdings = tuple[Holding, ...]


def acquired(holdings: Holdings, keys: frozenset[str], holder: Holder, now: float) -> Holdings | HeldByOther:
    """With these keys held too, or who is in the way; what has expired is dropped."""
    alive = tuple(each for each in holdings if each.holder.until > now and not each.is_by(holder))
    for each in alive:
        taken = each.keys & keys
        if taken:
            return HeldByOther(min(taken), each.holder)
    return (*alive, Holding(holder, keys))


def renewed(holdings: Holdings, holder: Holder, now: float) -> Holdings | None:
    """Held until `holder.until`; None where it has expired, and somebody may have seen that."""
    own = next((each for each in holdings if each.is_by(holder)), None)
    if own is None or own.holder.until <= now:
        return None
    return tuple(replace(each, holder=holder) if each is own else each for each in holdings)


def released(holdings: Holdings, holder: Holder) -> Holdings:
    return tuple(each for each in holdings if not each.is_by(holder))


def to_text(holdings: Holdings) -> str:
    return canonical({"version": 1, "held": [_document(each) for each in holdings]})


def _document(holding: Holding) -> Json:
    holder = holding.holder
    return {
        "run": holder.run_id,
        "who": holder.who,
        "until": holder.until,
        "keys": sorted(holding.keys),
    }


def from_text(text: str, where: str) -> Holdings:
    """Read the document; an empty one holds nothing.

    Raises:
        EksdnsError: It is none.
    """
    if not text:
        return ()
    try:
        document = json.loads(text)
        return tuple(_holdings(document["held"]))
    except (ValueError, KeyError, TypeError) as error:
        raise EksdnsError(
            f"{where} is no lock: {error}", hint="delete it once you are sure that no run is going on"
        ) from None


def _holdings(documents: Iterable[JsonObject]) -> Iterable[Holding]:
    for each in documents:
        keys = each["keys"]
        if not isinstance(keys, list):
            raise TypeError("keys")
        holder = Holder(str(each["run"]), str(each["who"]), float(str(each["until"])))
        yield Holding(holder, frozenset(map(str, keys)))
