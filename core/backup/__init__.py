"""Backup and restore of the database and the stored files, in a format of our own (docs/adr/0033).

A backup is a folder:

    manifes.json     what is in it: migrations, rows and hash of every table, hash of SHA256SUMS; signed, written last
    SHA256SUMS       hash of every other file, for `sha256sum -c` on a machine that has no key
    tabel/<name>     one table: COPY text, compressed, sealed (core/backup/sealed.py)
    berkas/ab/ab...  the stored files as they lie on disk, which is sealed already (core/files.py)
    jangkar/*.jsonl  the anchors of the audit chains

No key is in it. The key of the tables is in the manifest, sealed with DATA_KEYS: without those nobody reads a backup.
"""


class BackupError(Exception):
    """A sentence in Indonesian for the person at the terminal; nothing was changed."""
