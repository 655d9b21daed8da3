"""A worker that does not hear the bell any more ends itself; one that is at work, has nothing to hear or cannot know does not."""

import os
import subprocess
import time
from types import SimpleNamespace

import pytest
from celery import Celery
from celery.worker import state

from config import celery as ours
from config.celery import Watch
from tests.bantu.proses import port_kosong


class Ended(Exception):
    pass


@pytest.fixture
def child():
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


@pytest.fixture
def watch(monkeypatch, child):
    """`watch(rings=True)`: its loop, sixty turns of it; raises Ended when it ends the worker, returns when it does not."""
    turns = []

    def turn(seconds):
        turns.append(seconds)
        if len(turns) == 60:
            raise TimeoutError

    def ended(code):
        raise Ended(code)

    monkeypatch.setattr(ours, "time", SimpleNamespace(sleep=turn, monotonic=lambda: 5.0 * len(turns)))
    monkeypatch.setattr(ours.os, "_exit", ended)
    monkeypatch.setattr(state, "all_total_count", [0])

    def run(*, rings: bool):
        monkeypatch.setattr(Watch, "_rings", staticmethod(lambda app: rings))
        worker = SimpleNamespace(app=None, pool=SimpleNamespace(_pool=SimpleNamespace(_pool=[child])))
        try:
            Watch._run(SimpleNamespace(EVERY=5, SILENT=30, STARTING=120, _rings=Watch._rings), worker)
        except TimeoutError:
            return len(turns)

    run.turns = turns
    return run


@pytest.fixture
def mark(child):
    def _mark(at_work: int):
        ours._at_work[child.pid % ours._SLOTS] = at_work

    yield _mark
    _mark(0)


def test_a_deaf_worker_ends_itself_and_its_children(watch, child):
    state.all_total_count[0] = 7
    with pytest.raises(Ended, match="70"):
        watch(rings=True)
    assert 6 <= len(watch.turns) <= 10 and child.wait(5) == -9


def test_one_that_still_starts_has_longer(watch):
    with pytest.raises(Ended):
        watch(rings=True)
    assert 24 <= len(watch.turns) <= 28


def test_nothing_rings_or_the_broker_is_away(watch):
    assert watch(rings=False) == 60


def test_a_child_at_work_may_take_as_long_as_it_needs(watch, mark):
    mark(1)
    assert watch(rings=True) == 60


def test_a_child_that_was_killed_at_work_does_not_count(watch, mark, child):
    mark(1)
    child.kill()
    while ours._working(child.pid):  # unburied: nobody has waited for it
        time.sleep(0.01)
    with pytest.raises(Ended):
        watch(rings=True)


def test_a_task_marks_its_process_while_it_runs():
    app = Celery("uji", task_cls=ours.MarkedTask)
    slot, seen = os.getpid() % ours._SLOTS, []

    @app.task
    def satu():
        seen.append(ours._at_work[slot])
        raise ValueError

    with pytest.raises(ValueError):
        satu()
    assert seen == [1] and ours._at_work[slot] == 0


def test_rings_that_lie_in_the_broker_are_seen():
    """The real one; a broker that is away says nothing."""
    app = Celery("uji", broker=ours.app.conf.broker_url)
    app.conf.task_default_queue = f"uji-bel-{os.getpid()}"
    app.conf.broker_transport_options = ours.app.conf.broker_transport_options
    assert not Watch._rings(app)
    app.send_task("uji.bel", retry=False, ignore_result=True)
    assert Watch._rings(app)
    with app.connection_for_write() as connection:
        connection.default_channel.queue_purge(app.conf.task_default_queue)
    assert not Watch._rings(app)
    away = Celery("uji", broker=f"redis://127.0.0.1:{port_kosong()}/0")
    away.conf.broker_transport_options = {"socket_connect_timeout": 1, "max_retries": 1}
    assert not Watch._rings(away)
