"""The mailbox to which undeliverable mail comes back. Standard library only; called by tasks, outside any transaction.

imaps://user:password@host[:993][/FOLDER] (special characters of the password as in any URL; imap:// only inside one machine). Only
reports of RFC 3464 count. The sender of a report is anybody: what it names is our own Message-ID, which nobody knows who was not sent it.
"""

import email
import imaplib
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from urllib.parse import unquote, urlsplit

from core.integrations.messages import Busy

MOST, MAX_BYTES = 200, 200_000


@dataclass(frozen=True)
class Bounce:
    number: str  # Message-ID of our mail
    code: str  # '5.1.1'


class Mailbox:
    def __init__(self, url: str, *, timeout: float = 10.0):
        parts = urlsplit(url)
        if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
            raise ValueError("the mailbox must be imaps://user:password@host[:port][/folder]")
        self._sealed, self._host, self._timeout = parts.scheme == "imaps", parts.hostname, timeout
        self._port = parts.port or (993 if self._sealed else 143)
        self._user, self._password = unquote(parts.username), unquote(parts.password or "")
        self._folder = unquote(parts.path.strip("/")) or "INBOX"

    def read(self, settled: Callable[[Bounce], bool]) -> list[Bounce]:
        """Bounces that are not settled yet, of at most `MOST` unread mails. What is settled, or no bounce, is marked as read; nothing is
        deleted. A bounce is returned again until it is settled, so a worker that dies loses none. Raises Busy.
        """
        try:
            with self._open() as box:
                box.login(self._user, self._password)
                if box.select(self._folder)[0] != "OK":
                    raise Busy(900, "Kotak surel pantulan tidak bisa dibuka.")
                return self._unread(box, settled)
        except (OSError, imaplib.IMAP4.error):
            raise Busy(600, "Kotak surel pantulan tidak menjawab.") from None

    def _open(self) -> imaplib.IMAP4:
        if self._sealed:
            context = ssl.create_default_context()
            return imaplib.IMAP4_SSL(self._host, self._port, ssl_context=context, timeout=self._timeout)
        return imaplib.IMAP4(self._host, self._port, timeout=self._timeout)

    def _unread(self, box: imaplib.IMAP4, settled: Callable[[Bounce], bool]) -> list[Bounce]:
        found = []
        numbers = (box.uid("SEARCH", "UNSEEN")[1][0] or b"").split()
        for uid in numbers[:MOST]:
            parts = box.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{MAX_BYTES}>)")[1]
            bounce = parse(next((part[1] for part in parts if isinstance(part, tuple)), b""))
            if bounce is None or settled(bounce):
                box.uid("STORE", uid.decode(), "+FLAGS", r"(\Seen)")
            else:
                found.append(bounce)
        return found


def parse(raw: bytes) -> Bounce | None:
    """None for everything but a report that says for good: it did not arrive."""
    try:
        mail = email.message_from_bytes(raw)
        if mail.get_content_type() != "multipart/report":
            return None
        parts = list(mail.walk())
        code, number = _code(parts), _number(parts)
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ):  # what a crooked mail does to the parser
        return None
    return Bounce(number, code) if code and number else None


def _code(parts: list[Message]) -> str:
    for part in parts:  # the blocks of a delivery-status are parts themselves
        if str(part.get("Action", "")).strip().lower() == "failed":
            found = re.match(r"\s*([45]\.\d{1,3}\.\d{1,3})\b", str(part.get("Status", "")))
            return found[1] if found else "5.0.0"
    return ""


def _number(parts: list[Message]) -> str:
    for part in parts[1:]:
        text = part.get_payload(decode=True) if part.get_content_type() == "text/rfc822-headers" else None
        headers = email.message_from_bytes(text) if isinstance(text, bytes) else part
        if number := str(headers.get("Message-ID", "")).strip():
            return number
    return ""
