"""The clock of the simulated AWS."""

from eksaddon.sim.http.messages import Reply, Request
from eksaddon.sim.scenario.file import parse_scenario
from eksaddon.sim.scenario.scenario import world_of

SCENARIO = 'version: 1\nclockOffset: -180\naccounts: [{id: "123456789012"}]\n'


def test_the_clock_of_aws_may_be_another_one():
    world = world_of(parse_scenario(SCENARIO, "scenario.yaml"), lambda: 1_700_000_000.0)
    assert world.now() == 1_699_999_820.0
    reply = world.handle(Request("GET", "/", {})).answer
    assert isinstance(reply, Reply)
    assert reply.headers["Date"] == "Tue, 14 Nov 2023 22:10:20 GMT"
