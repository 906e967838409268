"""A page that is tested without a browser leaves the main module as it was."""

from __future__ import annotations

import sys

import pytest
from streamlit.testing.v1 import AppTest

MAIN = sys.modules["__main__"]


@pytest.mark.parametrize("time", ["first", "second"])
def test_the_main_module_is_its_own_again(time: str) -> None:
    """What a process begins with; the page of the first time must be gone the second time."""
    assert sys.modules["__main__"] is MAIN, time
    AppTest.from_string("pass").run()
    assert sys.modules["__main__"] is not MAIN
