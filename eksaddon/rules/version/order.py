"""What to upgrade first, the control plane or the add-on; pure."""

from eksaddon.domain.cause import Trouble
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.versions.offered import VersionList, is_older
from eksaddon.rules.version.choice import latest

ORDER = "upgrade-order"


def upgrade_order(
    installed: str, target: str, now: VersionList | Trouble, then: VersionList | Trouble
) -> Diagnostic:
    """The order for one cluster.

    EKS keeps an installed version running that it no longer offers, so "control plane first" never stops
    CoreDNS; an add-on can only be moved to a version that is offered for the Kubernetes version at that time.

    Args:
        target: The version after the upgrade; the installed one if it stays.
        now: The versions for the cluster's Kubernetes version.
        then: Those for the Kubernetes version after its upgrade.
    """
    for seen in (now, then):
        if isinstance(seen, Trouble):
            summary = f"the add-on versions that EKS offers could not be read: {seen}"
            return Diagnostic(Severity.WARNING, ORDER, summary, seen.hint)
    assert not isinstance(now, Trouble)  # noqa: S101  # returned above
    assert not isinstance(then, Trouble)  # noqa: S101  # as above
    if now.kubernetes == then.kubernetes:
        return Diagnostic(Severity.INFO, ORDER, f"the cluster has Kubernetes {then.kubernetes} already", "")
    if is_older(then.kubernetes, now.kubernetes):
        return _back(installed, now, then)
    upgraded = f"from Kubernetes {now.kubernetes} to {then.kubernetes}"
    if installed in then.versions:
        summary = f"{installed} is offered for Kubernetes {now.kubernetes} and {then.kubernetes}"
        return Diagnostic(Severity.INFO, ORDER, summary, "upgrade the control plane first, then the add-on")
    if target in now.versions and target in then.versions:
        summary = f"{installed} is not offered for Kubernetes {then.kubernetes}, {target} is offered for both"
        return Diagnostic(Severity.WARNING, ORDER, summary, "upgrade the add-on before the control plane")
    shared = latest(each for each in now.versions if each in then.versions)
    neither = f"{installed} is not" if target == installed else f"neither {installed} nor {target} is"
    summary = f"{neither} offered for both versions of the upgrade {upgraded}"
    detail = (
        f"move the add-on to {shared}, which is, then upgrade the control plane, then the add-on again"
        if shared
        else "upgrade the control plane, then the add-on"
    )
    return Diagnostic(Severity.WARNING, ORDER, summary, detail)


def _back(installed: str, now: VersionList, then: VersionList) -> Diagnostic:
    """A rollback of the control plane, which keeps add-ons (source: EKS user guide, rollback-cluster)."""
    summary = f"Kubernetes {then.kubernetes} is older than the cluster's {now.kubernetes}"
    detail = "EKS rolls a control plane back by one version only, within 7 days of its upgrade"
    shared = latest(each for each in now.versions if each in then.versions)
    if installed not in then.versions and shared:
        detail += f"; downgrade the add-on to {shared} before, which is offered for both"
    return Diagnostic(Severity.WARNING, ORDER, summary, detail)
