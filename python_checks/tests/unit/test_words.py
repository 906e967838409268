"""The words of the project: short, plain English, without turns translated from elsewhere."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from lead_qualification.warehouse import PROJECT

README_WORDS = 900
GAP = r"\s+(?:(?:#|--|//)\s*)?"
"""Between two words: a space, or a line break, in a comment with the sign of the next line."""
SKIPPED = ("LICENSE", "python_checks/tests/unit/test_words.py")
SKIPPED_FOLDERS = ("seeds/demo/", "docs/plots/", "python_checks/golden/")
"""The licence is quoted, this file names the turns, the others are data."""


@dataclass(frozen=True)
class Turn:
    """A turn to avoid.

    Attributes:
        say: What to say instead.
        pattern: Finds it; a space stands for any gap between two words.
        unless_before: Words that make it right when they come before it.
        unless_after: Words that make it right when they come after it.
        only_in: Ending of the files in which it is looked for.
    """

    say: str
    pattern: str
    unless_before: tuple[str, ...] = ()
    unless_after: tuple[str, ...] = ()
    only_in: str = ""

    def found(self, text: str) -> list[re.Match[str]]:
        """Where a text has the turn."""
        pattern = rf"\b(?:{self.pattern})\b".replace(" ", GAP)
        return [
            match
            for match in re.finditer(pattern, text, re.IGNORECASE)
            if _word(text[: match.start()], -1) not in self.unless_before
            and _word(text[match.end() :], 0) not in self.unless_after
        ]


TURNS = {
    "anew": Turn("recomputed, rebuilt, again", "anew"),
    "mend": Turn("fix", "mend(?:s|ed|ing)?"),
    "belongs into": Turn("belongs in", "belongs? into"),
    "for ever": Turn("forever", "for ever"),
    "put aside": Turn("spilled to disk, moved, kept", "put(?:s|ting)?(?: \\w+){0,4} aside"),
    "is dear": Turn("is expensive", "(?:is|are|was|were) dear"),
    "is no thing": Turn(
        "is not a thing",
        "(?:is|are|was|were) no",
        unless_before=("there", "as", "so"),
        unless_after=("better", "faster", "longer", "matter", "more", "slower", "worse"),
    ),
    # In code it is Jinja's test and Python's None.
    "is none": Turn(
        "is not one, is null",
        "(?:is|are) none",
        unless_before=("there",),
        only_in=".md",
    ),
    "nasty": Turn("fuzz cases", "nasty"),
    "stories": Turn("scenarios", "stor(?:y|ies)"),
    "data-only": Turn("model-only builds", "data-only"),
    "whoever looks": Turn("readers, BI users", "(?:whoever|people who) (?:looks?|reads?)"),
    "what is left": Turn("remaining", "what (?:is|was) left"),
    "problems.py": Turn("errors.py", r"problems\.py"),
    "the slice": Turn("the leads of this run", "the slice"),
    "affected leads": Turn("312 of 106,669 leads", "affected leads|leads affected"),
    "the rest": Turn("the others, everything else", "(?:is|are|here is) the rest", only_in=".md"),
    "tried and left": Turn("tried and rejected, because", "tried and (?:was |were )?left"),
    "their mean": Turn("mean score of those leads", "their (?:mean|median|average)"),
    "once per fault": Turn("one message per violation", "once per fault"),
}


def _word(text: str, position: int) -> str:
    """The first or the last word of a text, in lower case."""
    words = re.findall(r"[\w']+", text[:60] if position == 0 else text[-60:])
    return words[position].lower() if words else ""


def _files() -> list[Path]:
    """The tracked text files whose words are ours."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, check=True, capture_output=True, text=True
    )
    names = [
        name
        for name in listed.stdout.split("\0")
        if name and name not in SKIPPED and not name.startswith(SKIPPED_FOLDERS)
    ]
    return [path for path in map(PROJECT.joinpath, names) if _is_text(path)]


def _is_text(path: Path) -> bool:
    """Whether a file is there and can be read as text."""
    if not path.is_file():
        return False
    return b"\0" not in path.read_bytes()[:8000]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The text of each file by its name."""
    return {
        path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8") for path in _files()
    }


@pytest.mark.parametrize("name", TURNS)
def test_no_translated_turn(name: str, texts: dict[str, str]) -> None:
    turn = TURNS[name]
    found = [
        f"{file}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for file, text in texts.items()
        if file.endswith(turn.only_in)
        for match in turn.found(text)
    ]
    assert found == [], f"say: {turn.say}"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("anew", "Built anew."),
        ("mend", "-- until the CRM is\n-- mended"),
        ("put aside", "# Put the finished\n# file aside"),
        ("is no thing", "An open is\n    # no engagement"),
        ("is none", "An open is none."),
        ("stories", "Stories of leads"),
        ("their mean", "Leads of the month. Their mean score."),
        ("tried and left", "Two ways that were tried and left"),
    ],
)
def test_a_turn_is_found(name: str, text: str) -> None:
    assert len(TURNS[name].found(text)) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mend", "a recommended threshold"),
        ("is no thing", "there is no row; Spark is no faster; it is no longer so"),
        ("stories", "the score history"),
        ("for ever", "for every lead"),
    ],
)
def test_what_is_right_is_not_found(name: str, text: str) -> None:
    assert TURNS[name].found(text) == []


def test_no_dash_decorates_prose(texts: dict[str, str]) -> None:
    dashes = ("\u2013", "\u2014")
    found = {
        name
        for name, text in texts.items()
        if name.endswith((".md", ".yml", ".sql")) and any(dash in text for dash in dashes)
    }
    assert found == set()


def test_the_readme_is_one_page(texts: dict[str, str]) -> None:
    assert len(texts["README.md"].split()) <= README_WORDS
