"""When EKS's support of each Kubernetes version ends.

No API has an end of support for an add-on version: EKS only stops offering it for a Kubernetes version.

Sources: EKS user guide, kubernetes-versions (1.29 to 1.34); endoflife.date, products/amazon-eks.md (all rows,
alone for 1.35 and 1.36).
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from eksaddon.frozen import dataclass

SUPPORT_READ_ON = date(2026, 8, 22)
"""Date of the sources."""


@dataclass(frozen=True, slots=True)
class Support:
    """Last days of support, UTC.

    Attributes:
        standard: None if only known to be over.
        extended: Afterwards EKS upgrades the control plane at any time.
    """

    standard: date | None
    extended: date


SUPPORT: Mapping[str, Support] = MappingProxyType(
    {
        "1.28": Support(None, date(2025, 11, 26)),
        "1.29": Support(None, date(2026, 3, 23)),
        "1.30": Support(date(2025, 7, 23), date(2026, 7, 23)),
        "1.31": Support(date(2025, 11, 26), date(2026, 11, 26)),
        "1.32": Support(date(2026, 3, 23), date(2027, 3, 23)),
        "1.33": Support(date(2026, 7, 29), date(2027, 7, 29)),
        "1.34": Support(date(2026, 12, 2), date(2027, 12, 2)),
        "1.35": Support(date(2027, 3, 27), date(2028, 3, 27)),
        "1.36": Support(date(2027, 8, 2), date(2028, 8, 2)),
    }
)
"""By Kubernetes version, oldest first."""
