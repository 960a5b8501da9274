"""Makes one call: translates SDK errors to a Trouble, and renews keys once if they expired early."""

from collections.abc import Callable
from typing import Generic, TypeVar

from botocore.credentials import Credentials

from eksaddon.aws.credentials import RoleCredentials
from eksaddon.aws.errors import SDK_ERRORS, SignInError, translate
from eksaddon.aws.network.sends import was_never_sent
from eksaddon.domain.cause import Cause, NotSent, Trouble
from eksaddon.frozen import dataclass

C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Line(Generic[C]):
    """A client with its credentials and region."""

    client: C
    credentials: Credentials
    region: str

    def call(self, operation: str, send: Callable[[C], R]) -> R | Trouble:
        """Call an operation and return its response or the Trouble.

        A Trouble about expired credentials refers to the base credentials, which cannot be renewed here. Keys
        of a role that AWS reports as expired are fetched again, and the request is retried once.
        """
        role = self.credentials if isinstance(self.credentials, RoleCredentials) else None
        keys = None
        try:
            keys = role.get_frozen_credentials() if role else None
            return send(self.client)
        except SDK_ERRORS as error:
            trouble = translate(error, operation=operation, region=self.region)
            if trouble.cause is not Cause.CREDENTIALS_EXPIRED or isinstance(error, SignInError):
                return trouble
        if role is None or keys is None:
            return trouble
        role.forget(keys)
        return self._retry(operation, send)

    def write(self, operation: str, send: Callable[[C], R]) -> R | NotSent | Trouble:
        """Call an operation that writes, as `call`."""
        is_unsent = False

        def noted(client: C) -> R:
            nonlocal is_unsent
            try:
                return send(client)
            except SDK_ERRORS as error:
                is_unsent = was_never_sent(error)
                raise

        answer = self.call(operation, noted)
        return NotSent(answer) if is_unsent and isinstance(answer, Trouble) else answer

    def _retry(self, operation: str, send: Callable[[C], R]) -> R | Trouble:
        try:
            return send(self.client)
        except SDK_ERRORS as error:
            trouble = translate(error, operation=operation, region=self.region)
            if trouble.cause is Cause.CREDENTIALS_EXPIRED and not isinstance(error, SignInError):
                # Keys that are seconds old cannot have expired: a clock is wrong.
                return Trouble(Cause.CREDENTIALS_INVALID, trouble.message, trouble.code, operation)
            return trouble
