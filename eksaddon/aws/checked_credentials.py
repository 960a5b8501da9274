"""Wraps base credentials, whose provider can fail with any exception when it refreshes."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.credentials import Credentials, ReadOnlyCredentials

from eksaddon.aws.errors import SDK_ERRORS, SignInError
from eksaddon.domain.cause import Cause, Trouble

_STILL_EXPIRED = "still expired"
"""Text of botocore's RuntimeError for a provider that returns expired keys."""


class CheckedCredentials(Credentials):
    """Delegates to other credentials, and converts every refresh failure to a SignInError.

    A credential_process with invalid output makes botocore raise ValueError, KeyError, TypeError or
    AttributeError, depending on the output, instead of a documented exception.
    """

    def __init__(self, inner: Credentials) -> None:
        super().__init__("", "", method=inner.method)
        self._inner = inner

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Return the current keys.

        Raises:
            SignInError: The provider fails.
        """
        with _checked():
            return self._inner.get_frozen_credentials()

    @property
    def account_id(self) -> str | None:
        """Account of the credentials if the provider knows it; reading it can refresh the keys."""
        with _checked():
            found: str | None = self._inner.account_id  # type: ignore[attr-defined]  # not in the stubs
            return found

    @account_id.setter
    def account_id(self, _: str | None) -> None:
        """Ignored: the base class sets it, but the inner credentials are the source."""


@contextmanager
def _checked() -> Iterator[None]:
    try:
        yield
    except SDK_ERRORS:
        raise
    except Exception as error:
        raise SignInError(unreadable(error)) from error


def unreadable(error: Exception) -> Trouble:
    """Translate an undocumented exception of a credential provider."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    if _STILL_EXPIRED in text:
        return Trouble(Cause.CREDENTIALS_EXPIRED, f"the credentials cannot be refreshed: {text}")
    return Trouble(Cause.NO_CREDENTIALS, f"the credentials cannot be read: {text}")
