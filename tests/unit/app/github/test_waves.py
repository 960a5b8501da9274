"""Which waves become jobs."""

import json
from dataclasses import replace

import pytest

from eksaddon.app.github.waves import MOST_WAVES, WaveJob, wave_jobs, waves_outputs
from eksaddon.config.load import parse_fleet
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.plan import Action
from eksaddon.report.render import Drifted, Planned, report_model_of
from tests.support.report.reports import fleet_plan


def fleet(*waves: str):
    listed = "\n".join(f"    - {wave}" for wave in waves)
    return parse_fleet(
        f"version: 1\ncoredns: {{lameduck: 20s}}\nrollout:\n  waves:\n{listed}\n", "eksdns.yaml"
    )


def plan_of(*waves: str, action: Action = Action.UPDATE):
    plan = fleet_plan(len(waves))
    clusters = tuple(
        replace(one, wave=wave, action=action) for one, wave in zip(plan.clusters, waves, strict=True)
    )
    return report_model_of(Planned(replace(plan, clusters=clusters)))


THREE = fleet("{name: canary, limit: 1}", "{name: staging}", "{name: prod, before: [{type: approval}]}")


def test_waves_stand_in_the_order_of_the_fleet_file_and_tell_their_approval():
    assert wave_jobs(plan_of("prod", "canary", "prod"), THREE) == (
        WaveJob("canary", needs_approval=False),
        WaveJob("prod", needs_approval=True),
    )


def test_a_wave_in_which_nothing_is_updated_is_no_job():
    assert wave_jobs(plan_of("canary", "prod", action=Action.BLOCKED), THREE) == ()


def test_without_waves_there_is_one_job():
    none = parse_fleet("version: 1\ncoredns: {lameduck: 20s}\n", "eksdns.yaml")
    assert wave_jobs(plan_of("", ""), none) == (WaveJob("", needs_approval=False),)


def test_a_plan_of_another_file_is_refused():
    with pytest.raises(EksdnsError, match="the plan has a wave other"):
        wave_jobs(plan_of("other"), THREE)
    with pytest.raises(EksdnsError, match="kind drift"):
        wave_jobs(report_model_of(Drifted(fleet_plan(1))), THREE)


def test_more_waves_than_jobs_are_refused():
    names = [f"w{number}" for number in range(MOST_WAVES + 1)]
    with pytest.raises(EksdnsError, match=f"{MOST_WAVES + 1} waves"):
        wave_jobs(plan_of(*names), fleet(*(f"{{name: {name}}}" for name in names)))


def test_outputs_have_a_place_for_every_job_of_the_workflow():
    values = waves_outputs((WaveJob("canary", needs_approval=False),), {"1": "sha256:a"})
    assert json.loads(values["waves"]) == [{"approval": False, "name": "canary"}, *[None] * (MOST_WAVES - 1)]
    assert values["has_changes"] == "true"
    assert waves_outputs((), {})["has_changes"] == "false"
    assert values["digests"] == '{"1":"sha256:a"}'
