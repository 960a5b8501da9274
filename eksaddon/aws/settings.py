"""How requests are sent: repeats, time limits, connections, and what we call ourselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Literal

from botocore.config import Config

from eksaddon.aws.user_settings import UserSettings


def user_agent() -> str:
    """`eksdns/<version>`; as a fixed text it also spares botocore from building one for every request."""
    return f"eksdns/{version('eksaddon')}"


@dataclass(frozen=True, slots=True)
class Settings:
    """What every client shares, where the user's AWS configuration says nothing else.

    Attributes:
        mode: botocore's retry mode. Adaptive slows a client down to what AWS lets through, and one client
            per account and region is just the unit that AWS throttles.
        attempts: Requests in total for one call. Three lose calls when an account is throttled, six lose
            none; eight leave a margin and still end within a minute where nothing answers.
        connections: Idle connections kept for each host; as many as there are threads.
        connect_timeout: Seconds.
        read_timeout: Seconds.
        client_cert: PEM file, or certificate and key, for servers that ask for one.
        proxies: By scheme; None for what the environment says.
        proxies_config: As botocore's Config takes it (`proxy_ca_bundle`, `proxy_client_cert`, ...).
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
        """As botocore takes it; a client's own pool stays empty, since requests go through the shared one.

        Args:
            attempts: Requests for one call; 0 for the user's, or else these settings'.
            user: What the user's configuration says; it counts before these settings.
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
