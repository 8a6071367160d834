"""Jobs in a thread of their own: their order, what becomes of a mistake, and that one is enough."""

import threading

import pytest

from mmteach.errors import ParameterError
from mmteach.widgets.background import Background


class Counting(Background[int]):
    """Does what stands in `wanted`, and notes it in `done`."""

    def __init__(self, on_step=lambda: None, on_fail=lambda sentence: None):
        super().__init__(on_step, on_fail)
        self.wanted, self.done, self.gate = [], [], threading.Event()
        self.gate.set()

    def want(self, *jobs):
        with self._lock:
            self.wanted = list(jobs)
            self._go_on()

    def _job(self):
        return next((job for job in self.wanted if job not in self.done), None)

    def _do(self, job):
        self.gate.wait(20)
        if job < 0:
            raise ParameterError(f"{job} is below 0: take another")
        if job > 99:
            raise KeyError(job)
        self.done.append(job)


class Patient(Counting):
    """Goes on when a job cannot be done."""

    def _give_up(self, job):
        self.done.append(job)


def test_jobs_are_done_one_by_one_and_each_is_told():
    told = []
    worker = Counting(lambda: told.append(list(worker.done)))
    worker.want(3, 1, 2)
    worker.wait(20)
    assert told == [[3], [3, 1], [3, 1, 2]]


def test_what_is_wanted_in_between_comes_next():
    worker = Counting()
    worker.gate.clear()
    worker.want(1, 2, 3)
    worker.want(7)  # the first job of before may have begun
    worker.gate.set()
    worker.wait(20)
    assert worker.done in ([7], [1, 7])


@pytest.mark.parametrize(("job", "sentence"), [(-1, "-1 is below 0"), (100, "KeyError: 100")])
def test_a_mistake_is_a_sentence_and_the_end(job, sentence):
    said = []
    worker = Counting(on_fail=said.append)
    worker.want(1, job, 2)
    worker.wait(20)
    assert worker.done == [1]
    assert len(said) == 1
    assert sentence in said[0]
    worker.want(2)
    worker.wait(20)
    assert worker.done == [1]


def test_a_worker_may_go_on_after_a_mistake():
    said = []
    worker = Patient(on_fail=said.append)
    worker.want(1, -1, 2)
    worker.wait(20)
    assert worker.done == [1, -1, 2]
    assert len(said) == 1


def test_a_second_one_ends_the_first_and_no_other_kind():
    first, other = Counting(), Patient()
    first.gate.clear()
    first.want(1, 2)
    other.want(5)
    Counting()
    first.gate.set()
    first.wait(20)
    other.wait(20)
    assert len(first.done) <= 1
    assert other.done == [5]
