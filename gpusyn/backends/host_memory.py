"""How much memory the host can spare."""
from __future__ import annotations

import os
from pathlib import Path


def free_memory() -> int:
    """Bytes available without swapping: the kernel's own estimate on Linux, else the physical memory."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):  # Windows has no sysconf
        return 2**62
