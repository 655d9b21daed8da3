"""What a browser may keep between two pages: a mark of who it belongs to, and the key that locks it.

Both are derived, so they are the same at every login of one person and stored nowhere. The mark says nothing about the
person; the key is given to a logged-in browser only and lives there as a key that cannot be read out again.
"""

import base64

from core.privacy.keys import blind_index


def mark(user_id: object) -> str:
    return base64.urlsafe_b64encode(blind_index(str(user_id), "hp-siapa")[:9]).decode()


def key(user_id: object) -> str:
    """256 bits, base64."""
    return base64.b64encode(blind_index(str(user_id), "hp-kunci")).decode()
