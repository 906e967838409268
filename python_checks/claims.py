"""What the five documents say, claim by claim, and what this project does about it.

``docs/what_the_documents_say.csv`` lists the claims that took a decision or some work, with what is
done and where that is tested. ``python -m python_checks.claims`` writes the page
``docs/what_the_documents_say.md`` from it.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from lead_qualification.warehouse import PROJECT
from python_checks.documentation import table

LIST = PROJECT / "docs" / "what_the_documents_say.csv"
PAGE = LIST.with_suffix(".md")
DOCUMENTS = {
    "guide": "The guide",
    "ooligo": "Ooligo",
    "article": "The article",
    "como": "Como",
    "leadsuite": "LeadSuite",
}
"""Heading of each document, in the order of the page."""

VERDICTS = {
    "works": "What the document says happens; a test says so.",
    "decided": "Otherwise, or not at all, on purpose; the reason is given.",
    "partly": "Some of it; what is missing, and why, is given.",
}

COLUMNS = ("claim", "verdict", "what we do", "see")
INTRODUCTION = f"""# What the documents say and what we do

Written from `docs/{LIST.name}` by `python -m python_checks.claims`. It has the claims \
of the five documents that took work or a decision; what they say of points, bands and \
rates is in the policy tables, each row with its source.
"""


@dataclass(frozen=True)
class Claim:
    """A row of the list.

    Attributes:
        id: The document's letter and a number.
        document: A key of ``DOCUMENTS``.
        claim: What the document says, in a clause.
        verdict: A key of ``VERDICTS``.
        what_we_do: What happens, or why not, in a sentence or two.
        see: For what works the test, as ``file::name``; otherwise a page, or nothing.
    """

    id: str
    document: str
    claim: str
    verdict: str
    what_we_do: str
    see: str


def read_claims(path: Path = LIST) -> list[Claim]:
    """The rows of the list, in its order."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Claim(**row) for row in csv.DictReader(file)]


def page_of(claims: list[Claim]) -> str:
    """The page, in Markdown."""
    counted = Counter((claim.document, claim.verdict) for claim in claims)
    counts = table(
        ["document", *VERDICTS],
        (
            [heading, *(counted[document, verdict] for verdict in VERDICTS)]
            for document, heading in DOCUMENTS.items()
        ),
    )
    meanings = "".join(f"- **{verdict}**: {meaning}\n" for verdict, meaning in VERDICTS.items())
    sections = "".join(
        f"\n## {heading}\n\n{table(COLUMNS, map(cells_of, claims_of(document, claims)))}"
        for document, heading in DOCUMENTS.items()
    )
    return f"{INTRODUCTION}\n{meanings}\n{counts}{sections}"


def claims_of(document: str, claims: list[Claim]) -> list[Claim]:
    """The claims of a document."""
    return [claim for claim in claims if claim.document == document]


def cells_of(claim: Claim) -> list[str]:
    """The row of a claim on the page."""
    return [claim.claim, claim.verdict, claim.what_we_do, linked(claim.see)]


def linked(see: str) -> str:
    """A link to the file of a test or page, from ``docs/``."""
    path, _, name = see.partition("::")
    if not path:
        return ""
    relative = path.removeprefix("docs/") if path.startswith("docs/") else f"../{path}"
    return f"[{name or Path(path).name}]({relative})"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page_of(read_claims()), encoding="utf-8")


if __name__ == "__main__":
    main()
