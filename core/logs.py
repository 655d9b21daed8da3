"""JSON log lines in which no NIK survives."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")
sealed: ContextVar[bool] = ContextVar("sealed", default=False)  # set while a sealed path is answered
_DIGITS = re.compile(r"(?<!\d)(\d{4})\d{8}(\d{4})(?!\d)")


def mask(text: str) -> str:
    """Replace every run of exactly 16 digits by its masked form."""
    return _DIGITS.sub(r"\1********\2", text)


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
