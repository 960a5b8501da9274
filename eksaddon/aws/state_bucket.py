"""The S3 client of the state store, with the same credentials and settings as other clients."""

from typing import TYPE_CHECKING, cast

from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import InvalidConfigError
from botocore.session import Session

from eksaddon.aws.errors import SDK_ERRORS, translate
from eksaddon.aws.network.traced import traced
from eksaddon.aws.sessions import Sessions
from eksaddon.aws.settings import Settings
from eksaddon.domain.cause import Trouble
from eksaddon.domain.errors import EksdnsError
from eksaddon.ports.trace import Trace

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class _BucketSession(Session):
    """A session with all of the SDK's handlers, which S3 requires, and given credentials."""

    def __init__(self, profile: str, credentials: Credentials) -> None:
        super().__init__(profile=profile or None)
        self._found = credentials

    def get_credentials(self) -> Credentials:
        return self._found


def open_state_bucket(
    *, profile: str = "", region: str = "", endpoint: str = "", trace: Trace | None = None
) -> "S3Client":
    """Create the client; empty arguments default to the environment or the AWS configuration.

    Args:
        endpoint: URL of an S3-compatible service; the bucket is then part of the path, not of the host.
        trace: Receives every request; None for no trace.

    Raises:
        EksdnsError: There are no credentials, or the configuration is invalid.
    """
    try:
        client = _client(profile, region, endpoint)
    except SDK_ERRORS as error:
        trouble = translate(error, operation="")
        raise EksdnsError(f"cannot open the state bucket: {trouble}", hint=trouble.hint) from error
    traced(client, trace)
    return client


def _client(profile: str, region: str, endpoint: str) -> "S3Client":
    sessions, settings = Sessions(), Settings()
    sessions.check_endpoints()
    credentials = sessions.base(profile)
    credentials.get_frozen_credentials()
    user = sessions.user_settings(profile)
    session = _BucketSession(profile, credentials)
    config = Config(
        user_agent=settings.agent,
        retries={"mode": "standard", "total_max_attempts": user.attempts or settings.attempts},
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        s3={"addressing_style": "path"} if endpoint else None,
    )
    where = region or sessions.region(profile) or None
    try:
        client = session.create_client("s3", region_name=where, endpoint_url=endpoint or None, config=config)
    except ValueError as error:  # an endpoint URL or a number in the configuration
        raise InvalidConfigError(error_msg=str(error)) from error
    return cast("S3Client", client)


def explained(error: Exception) -> Trouble | None:
    """Translate an exception of the client; None if it is not an SDK error."""
    return translate(error, operation="") if isinstance(error, SDK_ERRORS) else None
