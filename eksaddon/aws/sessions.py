"""SDK sessions: one for the process and one for each profile, with a shared loader."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches

from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConfigValueStore, ConstantProvider
from botocore.credentials import Credentials, create_credential_resolver
from botocore.exceptions import NoCredentialsError, ProfileNotFound
from botocore.hooks import HierarchicalEmitter
from botocore.session import Session

from eksaddon.aws.checked_credentials import CheckedCredentials, unreadable
from eksaddon.aws.complete_reply import check_reply
from eksaddon.aws.errors import SDK_ERRORS, SignInError, translate
from eksaddon.aws.small_models import register_handlers, shared_loader
from eksaddon.aws.user_settings import UserSettings, check_endpoints, user_settings
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.geography import home_of, region_partition
from eksaddon.frozen import dataclass

_MOST_PROFILES = 12
"""Maximum number of profile names in an error."""


@dataclass(frozen=True, slots=True)
class Hermetic:
    """Credentials for a simulated AWS: files, profiles and environment variables are not read."""

    access_key: str
    secret_key: str
    region: str = ""


class LendingSession(Session):
    """A session that can create clients with other credentials than its own.

    botocore accepts only fixed keys for a client; refreshable credentials would need a session each:
    10 ms and 0.8 MiB for every account.
    """

    def __init__(self, profile: str = "") -> None:
        emitter = HierarchicalEmitter()
        super().__init__(profile=profile or None, include_builtin_handlers=False, event_hooks=emitter)
        # Replaces an emitter with aliases for old service names, which costs 0.8 ms for each client.
        self.register_component("event_emitter", emitter)
        register_handlers(emitter)
        self._override: Credentials | None = None

    @contextmanager
    def lending(self, credentials: Credentials) -> Iterator[None]:
        """Clients created in this context use these credentials; for one thread at a time."""
        self._override = credentials
        try:
            yield
        finally:
            self._override = None

    def get_credentials(self) -> Credentials | None:
        return self._override if self._override is not None else super().get_credentials()


class Sessions:
    """Creates sessions at first use; all methods are thread-safe."""

    def __init__(self, hermetic: Hermetic | None = None, home_region: str = "") -> None:
        self._hermetic = hermetic
        self._home_region = home_region
        self._lock = threading.RLock()
        self._sessions: dict[str, LendingSession] = {}
        self._bases: dict[str, Credentials | Trouble] = {}

    def of(self, profile: str) -> LendingSession:
        """Look up the session of a profile; an empty name means the SDK's default chain.

        Raises:
            SignInError: The profile does not exist; the message lists the existing ones.
            BotoCoreError: The configuration is invalid.
        """
        with self._lock:
            if profile not in self._sessions:
                self._sessions[profile] = self._make(profile)
            return self._sessions[profile]

    def user_settings(self, profile: str) -> UserSettings:
        """The user's settings for retries and the user agent.

        Raises:
            ProfileNotFound: The profile does not exist.
            InvalidConfigError: A number is invalid.
        """
        return UserSettings() if self._hermetic else user_settings(self.of(profile))

    def check_endpoints(self) -> None:
        """Raise EksdnsError for an invalid endpoint URL in the user's configuration."""
        if self._hermetic is not None:
            return
        with suppress(*SDK_ERRORS):  # an invalid configuration is reported when a client is created
            check_endpoints(self.of(""))

    def base(self, profile: str) -> Credentials:
        """Resolve a profile's own credentials once.

        Raises:
            SignInError: There are no credentials, or their provider fails.
        """
        with self._lock:
            if profile not in self._bases:
                self._bases[profile] = _find_credentials(self.of(profile))
            found = self._bases[profile]
        if isinstance(found, Trouble):
            raise SignInError(found)
        return found

    def home(self, profile: str, partition: str = "") -> str:
        """Choose the region of global calls, such as AssumeRole.

        The user's region if it is in the partition, because private networks may not reach others; else a
        region that is enabled in every account.
        """
        region = self._home_region or self.region(profile)
        if region and region_partition(region) == (partition or region_partition(region)):
            return region
        return home_of(partition)

    def region(self, profile: str) -> str:
        """Look up the region set by the environment or the profile; empty if none is set.

        AWS_REGION takes precedence, as in the AWS CLI; botocore itself only reads AWS_DEFAULT_REGION.

        Raises:
            ProfileNotFound: The profile does not exist.
        """
        if self._hermetic is not None:
            return self._hermetic.region
        return os.environ.get("AWS_REGION", "") or str(self.of(profile).get_config_variable("region") or "")

    def _make(self, profile: str) -> LendingSession:
        session = LendingSession("" if self._hermetic else profile)
        if self._hermetic:
            _isolate(session, self._hermetic)
        else:
            _require_profile(session)
            # Providers call STS, too, such as for a profile with a role; botocore passes the region of the
            # client that needs the credentials, and does not read AWS_REGION.
            session.lazy_register_component(
                "credential_provider",
                lambda: create_credential_resolver(session, region_name=self.home(profile)),
            )
        session.register_component("data_loader", shared_loader(session.get_config_variable("data_path")))
        session.set_config_variable("sts_regional_endpoints", "regional")
        session.register("before-parse", check_reply)  # type: ignore[arg-type]  # called with keyword arguments
        return session


def _require_profile(session: Session) -> None:
    try:
        session.get_scoped_config()
    except ProfileNotFound:
        raise SignInError(_no_profile(session)) from None


def _no_profile(session: Session) -> Trouble:
    name, known = str(session.profile), sorted(session.available_profiles)
    matches = get_close_matches(name, known, n=1)
    text = f"there is no AWS profile {name!r} in {session.get_config_variable('config_file')}"
    if not known:
        return Trouble(Cause.NO_PROFILE, f"{text}, which has no profiles")
    more = f" and {len(known) - _MOST_PROFILES} more" if len(known) > _MOST_PROFILES else ""
    suggestion = f"; did you mean {matches[0]}?" if matches else ""
    return Trouble(
        Cause.NO_PROFILE, f"{text}; profiles: {', '.join(known[:_MOST_PROFILES])}{more}{suggestion}"
    )


def _find_credentials(session: Session) -> Credentials | Trouble:
    try:
        found = session.get_credentials()
    except SDK_ERRORS as error:
        return translate(error, operation="")
    except Exception as error:  # noqa: BLE001  # providers raise anything for invalid files or output
        return unreadable(error)
    return CheckedCredentials(found) if found is not None else translate(NoCredentialsError(), operation="")


def _isolate(session: LendingSession, hermetic: Hermetic) -> None:
    defaults = {name: options[2] for name, options in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()}
    fixed = {
        "config_file": os.devnull,
        "credentials_file": os.devnull,
        "ignore_configured_endpoint_urls": True,
        "region": hermetic.region or None,
    }
    store = ConfigValueStore(
        mapping={name: ConstantProvider(value) for name, value in {**defaults, **fixed}.items()}
    )
    session.register_component("config_store", store)
    session.set_credentials(hermetic.access_key, hermetic.secret_key)
