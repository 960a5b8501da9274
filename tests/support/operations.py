"""The API operations that eksdns calls, by service."""

from eksaddon.aws.small_models import OPERATIONS as EKS

OPERATIONS = {
    "eks": tuple(sorted(EKS)),
    "sts": ("AssumeRole", "GetCallerIdentity"),
    "account": ("ListRegions",),
    "organizations": (
        "ListAccounts",
        "ListAccountsForParent",
        "ListOrganizationalUnitsForParent",
        "ListRoots",
        "ListTagsForResource",
    ),
}
