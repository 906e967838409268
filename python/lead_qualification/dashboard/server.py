"""The server that Streamlit starts: the application, and what a browser may do with its pages.

A text of the data that got past ``untrusted`` could at most be seen: the Content-Security-Policy
lets a page load nothing from elsewhere, send nothing elsewhere and run no script but Streamlit's.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import streamlit
from starlette.middleware import Middleware

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def content_security_policy(index: str) -> str:
    """Return the policy for the pages of Streamlit.

    Args:
        index: The page of Streamlit; its own inline scripts are allowed by their hashes.
    """
    digests = (
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in INLINE_SCRIPT.findall(index)
    )
    scripts = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in digests)])
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {scripts}",
            # Streamlit makes its styles while it runs.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'self'",
        ]
    )


HEADERS = [
    (b"content-security-policy", content_security_policy(INDEX.read_text("utf-8")).encode()),
    # What readers searched for is in the address.
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
]


class SecurityHeaders:
    """Adds the headers to every answer."""

    def __init__(self, application: Any) -> None:
        """Wrap an application of ASGI."""
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *HEADERS]}
            await send(message)

        await self.application(scope, receive, send_with_headers)


app = streamlit.App("app.py", middleware=[Middleware(SecurityHeaders)])
