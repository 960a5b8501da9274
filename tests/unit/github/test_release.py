"""What a release promises: an image with little to misuse, a bill of materials, signatures, no password."""

import re
import tomllib
from typing import Any

import pytest
from ruamel.yaml import YAML

from eksaddon.app.release import IMAGE_FILE
from eksaddon.domain.probing.gate import ProbeGate
from eksaddon.kube.probing.job import ProbeJob, manifest
from tests.support.paths import ROOT

JOBS: dict[str, Any] = YAML(typ="safe", pure=True).load(
    (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
)["jobs"]


def instructions() -> list[tuple[str, str]]:
    """Of the image, in order; lines that go on are joined, as the builder does."""
    text = (ROOT / ".github" / "Containerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in whole)]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    at = max(number for number, (name, _) in enumerate(found) if name == "FROM")
    return found[at:]


def test_the_image_has_compiled_modules_of_the_python_that_runs_them():
    """Its user cannot write beside them: each start would compile them again."""
    found = instructions()
    assert any("-m compileall" in rest and "/opt/eksdns" in rest for name, rest in found if name == "RUN")
    bases = [rest for name, rest in found if name == "FROM"]
    assert bases[0].startswith("python:3.13-")
    assert "/python3-debian13:" in bases[1]  # Debian 13 has Python 3.13


def used(job: str) -> list[str]:
    return [step["uses"].partition("@")[0] for step in JOBS[job]["steps"] if "uses" in step]


def scripts(job: str) -> str:
    return "\n".join(step.get("run", "") for step in JOBS[job]["steps"])


def needed(job: str) -> set[str]:
    """Everything that comes before a job."""
    direct = JOBS[job].get("needs", [])
    names = {direct} if isinstance(direct, str) else set(direct)
    return names.union(*map(needed, names)) if names else set()


def test_images_are_built_on_others_by_digest_only():
    bases = [rest for name, rest in instructions() if name == "FROM"]
    assert len(bases) == 2
    for base in bases:
        assert re.fullmatch(r"[a-z0-9./-]+:[a-z0-9.-]+@sha256:[0-9a-f]{64}( AS [a-z]+)?", base), base


def test_the_image_runs_nothing_during_the_build_and_has_no_user():
    (_, base), *rest = last_stage()
    assert "distroless" in base
    assert "RUN" not in dict(rest), "there is no shell"
    user = dict(rest)["USER"]
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user), "a number, which Kubernetes can tell from root"
    copied = [value for name, value in rest if name == "COPY"]
    assert all(value.startswith("--from=build ") for value in copied), "nothing from the checkout"


def test_everything_that_goes_into_the_image_is_known_by_its_hash():
    installs = re.findall(
        r"pip install [^&]*", " ".join(rest for name, rest in instructions() if name == "RUN")
    )
    assert len(installs) == 2
    for one in installs:
        assert "--require-hashes" in one or ("--no-deps" in one and one.strip().endswith("/build/*.whl")), one


def test_the_image_starts_the_program_and_imports_nothing_from_the_mounted_folder():
    start = YAML(typ="safe", pure=True).load(dict(last_stage())["ENTRYPOINT"])
    assert start == ["python3", "-P", "-m", "eksaddon"]


def test_both_pythons_of_the_image_are_the_same():
    """Debian 13 has Python 3.13; wheels of another version would not load."""
    bases = [rest for name, rest in instructions() if name == "FROM"]
    assert bases[0].startswith("python:3.13-")
    assert "python3-debian13:" in bases[1]


@pytest.mark.parametrize("job", ["publish", "image", "notes"])
def test_nothing_is_published_before_it_is_signed(job):
    assert {"build", "sbom", "attest"} <= needed(job)


def test_wheel_source_and_bill_of_materials_are_attested():
    assert used("attest") == ["actions/download-artifact", "actions/attest-build-provenance"]
    assert JOBS["attest"]["steps"][1]["with"]["subject-path"] == "release/*/*"
    assert {job for job in JOBS if "actions/upload-artifact" in used(job)} == {"build", "sbom", "package"}
    assert JOBS["attest-package"]["steps"][-1]["with"]["subject-path"] == "dist*/*"
    assert "cyclonedx-py requirements requirements.txt" in scripts("sbom")


def test_the_image_is_attested_by_the_digest_that_was_pushed():
    attest = JOBS["image"]["steps"][-1]
    assert attest["uses"].startswith("actions/attest-build-provenance@")
    assert attest["with"]["subject-digest"] == "${{ steps.push.outputs.digest }}"
    assert attest["with"]["push-to-registry"] is True


def test_pypi_trusts_the_workflow_and_there_is_no_password():
    assert used("publish")[-1] == "pypa/gh-action-pypi-publish"
    assert JOBS["publish"]["permissions"] == {"id-token": "write"}
    assert JOBS["publish"]["environment"] == "pypi"
    assert "with" not in JOBS["publish"]["steps"][-1]
    assert "secrets." not in (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")


def test_the_package_names_the_image_by_the_digest_that_was_pushed():
    assert "attest-package" in needed("publish")
    assert {"package", "image"} <= needed("attest-package")
    reference = "${{ env.IMAGE }}@${{ steps.push.outputs.digest }}"
    assert JOBS["image"]["outputs"] == {"reference": reference}
    (step,) = (one for one in JOBS["package"]["steps"] if one.get("name") == "Package")
    assert step["env"] == {"REFERENCE": "${{ needs.image.outputs.reference }}"}
    assert f'echo "$REFERENCE" >eksaddon/{IMAGE_FILE}' in step["run"]


def test_pods_of_a_probe_can_start_the_program_of_the_image():
    """They start `eksdns`, which the runtime looks for on the PATH of the image."""
    environment = dict(each.split("=", 1) for each in dict(last_stage())["ENV"].split())
    first, *_ = environment["PATH"].split(":")
    job = ProbeJob("a", "b", ProbeGate(image="x"), {"kube-dns": "10.0.0.10:53"}, 60)
    (command,) = str(manifest(job)).split("'command': [")[1].split("]")[0].split(",")
    runs = " ".join(rest for name, rest in instructions() if name == "RUN")
    assert f"#!/usr/bin/python3 -P|' {first}/{command.strip(chr(39))}" in runs


@pytest.mark.parametrize("job", ["build", "sbom", "package"])
def test_a_caller_who_builds_can_neither_sign_nor_publish(job):
    assert JOBS[job]["permissions"] == {"contents": "read"}


def test_the_name_of_the_command_is_the_same_program_of_the_same_version():
    """`uvx eksdns` asks the index for a distribution of that name, and runs its command of that name."""
    own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    alias = tomllib.loads((ROOT / ".github" / "alias" / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    assert (alias["name"], own["name"]) == ("eksdns", "eksaddon")
    assert alias["version"] == own["version"]
    assert alias["dependencies"] == [f"eksaddon=={own['version']}"]
    assert alias["scripts"] == own["scripts"]
    assert alias["requires-python"] == own["requires-python"]


def test_the_name_is_published_after_what_it_requires():
    assert "publish" in needed("publish-alias")
    assert JOBS["publish-alias"]["environment"] != JOBS["publish"]["environment"]
