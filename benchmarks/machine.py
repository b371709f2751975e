"""What the machine is and how busy it was: CPU model, load of others, peak memory. Linux only."""

import os
import platform
import resource
from pathlib import Path


def describe_machine():
    """CPU model, cores, memory and operating system as a dict; it names no host."""
    return {
        "cpu": _field_of("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _field_of(path, name):
    for line in Path(path).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""


def busy_seconds():
    """Core-seconds that the whole machine has worked since it started; time stolen by the hypervisor counts."""
    user, nice, system, _idle, _iowait, irq, softirq, steal = _cpu_ticks()
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def _cpu_ticks():
    first_line = Path("/proc/stat").read_text().splitlines()[0]
    return [int(word) for word in first_line.split()[1:9]]


def own_cpu_seconds():
    """Core-seconds used by this process and by its finished children."""
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in usage)


def peak_memory_mb():
    """Largest resident memory of this process so far (VmHWM), in MB of 1e6 bytes."""
    return int(_field_of("/proc/self/status", "VmHWM").split()[0]) * 1024 / 1e6


def usable_cores():
    """Number of cores that this process may use."""
    return len(os.sched_getaffinity(0))


def process_age():
    """Seconds since this process started, importing Python's modules included; exact to 0.01 s."""
    fields_after_name = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    started = int(fields_after_name[19]) / os.sysconf("SC_CLK_TCK")
    return float(Path("/proc/uptime").read_text().split()[0]) - started
