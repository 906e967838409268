"""A model is short, or says why not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lead_qualification.warehouse import PROJECT

LINES = 80
CONFIG = re.compile(r"^(?:\{\{ config\(.*?\) \}\}\s*|\{\{\s+config\(.*?\)\s+\}\}\s*)", re.DOTALL)
FIRST_COMMENT = re.compile(r"(?:^-- .*\n)+", re.MULTILINE)
REASON = re.compile(r"\bLong (?:because|by its columns)\b")
MODELS = sorted((PROJECT / "models").rglob("*.sql"))


def first_comment(text: str) -> str:
    """The comment that a model begins with, after its config; empty if there is none."""
    found = FIRST_COMMENT.match(CONFIG.sub("", text))
    lines = found.group(0).splitlines() if found else []
    return " ".join(line.removeprefix("-- ") for line in lines)


def is_short_or_explained(text: str) -> bool:
    """Whether a model keeps to the length, or its first comment says why it does not."""
    return len(text.splitlines()) <= LINES or bool(REASON.search(first_comment(text)))


@pytest.mark.parametrize("path", MODELS, ids=[path.stem for path in MODELS])
def test_a_long_model_says_why(path: Path) -> None:
    """Above 80 lines a model says in its first comment why it is not two."""
    assert is_short_or_explained(path.read_text(encoding="utf-8")), (
        f"{path.stem} has more than {LINES} lines: split it, or begin with 'Long because ...'"
    )


def test_a_reason_further_down_does_not_count() -> None:
    """The rule itself."""
    long = "select 1\n" * (LINES + 1)
    assert not is_short_or_explained(long)
    assert not is_short_or_explained(f"with\n\n-- Long because of this.\n{long}")
    assert not is_short_or_explained(f"-- What it is.\n{long}")
    assert is_short_or_explained(f"-- What it is. Long\n-- because of that.\n{long}")
    assert is_short_or_explained("{{ config(tags=['x']) }}\n\n-- Long by its columns.\n" + long)
