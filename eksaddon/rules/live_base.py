"""Whether the live Corefile is still the one that a plan was made from.

Asked right before every write of a Corefile: by a fresh run, by the run of a saved plan, and on resume.
"""

from eksaddon.domain.json import digest


def base_digest(corefile: str | None) -> str:
    """SHA-256 of a live Corefile, for the plan; empty if there is none or it was not read."""
    return "" if corefile is None else digest(["corefile", corefile])


def moved(base: str, planned: str, live: str | None) -> str:
    """Why the Corefile must not be written; empty if nothing speaks against it.

    Args:
        base: Digest at planning, by `base_digest`; empty if no live Corefile was read.
        planned: The Corefile to write: it may be live already, by an update whose response was lost.
        live: The Corefile in the ConfigMap now; None if there is none.
    """
    if not base or live == planned or base_digest(live) == base:
        return ""
    what = "deleted" if live is None else "changed"
    return f"the live Corefile was {what} after the plan was made"
