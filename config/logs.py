"""Log lines: one JSON object a line for machines (``LOG_FORMAT=json``), and no traceback where nothing broke."""

import json
import logging
from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied


class JsonFormatter(logging.Formatter):
    """Time, level, logger and message; an exception as text under ``exception``."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class RefusalsInOneLine(logging.Filter):
    """Takes the traceback from a refusal: somebody may not do something, and the line says what."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info, record.exc_text = None, None
        return True
