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
    def is_fine(self) -> bool:
        return all(one.state is not CheckState.MISSING for one in self.checks)

    @property
    def has_proof(self) -> bool:
        """Whether anything was seen to work."""
        return any(one.state is CheckState.FINE for one in self.checks)

    @property
    def is_skipped(self) -> bool:
        """Whether the whole place was skipped, as the fleet file declares."""
        return [(one.piece, one.state) for one in self.checks] == [(Piece.ACCOUNT, CheckState.SKIPPED)]

    def word(self, *, kubernetes: bool) -> CheckState:
        """Most severe state of one plane; a plane that was not checked is `skipped`, never `ok`."""
        return _most_severe(one.state for one in self.checks if (one.piece in KUBERNETES) is kubernetes)


def _most_severe(states: Iterable[CheckState]) -> CheckState:
    found = set(states) - {CheckState.UNPROVEN}
    order = (CheckState.MISSING, CheckState.FINE)
    return next((each for each in order if each in found), CheckState.SKIPPED)
