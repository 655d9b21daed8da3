"""Telling people outside the portal: one way of asking (`Sender.send`), two back ends, and a simulator of the gateway.

`send` is called by tasks only, outside any transaction. It returns the carrier's number of the message, or raises
`Busy` (not now; ask again after so many seconds) or `Refused` (never; the reason is for the administrator).
"""

from typing import Protocol


class Busy(Exception):
    """The carrier does not take it now. Nothing is wrong with the message."""

    def __init__(self, seconds: int, why: str):
        self.seconds, self.why = seconds, why
        super().__init__(why)


class Refused(Exception):
    """The carrier will never take this message."""


class Sender(Protocol):
    def send(self, *, to: str, title: str, text: str, key: str) -> str:
        """Send one message. The same `key` again is the same message, wherever the carrier can tell."""
        ...
