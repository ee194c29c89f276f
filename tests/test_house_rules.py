"""The house rules that can be checked by reading the files."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("domain", "adapters", "projections", "api", "benchmarks", "tests", "alembic")


def modules() -> list[Path]:
    """Every Python file of the project."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def test_modules_open_with_one_sentence() -> None:
    """Every module that holds anything says in its first line what it is for."""
    silent = [
        str(path.relative_to(ROOT))
        for path in modules()
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_every_test_says_what_is_so() -> None:
    """Every test function has a docstring: a sentence about the software, not about the test."""
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in modules()
        if path.name.startswith("test_")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_file_is_too_long_to_know() -> None:
    """A module of the product stays within 450 lines: one noun, seen at once."""
    long = {
        str(path.relative_to(ROOT)): count
        for path in modules()
        if path.parts[len(ROOT.parts)] != "tests" and (count := path.read_text().count("\n")) > 450
    }
    assert long == {}


def test_migrations_are_a_folder_and_never_a_package() -> None:
    """A package named alembic would shadow the library."""
    assert not (ROOT / "alembic" / "__init__.py").exists()


@pytest.mark.parametrize("name", ["run", "dev", "bench"])
def test_requirements_are_pinned_with_hashes_and_without_addresses(name: str) -> None:
    """Every requirement is pinned and hashed, and no file says where a package comes from."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    pinned = re.findall(r"^[a-zA-Z0-9][^=;\n]*==\S+", text, re.MULTILINE)
    hashed = re.findall(r"^[a-zA-Z0-9][^\n]*==[^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert len(pinned) == len(hashed) > 10
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)


def test_pyproject_is_the_only_configuration() -> None:
    """No second file configures a tool, and no lock file says where packages came from."""
    strays = [
        "setup.cfg",
        "setup.py",
        "tox.ini",
        "pytest.ini",
        "mypy.ini",
        ".coveragerc",
        "ruff.toml",
        "alembic.ini",
        "uv.lock",
        "poetry.lock",
    ]
    assert [name for name in strays if (ROOT / name).exists()] == []


def test_nothing_secret_or_local_is_committed() -> None:
    """No committed file names a machine's path or shows a real-looking social security number."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    texts = {name: (ROOT / name).read_text(errors="ignore") for name in listed if (ROOT / name).is_file()}
    # Areas 000, 666 and 900 to 999 were never given out; only such numbers may stand in a test.
    real_ssn = re.compile(r"\b(?!000|666|9\d\d)\d{3}-\d{2}-\d{4}\b")
    home = re.compile(r"/(?:home|Users|root)/[a-z]")
    assert {name for name, text in texts.items() if real_ssn.search(text)} == set()
    assert {name for name, text in texts.items() if home.search(text) and name != "tests/test_house_rules.py"} == set()
