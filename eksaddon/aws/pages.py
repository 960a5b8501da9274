"""All pages of a list, or none."""

from collections.abc import Callable, Mapping

from eksaddon.domain.cause import Cause, Trouble

Reply = Mapping[str, object]
"""A document that fits its service's model; any member may be absent."""


def all_pages(
    fetch: Callable[[str], Reply | Trouble], *, operation: str, member: str, marker: str
) -> tuple[object, ...] | Trouble:
    """Collect a list; a page without its list is no empty list, and half a list is none.

    Args:
        fetch: Gets the page after a token, with an empty one the first.
        member: Where the list stands in a page.
        marker: Where the token of the next page stands.
    """
    found: list[object] = []
    seen = {""}
    after = ""
    while True:
        page = fetch(after)
        if isinstance(page, Trouble):
            return page
        items = page.get(member)
        if not isinstance(items, list):
            return unreadable(operation, member)
        found.extend(items)
        after = str(page.get(marker) or "")
        if not after:
            return tuple(found)
        if after in seen:
            return unreadable(operation, "an end: the same page was returned twice")
        seen.add(after)


def unreadable(operation: str, wanted: str) -> Trouble:
    return Trouble(Cause.UNREADABLE, f"the response of {operation} has no {wanted}", operation=operation)
