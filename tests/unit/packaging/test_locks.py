"""The locks hold everything, exactly, in a form that every pip from 23.0 on takes."""

import tomllib
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.support.locks import ALL, DEVELOPMENT, LOWEST, RUNTIME, pins
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def declared(*groups: str) -> list[Requirement]:
    grouped = (PROJECT["dependency-groups"][group] for group in groups)
    return [Requirement(text) for texts in (PROJECT["project"]["dependencies"], *grouped) for text in texts]


@pytest.mark.parametrize("lock", ALL, ids=lambda lock: lock.name)
def test_every_entry_is_one_version_with_hashes(lock):
    found = pins(lock)
    assert found
    assert [pin.text for pin in found if not pin.hashes] == []


@pytest.mark.parametrize("lock", ALL, ids=lambda lock: lock.name)
def test_a_lock_names_no_place_to_fetch_from(lock):
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "-index" not in text


def test_tests_run_on_what_users_install():
    assert {(pin.text, pin.hashes) for pin in pins(RUNTIME)} <= {
        (pin.text, pin.hashes) for pin in pins(DEVELOPMENT)
    }


@pytest.mark.parametrize(("lock", "groups"), [(RUNTIME, ["build"]), (DEVELOPMENT, ["build", "dev"])])
def test_declared_dependencies_are_locked(lock, groups):
    locked = {pin.name: pin for pin in pins(lock) if pin.applies}
    for requirement in declared(*groups):
        pin = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(pin.version), requirement
        assert requirement.extras <= pin.extras, requirement


@pytest.mark.parametrize("requirement", declared(), ids=lambda requirement: requirement.name)
def test_the_lowest_lock_has_the_oldest_release_that_is_allowed(requirement):
    locked = {pin.name: pin for pin in pins(LOWEST) if pin.applies}
    (bound,) = requirement.specifier
    assert bound.operator == ">="
    found = Version(locked[canonicalize_name(requirement.name)].version)
    assert found.release[: len(Version(bound.version).release)] == Version(bound.version).release


@pytest.mark.parametrize("pin", [pin for pin in pins(DEVELOPMENT) if pin.applies], ids=lambda pin: pin.name)
def test_requirements_of_locked_packages_are_locked_with_the_same_extras(pin):
    """pip before 23.3 looks up a pin by name and extras together, and resolves anew what it does not find."""
    if not pin.is_installed:
        pytest.skip(f"{pin.name} {pin.version} is not installed here, so what it requires is not known")
    locked = {pin.name: pin for pin in pins(DEVELOPMENT) if pin.applies}
    for text in distribution(pin.name).requires or ():
        requirement = Requirement(text)
        if requirement.marker and not any(
            requirement.marker.evaluate({"extra": extra}) for extra in ("", *pin.extras)
        ):
            continue
        assert canonicalize_name(requirement.name) in locked, text
        found = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(found.version, prereleases=True), (text, found.text)
        if requirement.extras:
            assert frozenset(requirement.extras) == found.extras, (text, found.text)
