"""Make `.venv` and install a locked requirements file: `python3 config/environment.py requirements.txt`.

Run by `./run` and `./test` with the system's Python, so it uses the standard library only. A lock lets both
start at once; a stamp is written after a complete install, so an interrupted one is done again.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
VENV = BASE_DIR / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)


def main(requirements: str) -> None:
    if sys.version_info < OLDEST:
        refuse("Perlu Python 3.11 atau lebih baru; yang ada: " + sys.version.split()[0] + ".")
    with (BASE_DIR / ".venv.kunci").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not works():
            create()
        install(BASE_DIR / requirements)


def works() -> bool:
    """False for a missing or half-made environment, and for one whose Python has been removed."""
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-c", "import sys"], capture_output=True, check=False).returncode == 0


def create() -> None:
    say("Menyiapkan lingkungan Python di .venv ...")
    if VENV.exists():
        shutil.rmtree(VENV)
    if uv := shutil.which("uv"):
        command = [uv, "venv", "--quiet", "--no-config", "--python", sys.executable, str(VENV)]
    else:
        require_venv_modules()
        command = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(command, check=False).returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        refuse("Lingkungan Python tidak bisa dibuat; sebabnya ada di atas.")


def require_venv_modules() -> None:
    """Debian and Ubuntu split ensurepip out of python3."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    refuse(
        f"Paket python3-venv belum terpasang. Jalankan: sudo apt install python{version}-venv, lalu ulangi."
    )


def install(requirements: Path) -> None:
    stamp = VENV / f".{requirements.name}.terpasang"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"Memasang paket dari {requirements.name} (sekali saja, butuh internet) ...")
    if subprocess.run(installer(requirements), cwd=BASE_DIR, check=False).returncode:
        refuse("Pemasangan paket gagal; sebabnya ada di atas. Periksa internet, lalu ulangi.")
    stamp.write_text(wanted)


def installer(requirements: Path) -> list[str]:
    if uv := shutil.which("uv"):
        target = ["--python", str(PYTHON), "--require-hashes", "-r", str(requirements)]
        return [uv, "pip", "install", "--quiet", *target]
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    return [str(PYTHON), "-m", "pip", "install", *options, "-r", str(requirements)]


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def refuse(sentence: str) -> None:
    say(sentence)
    sys.exit(1)


if __name__ == "__main__":
    os.umask(0o022)
    main(sys.argv[1])
