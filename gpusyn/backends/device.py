"""The CUDA backend, over a device that compiles and launches kernels: a GPU, or the CPU standing in for one."""
from __future__ import annotations

import numpy as np

from gpusyn.backends.operations import find_operation, module_of
from gpusyn.backends.paired import Paired
from gpusyn.backends.plan import Call
from gpusyn.kernel_files import inline_includes, kernel_source
from gpusyn.translate.cuda_source import BLOCK, cuda_source


class DeviceBackend:
    """Launches generated programs and the kernels of `kernels/` on a device.

    Args:
        name: "cuda" or "cuda-on-host".
        device: `gpusyn.backends.cuda.Device` or `gpusyn.backends.cuda_on_host.Device`.
    """

    in_place = False
    on_host = False
    gathers = True
    most_threads = 1

    def __init__(self, name, device):
        self.name, self.device, self.description = name, device, device.name
        self.zeros, self.asarray, self.to_host = device.zeros, device.asarray, device.to_host

    def ledger_blocks(self, n_item):
        """One partial sum per thread block."""
        return -(-n_item // BLOCK)

    def free_memory(self):
        """Bytes free on the device."""
        return self.device.memory()[0]

    def runner(self, calls: list[Call], precision: str):
        """Compile the kernels and capture one step, or two if double-buffered fields change roles."""
        return DeviceRunner(self.device, calls, precision)


class DeviceRunner:
    """A captured step, replayed without the host."""

    def __init__(self, device, calls, precision):
        self.device, self.precision = device, precision
        self.modules: dict = {}
        self.clock = device.zeros(1, np.int64)
        self.pairs = list({id(a): a for call in calls for a in call.args if isinstance(a, Paired)}.values())
        start = self.phase()
        self.calls, self.replays = calls, {}
        while self.phase() not in self.replays:
            self.capture()
            self.turn(self.replays[self.phase()][1])
        self.turn(start)

    def phase(self):
        """Which halves of the double-buffered fields hold the data."""
        return tuple(pair.current for pair in self.pairs)

    def run(self, first_step, n_step):
        """Replay the captured steps and wait for the last."""
        self.set_clock(first_step)
        phase = self.phase()
        for _ in range(n_step):
            if phase not in self.replays:  # another runner turned the fields since this one was made ready
                self.turn(phase)
                self.capture()
            replay, phase = self.replays[phase]
            replay()
        self.turn(phase)
        self.device.synchronize()

    def capture(self):
        """Capture a step that begins in the present phase, and note the phase in which it ends."""
        start = self.phase()
        launches = [launch for call in self.calls for launch in self.launches(call)] + [self.tick()]
        self.replays[start] = self.device.capture(launches), self.phase()
        self.turn(start)

    def turn(self, phase):
        """Let the double-buffered fields hold their data in these halves."""
        for pair, current in zip(self.pairs, phase, strict=True):
            pair.current = current

    def set_clock(self, step):
        """Set the device's step counter."""
        self.device.fill(self.clock, step)

    def tick(self):
        """The launch that ends a step."""
        module = self.device.module(kernel_source("clock.cu"), self.precision)
        return module.prepare(module.kernel("advance_clock"), (1,), (1,), [self.clock])

    def launches(self, call):
        """The launches of one call, with double-buffered fields resolved to the halves that it reads and writes."""
        swaps = [a for a in call.args if isinstance(a, Paired)] if call.swaps else []
        args = []
        for arg in call.args:
            if isinstance(arg, Paired):
                args += [arg.front, arg.back] if call.swaps else [arg.front]
            else:
                args.append(arg)
        kernel, grid, block, module = self.kernel(call, args)
        yield module.prepare(kernel, grid, block, [self.clock, *args])
        for pair in swaps:
            pair.flip()

    def kernel(self, call, args):
        """The kernel of a call with its grid and block."""
        if call.generated:
            text = inline_includes(cuda_source(call.operation), call.name)
            n_point, n_item = args[1:3]
            grid, block = (max(1, -(-n_item // BLOCK)), n_point), (BLOCK,)
        else:
            text = kernel_source(module_of("cuda", call.name).__name__.rsplit(".", 1)[1] + ".cu")
            grid, block = find_operation("cuda", call.name)(args)
        if text not in self.modules:
            self.modules[text] = self.device.module(text, self.precision)
        module = self.modules[text]
        return module.kernel(call.name), grid, block, module
