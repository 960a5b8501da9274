"""Settings of requests: retries, timeouts, connections and user agent."""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from botocore.config import Config

from eksaddon import __version__
from eksaddon.aws.user_settings import UserSettings
from eksaddon.frozen import dataclass


def user_agent() -> str:
    """`eksdns/<version>`; a fixed value also saves botocore from building one for every request."""
    return f"eksdns/{__version__}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of all clients, unless overridden by the user's AWS configuration.

    Attributes:
        mode: botocore's retry mode. Adaptive mode slows a client down to the rate that AWS accepts, and AWS
            throttles by account and region, which matches our clients.
        attempts: Maximum requests for one call. Three lose calls if an account is throttled, six lose none;
            eight leave a margin and still end within a minute without any response.
        connections: Idle connections kept for each host; equals the number of threads.
        connect_timeout: Seconds.
        read_timeout: Seconds.
        client_cert: PEM file, or certificate and key, for servers that require one.
        proxies: By scheme; None for those of the environment.
        proxies_config: As in botocore's Config (`proxy_ca_bundle`, `proxy_client_cert`, ...).
    """

    mode: Literal["adaptive", "standard"] = "adaptive"
    attempts: int = 8
    connections: int = 64
    connect_timeout: float = 5.0
    read_timeout: float = 20.0
    client_cert: str | tuple[str, str] | None = None
    proxies: Mapping[str, str] | None = None
    proxies_config: Mapping[str, str] | None = None
    agent: str = field(default_factory=user_agent)

    def config(self, *, attempts: int = 0, user: UserSettings | None = None) -> Config:
        """Build botocore's Config; a client's own pool stays empty, because requests use the shared one.

        Args:
            attempts: Maximum requests for one call; 0 for the user's setting, or else the default.
            user: The user's configuration, which takes precedence.
        """
        user = user or UserSettings()
        total = attempts or user.attempts or self.attempts
        return Config(
            user_agent=f"{self.agent} app/{user.app_id}" if user.app_id else self.agent,
            retries={"mode": user.mode or self.mode, "total_max_attempts": total},  # type: ignore[arg-type]  # checked by botocore
            connect_timeout=self.connect_timeout,
            read_timeout=self.read_timeout,
            max_pool_connections=1,
            proxies={},
        )
