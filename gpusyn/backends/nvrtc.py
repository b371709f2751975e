"""Compiles CUDA C with NVRTC, NVIDIA's run-time compiler, which needs neither a GPU nor a driver.

Functions here take the binding `cupy.cuda.nvrtc` as their first argument; `gpusyn.backends.cuda.load_nvrtc` gives it.
"""

from pathlib import Path

from gpusyn.backends.compilation import CompilationError, complete_source
from gpusyn.backends.disk_cache import cached, digest
from gpusyn.errors import BackendError

OPTIONS = ("-std=c++17",)


def target_for(capability: int, supported: tuple[int, ...]) -> str:
    """What to compile for on a device: its own architecture, else the nearest that it can run.

    Machine code of one major version runs on later minor versions of it. A device newer than the compiler knows gets
    PTX of the latest architecture below its own, which the driver translates.

    Args:
        capability: the device's compute capability without the dot, 90 for 9.0.
        supported: capabilities that NVRTC compiles for.

    Returns:
        An architecture for ``-arch``, such as ``"sm_90"`` (machine code) or ``"compute_90"`` (PTX).

    Raises:
        BackendError: the device is older than all that NVRTC compiles for.
    """
    below = [known for known in supported if known <= capability]
    if not below:
        raise BackendError(
            f"this GPU has compute capability {capability / 10:.1f}; the installed NVRTC compiles for "
            f"{min(supported) / 10:.1f} and newer; gpusyn[cuda12] reaches further back than gpusyn[cuda13]"
        )
    nearest = max(below)
    same_major = nearest // 10 == capability // 10
    return f"{'sm' if same_major else 'compute'}_{nearest}"


def nvrtc_version(nvrtc) -> str:
    """Version of the NVRTC library that is loaded, ``"12.9"``."""
    return ".".join(str(part) for part in nvrtc.getVersion())


def compile_source(nvrtc, source: str, precision: str, target: str, options: tuple[str, ...] = OPTIONS) -> bytes:
    """Compile complete CUDA C text.

    Args:
        nvrtc: the binding.
        source: text with its includes in place (`gpusyn.kernel_files.kernel_source`).
        precision: ``"float32"`` or ``"float64"``, what ``real`` means.
        target: ``"sm_90"`` for machine code (a cubin) or ``"compute_90"`` for PTX.
        options: further compiler options.

    Returns:
        The cubin, or the PTX text as bytes.

    Raises:
        CompilationError: NVRTC refused the source; the message shows the line.
    """
    text = complete_source(source, precision)
    program = nvrtc.createProgram(text, "program.cu", (), ())
    try:
        try:
            nvrtc.compileProgram(program, (f"-arch={target}", *options))
        except nvrtc.NVRTCError as error:
            log = nvrtc.getProgramLog(program) or str(error)
            raise CompilationError(f"NVRTC {nvrtc_version(nvrtc)} ({target})", text, log) from None
        code = nvrtc.getCUBIN(program) if target.startswith("sm_") else nvrtc.getPTX(program)
    finally:
        nvrtc.destroyProgram(program)
    return code.encode() if isinstance(code, str) else bytes(code)


def compiled_file(nvrtc, source: str, precision: str, capability: int) -> Path:
    """Machine code of a source for a compute capability, from the cache if it is there. Needs no device.

    Args:
        nvrtc: the binding.
        source: complete CUDA C text.
        precision: what ``real`` means.
        capability: compute capability without the dot, 90 for 9.0.
    """
    target = target_for(capability, tuple(nvrtc.getSupportedArchs()))
    key = digest(complete_source(source, precision), target, nvrtc_version(nvrtc), *OPTIONS)
    suffix = ".cubin" if target.startswith("sm_") else ".ptx"
    return cached("cubin", key, suffix, lambda path: _compile(nvrtc, source, precision, target, path))


def _compile(nvrtc, source: str, precision: str, target: str, path: Path) -> None:
    path.write_bytes(compile_source(nvrtc, source, precision, target))
