"""The CUDA backend, over a device that compiles and launches kernels: a GPU, or the CPU standing in for one."""
from __future__ import annotations

import numpy as np

from gpusyn.backends.operations import find_operation, module_of
from gpusyn.backends.paired import Paired, front_of, pairs_of
from gpusyn.backends.plan import Call
from gpusyn.kernel_files import inline_includes, kernel_source
from gpusyn.translate.cuda_source import BLOCK, cuda_source, launch_of


class DeviceBackend:
    """Launches generated programs and the kernels of `kernels/` on a device.

    Args:
        name: "cuda" or "cuda-on-host".
        device: `gpusyn.backends.cuda.Device` or `gpusyn.backends.cuda_on_host.Device`.
    """

    in_place = whole_arrays = False
    on_host = False
    most_threads = 1

    def __init__(self, name, device):
        self.name, self.device, self.description = name, device, device.name
        self.zeros, self.asarray, self.to_host = device.zeros, device.asarray, device.to_host

    def ledger_blocks(self, n_item, block=0):
        """One partial sum per thread block."""
        return -(-n_item // BLOCK)

    def padded(self, nbytes):
        """Bytes that an array of so many takes."""
        return nbytes

    def free_memory(self):
        """Bytes free on the device."""
        return self.device.memory()[0]

    def runner(self, calls: list[Call], precision: str):
        """Compile the kernels and capture one step, or two if double-buffered fields change roles."""
        return DeviceRunner(self.device, calls, precision)


STEPS_PER_GRAPH = 32  # launching a graph costs the host 2-3 us, as much as a small step


class DeviceRunner:
    """Captured steps, replayed without the host."""

    def __init__(self, device, calls, precision):
        self.device, self.precision = device, precision
        self.modules: dict = {}
        self.kernels: dict = {}
        self.clock = device.zeros(1, np.int64)
        self.pairs = pairs_of(arg for call in calls for arg in call.args)
        self.calls, self.replays = calls, {}
        self.replay(1)

    def phase(self):
        """Which halves of the double-buffered fields hold the data."""
        return tuple(pair.current for pair in self.pairs)

    def run(self, first_step, n_step):
        """Replay captured steps, many to a graph, and wait for the last."""
        self.set_clock(first_step)
        while n_step:
            size = STEPS_PER_GRAPH if n_step >= STEPS_PER_GRAPH else 1
            replay, after = self.replay(size)
            replay()
            self.turn(after)
            n_step -= size
        self.device.synchronize()

    def replay(self, size):
        """What replays `size` steps that begin in the present phase, and the phase in which they end."""
        start = self.phase()
        if (start, size) not in self.replays:
            launches = [launch for _ in range(size) for launch in self.step()]
            self.replays[start, size] = self.device.capture(launches), self.phase()
            self.turn(start)
        return self.replays[start, size]

    def step(self):
        """The launches of one step; the double-buffered fields are turned as it turns them."""
        return [launch for call in self.calls for launch in self.launches(call)] + [self.tick()]

    def turn(self, phase):
        """Let the double-buffered fields hold their data in these halves."""
        for pair, current in zip(self.pairs, phase, strict=True):
            pair.current = current

    def set_clock(self, step):
        """Set the device's step counter."""
        self.device.fill(self.clock, step)

    def tick(self):
        """The launch that ends a step."""
        module = self.module(kernel_source("clock.cu"))
        return module.prepare(module.kernel("advance_clock"), (1,), (1,), [self.clock])

    def launches(self, call):
        """The launches of one call, with double-buffered fields resolved to the halves that it reads and writes."""
        args = []
        for arg in call.args:
            both = isinstance(arg, Paired) and call.swaps and not call.generated
            args += [arg.front, arg.back] if both else [front_of(arg)]
        if id(call) not in self.kernels:
            self.kernels[id(call)] = self.kernel(call, args)
        kernel, grid, block, module = self.kernels[id(call)]
        yield module.prepare(kernel, grid, block, [self.clock, *args])
        for pair in pairs_of(call.args) if call.swaps else ():
            pair.flip()

    def kernel(self, call, args):
        """The kernel of a call with its grid and block."""
        if call.generated:
            text = inline_includes(cuda_source(call.operation), call.name)
            grid, block = launch_of(call.operation, args)
        else:
            text = kernel_source(module_of("cuda", call.name).__name__.rsplit(".", 1)[1] + ".cu")
            grid, block = find_operation("cuda", call.name)(args)
        module = self.module(text)
        return module.kernel(call.name), grid, block, module

    def module(self, text):
        """The compiled module of a source, made once."""
        if text not in self.modules:
            self.modules[text] = self.device.module(text, self.precision)
        return self.modules[text]
