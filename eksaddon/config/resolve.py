"""Resolves a target's desired state from the fleet file and the flags."""

from collections.abc import Iterable
from datetime import date

from eksaddon.config.corefile_desired import desired_corefile
from eksaddon.config.fleet import (
    ADDON_VERSION,
    ALLOW_DOWNGRADE,
    ALLOW_UNVERIFIED,
    ALLOW_WEAKEN,
    CONSENTS,
    CONTENT,
    COREFILE_BASE,
    GRACE,
    LAMEDUCK,
    NO_ADDON_KEYS,
    OWNER,
    PRE_STOP,
    PROPAGATION,
    READINESS,
    REAPPLY,
    REMOVE_BUDGET,
    RESOLVE_CONFLICTS,
    SERVERS,
    WORKLOAD,
    FleetFile,
    Setting,
    Settings,
)
from eksaddon.corefile.meaning.durations import NotADuration, parse_duration
from eksaddon.domain.audit.owner import TOOLS, Tool
from eksaddon.domain.desired import (
    Consent,
    CorefileSource,
    DesiredState,
    Lameduck,
    ResolveConflicts,
    Waiver,
)
from eksaddon.domain.json import Json
from eksaddon.domain.kube.readiness import FAILURES, PERIOD, TIMEOUT, Readiness
from eksaddon.domain.propagation import DEFAULT, Propagation
from eksaddon.domain.target import Target
from eksaddon.domain.versions.desired import DesiredVersion, read_desired_version

NEVER_WAIVED = frozenset(
    {
        (RESOLVE_CONFLICTS,),
        (WORKLOAD, REAPPLY),
        (WORKLOAD, REMOVE_BUDGET),
        (PROPAGATION,),
        (OWNER,),
        *((key,) for key in CONSENTS),
    }
)
"""Fields that control how a change is made, and facts about a cluster; not desired values."""

Winners = dict[tuple[str, ...], Setting]


class Resolver:
    """Resolves targets; targets with the same overrides and waivers share one state.

    Args:
        flags: The last layer, with the highest precedence.
        today: UTC; waivers are valid to the end of their last day.
    """

    def __init__(self, fleet: FleetFile, flags: Settings, today: date) -> None:
        self._fleet = fleet
        self._flags = flags
        self._today = today.isoformat()
        self._states: dict[tuple[tuple[int, ...], tuple[Waiver, ...]], DesiredState] = {}

    def resolve(self, target: Target) -> DesiredState:
        matched = tuple(
            index for index, each in enumerate(self._fleet.overrides) if each.match.matches(target)
        )
        waivers = self.waivers(target)
        key = matched, waivers
        if key not in self._states:
            layers = [self._fleet.overrides[index].settings for index in matched]
            self._states[key] = desired_state(merge(self.layers(layers)), waivers)
        return self._states[key]

    def layers(self, overrides: Iterable[Settings]) -> Iterable[Setting]:
        """All settings in the order of precedence, highest last."""
        yield from self._fleet.settings
        for settings in overrides:
            yield from settings
        yield from self._flags

    def settings(self, target: Target) -> tuple[Setting, ...]:
        """All settings that apply to a target, highest precedence last."""
        return tuple(
            self.layers(each.settings for each in self._fleet.overrides if each.match.matches(target))
        )

    def waivers(self, target: Target) -> tuple[Waiver, ...]:
        """Waivers in force for a target."""
        return tuple(
            rule.waiver
            for rule in self._fleet.waivers
            if rule.waiver.until >= self._today and rule.match.matches(target)
        )


def resolve(fleet: FleetFile, target: Target, flags: Settings, today: date) -> DesiredState:
    """The desired state of one target; use a Resolver for several."""
    return Resolver(fleet, flags, today).resolve(target)


def merge(settings: Iterable[Setting]) -> Winners:
    """Merge settings key by key into the effective leaves; later ones override earlier ones."""
    winners: Winners = {}
    for setting in settings:
        below = [
            keys for keys in winners if keys[: len(setting.keys)] == setting.keys and keys != setting.keys
        ]
        if below and setting.value == {}:
            continue
        for keys in [*below, *_above(setting.keys), _other_text(setting.keys)]:
            winners.pop(keys, None)
        winners[setting.keys] = setting
    return winners


def _above(keys: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [keys[:length] for length in range(1, len(keys))]


_TEXTS = ((CONTENT,), ("corefile",))


def _other_text(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The other field that sets the whole Corefile; the later layer takes precedence."""
    return _TEXTS[1 - _TEXTS.index(keys)] if keys in _TEXTS else ()


def desired_state(winners: Winners, waivers: tuple[Waiver, ...]) -> DesiredState:
    """Build the state from the effective leaves; waived fields go to `waived` only."""
    kept: Winners = {}
    waived: dict[str, Json] = {}
    for keys, setting in winners.items():
        if keys not in NEVER_WAIVED and any(_covers(waiver, keys, setting) for waiver in waivers):
            waived[setting.path] = setting.value
        else:
            kept[keys] = setting
    return DesiredState(
        values=_tree(setting for setting in kept.values() if setting.keys[0] not in NO_ADDON_KEYS),
        version=_version(_value(kept, ADDON_VERSION)),
        lameduck=_lameduck(_value(kept, LAMEDUCK)),
        corefile=desired_corefile(kept, winners.keys() - kept.keys(), waivers),
        grace_seconds=_seconds(_value(kept, GRACE)),
        pre_stop_seconds=_seconds(_value(kept, PRE_STOP)),
        readiness=Readiness(*(_seconds(_value(kept, READINESS, key)) for key in (PERIOD, FAILURES, TIMEOUT))),
        resolve_conflicts=ResolveConflicts(str(_value(kept, RESOLVE_CONFLICTS) or ResolveConflicts.NONE)),
        reapply=_value(kept, WORKLOAD, REAPPLY) is True,
        remove_budget=_value(kept, WORKLOAD, REMOVE_BUDGET) is True,
        consent=_consent(kept),
        propagation=_propagation(_value(kept, PROPAGATION)),
        owner=_owner(_value(kept, OWNER)),
        origins={setting.path: setting.origin for setting in kept.values()},
        waivers=waivers,
        waived=waived,
    )


def _covers(waiver: Waiver, keys: tuple[str, ...], setting: Setting) -> bool:
    """Whether a waiver excludes a field; one for a single server does not exclude `servers: {}`."""
    return waiver.covers_all(setting.path) if keys == (SERVERS,) else waiver.covers(setting.path)


def _consent(kept: Winners) -> Consent:
    base = _value(kept, COREFILE_BASE)
    return Consent(
        CorefileSource(str(base)) if base else None,
        _value(kept, ALLOW_UNVERIFIED) is True,
        _value(kept, ALLOW_WEAKEN) is True,
        _value(kept, ALLOW_DOWNGRADE) is True,
    )


def _owner(name: Json) -> Tool | None:
    return TOOLS[name] if isinstance(name, str) else None


def _value(winners: Winners, *keys: str) -> Json:
    setting = winners.get(keys)
    return setting.value if setting else None


def _tree(settings: Iterable[Setting]) -> dict[str, Json]:
    root: dict[str, Json] = {}
    for setting in settings:
        node = root
        for key in setting.keys[:-1]:
            inner = node.setdefault(key, {})
            assert isinstance(inner, dict)  # noqa: S101  # merge never keeps a leaf above another
            node = inner
        node[setting.keys[-1]] = setting.value
    return root


def _version(text: Json) -> DesiredVersion | None:
    return read_desired_version(text) if isinstance(text, str) else None


def _lameduck(text: Json) -> Lameduck | None:
    found = parse_duration(text) if isinstance(text, str) else None
    return None if found is None or isinstance(found, NotADuration) else Lameduck(str(text), found)


def _propagation(text: Json) -> Propagation:
    found = parse_duration(text) if isinstance(text, str) else None
    if found is None or isinstance(found, NotADuration):
        return DEFAULT
    return Propagation(found, is_default=False)


def _seconds(value: Json) -> int | None:
    return value if isinstance(value, int) else None
