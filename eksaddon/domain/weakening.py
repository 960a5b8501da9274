"""A loss of protection: what a plan would leave weaker than it is."""

from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Weakening:
    """One setting that keeps cluster DNS answering, and its weaker value.

    Attributes:
        path: Of the changes that it marks, as in `Change.path`; the setting may lie above or below it.
        setting: For display, such as `grace period`.
        before: With its unit, as `40` or `20 s`.
        after: Like `before`; `none` or `off` where nothing is left.
    """

    path: str
    setting: str
    before: str
    after: str

    def marks(self, path: str) -> bool:
        """Whether a change of this path is the change that weakens, or holds it."""
        return path == self.path or _is_below(path, self.path) or _is_below(self.path, path)

    def __str__(self) -> str:
        return f"{self.setting} from {self.before} to {self.after}"


def _is_below(path: str, above: str) -> bool:
    return path.startswith((f"{above}.", f"{above}["))
