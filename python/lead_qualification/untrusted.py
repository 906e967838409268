"""Text that comes from data, made harmless for the place where it is shown.

Names, sources, campaign names, reasons and answers of a CRM are written by people who fill in a
form, so a text may hold a link, an image, HTML, a formula or the control sequences of a terminal.
Whatever shows data passes it through this module: ``plain`` for terminals, charts and lists,
``markdown`` where Markdown is rendered, ``cell`` for what a spreadsheet opens.
"""

from __future__ import annotations

import re
from typing import Any

REPLACEMENT = "\ufffd"
"""What a reader sees of a character that would act instead of being seen."""

WORD_JOINER = "\u2060"
"""Nothing to see; it parts what would become a link."""

BREAKS = re.compile(r"[\t-\r\x85\u2028\u2029]+")

# Control characters, those that turn the direction of a line, halves of pairs, invisible tags.
CONTROLS = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    r"\U000e0000-\U000e007f]"
)

MARKUP = re.compile(
    r"[\\`*\[\]<~$|]"  # code, emphasis, links, images, HTML, strikethrough, formulas, tables
    r"|&(?=#?\w+;)"
    r"|(?<![^\W_])_|_(?![^\W_])"  # inside a word an underscore is one
    r"|^\s*[#>=]|^\s*[+-](?![\d.])"  # what begins a heading, a quotation or a list
    r"|(?<=^\d)[.)](?=\s|$)|(?<=^\d\d)[.)](?=\s|$)|(?<=^\d\d\d)[.)](?=\s|$)"
)

# Addresses, e-mail addresses, people and issues are linked even between escaped characters, and
# Streamlit reads :name: as a sign.
LINKING = re.compile(
    r"(?<=:)(?=[A-Za-z/+-])|(?<=@)(?=\S)|(?<=#)(?=\d)|(?<=www)(?=\.)", re.IGNORECASE
)

FORMULA = re.compile("[\t\r\n]|[\\s\u200b\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def lines(text: object) -> str:
    """Return a text without control characters; line breaks stay."""
    return CONTROLS.sub(REPLACEMENT, str(text).replace("\r\n", "\n").replace("\r", "\n"))


def plain(value: object) -> str:
    """Return a value as one line without control characters."""
    return CONTROLS.sub(REPLACEMENT, BREAKS.sub(" ", str(value)))


def markdown(value: object) -> str:
    """Return a value as Markdown that renders as the same text, whatever the text is.

    It holds for Markdown of GitHub and of Streamlit, in a line of its own, within a line, and in a
    cell of a table.
    """
    return LINKING.sub(WORD_JOINER, MARKUP.sub(_escaped, plain(value).strip()))


def code(value: object) -> str:
    """Return a value as a code span of Markdown; its backticks become quotation marks."""
    return f"`{plain(value).replace('`', chr(39)) or ' '}`"


def cell(value: Any) -> Any:
    """Return a value as a cell of a CSV file or of a list that can be copied into a spreadsheet.

    A text that a spreadsheet would take for a formula begins with an apostrophe. Numbers, and
    texts that are numbers, stay as they are.
    """
    if not isinstance(value, str):
        return value
    # A carriage return alone would begin a new row.
    text = lines(value)
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def _escaped(found: re.Match[str]) -> str:
    """Markup that is text: a backslash before its last character."""
    return f"{found[0][:-1]}\\{found[0][-1]}"
