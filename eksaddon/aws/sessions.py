"""The SDK's sessions: one for the process and one for each profile, all over one loader."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches

from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConfigValueStore, ConstantProvider
from botocore.credentials import Credentials
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

_MOST_PROFILES = 12
"""Names that an error lists."""


@dataclass(frozen=True, slots=True)
class Hermetic:
    """Credentials for a simulated AWS: no file, no profile and no variable of the environment is read."""

    access_key: str
    secret_key: str
    region: str = ""


class LendingSession(Session):
    """A session that can make clients for other credentials than its own.

    botocore takes only fixed keys for a single client, and refreshable ones would need a session each:
    10 ms and 0.8 MiB for every account.
    """

    def __init__(self, profile: str = "") -> None:
        emitter = HierarchicalEmitter()
        super().__init__(profile=profile or None, include_builtin_handlers=False, event_hooks=emitter)
        # In place of an emitter that also knows the old names of services, 0.8 ms for each client.
        self.register_component("event_emitter", emitter)
        register_handlers(emitter)
        self._lent: Credentials | None = None

    @contextmanager
    def lending(self, credentials: Credentials) -> Iterator[None]:
        """Clients made meanwhile sign with these; for one thread at a time."""
        self._lent = credentials
        try:
            yield
        finally:
            self._lent = None

    def get_credentials(self) -> Credentials | None:
        return self._lent if self._lent is not None else super().get_credentials()


class Sessions:
    """Makes sessions when they are first asked for; all methods are safe in threads."""

    def __init__(self, hermetic: Hermetic | None = None, home_region: str = "") -> None:
        self._hermetic = hermetic
        self._home_region = home_region
        self._lock = threading.RLock()
        self._sessions: dict[str, LendingSession] = {}
        self._bases: dict[str, Credentials | Trouble] = {}

    def of(self, profile: str) -> LendingSession:
        """Look up the session of a profile, or with an empty name that of the SDK's own chain.

        Raises:
            SignInError: The profile is not there; the message lists those that are.
            BotoCoreError: The configuration cannot be read.
        """
        with self._lock:
            if profile not in self._sessions:
                self._sessions[profile] = self._make(profile)
            return self._sessions[profile]

    def user_settings(self, profile: str) -> UserSettings:
        """What the user's configuration says about repeats and the user agent.

        Raises:
            ProfileNotFound: The profile is not there.
            InvalidConfigError: A number is not valid.
        """
        return UserSettings() if self._hermetic else user_settings(self.of(profile))

    def check_endpoints(self) -> None:
        """Raise EksdnsError for an endpoint URL of the user that can never be called."""
        if self._hermetic is not None:
            return
        with suppress(*SDK_ERRORS):  # an unreadable configuration is reported where a client is made
            check_endpoints(self.of(""))

    def base(self, profile: str) -> Credentials:
        """Find a profile's own credentials, searching for them once.

        Raises:
            SignInError: There are none, or their provider fails.
        """
        with self._lock:
            if profile not in self._bases:
                self._bases[profile] = _search(self.of(profile))
            found = self._bases[profile]
        if isinstance(found, Trouble):
            raise SignInError(found)
        return found

    def home(self, profile: str, partition: str = "") -> str:
        """Choose the region of calls that belong to no region, such as AssumeRole.

        The user's own region where it lies in the partition, because private networks may reach no
        other; else one that no account can switch off.
        """
        region = self._home_region or self.region(profile)
        if region and region_partition(region) == (partition or region_partition(region)):
            return region
        return home_of(partition)

    def region(self, profile: str) -> str:
        """Look up the region that the environment or the profile names; empty for none.

        AWS_REGION comes first, as for the AWS CLI; botocore knows only AWS_DEFAULT_REGION.

        Raises:
            ProfileNotFound: The profile is not there.
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
        session.register_component("data_loader", shared_loader(session.get_config_variable("data_path")))
        session.set_config_variable("sts_regional_endpoints", "regional")
        session.register("before-parse", check_reply)  # type: ignore[arg-type]  # called with names
        return session


def _require_profile(session: Session) -> None:
    try:
        session.get_scoped_config()
    except ProfileNotFound:
        raise SignInError(_no_profile(session)) from None


def _no_profile(session: Session) -> Trouble:
    name, known = str(session.profile), sorted(session.available_profiles)
    near = get_close_matches(name, known, n=1)
    text = f"there is no AWS profile {name!r} in {session.get_config_variable('config_file')}"
    if not known:
        return Trouble(Cause.NO_PROFILE, f"{text}, which has no profiles")
    more = f" and {len(known) - _MOST_PROFILES} more" if len(known) > _MOST_PROFILES else ""
    guess = f"; did you mean {near[0]}?" if near else ""
    return Trouble(Cause.NO_PROFILE, f"{text}; profiles: {', '.join(known[:_MOST_PROFILES])}{more}{guess}")


def _search(session: Session) -> Credentials | Trouble:
    try:
        found = session.get_credentials()
    except SDK_ERRORS as error:
        return translate(error, operation="")
    except Exception as error:  # noqa: BLE001  # what a provider makes of a file or a program's output
        return unreadable(error)
    return CheckedCredentials(found) if found is not None else translate(NoCredentialsError(), operation="")


def _isolate(session: LendingSession, hermetic: Hermetic) -> None:
    defaults = {name: options[2] for name, options in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()}
    settled = {
        "config_file": os.devnull,
        "credentials_file": os.devnull,
        "ignore_configured_endpoint_urls": True,
        "region": hermetic.region or None,
    }
    store = ConfigValueStore(
        mapping={name: ConstantProvider(value) for name, value in {**defaults, **settled}.items()}
    )
    session.register_component("config_store", store)
    session.set_credentials(hermetic.access_key, hermetic.secret_key)
