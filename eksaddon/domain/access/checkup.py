"""Results of `eksdns doctor` for one target: each permission and the effect of its absence."""

from collections.abc import Iterable
from enum import StrEnum

from eksaddon.domain.target import ClusterRef, target_label
from eksaddon.frozen import dataclass


class CheckState(StrEnum):
    """Values are published in JSON output and must not be renamed."""

    FINE = "ok"
    MISSING = "missing"
    UNPROVEN = "unproven"
    SKIPPED = "skipped"


class Piece(StrEnum):
    """The permissions that are checked; values are published in JSON output."""

    ACCOUNT = "account"
    LIST_CLUSTERS = "eks:ListClusters"
    DESCRIBE_CLUSTER = "eks:DescribeCluster"
    DESCRIBE_ADDON = "eks:DescribeAddon"
    DESCRIBE_CONFIGURATION = "eks:DescribeAddonConfiguration"
    UPDATES = "eks:ListUpdates, eks:DescribeUpdate"
    UPDATE_ADDON = "eks:UpdateAddon"
    KUBERNETES_READ = "kubernetes read"
    KUBERNETES_PATCH = "kubernetes patch"


KUBERNETES = frozenset({Piece.KUBERNETES_READ, Piece.KUBERNETES_PATCH})


@dataclass(frozen=True, slots=True)
class Check:
    """The result for one permission.

    Attributes:
        detail: The error, unescaped; empty if there is none.
        breaks: What does not work without the permission.
        remedy: How to add the permission.
    """

    piece: Piece
    state: CheckState
    detail: str = ""
    breaks: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Checkup:
    """All checks of one target, or of an account without a cluster."""

    ref: ClusterRef
    checks: tuple[Check, ...]
    account_name: str = ""

    @property
    def label(self) -> str:
        """Name of the target as in the other reports."""
        return target_label(self.ref, self.account_name)

    @property
    def verdict(self) -> CheckState:
        """The result of all checks.

        Returns:
            `missing` if any permission is, `skipped` if the fleet file declares that the place is not
            available, `unproven` if nothing was seen to work, else `ok`.
        """
        states = {one.state for one in self.checks}
        if CheckState.MISSING in states:
            return CheckState.MISSING
        if [(one.piece, one.state) for one in self.checks] == [(Piece.ACCOUNT, CheckState.SKIPPED)]:
            return CheckState.SKIPPED
        return CheckState.FINE if CheckState.FINE in states else CheckState.UNPROVEN

    def word(self, *, kubernetes: bool) -> CheckState:
        """Most severe state of one plane; a plane that was not checked is `skipped`, never `ok`."""
        return _most_severe(one.state for one in self.checks if (one.piece in KUBERNETES) is kubernetes)


def _most_severe(states: Iterable[CheckState]) -> CheckState:
    found = set(states) - {CheckState.UNPROVEN}
    order = (CheckState.MISSING, CheckState.FINE)
    return next((each for each in order if each in found), CheckState.SKIPPED)
