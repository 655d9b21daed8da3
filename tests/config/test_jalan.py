"""One process that keeps the others running: what `./run` promises about ends, planned and not."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from config.supervisor import end_leftovers

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SUPERVISOR = """
import sys
from pathlib import Path
from config.supervisor import Child, Supervisor
say = lambda sentence: print(sentence, flush=True)
children = [Child("anak", [sys.executable, "-c", sys.argv[2]])]
supervisor = Supervisor(Path(sys.argv[1]), children, "http://127.0.0.1:1/", say)
sys.exit(supervisor.run(each_turn=lambda: None, when_ready=lambda: None))
"""
SLEEPS = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(300)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPS}"
FORKS = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEPS!r}]); {SLEEPS}"


def supervise(note: Path, child: str) -> subprocess.Popen:
    command = [sys.executable, "-c", SUPERVISOR, str(note), child]
    return subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.PIPE, text=True)


def next_pid(supervisor: subprocess.Popen) -> int:
    """The pid that the next child to start says."""
    for line in supervisor.stdout:
        if "| pid " in line:
            return int(line.split()[-1])
    raise AssertionError("no child said its pid")


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_signal_ends_child_and_grandchild(tmp_path):
    supervisor = supervise(tmp_path / "8000.json", FORKS)
    pids = [next_pid(supervisor), next_pid(supervisor)]
    supervisor.send_signal(signal.SIGINT)
    supervisor.communicate(timeout=30)
    assert supervisor.returncode == 0
    assert all(gone(pid) for pid in pids)
    assert list(tmp_path.iterdir()) == []


def test_a_child_that_dies_comes_back(tmp_path):
    supervisor = supervise(tmp_path / "8000.json", SLEEPS)
    first = next_pid(supervisor)
    os.kill(first, signal.SIGKILL)
    second = next_pid(supervisor)
    assert second != first
    supervisor.terminate()
    supervisor.communicate(timeout=30)
    assert gone(second)


def test_children_of_a_killed_run_are_ended_by_the_next(tmp_path):
    supervisor = supervise(tmp_path / "8000.json", FORKS)
    pids = [next_pid(supervisor), next_pid(supervisor)]
    supervisor.kill()
    supervisor.communicate(timeout=30)
    assert not any(gone(pid) for pid in pids)
    said: list[str] = []
    end_leftovers(tmp_path, said.append)
    assert all(gone(pid) for pid in pids)
    assert said == ["2 proses sisa dari jalan sebelumnya dihentikan."]
    assert list(tmp_path.iterdir()) == []


def test_a_living_run_is_left_alone(tmp_path):
    supervisor = supervise(tmp_path / "8000.json", SLEEPS)
    pid = next_pid(supervisor)
    end_leftovers(tmp_path, print)
    assert not gone(pid)
    supervisor.terminate()
    supervisor.communicate(timeout=30)


def test_a_taken_port_is_said_before_anything_starts(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        environment = os.environ | {
            "DTKS_LOCAL_DIR": str(tmp_path / "lokal"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        command = [sys.executable, "manage.py", "jalan", "--port", str(port)]
        answer = subprocess.run(
            command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False
        )
    assert answer.returncode == 1
    assert f"PORT={port + 1} ./run" in answer.stderr
    assert not list(tmp_path.glob("**/pg"))


@pytest.mark.faults
def test_a_child_that_ignores_term_is_ended(tmp_path):
    supervisor = supervise(tmp_path / "8000.json", DEAF)
    pid = next_pid(supervisor)
    started = time.monotonic()
    supervisor.terminate()
    supervisor.communicate(timeout=60)
    assert gone(pid)
    assert time.monotonic() - started < 25
