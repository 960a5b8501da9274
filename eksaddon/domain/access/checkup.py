"""What a doctor finds at one target: each piece of access with what its absence breaks."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from eksaddon.domain.target import ClusterRef, target_label


class CheckState(StrEnum):
    """Published in JSON output, so that a value is never renamed."""

    FINE = "ok"
    MISSING = "missing"
    UNPROVEN = "unproven"
    SKIPPED = "skipped"


class Piece(StrEnum):
    """What access is made of; published as well."""

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
    """One piece, looked at.

    Attributes:
        detail: What was seen, unescaped; empty where everything is well.
        breaks: What does not work without the permission.
        remedy: What to do.
    """

    piece: Piece
    state: CheckState
    detail: str = ""
    breaks: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Checkup:
    """Everything that was looked at for one target, a pseudo target included."""

    ref: ClusterRef
    checks: tuple[Check, ...]
    account_name: str = ""

    @property
    def label(self) -> str:
        """As the other reports name it: by the account's name where there is one."""
        return target_label(self.ref, self.account_name)

    @property
    def is_fine(self) -> bool:
        return all(one.state is not CheckState.MISSING for one in self.checks)

    def word(self, *, kubernetes: bool) -> CheckState:
        """The gravest state of one plane; what was not looked at is skipped, never fine."""
        return _gravest(one.state for one in self.checks if (one.piece in KUBERNETES) is kubernetes)


def _gravest(states: Iterable[CheckState]) -> CheckState:
    found = set(states) - {CheckState.UNPROVEN}
    order = (CheckState.MISSING, CheckState.FINE)
    return next((each for each in order if each in found), CheckState.SKIPPED)
