"""Access keys, their owners and expiry."""

import hashlib
from collections.abc import Mapping

from eksaddon.frozen import dataclass
from eksaddon.regex import regex
from eksaddon.sim.api.identities import Account, Caller
from eksaddon.sim.http.messages import RefusalError

_SCOPE = regex(r"Credential=(?P<key>[^/,\s]+)/\d+/(?P<region>[^/,\s]+)/(?P<service>[^/,\s]+)/aws4_request")

_BASE = regex(r"AKIASIMU(\d{12})")


def access_key_of(account: str) -> str:
    """Build the access key of a user of an account; it needs no registration and does not expire."""
    return f"AKIASIMU{account}"


@dataclass(frozen=True, slots=True)
class Signature:
    """A request's Authorization header (source: AWS Signature Version 4)."""

    key: str
    region: str
    service: str
    token: str


def read_signature(headers: Mapping[str, str]) -> Signature | None:
    """Read key, service and region of a signature; None if unsigned. The signature is not verified."""
    found = _SCOPE.search(headers.get("authorization", ""))
    if found is None:
        return None
    return Signature(found["key"], found["region"], found["service"], headers.get("x-amz-security-token", ""))


@dataclass(frozen=True, slots=True)
class Keys:
    """Session keys issued by AssumeRole."""

    access_key: str
    secret_key: str
    token: str


class KeyRing:
    """Registry of issued keys."""

    def __init__(self) -> None:
        self._sessions: dict[str, tuple[Keys, Caller]] = {}

    def issue(self, caller: Caller) -> Keys:
        """Issue keys for a session; deterministic for the same sequence of calls."""
        number = len(self._sessions) + 1
        secret = hashlib.sha256(f"{number}:{caller.arn}".encode()).hexdigest()
        keys = Keys(f"ASIA{number:016}", secret[:40], f"token-{secret}")
        self._sessions[keys.access_key] = keys, caller
        return keys

    def find(self, key: str, accounts: Mapping[str, Account], default: str) -> Caller | None:
        """Find the owner of a key; an unknown key belongs to the default account.

        Returns:
            None if the account does not exist.
        """
        session = self._sessions.get(key)
        return session[1] if session is not None else _user(key, accounts, default)

    def verify(self, signature: Signature, now: float) -> None:
        """Check the keys of a session.

        Raises:
            RefusalError: The keys expired, or the token belongs to another session.
        """
        session = self._sessions.get(signature.key)
        if session is None:
            return
        keys, caller = session
        if signature.token != keys.token:
            raise unknown_key()
        if caller.expires is not None and caller.expires <= now:
            raise expired_key()


def _user(key: str, accounts: Mapping[str, Account], default: str) -> Caller | None:
    base = _BASE.fullmatch(key)
    account = accounts.get(base[1] if base else default)
    if account is None:
        return None
    return Caller(account, f"arn:aws:iam::{account.id}:user/simulated", "AIDASIMULATEDUSER000")


def expired_key() -> RefusalError:
    return RefusalError(403, "ExpiredTokenException", "The security token included in the request is expired")


def unknown_key() -> RefusalError:
    return RefusalError(
        403, "UnrecognizedClientException", "The security token included in the request is invalid."
    )
