"""What is said where CUDA cannot be used, and how launches are captured; a stand-in takes CuPy's place."""

import logging
import subprocess
import sys
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from gpusyn.backends import cuda
from gpusyn.errors import BackendError


class CUDARuntimeError(RuntimeError):
    def __init__(self, status):
        super().__init__(f"cudaError {status}")
        self.status = status


def runtime(driver=12090, count=1, status=None):
    """A stand-in for ``cupy.cuda.runtime``."""

    def device_count():
        if status is not None:
            raise CUDARuntimeError(status)
        return count

    return SimpleNamespace(
        CUDARuntimeError=CUDARuntimeError, driverGetVersion=lambda: driver, getDeviceCount=device_count
    )


@pytest.fixture
def asked_anew():
    """Forget what was found out about CUDA, before and after."""
    for question in (cuda.cuda_unavailable_reason, cuda.usable_gpus):
        question.cache_clear()
    yield
    for question in (cuda.cuda_unavailable_reason, cuda.usable_gpus):
        question.cache_clear()


def stand_in(monkeypatch, cuda_runtime, stream=None):
    """Put a stand-in in CuPy's place, with one stream and an NVRTC."""
    module = SimpleNamespace(
        cuda=SimpleNamespace(
            runtime=cuda_runtime, Device=lambda index: nullcontext(), Stream=lambda: stream or nullcontext()
        )
    )
    monkeypatch.setattr(cuda, "load_cupy", lambda: module)
    monkeypatch.setattr(cuda, "load_nvrtc", lambda: SimpleNamespace())


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"driver": 0}, "there is no NVIDIA driver"),
        ({"status": 100}, "the NVIDIA driver finds no device"),
        ({"count": 0}, "the NVIDIA driver finds no device"),
        ({"driver": 11040, "status": 35}, r"the NVIDIA driver \(CUDA 11.4\) does not serve this CuPy: cudaError 35"),
    ],
)
def test_the_reason_says_what_is_missing(answers, reason, monkeypatch, asked_anew):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    stand_in(monkeypatch, runtime(**answers))
    assert cuda.usable_gpus() == 0
    with pytest.raises(BackendError, match=f"^CUDA cannot be used: {reason}$"):
        cuda.Device()


def test_hidden_devices_are_named_as_the_reason(monkeypatch, asked_anew):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    stand_in(monkeypatch, runtime(status=100))
    assert "CUDA_VISIBLE_DEVICES=''" in cuda.cuda_unavailable_reason()


def test_a_device_that_answers_is_usable(monkeypatch, asked_anew):
    stand_in(monkeypatch, runtime(count=2))
    assert cuda.cuda_unavailable_reason() is None
    assert cuda.usable_gpus() == 2
    with pytest.raises(BackendError, match="CUDA device 2: there are 2, numbered from 0"):
        cuda.Device(2)


def test_a_driver_that_misbehaves_is_a_reason_and_no_exception(monkeypatch, asked_anew):
    stand_in(monkeypatch, SimpleNamespace(driverGetVersion=lambda: 1 / 0))
    assert cuda.cuda_unavailable_reason() == "CUDA does not answer: ZeroDivisionError: division by zero"


WITHOUT = """
import sys
sys.modules[{module!r}] = None
from gpusyn.backends import cuda
print(cuda.usable_gpus(), cuda.cuda_unavailable_reason())
"""


def test_a_missing_cupy_is_the_reason_with_the_way_to_install_it():
    program = [sys.executable, "-c", WITHOUT.format(module="cupy")]
    said = subprocess.run(program, capture_output=True, text=True, check=True).stdout
    assert said == "0 CuPy is not installed: pip install 'gpusyn[cuda12]' or 'gpusyn[cuda13]'\n"


def test_a_missing_nvrtc_is_the_reason(monkeypatch, asked_anew):
    stand_in(monkeypatch, runtime())

    def missing():
        raise BackendError("the NVRTC library is not found")

    monkeypatch.setattr(cuda, "load_nvrtc", missing)
    assert cuda.cuda_unavailable_reason() == "the NVRTC library is not found"


class Stream(nullcontext):
    """A stream that records; it can refuse to capture."""

    def __init__(self, refuses=False):
        super().__init__()
        self.refuses, self.capturing, self.log = refuses, False, []

    def begin_capture(self):
        if self.refuses:
            raise AttributeError("no begin_capture")
        self.capturing = True

    def end_capture(self):
        self.capturing = False
        recorded, self.log = self.log, []
        return SimpleNamespace(launch=lambda stream: stream.log.extend(recorded))


@pytest.fixture
def device_with(monkeypatch, asked_anew):
    """A device on a stand-in stream."""

    def make(stream):
        stand_in(monkeypatch, runtime(), stream)
        return cuda.Device()

    return make


def test_a_captured_step_is_replayed_and_not_run_while_it_is_captured(device_with):
    stream = Stream()
    replay = device_with(stream).capture([lambda: stream.log.append("a"), lambda: stream.log.append("b")])
    assert stream.log == []
    replay()
    replay()
    assert stream.log == ["a", "b", "a", "b"]


def test_without_graphs_launches_run_one_by_one_and_the_log_says_why(device_with, caplog):
    stream = Stream(refuses=True)
    with caplog.at_level(logging.WARNING):
        replay = device_with(stream).capture([lambda: stream.log.append("a")])
    assert "no CUDA graph, launching kernels one by one: AttributeError: no begin_capture" in caplog.text
    replay()
    assert stream.log == ["a"]


def test_a_launch_that_fails_does_not_leave_the_stream_capturing(device_with, caplog):
    stream = Stream()
    device_with(stream).capture([lambda: 1 / 0])
    assert not stream.capturing
