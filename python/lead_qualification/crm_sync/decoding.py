"""Answers of a CRM, decoded strictly: what is not as its API promises is not guessed."""

from __future__ import annotations

from typing import Any, TypeVar

from lead_qualification.crm_sync.errors import UnreadableAnswerError

Kind = TypeVar("Kind")

NAMES = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
}


def entry(crm: str, content: Any, name: str, kind: type[Kind]) -> Kind:
    """Return an entry of an object.

    Raises:
        UnreadableAnswerError: It is not an object, or the entry is not there or of another type.
    """
    found = content.get(name) if isinstance(content, dict) else None
    # Numbers and texts are never truth values, and an empty text names nothing.
    if type(found) is not kind or found == "":
        raise UnreadableAnswerError(crm, f"{name} is not {NAMES[kind]}")
    return found


def objects(crm: str, content: Any, what: str) -> list[dict[str, Any]]:
    """Return a list of objects.

    Raises:
        UnreadableAnswerError: It is something else.
    """
    if not isinstance(content, list) or not all(isinstance(one, dict) for one in content):
        raise UnreadableAnswerError(crm, f"{what} is not a list of objects")
    return content


def text(crm: str, content: dict[str, Any], name: str) -> str:
    """Return a text that may be missing or empty.

    Raises:
        UnreadableAnswerError: It is something else.
    """
    found = content.get(name)
    if found is not None and not isinstance(found, str):
        raise UnreadableAnswerError(crm, f"{name} is not a text")
    return found or ""
