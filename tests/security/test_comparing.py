"""Secrets are compared in a time that does not tell how much of them is right."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_SECRET = re.compile(
    r"(^|_)(secret|secrets|password|passphrase|token|api_key|root_key|mac|hmac|mark|signature|csrf|verifier)s?$"
)
"""Names of what an attacker would like to guess byte by byte; ``mark`` is what the vault calls a keyed hash."""


def guessable(source: str) -> Iterator[str]:
    """Comparisons by ``==`` or ``!=`` of something that is named like a secret with something that is no constant."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Compare) or not all(isinstance(one, ast.Eq | ast.NotEq) for one in node.ops):
            continue
        sides = [node.left, *node.comparators]
        if any(isinstance(side, ast.Constant) for side in sides):
            continue
        if any(_SECRET.search(_name(side)) for side in sides):
            yield f"{node.lineno}: {ast.unparse(node)}"


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        # A column of a table is compared by the database, with an index: `columns.ssn_mark == mark`.
        return "" if ast.unparse(node.value).endswith(("columns", ".c")) else node.attr
    if isinstance(node, ast.Call):
        return _name(node.func) if node.args or node.keywords else ""
    return node.id if isinstance(node, ast.Name) else ""


def test_no_secret_is_compared_byte_by_byte() -> None:
    """`hmac.compare_digest` compares passwords, tokens, keys, marks and signatures; the query of a database aside."""
    found = {
        f"{path.relative_to(ROOT)}:{one}"
        for package in ("domain", "adapters", "projections", "api")
        for path in (ROOT / package).rglob("*.py")
        if "simulator" not in path.parts
        for one in guessable(path.read_text())
        if not re.search(r"\.c\.|columns\.|venue\.api_key", one)  # the last picks simulated venues
    }
    assert found == set()


@pytest.mark.parametrize(
    ("code", "caught"),
    [
        ("given == secret", True),
        ("user.password != given", True),
        ("mac_of(key) == given", False),
        ("stored.api_key == given", True),
        ("secret == ''", False),
        ("hmac.compare_digest(secret, given)", False),
        ("columns.ssn_mark == mark", False),
        ("tokens == 5", False),
    ],
)
def test_the_rule_catches_what_it_is_for(code: str, caught: bool) -> None:
    """And nothing else."""
    found = [one for one in guessable(code) if "columns." not in one]
    assert bool(found) is caught
