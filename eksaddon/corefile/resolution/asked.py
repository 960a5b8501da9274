"""One query at one plugin."""

from collections.abc import Callable

from eksaddon.corefile.resolution.outcomes import Outcome
from eksaddon.corefile.resolution.queries import Query
from eksaddon.corefile.syntax.dispenser import Occurrence
from eksaddon.corefile.syntax.tree import ServerBlock
from eksaddon.corefile.syntax.versions import Version
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plugin looks at.

    Attributes:
        found: The plugin's directives in the server block, in order.
        of_pod: What the pod itself answers on a port of the loopback interface; None where nothing of this
            Corefile listens there.
    """

    query: Query
    block: ServerBlock
    found: tuple[Occurrence, ...]
    version: Version
    of_pod: Callable[[str], tuple[Outcome, ...] | None]
