"""Words in any script: the same on every engine, and those that Unicode says.

A copy of the project that has nothing but macros makes words of texts: of titles and phrases
written by hand, and of every character of Unicode that Python knows.
"""

from __future__ import annotations

import csv
import sys
import unicodedata
from pathlib import Path

import pytest

from lead_qualification.warehouse import duckdb_warehouse, postgres_warehouse
from python_checks.building import build, copy_project, spark_warehouse
from python_checks.tests.builds import DATA_ONLY, files_of_dbt

MATCHES = [
    ("CMO", "cmo", True),
    ("Interim-CMO/CRO", "cmo", True),
    ("Head of Demand  Generation", "demand generation", True),
    ("Micrócmo", "cmo", False),
    (unicodedata.normalize("NFD", "Micrócmo"), "cmo", False),
    ("écmo", "cmo", False),
    ("Маркетинг", "маркетинг", True),
    ("МАРКЕТИНГ и продажи", "Маркетинг", True),
    ("Маркетинговый", "маркетинг", False),
    ("営業部長", "営業", False),
    ("営業 部長", "営業", True),
    ("Head of Marketing", "営業", False),
    ("Engineer", "営業", False),
    ("Geschäftsführer", "Geschäftsführer", True),
    ("GESCHÄFTSFÜHRER", "geschäftsführer", True),
    (unicodedata.normalize("NFD", "Geschäftsführer"), "geschäftsführer", True),
    ("Gesch", "geschäftsführer", False),
    ("Directeur général", "general", False),
    ("DİREKTÖR", "direktör", True),
    ("ΔΙΕΥΘΥΝΤΗΣ", "διευθυντης", True),
    ("마케팅 이사", "마케팅", True),
    ("مدير التسويق", "التسويق", True),
    ("Level 4 Engineer", "4", True),
    ("Engineer", "!!", False),
]
"""A title, a phrase, and whether the title has the phrase as whole words."""

CHARACTERS_PER_TEXT = 500
ADDED_BY_UNICODE_14 = 838
SEED = """version: 2
seeds:
  - name: texts
    config: {column_types: {number: integer, title: varchar, phrase: varchar}}
"""
MODEL = """
{{ config(schema='marts') }}
with

texts as (

    select number, title, phrase from {{ ref('texts') }}

),

words as (

    select
        number,
        {{ spaced_words('title') }} as title_words,
        {{ spaced_words('phrase') }} as phrase_words
    from texts

)

select
    number,
    title_words,
    {{ has_words('title_words', 'phrase_words') }} as is_match
from words
"""


def words(text: str) -> str:
    """The words of a text by Unicode: letters and numbers, composed and in lower case."""
    composed = unicodedata.normalize("NFC", text).replace("İ", "i")
    seen = composed.lower().replace("\u03c2", "\u03c3")
    kept = "".join(c if unicodedata.category(c)[0] in "LN" else " " for c in seen)
    return f" {' '.join(kept.split())} " if kept.strip() else " "


def every_character() -> list[str]:
    """Texts in which each character of Unicode stands between two letters."""
    known = [
        chr(number)
        for number in range(32, sys.maxunicode + 1)
        if unicodedata.category(chr(number)) not in ("Cn", "Cs", "Co", "Cc")
    ]
    # Of the ideographs, which are many and alike, a few, and none of those for compatibility.
    kept = [
        c
        for c in known
        if unicodedata.category(c) != "Lo"
        or ord(c) < 0x3400
        or (ord(c) % 97 == 0 and unicodedata.normalize("NFC", c) == c)
    ]
    return [
        "b" + "".join(f"{c}b" for c in kept[start : start + CHARACTERS_PER_TEXT])
        for start in range(0, len(kept), CHARACTERS_PER_TEXT)
    ]


TITLES = [*(title for title, _, _ in MATCHES), *every_character()]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project that knows nothing but macros and texts."""
    copy = copy_project(tmp_path_factory.mktemp("scripts") / "project")
    for folder in ("models", "tests", "analyses", "seeds"):
        for path in (copy / folder).rglob("*.*"):
            path.unlink()
    with (copy / "seeds" / "texts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["number", "title", "phrase"])
        phrases = [*(phrase for _, phrase, _ in MATCHES), *("x" for _ in every_character())]
        writer.writerows([n, *pair] for n, pair in enumerate(zip(TITLES, phrases, strict=True)))
    (copy / "seeds" / "texts.yml").write_text(SEED, encoding="utf-8")
    (copy / "models" / "words.sql").write_text(MODEL, encoding="utf-8")
    return copy


@pytest.fixture(
    scope="module",
    params=[
        "duckdb",
        *(pytest.param(name, marks=pytest.mark.nightly) for name in ("postgres", "spark")),
    ],
)
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine."""
    return request.param


@pytest.fixture(scope="module")
def answers(
    engine: str,
    request: pytest.FixtureRequest,
    project: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> list[tuple[str, bool]]:
    """The words of each title, and whether it has its phrase, on an engine."""
    if engine == "duckdb":
        warehouse = duckdb_warehouse(project / "scripts.duckdb")
    elif engine == "postgres":
        warehouse = postgres_warehouse(request.getfixturevalue("postgres"), "scripts")
    else:
        warehouse = spark_warehouse(project / "spark")
    folder = tmp_path_factory.mktemp("dbt")
    build(warehouse, project=project, arguments=(*DATA_ONLY, *files_of_dbt(folder)))
    found = warehouse.read(f"select * from {warehouse.marts}.words order by number")
    return list(zip(found["title_words"], found["is_match"], strict=True))


@pytest.mark.parametrize(
    ("number", "case"), enumerate(MATCHES), ids=[f"{t}-{p}" for t, p, _ in MATCHES]
)
def test_phrase_is_found_as_whole_words(
    answers: list[tuple[str, bool]], number: int, case: tuple[str, str, bool]
) -> None:
    assert bool(answers[number][1]) is case[2]


def test_words_are_those_of_unicode(engine: str, answers: list[tuple[str, bool]]) -> None:
    """No character that is a letter or a number is blanked, and every other one is.

    Java 17 does not know the characters that Unicode 14 added.
    """
    wrong = []
    for title, (found, _) in zip(TITLES, answers, strict=True):
        if found != words(title):
            wrong += [
                f"U+{ord(c):04X} {unicodedata.name(c, '?')}"
                for c in title
                if c != "b" and words(f"b{c}b").strip() not in found
            ]
    assert len(wrong) <= (ADDED_BY_UNICODE_14 if engine == "spark" else 0), wrong[:20]


def test_titles_are_many() -> None:
    """Most of Unicode is looked at."""
    assert sum(map(len, TITLES)) > 2 * 18_000
