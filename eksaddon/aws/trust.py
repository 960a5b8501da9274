"""Reads the trust of an account's IAM in GitHub's tokens."""

from typing import Any

from eksaddon.aws.accounts import Accounts
from eksaddon.aws.calls import Line
from eksaddon.aws.pages import Reply
from eksaddon.domain.access.trust import ISSUER, Missing, NotRead, Provider, Trust, TrustPolicy
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.target import Access


class TrustReader:
    """Requires iam:GetRole and iam:GetOpenIDConnectProvider."""

    def __init__(self, accounts: Accounts, access: Access) -> None:
        self._accounts = accounts
        self._access = access

    def read(self, account: str, partition: str, role: str) -> Trust:
        """Read the account's identity provider and a role's trust policy.

        Args:
            role: Name without path.
        """
        line = self._accounts.open("iam", self._access)
        if isinstance(line, Trouble):
            return Trust(NotRead(str(line)), NotRead(str(line)))
        arn = f"arn:{partition}:iam::{account}:oidc-provider/{ISSUER}"
        return Trust(_provider(line, arn), _policy(line, role))


def _provider(line: Line[Any], arn: str) -> Provider | Missing | NotRead:
    reply = line.call(
        "GetOpenIDConnectProvider",
        lambda iam: iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn),
    )
    if isinstance(reply, Trouble):
        return _absent(reply)
    found = reply.get("ClientIDList")
    return Provider(tuple(map(str, found)) if isinstance(found, list) else ())


def _policy(line: Line[Any], role: str) -> TrustPolicy | Missing | NotRead:
    reply: Reply | Trouble = line.call("GetRole", lambda iam: iam.get_role(RoleName=role))
    if isinstance(reply, Trouble):
        return _absent(reply)
    match reply:
        case {"Role": {"AssumeRolePolicyDocument": dict() as document}}:
            return TrustPolicy(document)
        case _:
            return NotRead("GetRole returned no trust policy")


def _absent(trouble: Trouble) -> Missing | NotRead:
    return Missing() if trouble.cause is Cause.NOT_FOUND else NotRead(str(trouble))
