"""The words for codes: what people read where the tables hold a code.

A code of the policy or of a public table (``sql_proposed``, ``clearly_below``) has its word in the
policy table ``labels``. A code without one is shown as words of its own, so that nobody who adds a
stage has to write a label first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas

from lead_qualification.errors import HeldError, WarehouseError
from lead_qualification.metrics import metric
from lead_qualification.tables import Table
from lead_qualification.untrusted import plain
from lead_qualification.warehouse import Warehouse

LABELS = "select kind, code, label, plural, help from {policy}.labels order by kind, code"
"""The query that :class:`Labels` is made of."""

CAPITALS = {"mql", "mqls", "sql", "sqls", "pql", "pqls", "sla", "crm", "icp", "roi", "cac", "id"}
SPECIAL = {
    "sdr": "SDR",
    "auc": "AUC",
    "p90": "90th percentile of",
    "mqls": "MQLs",
    "sqls": "SQLs",
    "pqls": "PQLs",
    "handoff": "hand-off",
    "handoffs": "hand-offs",
    "emails": "e-mails",
    "email": "e-mail",
    "utc": "UTC",
    "csv": "CSV",
    "re": "re-",
}
ANY = "any"
"""A column whose codes may be of any kind."""
GENERAL = "value"
"""The kind of the codes that mean the same in every column."""
TOTALS = ("all", "none", "overall", "unassigned", "unknown")
"""What stands in a column, whatever it holds, where a row is of everything or of nothing."""
KINDS = {
    "stage": (
        "stage",
        "from_stage",
        "to_stage",
        "evaluated_stage",
        "lead_stage",
        "funnel_stage",
        "lifecycle_stage",
        "recommended_stage",
        "account_stage",
        "step",
        "entry",
        "cohort_basis",
    ),
    "band": ("score_band", "next_score_band", "band_after"),
    "level": ("score_level",),
    "action": ("action", "recommended_action"),
    "owner": ("send_to", "owner", "stage_owner", "action_owner", "from_owner", "to_owner"),
    "reason": ("reason_code", "reason", "outcome", "blocked_by", "held_back_by"),
    "disposition": ("disposition",),
    "channel": ("channel", "first_channel", "latest_channel"),
    "motion": ("motion",),
    "segment": ("company_segment", "company_segments", "company_size"),
    "profile": ("profile",),
    "policy": ("sla_policy",),
    "model": ("scoring_model", "champion"),
    "verdict": (
        "verdict",
        "score_verdict",
        "rate_verdict",
        "rejection_verdict",
        "sql_verdict",
        "pipeline_verdict",
        "suggestion",
        "ageing",
    ),
    "check": ("check", "check_name"),
    "occasion": ("occasion", "notification"),
    "result": ("result",),
    "signal": (
        "signal",
        "signals",
        "trigger_signal",
        "from_signals",
        "then_signal",
        "cleared_by",
        "handoff_signals",
        "has_signal",
        "activation_signal",
    ),
    "criterion": ("criterion",),
    "event": (
        "event",
        "events",
        "event_name",
        "entered_by",
        "end_event",
        "trigger_event",
        "timer_event",
        "touch_kind",
    ),
    "track": ("nurture_track", "active_nurture_track"),
    "source": ("source", "sources"),
    "metric": ("metric", "rate"),
    "table": ("policy_table", "benchmark_id"),
    "column": ("dimension", "column", "attribute", "match_attribute"),
    GENERAL: (
        "kind",
        "item_kind",
        "component",
        "attribution_model",
        "intent_class",
        "program",
        "entry_path",
        "unit",
        "basis",
        "nurture",
        "response_bucket",
        "estimator",
        "clock",
        "sla_clock",
        "sla_status",
        "buying_role",
        "buying_roles",
        "role",
        "origin",
        "object",
        "type",
        "match_type",
        "due_from",
        "distinct_of",
        "applies_to",
        "setting",
        "framework",
        "missing",
        "calendar",
    ),
    ANY: ("item", "member", "pattern", "record_id"),
}
"""The columns of each kind of code."""
KIND_OF = {column: kind for kind, columns in KINDS.items() for column in columns}
TEXTS = (
    "advice",
    "change",
    "changed_fields",
    "changes",
    "decayed",
    "began",
    "description",
    "detail",
    "ended",
    "explanation",
    "handoff_context",
    "latest_signals",
    "match_values",
    "problem",
    "remedy",
    "score_reasons",
    "top_contributions",
    "why",
)
"""The columns with sentences and lists of the project, in which codes may stand."""
OF_DATA = ("worst_values",)
"""The columns that quote the data: a code is a word there only if it is known."""

CODE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
LIST = re.compile(r"\s*(?:\||, )\s*")
# Not part of the name of a file, an address or a longer word.
IN_TEXT = re.compile(r"(?<![\w/@{$-])[a-z0-9]+(?:_[a-z0-9]+)+(?![\w/(]|\.(?:csv|md|py|sql|yml)\b)")


def words(code: str) -> str:
    """Return a code as words: ``mql_to_sql_rate``: MQL to SQL rate."""
    found = [SPECIAL.get(w, w.upper() if w in CAPITALS else w) for w in code.split("_") if w]
    text = " ".join(found).replace("re- ", "re-")
    return text[:1].upper() + text[1:]


def within(label: str) -> str:
    """Return a label as it stands within a sentence: its first letter small, unless of a name."""
    is_name = any(letter.isupper() for letter in label.partition(" ")[0][1:])
    return label if is_name else label[:1].lower() + label[1:]


class Labels:
    """The words for the codes of a build."""

    def __init__(
        self, rows: Iterable[Sequence[Any]] = (), shown: Callable[[object], str] = plain
    ) -> None:
        """Take the rows of the query LABELS; without any, codes are shown as words.

        Args:
            rows: Kind, code, label, plural and help of each.
            shown: Makes a label harmless, which somebody wrote, where it is shown.
        """
        self._labels: dict[tuple[str, str], str] = {}
        self._plurals: dict[tuple[str, str], str] = {}
        self._helps: dict[tuple[str, str], str] = {}
        self._first: dict[str, str] = {}
        for kind, code, label, plural, meaning in rows:
            key = (str(kind), str(code))
            self._labels[key] = shown(label)
            self._plurals[key] = shown(plural or label)
            self._helps[key] = shown(meaning or "")
            self._first.setdefault(str(code), shown(label))

    def of(self, kind: str, code: str) -> str:
        """The label of a code of a kind; its own words if it has none.

        What a metric is called the registry of metrics says.
        """
        if kind == "metric" and (registered := metric(code)):
            return registered.label
        found = self._labels.get((kind, code)) or self._labels.get((GENERAL, code))
        return found or self._first.get(code) or words(code)

    def plural(self, kind: str, code: str) -> str:
        """The label for several of it."""
        return self._plurals.get((kind, code)) or self.of(kind, code)

    def help(self, kind: str, code: str) -> str:
        """What a code means, in a sentence; empty if nobody says."""
        return self._helps.get((kind, code), "")

    def is_known(self, code: str) -> bool:
        """Whether any kind has the code."""
        return code in self._first

    def heading(self, column: str) -> str:
        """The heading of a column."""
        return (
            self._labels.get(("column", column))
            or self._labels.get(("metric", column))
            or words(column.removeprefix("is_"))
        )

    def headings(self, columns: Sequence[str]) -> tuple[str, ...]:
        """The headings of columns, each another one."""
        found = [self.heading(column) for column in columns]
        return tuple(
            words(column) if found.count(heading) > 1 else heading
            for column, heading in zip(columns, found, strict=True)
        )

    def value(self, column: str, value: Any) -> Any:
        """A value of a column as people read it; what is not a code stays as it is."""
        if not isinstance(value, str):
            return value
        if column in TEXTS:
            return self.text(value)
        if column in OF_DATA:
            return self.text(value, is_data=True)
        kind = KIND_OF.get(column)
        if kind is None:
            is_code = value in TOTALS or ("_" in value and self.is_known(value))
            return self.of(GENERAL, value) if is_code else value
        return self._coded(kind, value)

    def text(self, text: str, is_data: bool = False) -> str:
        """A sentence with the words for its codes.

        Args:
            text: Of the project; names of files stay.
            is_data: Whether it quotes the data, so that only known codes are codes.
        """

        def worded(found: re.Match[str]) -> str:
            code = found.group()
            if is_data and not self.is_known(code):
                return code
            label = self.of(ANY, code) if self.is_known(code) else self.heading(code)
            return label if found.start() == 0 else within(label)

        return IN_TEXT.sub(worded, text)

    def table(self, table: Table) -> Table:
        """Rows with labelled values; the names of the columns stay."""
        coded = [column for column in table.columns if column not in ("lead_id", "account_id")]
        known: dict[tuple[str, Any], Any] = {}

        def shown(column: str, value: Any) -> Any:
            if not isinstance(value, str) or column not in coded:
                return value
            key = (column, value)
            if key not in known:
                known[key] = self.value(column, value)
            return known[key]

        rows = tuple(
            tuple(shown(column, value) for column, value in zip(table.columns, row, strict=True))
            for row in table.rows
        )
        return Table(table.columns, rows)

    def frame(self, frame: pandas.DataFrame) -> pandas.DataFrame:
        """Rows with labelled values under headings."""
        worded = {
            name: [self.value(str(name), value) for value in frame[name]]
            for name in frame
            if frame[name].dtype == object
        }
        return frame.assign(**worded).set_axis(self.headings([str(c) for c in frame]), axis=1)

    def _coded(self, kind: str, value: str) -> str:
        """A code, or a list of them, in words; anything else as it is."""
        if CODE.fullmatch(value):
            if kind != ANY or self.is_known(value):
                return self.of(kind, value)
            return value
        items = LIST.split(value)
        if len(items) > 1 and all(CODE.fullmatch(item) for item in items):
            first, *others = (self._coded(kind, item) for item in items)
            return ", ".join([first, *map(within, others)])
        text = self.text(value, is_data=kind == ANY)
        return text if kind == ANY else text[:1].upper() + text[1:]


def labels_of(warehouse: Warehouse) -> Labels:
    """Return the labels of a warehouse; of a build without labels the words of its codes.

    Raises:
        HeldError: A build holds the warehouse.
    """
    try:
        rows = warehouse.read(LABELS.format(policy=warehouse.policy))
    except HeldError:
        raise
    except WarehouseError:
        return Labels()
    return Labels(rows.itertuples(index=False, name=None))
