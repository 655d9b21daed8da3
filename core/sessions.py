"""Sessions in PostgreSQL as Django keeps them; only reading is written out, because every page of every user reads one."""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

_BACA = "select session_data from django_session where session_key = %s and expire_date > %s"


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(_BACA, [self.session_key, timezone.now()])
            if row := cursor.fetchone():
                return self.decode(row[0])
        self._session_key = None
        return {}
