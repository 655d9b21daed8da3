"""JSON log lines in which no NIK survives."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")
sealed: ContextVar[bool] = ContextVar("sealed", default=False)  # set while a sealed path is answered
_DIGITS = re.compile(r"(?<!\d)(\d{4})\d{8}(\d{4})(?!\d)")
_GAP = r"(?:[ .+-]|%20)"  # as an address line spells a space, too
# A telephone, grouped or not; a NIK with a digit too few or too many.
_LONG = re.compile(
    rf"(?:\+?62{_GAP}?|(?<!\d)0)8(?:\d{{7,11}}|\d{{1,3}}{_GAP}\d{{3,4}}{_GAP}\d{{3,5}})(?!\d)|\d{{11,}}"
)
_GROUPS = re.compile(rf"(?<!\d)\d{{4,}}(?:{_GAP}\d{{4,}})+(?!\d)")
_NIK_SHORTEST = 13  # digits of groups that are no ticket any more


def mask(text: str) -> str:
    """Replace every number that may be somebody's: 16 digits by their masked form, others by a word."""
    text = _DIGITS.sub(r"\1********\2", text)
    return _GROUPS.sub(_group, _LONG.sub("(angka)", text))


def _group(found: re.Match[str]) -> str:
    digits = sum(c.isdigit() for c in found[0].replace("%20", " "))
    return "(angka)" if digits >= _NIK_SHORTEST else found[0]


class SealedFilter(logging.Filter):
    """No line is written about a request to a sealed path: even "a page was refused at 10.02" would be a trace."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not sealed.get()


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "pada": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "tingkat": record.levelname,
            "dari": record.name,
            "pesan": mask(record.getMessage()),
        }
        if rid := request_id.get():
            line["permintaan"] = rid
        if record.exc_info:
            line["galat"] = mask(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
