"""Tests stand alone: what several share lives in a module that is no test."""

import ast
import subprocess
from pathlib import Path

from django.conf import settings


def imported(file: Path) -> set[str]:
    """Return the modules that a file names in its imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
    return found


def test_no_module_imports_a_test_module() -> None:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    files = subprocess.run(
        listed, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    ).stdout.split()
    modules = {file.removesuffix(".py").replace("/", ".") for file in files}
    tests = {module for module in modules if module.rpartition(".")[2].startswith("test_")}
    assert len(tests) > 100
    wrong = {
        file: sorted(named)
        for file in files
        if (path := Path(settings.BASE_DIR, file)).exists()
        if (named := imported(path) & tests)
    }
    assert wrong == {}
