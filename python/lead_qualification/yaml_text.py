"""YAML, read by the parser in C where there is one, and written as people read it."""

from __future__ import annotations

from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C takes a seventh of the time."""


class _Dumper(yaml.SafeDumper):
    """A dumper of its own, so that no other one changes."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    ),
)


def from_yaml(text: str | bytes) -> Any:
    """Return the value of a YAML text: mappings, lists, texts, numbers, dates; None if empty.

    Raises:
        yaml.YAMLError: It is not YAML, or asks for other types.
    """
    return yaml.load(text, Loader=LOADER)


def as_yaml(value: Any) -> str:
    """Return a value as YAML: keys in the given order, a text of several lines as lines."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def on_one_line(value: Any) -> str:
    """Return a value as YAML in braces and brackets, such as ``{schema: hubspot}``."""
    return yaml.dump(
        value,
        Dumper=_Dumper,
        default_flow_style=True,
        sort_keys=False,
        allow_unicode=True,
        width=float("inf"),
    ).strip()
