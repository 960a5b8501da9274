"""Which waves become jobs."""

import json
from dataclasses import replace

import pytest

from eksaddon.app.github.waves import (
    MOST_WAVES,
    WaveJob,
    remaining_jobs,
    require_report_of,
    wave_jobs,
    waves_outputs,
)
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.plan import Action, Plan
from eksaddon.domain.rollout.strategy import Approval, Strategy, Wave, unstaged
from eksaddon.domain.run.progress import replay
from eksaddon.domain.run.records import Approved, Opened, WaveEnded
from eksaddon.report.format import Format
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.render import Drifted, Planned, document, render
from tests.support.report.reports import fleet_plan

STRATEGY = Strategy((Wave("canary", limit=1), Wave("staging"), Wave("prod", before=(Approval(),))))


def plan_of(*waves: str, action: Action = Action.UPDATE, strategy: Strategy = STRATEGY) -> Plan:
    plan = fleet_plan(len(waves))
    clusters = tuple(
        replace(one, wave=wave, action=action) for one, wave in zip(plan.clusters, waves, strict=True)
    )
    return replace(plan, clusters=clusters, strategy=strategy)


def test_waves_are_in_the_order_of_the_plan_and_tell_their_approval():
    assert wave_jobs(plan_of("prod", "canary", "prod")) == (
        WaveJob("canary", needs_approval=False),
        WaveJob("prod", needs_approval=True),
    )


def test_a_plan_without_waves_is_one_job():
    assert wave_jobs(plan_of("", strategy=unstaged())) == (WaveJob("", needs_approval=False),)


def test_waves_without_an_update_are_not_jobs():
    assert wave_jobs(plan_of("canary", action=Action.BLOCKED)) == ()


def test_more_waves_than_jobs_are_refused():
    names = [f"w{number}" for number in range(MOST_WAVES + 1)]
    with pytest.raises(EksdnsError, match="at most 8"):
        wave_jobs(plan_of(*names, strategy=Strategy(tuple(map(Wave, names)))))


def test_outputs_have_an_item_for_every_job():
    outputs = waves_outputs((WaveJob("a", needs_approval=True),))
    listed = json.loads(outputs["waves"])
    assert (len(listed), listed[0], set(map(type, listed[1:]))) == (
        MOST_WAVES,
        {"name": "a", "approval": True},
        {type(None)},
    )
    assert (outputs["has_changes"], waves_outputs(())["has_changes"]) == ("true", "false")


def test_a_report_of_anything_else_is_refused():
    plan = plan_of("canary")
    read = json.loads(render(Planned(plan), Format.JSON, RenderOptions()))
    require_report_of(plan, read, "report.json")
    edited = {**read, "clusters": [{**read["clusters"][0], "reason": "harmless"}]}
    for other in (edited, document(Planned(replace(plan, digest="0" * 64))), document(Drifted(plan))):
        with pytest.raises(EksdnsError, match="not the report of this plan"):
            require_report_of(plan, other, "report.json")


def test_finished_and_approved_waves_are_not_requested_again():
    plan = plan_of("canary", "prod")
    opened = Opened(1.0, "r1", plan, plan.strategy)
    begun = replay([opened, WaveEnded(2.0, "canary", "succeeded")])
    assert remaining_jobs(begun) == (WaveJob("prod", needs_approval=True),)
    approved = replay([opened, WaveEnded(2.0, "canary", "succeeded"), Approved(3.0, "prod", "ann")])
    assert remaining_jobs(approved) == (WaveJob("prod", needs_approval=False),)
