"""The workflows of GitHub Actions call what the Makefile and .ci/run define, pin what they use, and may do little."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github/workflows"
WORKFLOWS = {file.name: yaml.safe_load(file.read_text()) for file in sorted(FOLDER.glob("*.yml"))}
JOBS = [(name, job) for name, workflow in WORKFLOWS.items() for job in workflow["jobs"]]
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def steps(workflow: str, job: str) -> list[dict[str, Any]]:
    """The steps of a job."""
    found: list[dict[str, Any]] = WORKFLOWS[workflow]["jobs"][job]["steps"]
    return found


def commands(workflow: str) -> set[str]:
    """What the jobs of a workflow run."""
    return {
        step["run"] for job in WORKFLOWS[workflow]["jobs"] for step in steps(workflow, job) if "run" in step
    }


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_a_workflow_runs_only_ci_run_and_targets_of_the_makefile(workflow: str) -> None:
    """What a machine of GitHub checks, everybody can check."""
    for command in commands(workflow) - {".ci/run"}:
        make, *targets = command.split()
        assert make == "make"
        assert set(targets) <= TARGETS, command


def test_ci_runs_everything_and_the_release_workflow_the_release_check_too() -> None:
    """A tag may name a commit that CI has never seen."""
    assert commands("ci.yml") == {".ci/run", "make test-fast", "make release-check"}
    assert commands("release.yml") == {".ci/run", "make release-ready release-check"}


def test_the_fast_tests_run_on_every_python_that_the_package_names() -> None:
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["classifiers"]
    pythons = [one.rpartition(" ")[2] for one in classifiers if ":: 3." in one]
    job = WORKFLOWS["ci.yml"]["jobs"]["fast-tests"]
    assert job["strategy"]["matrix"]["python"] == pythons
    assert commands("ci.yml") >= {"make test-fast"}
    for workflow, name in (("ci.yml", "release-check"), ("release.yml", "build")):
        (setup,) = [step for step in steps(workflow, name) if "setup-python" in step.get("uses", "")]
        assert setup["with"]["python-version"].split() == [pythons[-1], pythons[0]]


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_every_action_is_pinned_to_a_commit_and_names_its_version(workflow: str) -> None:
    """A tag can be moved to other code."""
    lines = re.findall(r"uses: (.*)", (FOLDER / workflow).read_text())
    assert lines
    for line in lines:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


@pytest.mark.parametrize(("workflow", "job"), JOBS)
def test_a_job_may_only_read_and_only_publish_gets_a_token(workflow: str, job: str) -> None:
    """The token that PyPI trusts is not there while code of dependencies runs. No job reads a secret."""
    assert WORKFLOWS[workflow]["permissions"] == {}
    expected = {"id-token": "write"} if job == "publish" else {"contents": "read"}
    assert WORKFLOWS[workflow]["jobs"][job]["permissions"] == expected
    assert "secrets." not in (FOLDER / workflow).read_text()


def test_releasing_md_names_what_exists() -> None:
    """Targets, the workflow and its environment: PyPI trusts exactly these names."""
    page = (ROOT / "RELEASING.md").read_text()
    assert set(re.findall(r"(?:`|^ *)make ([a-z-]+)", page, re.MULTILINE)) <= TARGETS
    environment = WORKFLOWS["release.yml"]["jobs"]["publish"]["environment"]["name"]
    assert f"workflow `release.yml`, environment `{environment}`" in page


def test_a_pushed_tag_publishes_what_was_built_and_tested() -> None:
    """With nothing between: the publishing job checks nothing out and runs no command."""
    release = WORKFLOWS["release.yml"]
    assert release[True] == {"push": {"tags": ["v*"]}}  # YAML reads `on` as true
    publish = release["jobs"]["publish"]
    assert set(publish["needs"]) == release["jobs"].keys() - {"publish"}
    assert publish["environment"]["name"] == "pypi"
    uses = [step["uses"].partition("@")[0] for step in publish["steps"]]
    assert uses == ["actions/download-artifact", "pypa/gh-action-pypi-publish"]


@pytest.mark.parametrize(
    "command",
    [
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *FOLDER.glob("*.yml")],
        ["zizmor", "--offline", "--no-progress", "--persona=pedantic", FOLDER],
    ],
    ids=["schema", "security"],
)
def test_linters_of_workflows_find_nothing(command: list[str | Path]) -> None:
    """GitHub's schema, and what zizmor knows of attacks. Nothing is downloaded."""
    tool = Path(sys.executable).with_name(str(command[0]))
    done = subprocess.run([tool, *command[1:]], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
