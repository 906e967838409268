"""Messages on the demo, to a mail server and a webhook that count what they get."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest
from aiosmtpd.controller import Controller

from lead_qualification.labels import IN_TEXT
from lead_qualification.warehouse import PROJECT, Warehouse
from python_checks.processes import free_port, serve

AT = "2026-06-30T23:59:59"
KILLS = 10
SECONDS_TO_ANSWER = 0.15
HOSTILE = 'Ax <img src="http://evil.invalid/x.png"> *b* <!channel> @here\nBcc: evil@evil.invalid'


@dataclass
class Inbox:
    """What two servers got.

    Attributes:
        mails: E-mails in their order.
        posts: Idempotency key and content of what was posted.
        seconds: How long each of them waits before it answers.
    """

    mails: list[EmailMessage] = field(default_factory=list)
    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    seconds: float = 0
    smtp_port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        """Take an e-mail."""
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        time.sleep(self.seconds)
        return "250 OK"

    def settings(self) -> dict[str, str]:
        """The variables that point at the servers."""
        url = f"http://127.0.0.1:{self.http_port}/secret-path"
        return {
            "LEAD_NOTIFY_SMTP": f"smtp://127.0.0.1:{self.smtp_port}",
            "LEAD_NOTIFY_FROM": "leads@example.com",
            "LEAD_NOTIFY_SLACK_SALES": url,
            "LEAD_NOTIFY_SLACK_MARKETING": url,
            "LEAD_NOTIFY_EMAIL_DATA": "data@example.com",
            "LEAD_NOTIFY_EMAIL_MARKETING": "one@example.com, two@example.com",
            "LEAD_NOTIFY_CRM_URL": "https://crm.example/leads/{lead_id}",
        }


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """Two servers on this machine."""
    found = Inbox()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            found.posts.append((self.headers["Idempotency-Key"], json.loads(content)))
            time.sleep(found.seconds)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    mail = Controller(found, hostname="127.0.0.1", port=found.smtp_port)
    mail.start()
    web = ThreadingHTTPServer(("127.0.0.1", found.http_port), Hook)
    serve(web)
    yield found
    mail.stop()
    web.shutdown()
    web.server_close()


@pytest.fixture
def build(demo_copy: Warehouse) -> Warehouse:
    """The demo with addresses of its reps, and with targets that are told on any day."""
    change(
        demo_copy,
        "update main_staging.stg_sales__sales_reps set email = lower(rep_id) || '@example.com'",
    )
    return demo_copy


def change(build: Warehouse, *statements: str) -> None:
    """Change tables of a build by hand."""
    with duckdb.connect(build.environment["LEAD_DB_PATH"]) as connection:
        for statement in statements:
            connection.execute(statement)


def ask(build: Warehouse, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query."""
    with duckdb.connect(build.environment["LEAD_DB_PATH"], read_only=True) as connection:
        return connection.execute(sql).fetchall()


def started(
    build: Warehouse, inbox: Inbox, folder: Path, *options: str, **settings: str
) -> subprocess.Popen[str]:
    """Start the command in a folder that keeps its checkpoint."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LEAD_")}
    return subprocess.Popen(
        [sys.executable, "-m", "lead_qualification", "notify", *options],
        cwd=folder,
        env={
            **environment,
            **build.environment,
            "LEAD_PROJECT_DIR": str(PROJECT),
            **inbox.settings(),
            **settings,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(
    build: Warehouse, inbox: Inbox, folder: Path, *options: str, **settings: str
) -> tuple[int, str, str]:
    """Run the command; return its exit code and what it says."""
    process = started(build, inbox, folder, *(options or ("--at", AT)), **settings)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def waiting(build: Warehouse, hours: int, column: str = "handed_off_at") -> set[str]:
    """Leads whose hand-off waits for an answer and happened within so many hours."""
    return {
        lead
        for (lead,) in ask(
            build,
            f"""
            select lead_id from main_marts.handoffs
            where is_open and not is_begun_by_sales and first_response_at is null
                and {column} between timestamp '{AT}' - interval {hours} hour
                    and timestamp '{AT}'
                and coalesce(assigned_rep_id, recommended_rep_id) is not null
            """,
        )
    }


def leads_of(inbox: Inbox, subject: str) -> list[str]:
    """Leads of the e-mails whose subject begins so."""
    subjects = [str(mail["Subject"]) for mail in inbox.mails]
    return [
        one.removeprefix(subject).split(",")[0].strip()
        for one in subjects
        if one.startswith(subject)
    ]


def test_each_hand_off_is_told_once_to_its_rep(
    build: Warehouse, inbox: Inbox, tmp_path: Path
) -> None:
    change(
        build,
        "update main_policy.notifications set max_age_hours = 2000 where occasion like '%breached'",
    )
    code, out, err = told(build, inbox, tmp_path)
    assert code == 0, err
    expected = waiting(build, 72)
    assert len(expected) >= 5
    assert sorted(leads_of(inbox, "New hand-off:")) == sorted(expected)
    assert f"new_handoff: {len(expected)} sent" in out
    reps = dict(
        ask(
            build,
            "select lead_id, lower(coalesce(assigned_rep_id, recommended_rep_id)) "
            "from main_marts.handoffs where is_open",
        )
    )
    for mail in inbox.mails:
        if str(mail["Subject"]).startswith("New hand-off:"):
            lead = leads_of_one(mail)
            assert mail["To"] == f"{reps[lead]}@example.com"
            assert f"https://crm.example/leads/{lead}" in mail.get_body(("plain",)).get_content()
    late = waiting(build, 2000, "sla_due_at")
    posted = [content["text"] for _, content in inbox.posts]
    assert len([text for text in posted if "Not answered in time" in text]) == len(late) > 0

    before = len(inbox.mails), len(inbox.posts)
    code, out, err = told(build, inbox, tmp_path)
    assert (code, out) == (0, ""), err
    assert (len(inbox.mails), len(inbox.posts)) == before


def leads_of_one(mail: EmailMessage) -> str:
    """The lead of an e-mail about a hand-off."""
    return str(mail["Subject"]).split(":")[1].split(",")[0].strip()


@pytest.mark.nightly
def test_ten_kills_lose_nothing_and_double_nothing(
    build: Warehouse, inbox: Inbox, tmp_path: Path
) -> None:
    inbox.seconds = SECONDS_TO_ANSWER
    change(build, "update main_policy.notifications set max_age_hours = 2000")
    expected = waiting(build, 2000)
    chance = random.Random(7)
    kills = 0
    while kills < KILLS:
        got = len(inbox.mails) + len(inbox.posts)
        process = started(build, inbox, tmp_path, "--at", AT)
        until = time.monotonic() + 60
        while len(inbox.mails) + len(inbox.posts) == got and process.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 3 * SECONDS_TO_ANSWER))
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
    assert kills == KILLS
    inbox.seconds = 0
    code, _, err = told(build, inbox, tmp_path)
    assert code == 0, err
    mails = Counter(str(mail["Message-ID"]) for mail in inbox.mails)
    posts = Counter(key for key, _ in inbox.posts)
    first = {str(mail["Message-ID"]): mail for mail in inbox.mails}
    new = [mail for mail in first.values() if str(mail["Subject"]).startswith("New hand-off:")]
    assert sorted(map(leads_of_one, new)) == sorted(expected)
    # One that was under way when its sender was killed comes again as the same one.
    again = sum(mails.values()) - len(mails) + sum(posts.values()) - len(posts)
    assert again <= KILLS
    for mail in inbox.mails:
        assert mail["Subject"] == first[str(mail["Message-ID"])]["Subject"]


def test_no_message_has_a_bare_code(build: Warehouse, inbox: Inbox, tmp_path: Path) -> None:
    change(
        build,
        "update main_policy.notifications set max_age_hours = 20000, quiet_from = null, "
        "quiet_until = null",
    )
    code, _, err = told(build, inbox, tmp_path)
    assert code == 0, err
    texts = [mail.get_body(("plain",)).get_content() for mail in inbox.mails]
    texts += [content["text"] for _, content in inbox.posts]
    subjects = [str(mail["Subject"]) for mail in inbox.mails]
    assert len(texts) > 10
    assert {found for text in texts + subjects for found in IN_TEXT.findall(text)} == set()


def test_texts_of_data_stay_texts(build: Warehouse, inbox: Inbox, tmp_path: Path) -> None:
    with duckdb.connect(build.environment["LEAD_DB_PATH"]) as connection:
        connection.execute(
            "update main_marts.account_engagement set name = $name", {"name": HOSTILE}
        )
    change(build, "update main_policy.notifications set max_age_hours = 2000")
    code, _, err = told(build, inbox, tmp_path)
    assert code == 0, err
    hostile = [mail for mail in inbox.mails if "Ax <img" in str(mail["Subject"])]
    assert hostile
    for mail in hostile:
        assert mail["Bcc"] is None
        assert "evil.invalid" in str(mail["Subject"])
        html = mail.get_body(("html",)).get_content()
        assert "<img" not in html
        assert "&lt;img" in html
    texts = [content["text"] for _, content in inbox.posts if "Ax " in content["text"]]
    assert texts
    for text in texts:
        assert "<!channel>" not in text
        assert "<img" not in text
        assert "@here" not in text


def test_what_falls_due_later_is_told_without_a_build(
    build: Warehouse, inbox: Inbox, tmp_path: Path
) -> None:
    change(
        build,
        """
        update main_marts.handoffs set sla_due_at = now() at time zone 'UTC' + interval 12 second
        where lead_id = (
            select min(lead_id) from main_marts.handoffs
            where sla_status in ('open', 'at_risk') and not is_begun_by_sales
                and first_response_at is null
        )
        """,
    )
    process = started(build, inbox, tmp_path, "--watch")
    try:
        assert _within(60, lambda: len(leads_of(inbox, "Answer soon:")) == 1)
        late = [text for _, text in inbox.posts if "Not answered in time" in text["text"]]
        assert late == []
        assert _within(
            60, lambda: any("Not answered in time" in text["text"] for _, text in inbox.posts)
        )
    finally:
        process.kill()
        process.communicate()


def _within(seconds: float, is_so: Callable[[], bool]) -> bool:
    """Whether something comes true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(0.1)
    return False


def test_a_day_has_one_message_and_its_numbers(
    build: Warehouse, inbox: Inbox, tmp_path: Path
) -> None:
    change(build, "update main_policy.notifications set quiet_from = null, quiet_until = null")
    code, _, err = told(build, inbox, tmp_path)
    assert code == 0, err
    weekly = [mail for mail in inbox.mails if "The week in numbers" in str(mail["Subject"])]
    assert sorted(str(mail["To"]) for mail in weekly) == ["one@example.com", "two@example.com"]
    text = weekly[0].get_body(("plain",)).get_content()
    ((mqls, promised),) = ask(
        build,
        "select mqls, target_mqls from main_marts.marketing_sla where target_month = '2026-06-01'",
    )
    assert f"2026-06: MQLs {mqls} of {promised}, SQLs" in text
    daily = [mail for mail in inbox.mails if "Checks of the raw data" in str(mail["Subject"])]
    assert len(daily) == 1
    ((warnings,),) = ask(
        build, "select count(*) from main_marts.data_health where verdict <> 'fine'"
    )
    assert daily[0].get_body(("plain",)).get_content().count("\r\n\r\n") == warnings - 1


def test_quiet_hours_keep_what_they_hold_back(
    build: Warehouse, inbox: Inbox, tmp_path: Path
) -> None:
    code, _, _ = told(build, inbox, tmp_path)
    assert code == 0
    assert not [mail for mail in inbox.mails if "Checks of the raw data" in str(mail["Subject"])]
    code, _, _ = told(build, inbox, tmp_path, "--at", "2026-07-01T08:00:00")
    assert code == 0
    assert [mail for mail in inbox.mails if "Checks of the raw data" in str(mail["Subject"])]


def test_a_server_that_refuses_is_asked_again(
    build: Warehouse, inbox: Inbox, tmp_path: Path
) -> None:
    change(build, "update main_policy.notifications set max_age_hours = 2000")
    code, _, err = told(
        build,
        inbox,
        tmp_path,
        "--at",
        AT,
        LEAD_NOTIFY_SLACK_SALES=f"http://127.0.0.1:{free_port()}/hush",
    )
    assert code == 1
    assert "the webhook cannot be reached; the next run tries again" in err
    assert "hush" not in err
    code, _, err = told(build, inbox, tmp_path)
    assert code == 0, err
    assert any("Not answered in time" in content["text"] for _, content in inbox.posts)


def test_a_rep_without_an_address_is_named(build: Warehouse, inbox: Inbox, tmp_path: Path) -> None:
    change(build, "update main_staging.stg_sales__sales_reps set email = null")
    code, _, err = told(build, inbox, tmp_path)
    assert code == 1
    assert "has no e-mail address; fill email of sales_reps" in err


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ("how = 'fax'", "how: 'fax' cannot be used; use one of email, slack, webhook, file"),
        ("send_to = 'all@x.com'", "send_to: 'all@x.com' cannot be used; use rep or the name of a"),
        *(
            pytest.param(*case, marks=pytest.mark.nightly)
            for case in (
                ("occasion = 'all'", "occasion: 'all' cannot be used; use one of handoff_new"),
                (
                    "quiet_from = '8pm', quiet_until = '07:00'",
                    "quiet_from: '8pm' cannot be used; use a time",
                ),
                (
                    "quiet_zone = 'Mars/Base'",
                    "quiet_zone: 'Mars/Base' cannot be used; use an IANA zone",
                ),
                ("max_age_hours = 0", "max_age_hours: 0 cannot be used; use a whole number"),
            )
        ),
    ],
)
def test_a_rule_that_cannot_be_used_is_named(
    build: Warehouse, inbox: Inbox, tmp_path: Path, edit: str, message: str
) -> None:
    change(
        build,
        f"update main_policy.notifications set {edit} where notification = 'hot_account'",
    )
    code, _, err = told(build, inbox, tmp_path, "--dry-run", "--at", AT)
    assert code == 2
    assert "notifications.csv, row hot_account, " + message in err
    assert inbox.mails == []
