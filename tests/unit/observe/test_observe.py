"""One schema a version."""

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import Managed, NotInstalled
from eksaddon.domain.target import ClusterRef, Scope, Target
from eksaddon.observe.schemas import SCOPES_TO_ASK, EarlySchemas, live_schemas
from eksaddon.observe.snapshot import Observation, versions
from eksaddon.schema import AddonSchema, SchemaSource
from eksaddon.sim.inprocess.inline_executor import InlineExecutor

V1, V2 = "v1.11.4-eksbuild.28", "v1.12.4-eksbuild.29"
SCHEMA = AddonSchema(V1, {}, SchemaSource.LIVE)
DENIED = Trouble(Cause.DENIED, "no")


class Readings:
    """Schemas by account."""

    def __init__(self, answers: dict[str, object]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str]] = []

    def schema(self, scope, version):
        self.asked.append((scope.account, version))
        return self.answers.get(scope.account, DENIED)


def ref(name: str, account: str = "1") -> ClusterRef:
    return ClusterRef(account, "eu", name)


def test_versions_are_reported_with_the_places_that_have_them():
    a, b, c = ref("a", "1"), ref("b", "2"), ref("c", "3")
    observed = (Managed(a, V1, "ACTIVE", None), Managed(b, V1, "ACTIVE", None), NotInstalled(c))
    found = [Observation(Target(each.ref), each) for each in observed]
    assert versions(found) == {V1: (Scope("1", "eu"), Scope("2", "eu"))}


def test_a_version_costs_one_call_where_the_first_place_answers():
    api = Readings({"1": SCHEMA})
    places = {V1: (Scope("1", "eu"), Scope("2", "eu")), V2: (Scope("1", "eu"),)}
    found = live_schemas(places, api, InlineExecutor())  # type: ignore[arg-type]  # a part of the port
    assert set(found) == {V1, V2}
    assert api.asked == [("1", V1), ("1", V2)]


def test_another_place_is_asked_where_the_first_may_not_tell():
    api = Readings({"2": SCHEMA})
    places = {V1: (Scope("1", "eu"), Scope("2", "eu"), Scope("3", "eu"))}
    assert live_schemas(places, api, InlineExecutor()) == {V1: SCHEMA}  # type: ignore[arg-type]  # a part of the port
    assert [account for account, _ in api.asked] == ["1", "2"]


def test_an_early_answer_is_not_asked_for_again():
    api, executor = Readings({"2": SCHEMA}), InlineExecutor()
    early = EarlySchemas(api, executor)  # type: ignore[arg-type]  # a part of the port
    assert early.lacks(V1)
    for _ in range(3):
        early.ask(V1, Scope("2", "eu"))
    assert not early.lacks(V1)
    places = {V1: (Scope("1", "eu"), Scope("2", "eu"))}
    assert live_schemas(places, api, executor, early) == {V1: SCHEMA}  # type: ignore[arg-type]  # a part of the port
    assert [account for account, _ in api.asked] == ["2"]


def test_other_places_are_asked_where_the_early_one_may_not_tell():
    api, executor = Readings({"1": SCHEMA}), InlineExecutor()
    early = EarlySchemas(api, executor)  # type: ignore[arg-type]  # a part of the port
    early.ask(V1, Scope("2", "eu"))
    places = {V1: (Scope("1", "eu"), Scope("2", "eu"))}
    assert live_schemas(places, api, executor, early) == {V1: SCHEMA}  # type: ignore[arg-type]  # a part of the port
    assert [account for account, _ in api.asked] == ["2", "1"]


def test_a_fleet_that_denies_it_everywhere_is_not_asked_everywhere():
    api = Readings({})
    places = {V1: tuple(Scope(str(number), "eu") for number in range(50))}
    assert live_schemas(places, api, InlineExecutor()) == {V1: DENIED}  # type: ignore[arg-type]  # a part of the port
    assert len(api.asked) == SCOPES_TO_ASK
