"""What is sent: one message per item, or one per day or week, and how it reads in each medium.

Texts of data (names of accounts, reasons, values) may hold markup, mentions or control characters;
every rendering shows them as text.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from lead_qualification.notify.occasions import Item
from lead_qualification.untrusted import WORD_JOINER, plain


@dataclass(frozen=True)
class Noted:
    """What the checkpoint knows: an item or a message for one receiver."""

    key: str
    version: str = ""


@dataclass(frozen=True)
class Message:
    """A message to one receiver.

    Attributes:
        key: What tells it apart, forever; the same after a kill.
        notification: The row of notifications.csv.
        how: The medium.
        receiver: Address, or the name of the list.
        subject: It in a line.
        items: What it tells.
        crm_url: Address of a lead in the CRM with {lead_id}; None if there is none.
    """

    key: str
    notification: str
    how: str
    receiver: str
    subject: str
    items: tuple[Item, ...]
    crm_url: str | None = None

    @property
    def id(self) -> str:
        """The key as a word without spaces, for a Message-ID or an Idempotency-Key."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:32]

    def noted(self) -> list[Noted]:
        """What the checkpoint notes with it: the message, and each item as told to the receiver."""
        told = [Noted(item_key(self.notification, self.receiver, item)) for item in self.items]
        return [Noted(self.key), *(one for one in told if one.key != self.key)]

    def link(self, item: Item) -> str | None:
        """Where the lead of an item is in the CRM."""
        if self.crm_url is None or item.lead_id is None:
            return None
        return self.crm_url.replace("{lead_id}", quote(item.lead_id, safe=""))

    def text(self) -> str:
        """The message as plain text."""
        blocks = []
        for item in self.items:
            lines = [plain(item.title), *(f"  {plain(line)}" for line in item.lines)]
            link = self.link(item)
            blocks.append("\n".join([*lines, *([f"  {link}"] if link else [])]))
        return "\n\n".join(blocks) + "\n"

    def html(self) -> str:
        """The message as HTML without anything from elsewhere."""
        blocks = []
        for item in self.items:
            title = html.escape(plain(item.title))
            link = self.link(item)
            if link:
                title = f'<a href="{html.escape(link)}">{title}</a>'
            lines = "".join(f"<br>{html.escape(plain(line))}" for line in item.lines)
            blocks.append(f"<p><b>{title}</b>{lines}</p>")
        subject = html.escape(plain(self.subject))
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{subject}</title>'
            '</head><body style="font-family: sans-serif; max-width: 40em">'
            f'<h1 style="font-size: 1.2em">{subject}</h1>{"".join(blocks)}</body></html>'
        )

    def slack(self) -> str:
        """The message for a webhook that is compatible with Slack's."""
        blocks = []
        for item in self.items:
            link = self.link(item)
            lines = [f"*{_slack(item.title)}*", *(_slack(line) for line in item.lines)]
            blocks.append("\n".join([*lines, *([f"<{link}|Open in the CRM>"] if link else [])]))
        head = [] if len(self.items) == 1 else [_slack(self.subject)]
        return "\n\n".join([*head, *blocks])

    def record(self) -> dict[str, object]:
        """The message for a webhook or a file."""
        return {
            "id": self.id,
            "notification": self.notification,
            "subject": plain(self.subject),
            "items": [
                {
                    "key": item.key,
                    "title": plain(item.title),
                    "lines": [plain(line) for line in item.lines],
                    "lead_id": item.lead_id,
                    "rep_id": item.rep_id,
                    "link": self.link(item),
                }
                for item in self.items
            ],
        }


def item_key(notification: str, receiver: str, item: Item) -> str:
    """What the checkpoint calls an item that a receiver is told of."""
    return f"{notification}\t{receiver}\t{item.key}"


def messages(
    notification: str,
    how: str,
    receiver: str,
    items: Sequence[Item],
    *,
    period: str | None,
    subject: str,
    crm_url: str | None = None,
) -> list[Message]:
    """Return the messages that tell a receiver of items: one each, or one for a period.

    Args:
        notification: The row of notifications.csv.
        how: The medium.
        receiver: Address, or the name of the list.
        items: What there is to tell and was not told before.
        period: The day or week whose message it is; None for a message per item.
        subject: The subject of a message for a period.
        crm_url: Address of a lead in the CRM with {lead_id}.
    """
    if period is None:
        return [
            Message(
                item_key(notification, receiver, item),
                notification,
                how,
                receiver,
                item.title,
                (item,),
                crm_url,
            )
            for item in items
        ]
    if not items:
        return []
    key = f"{notification}\t{receiver}\t{period}"
    return [Message(key, notification, how, receiver, subject, tuple(items), crm_url)]


def _slack(text: str) -> str:
    """A text that Slack shows as it is: no mention, link, emphasis or code."""
    safe = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for sign in "*_~`@#":
        safe = safe.replace(sign, sign + WORD_JOINER)
    return safe
