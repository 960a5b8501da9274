"""What becomes of an update as time goes by."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from eksaddon.sim.addon.update_script import CANCELLED, STUCK, Course, Lag, Pace, Problem, degrades, fails
from eksaddon.sim.eks.seeds import AddonSeed
from tests.support.aws.backends import OTHER_VERSION, PLAIN, VERSION
from tests.support.aws.eks_driver import PROD, Driver, RefusedError
from tests.support.examples import examples

THREE = '{"replicaCount": 3}'
BROKEN = Problem("InsufficientNumberOfReplicas", "0/3 nodes are available")


def scripted(*courses: Course, **seed: Any) -> Driver:
    return Driver(AddonSeed(VERSION, PLAIN, script=courses, **seed), pace=Pace(update=(20, 20)))


def states(driver: Driver, update: Any) -> tuple[str, str]:
    return driver.follow(update)["status"], driver.describe()["status"]


def test_an_update_lasts_until_its_time_is_over():
    driver = scripted()
    update = driver.update(THREE)
    driver.clock.sleep(19.9)
    assert states(driver, update) == ("InProgress", "UPDATING")
    driver.clock.sleep(0.1)
    assert states(driver, update) == ("Successful", "ACTIVE")


def test_no_account_has_to_look_for_an_update_to_end():
    driver = scripted()
    update = driver.update(THREE)
    driver.clock.sleep(10_000)
    assert driver.describe()["modifiedAt"] == update["createdAt"] + 20


@pytest.mark.parametrize(("keeps", "text"), [(True, THREE), (False, PLAIN)])
def test_a_failed_update_keeps_or_reverts_what_is_stored(keeps, text):
    driver = scripted(fails(BROKEN, keeps=keeps))
    update = driver.update(THREE)
    driver.clock.sleep(20)
    assert states(driver, update) == ("Failed", "DEGRADED")
    assert driver.describe()["configurationValues"] == text
    assert driver.follow(update)["errors"] == [
        {"errorCode": BROKEN.code, "errorMessage": BROKEN.message, "resourceIds": []}
    ]
    assert driver.describe()["health"]["issues"][0]["code"] == BROKEN.code


def test_a_failed_update_may_leave_the_add_on_active():
    driver = scripted(fails(BROKEN, status="ACTIVE"))
    update = driver.update(THREE)
    driver.clock.sleep(20)
    assert states(driver, update) == ("Failed", "ACTIVE")
    assert driver.describe()["health"]["issues"] == []


def test_an_add_on_that_is_degraded_heals_by_itself_where_the_course_says_so():
    driver = scripted(degrades(BROKEN, lasts=60))
    update = driver.update(THREE)
    driver.clock.sleep(79)
    assert states(driver, update) == ("Successful", "DEGRADED")
    driver.clock.sleep(1)
    assert states(driver, update) == ("Successful", "ACTIVE")
    assert driver.describe()["health"]["issues"] == []


def test_an_add_on_that_is_degraded_for_good_can_be_updated_again():
    driver = scripted(degrades(BROKEN))
    driver.update(THREE)
    driver.clock.sleep(10_000)
    assert driver.describe()["status"] == "DEGRADED"
    driver.update(PLAIN)
    driver.clock.sleep(20)
    assert driver.describe()["status"] == "ACTIVE"


def test_a_stuck_update_never_ends_and_keeps_the_add_on_busy():
    driver = scripted(STUCK)
    update = driver.update(THREE)
    driver.clock.sleep(1e9)
    assert states(driver, update) == ("InProgress", "UPDATING")
    with pytest.raises(RefusedError, match="409 ResourceInUseException"):
        driver.update(PLAIN)


def test_a_cancelled_update_leaves_what_was():
    driver = scripted(CANCELLED)
    update = driver.update(THREE)
    driver.clock.sleep(40)
    assert states(driver, update) == ("Cancelled", "ACTIVE")
    assert driver.describe()["configurationValues"] == PLAIN


def test_an_update_may_look_degraded_on_its_way():
    driver = scripted(Course(shows="DEGRADED", issues=(BROKEN,)))
    driver.update(THREE)
    assert driver.describe()["status"] == "DEGRADED"
    assert driver.describe()["health"]["issues"]
    with pytest.raises(RefusedError, match="as it is currently in UPDATING state"):
        driver.update(PLAIN)


def test_the_script_goes_by_and_then_all_is_well():
    driver = scripted(fails(), CANCELLED)
    ends = []
    for text in (THREE, THREE, THREE):
        update = driver.update(text)
        driver.clock.sleep(100)
        ends.append(driver.follow(update)["status"])
    assert ends == ["Failed", "Cancelled", "Successful"]


def test_readers_may_be_behind_the_writer():
    driver = Driver(pace=Pace(update=(20, 20), lag=Lag(status=5, document=3)))
    update = driver.update(THREE)
    assert driver.describe()["status"] == "ACTIVE"
    assert driver.describe()["configurationValues"] == PLAIN
    assert driver.follow(update)["status"] == "InProgress"
    driver.clock.sleep(3)
    assert driver.describe()["status"] == "ACTIVE"
    assert driver.describe()["configurationValues"] == THREE
    with pytest.raises(RefusedError, match="409"):
        driver.update(PLAIN)
    driver.clock.sleep(2)
    assert driver.describe()["status"] == "UPDATING"


def test_updates_take_different_times_that_a_seed_decides():
    def lengths(seed: int) -> Iterator[float]:
        driver = Driver(pace=Pace(update=(20, 40)), seed=seed)
        for _ in range(5):
            update = driver.update(THREE)
            driver.clock.sleep(100)
            yield driver.describe()["modifiedAt"] - update["createdAt"]

    first = list(lengths(1))
    assert first == list(lengths(1)) != list(lengths(2))
    assert len(set(first)) == 5
    assert all(20 <= each <= 40 for each in first)


@pytest.mark.parametrize("status", ["CREATING", "UPDATING", "DELETING"])
def test_an_add_on_that_was_found_busy_stays_so(status):
    driver = scripted(status=status)
    with pytest.raises(RefusedError, match=f"as it is currently in {status} state"):
        driver.update(THREE)
    with pytest.raises(RefusedError, match="409"):
        driver.ask("DELETE", "/clusters/prod/addons/coredns")


@pytest.mark.parametrize(
    ("mode", "status", "live", "recorded"),
    [
        ("NONE", "Failed", 5, THREE),
        (None, "Failed", 5, THREE),
        ("PRESERVE", "Successful", 5, THREE),
        ("OVERWRITE", "Successful", 3, THREE),
    ],
)
def test_a_field_that_others_own_is_resolved_as_asked(mode, status, live, recorded):
    driver = scripted(foreign={"replicaCount": 5})
    assert driver.world.replicas(PROD) == 5
    update = driver.update(THREE, **({"resolveConflicts": mode} if mode else {}))
    driver.clock.sleep(20)
    assert driver.follow(update)["status"] == status
    assert driver.world.replicas(PROD) == live
    assert driver.describe()["configurationValues"] == recorded


def test_a_conflict_names_the_live_fields():
    driver = scripted(foreign={"replicaCount": 5, "corefile": "."})
    update = driver.update(THREE)
    driver.clock.sleep(20)
    error = driver.follow(update)["errors"][0]
    assert error["errorCode"] == "ConfigurationConflict"
    assert error["errorMessage"].splitlines() == [
        "Conflicts found when trying to apply. Will not continue due to resolve conflicts mode. Conflicts:",
        "ConfigMap coredns - .data.Corefile",
        "Deployment.apps coredns - .spec.replicas",
    ]
    assert driver.describe()["status"] == "UPDATE_FAILED"


def test_applying_an_equal_value_shares_the_field_without_conflict():
    driver = scripted(foreign={"replicaCount": 5})
    driver.update('{"replicaCount": 5}', resolveConflicts="NONE")
    driver.clock.sleep(20)
    update = driver.update(THREE, resolveConflicts="NONE")
    driver.clock.sleep(20)
    assert driver.follow(update)["status"] == "Successful"


SCALED = '{"replicaCount": 2, "autoScaling": {"enabled": true, "minReplicas": 3}}'


def test_any_update_takes_replicas_down_where_the_autoscaler_is_on():
    driver = Driver(AddonSeed("v-scaled", SCALED, replicas=8), pace=Pace(update=(20, 20), regrow=60))
    assert driver.world.replicas(PROD) == 8
    driver.update(SCALED.replace("3", "4"))
    assert driver.world.replicas(PROD) == 2
    driver.clock.sleep(79)
    assert driver.world.replicas(PROD) == 2
    driver.clock.sleep(1)
    assert driver.world.replicas(PROD) == 8
    assert driver.addon.least == 2


def test_replicas_stay_up_where_the_update_asks_for_as_many():
    driver = Driver(AddonSeed("v-scaled", SCALED, replicas=8), pace=Pace(update=(20, 20)))
    driver.update(SCALED.replace('"replicaCount": 2', '"replicaCount": 8'))
    driver.clock.sleep(1000)
    assert driver.addon.least == 8


def test_the_autoscaler_keeps_to_its_minimum():
    assert Driver(AddonSeed("v-scaled", SCALED, replicas=1)).world.replicas(PROD) == 3


def test_replicas_follow_the_document_where_no_autoscaler_is():
    driver = Driver()
    driver.update(THREE)
    assert driver.world.replicas(PROD) == 2
    driver.clock.sleep(100)
    assert driver.world.replicas(PROD) == 3


def test_a_new_version_is_checked_with_what_is_stored():
    driver = Driver(AddonSeed(VERSION, '{"forgotten": 1}'))
    with pytest.raises(RefusedError, match=r"\$\.forgotten: is not defined in the schema"):
        driver.update(addonVersion=OTHER_VERSION)


def test_a_version_that_the_clusters_kubernetes_does_not_take_is_refused():
    driver = Driver()  # on 1.33
    with pytest.raises(RefusedError, match="Addon version specified is not supported"):
        driver.update(addonVersion="v1.9.3-eksbuild.40")


def test_another_users_write_is_there_at_once():
    driver = Driver()
    driver.world.write(PROD, THREE)
    assert driver.world.document(PROD) == THREE
    assert driver.addon.updates == ()


DOCUMENTS = st.sampled_from([PLAIN, THREE, "{}", "replicaCount: 4\n", "", '{"corefile": ".:53 {\\n}\\n"}'])
REFUSED = st.sampled_from(['{"x": 1}', "null", "[]", '{"replicaCount": "3"}', "a: [", "{"])


class AnyOrderOfCalls(RuleBasedStateMachine):
    """Whatever is asked in whatever order, EKS' promises hold."""

    @initialize(lag=st.sampled_from([0.0, 5.0]))
    def begin(self, lag):
        self.driver = Driver(pace=Pace(update=(20, 40), lag=Lag(status=lag)))
        self.text = PLAIN
        self.accepted = []
        self.tokens = {}

    @rule(seconds=st.floats(0, 60))
    def wait(self, seconds):
        self.driver.clock.sleep(seconds)

    @rule(text=DOCUMENTS)
    def update(self, text):
        is_busy = self.driver.addon.pending is not None
        token = f"token-{len(self.tokens)}"
        if is_busy:
            with pytest.raises(RefusedError, match="409 ResourceInUseException"):
                self.driver.update(text, clientRequestToken=token)
            return
        update = self.driver.update(text, clientRequestToken=token)
        self.text = text
        self.accepted.append(update["id"])
        self.tokens[token] = text, update["id"]

    @rule(text=REFUSED)
    def update_with_nonsense(self, text):
        with pytest.raises(RefusedError):
            self.driver.update(text)

    @precondition(lambda self: self.tokens)
    @rule(data=st.data())
    def repeat(self, data):
        token = data.draw(st.sampled_from(sorted(self.tokens)))
        text, update_id = self.tokens[token]
        assert self.driver.update(text, clientRequestToken=token)["id"] == update_id

    @invariant()
    def the_last_accepted_document_is_stored_verbatim(self):
        assert self.driver.describe()["configurationValues"] == self.text

    @invariant()
    def every_accepted_update_is_remembered_and_only_the_last_may_be_under_way(self):
        statuses = [self.driver.follow({"id": each})["status"] for each in self.accepted]
        assert all(each == "Successful" for each in statuses[:-1])
        listed = self.driver.ask("GET", "/clusters/prod/updates?addonName=coredns")["updateIds"]
        assert sorted(listed) == sorted(self.accepted)

    @invariant()
    def an_update_under_way_makes_the_add_on_busy(self):
        under_way = self.accepted and self.driver.follow({"id": self.accepted[-1]})["status"] == "InProgress"
        assert bool(under_way) == (self.driver.addon.pending is not None)
        if not under_way:
            assert self.driver.describe()["status"] == "ACTIVE"


TestAnyOrderOfCalls = AnyOrderOfCalls.TestCase
TestAnyOrderOfCalls.settings = examples(25, stateful_step_count=20)


def test_a_document_is_echoed_as_it_was_typed():
    driver = Driver()
    for text in ("replicaCount:   4 # four\n", json.dumps({"corefile": ". {\r\n}\r\n"}, indent=3)):
        driver.update(text)
        driver.clock.sleep(100)
        assert driver.describe()["configurationValues"] == text


@pytest.mark.parametrize(("count", "made"), [(-1, -1), (2**31 + 7, -2147483641), (2**63 - 1, -1)])
def test_replicas_that_the_kubernetes_api_rejects_end_the_update_as_failed(count: int, made: int) -> None:
    driver = scripted()
    update = driver.update(json.dumps({"replicaCount": count}))
    driver.clock.sleep(20)
    assert states(driver, update) == ("Failed", "UPDATE_FAILED")
    message = driver.follow(update)["errors"][0]["errorMessage"]
    assert f"spec.replicas: Invalid value: {made}: must be greater than or equal to 0" in message


@pytest.mark.parametrize(
    ("count", "made"),
    [(0, 0), (3.0, 3), (2**31 - 1, 2**31 - 1), (2**32 + 5, 5), (2**63, 0), (10**20, 0)],
)
def test_replicas_are_what_the_kubernetes_api_makes_of_the_number(count: float, made: int) -> None:
    driver = scripted()
    update = driver.update(json.dumps({"replicaCount": count}))
    driver.clock.sleep(20)
    assert states(driver, update) == ("Successful", "ACTIVE")
    assert driver.world.replicas(PROD) == made
