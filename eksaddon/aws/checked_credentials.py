"""Base credentials whose provider may fail in any way when it is asked again."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.credentials import Credentials, ReadOnlyCredentials

from eksaddon.aws.errors import SDK_ERRORS, SignInError
from eksaddon.domain.cause import Cause, Trouble

_STILL_EXPIRED = "still expired"
"""Of botocore's RuntimeError for a provider that answers with keys whose time is over."""


class CheckedCredentials(Credentials):
    """Signs with other credentials, and makes every failure to refresh them a SignInError.

    A credential_process that prints nonsense makes botocore raise ValueError, KeyError, TypeError or
    AttributeError, depending on what it printed; none of its documented exceptions says so.
    """

    def __init__(self, inner: Credentials) -> None:
        super().__init__("", "", method=inner.method)
        self._inner = inner

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """The keys in force.

        Raises:
            SignInError: The provider has none.
        """
        with _checked():
            return self._inner.get_frozen_credentials()

    @property
    def account_id(self) -> str | None:
        """Of the account, where the provider knows it; reading it may refresh the keys."""
        with _checked():
            found: str | None = self._inner.account_id  # type: ignore[attr-defined]  # not in the stubs
            return found

    @account_id.setter
    def account_id(self, _: str | None) -> None:
        """Ignored: the base class sets what the inner credentials know better."""


@contextmanager
def _checked() -> Iterator[None]:
    try:
        yield
    except SDK_ERRORS:
        raise
    except Exception as error:
        raise SignInError(unreadable(error)) from error


def unreadable(error: Exception) -> Trouble:
    """What an undocumented exception of a credential provider means."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    if _STILL_EXPIRED in text:
        return Trouble(Cause.CREDENTIALS_EXPIRED, f"the credentials cannot be refreshed: {text}")
    return Trouble(Cause.NO_CREDENTIALS, f"the credentials cannot be read: {text}")
