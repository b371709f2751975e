"""Kernels of one CUDA C source, compiled by NVRTC and loaded on a CUDA device."""

from gpusyn.backends.kernel_arguments import Signature, launch_shape, signatures
from gpusyn.backends.nvrtc import compiled_file
from gpusyn.errors import nearest


class Kernel:
    """A compiled kernel: what it takes, and the function that launches it."""

    def __init__(self, signature: Signature, function):
        self.name = signature.name
        self.signature = signature
        self.function = function


class Module:
    """Kernels of one CUDA C source on one device.

    The machine code is cached on disk by a digest of the source, precision, options, target and NVRTC version. It does
    not depend on the driver.

    Args:
        device: where the kernels run, a `gpusyn.backends.cuda.Device`.
        source: complete CUDA C text, its includes already in place (`gpusyn.kernel_files.kernel_source`).
        precision: ``"float32"`` or ``"float64"``, what ``real`` means.

    Raises:
        CompilationError: NVRTC refused the source; the message shows the line.
    """

    def __init__(self, device, source: str, precision: str):
        self.device = device
        path = compiled_file(device.nvrtc, source, precision, device.compute_capability)
        self._signatures = signatures(source, precision)
        self._module = device.xp.RawModule(path=str(path))
        self._kernels: dict[str, Kernel] = {}

    def kernel(self, name: str) -> Kernel:
        """A kernel of this source by name.

        Raises:
            KeyError: there is none; the message suggests one.
        """
        if name not in self._signatures:
            raise KeyError(f"no kernel {name!r} in this source{nearest(name, self._signatures)}")
        if name not in self._kernels:
            with self.device.active():
                function = self._module.get_function(name)
                # The driver loads a kernel's code when it is first needed. That must not be while a graph is being
                # captured; asking for an attribute loads it now.
                _ = function.num_regs
            self._kernels[name] = Kernel(self._signatures[name], function)
        return self._kernels[name]

    def prepare(self, kernel: Kernel, grid: tuple, block: tuple, args: list):
        """A function without arguments that enqueues the kernel on the device's stream.

        Raises:
            TypeError: an argument does not fit its parameter.
            ValueError: grid or block is empty or too large.
        """
        sizes = launch_shape(kernel.name, grid, block)
        checked = tuple(kernel.signature.check(args))

        def launch():
            kernel.function(sizes[:3], sizes[3:], checked)

        return launch

    def launch(self, kernel: Kernel, grid: tuple, block: tuple, args: list) -> None:
        """Check the arguments and enqueue the kernel. ``args`` begins with the clock."""
        prepared = self.prepare(kernel, grid, block, args)
        with self.device.active():
            prepared()
