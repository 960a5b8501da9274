"""A scenario in which everything takes less time."""

from dataclasses import replace

from eksaddon.sim.addon.update_script import Course, Lag, Pace
from eksaddon.sim.api.faults import Fault
from eksaddon.sim.eks.seeds import AddonSeed
from eksaddon.sim.scenario.scenario import Scenario, SimulatedCluster


def faster(scenario: Scenario, speed: float) -> Scenario:
    """Divide all durations of EKS and of the clusters, and the times of faults.

    Clocks do not run faster: tokens and credentials stay valid as long as before, and the client's own soaks
    and timeouts take their time.

    Args:
        speed: Factor, 1 or more.
    """
    if speed == 1:
        return scenario
    return replace(
        scenario,
        pace=_pace(scenario.pace, speed),
        faults=tuple(_fault(each, speed) for each in scenario.faults),
        clusters=tuple(_cluster(each, speed) for each in scenario.clusters),
    )


def _pace(pace: Pace, speed: float) -> Pace:
    return replace(
        pace,
        update=(pace.update[0] / speed, pace.update[1] / speed),
        create=pace.create / speed,
        delete=pace.delete / speed,
        regrow=pace.regrow / speed,
        lag=Lag(pace.lag.status / speed, pace.lag.document / speed),
    )


def _fault(fault: Fault, speed: float) -> Fault:
    return replace(fault, begins=fault.begins / speed, ends=fault.ends / speed)


def _cluster(one: SimulatedCluster, speed: float) -> SimulatedCluster:
    workload = one.workload
    return replace(
        one,
        addons=tuple(_addon(each, speed) for each in one.addons),
        workload=replace(workload, creates=_script(workload.creates, speed), speed=workload.speed * speed),
    )


def _addon(seed: AddonSeed, speed: float) -> AddonSeed:
    return replace(seed, script=_script(seed.script, speed))


def _script(script: tuple[Course, ...], speed: float) -> tuple[Course, ...]:
    return tuple(
        replace(
            course,
            seconds=course.seconds and (course.seconds[0] / speed, course.seconds[1] / speed),
            lasts=course.lasts / speed,
        )
        for course in script
    )
