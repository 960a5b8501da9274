"""One call: what the SDK raises becomes a Trouble, and keys that ran out early are renewed once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from botocore.credentials import Credentials

from eksaddon.aws.credentials import RoleCredentials
from eksaddon.aws.errors import SDK_ERRORS, SignInError, translate
from eksaddon.domain.cause import Cause, Trouble

C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Line(Generic[C]):
    """A client, what it signs with, and where it calls."""

    client: C
    credentials: Credentials
    region: str

    def ask(self, operation: str, send: Callable[[C], R]) -> R | Trouble:
        """Call, or say why there is no answer.

        A Trouble about expired credentials is about the base, which nobody here can renew; keys of a role
        that AWS calls expired are fetched again, and the request is repeated with them.
        """
        role = self.credentials if isinstance(self.credentials, RoleCredentials) else None
        used = None
        try:
            used = role.get_frozen_credentials() if role else None
            return send(self.client)
        except SDK_ERRORS as error:
            trouble = translate(error, operation=operation, region=self.region)
            if trouble.cause is not Cause.CREDENTIALS_EXPIRED or isinstance(error, SignInError):
                return trouble
        if role is None or used is None:
            return trouble
        role.forget(used)
        return self._once_more(operation, send)

    def _once_more(self, operation: str, send: Callable[[C], R]) -> R | Trouble:
        try:
            return send(self.client)
        except SDK_ERRORS as error:
            trouble = translate(error, operation=operation, region=self.region)
            if trouble.cause is Cause.CREDENTIALS_EXPIRED and not isinstance(error, SignInError):
                # Keys that are seconds old cannot have run out: somebody's clock is wrong.
                return Trouble(Cause.CREDENTIALS_INVALID, trouble.message, trouble.code, operation)
            return trouble
