"""Options are built from the fields of the requests, one definition for each."""

from dataclasses import fields
from typing import Annotated

import pytest
import typer

from eksaddon.app.fleet.request import IS_OPTION, DesiredRequest, TargetRequest
from eksaddon.cli.option_groups import Only, bundled
from eksaddon.cli.options import OPTIONS, OutputOptions
from eksaddon.config.flags import FLAGS


def run(command, *args: str) -> None:
    app = typer.Typer()
    app.command()(command)
    typer.main.get_command(app).main(args=list(args), standalone_mode=False)


def targets_of(*args: str) -> TargetRequest:
    seen: list[TargetRequest] = []

    @bundled
    def command(targets: TargetRequest, output: OutputOptions) -> int:  # noqa: ARG001
        seen.append(targets)
        return 0

    run(command, *args)
    return seen[0]


@pytest.mark.parametrize("request_type", OPTIONS)
def test_every_field_of_a_request_has_exactly_one_option(request_type):
    options = [field.name for field in fields(request_type) if field.metadata.get(IS_OPTION, True)]
    assert options == list(OPTIONS[request_type])


def test_every_flag_of_the_desired_state_is_a_field_of_the_request():
    assert set(FLAGS) <= {field.name for field in fields(DesiredRequest)}
    for name, flag in FLAGS.items():
        option = OPTIONS[DesiredRequest][name]
        assert flag.name in {option.default, *option.param_decls}, "Typer keeps the first name as a default"


def test_without_options_a_request_has_its_defaults():
    assert targets_of() == TargetRequest()


def test_a_repeatable_option_takes_comma_lists_too():
    found = targets_of("--cluster", "a, b", "--cluster", "c", "--concurrency", "3")
    assert found == TargetRequest(clusters=("a", "b", "c"), threads=3)


def test_an_option_is_read_from_the_environment(monkeypatch):
    monkeypatch.setenv("EKSDNS_NOT_ACCOUNT", "sandbox")
    assert targets_of().not_accounts == ("sandbox",)


def test_a_command_may_have_some_of_the_options_only():
    seen: list[DesiredRequest] = []

    @bundled
    def command(desired: Annotated[DesiredRequest, Only("strict")]) -> int:
        seen.append(desired)
        return 0

    run(command, "--strict")
    assert seen == [DesiredRequest(strict=True)]
    with pytest.raises(typer.TyperException, match="No such option"):
        run(command, "--lameduck", "5s")
