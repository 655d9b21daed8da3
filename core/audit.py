"""The audit trail: one call per act, in the act's own transaction.

`catat` writes who did what; triggers add fingerprints of the rows that changed; the commit seals both.
"""

from typing import Any

from django.db import models, transaction

from core.models import Jejak

RANTAI_UMUM = "ID"


def catat(
    *,
    aksi: str,
    objek: models.Model | None = None,
    jenis: str = "",
    objek_id: str = "",
    by: Any,
    wilayah: str = "",
    peran: str = "",
    rincian: dict[str, Any] | None = None,
) -> Jejak:
    """Record an act. `by` is a Pengguna or None for the machine. `rincian` holds codes and ids, never NIK or names.

    Must run inside a transaction: an act that commits apart from its effect is no evidence.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("catat() needs the transaction of the act it records")
    return Jejak.objects.create(
        rantai=wilayah[:5] or RANTAI_UMUM,
        aksi=aksi,
        objek_jenis=jenis or (objek._meta.label if objek is not None else "-"),
        objek_id=objek_id or (str(objek.pk) if objek is not None else "-"),
        aktor_id=str(by.pk) if by is not None else "",
        aktor_nama=by.get_username() if by is not None else "sistem",
        peran=peran,
        wilayah=wilayah,
        rincian=rincian or {},
    )
