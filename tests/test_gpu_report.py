"""Which kernels have changed since they last ran on a GPU, and that the command that runs them there works."""
import json
from pathlib import Path

import pytest

from gpusyn.kernel_files import kernel_digest, kernel_names

ROOT = Path(__file__).parent.parent


def test_kernels_that_changed_since_they_ran_on_a_gpu():
    reports = sorted((ROOT / "benchmarks" / "results").glob("gpu_*.json"))
    if not reports:
        pytest.skip(f"no kernel has run on a GPU yet: {', '.join(kernel_names())}")
    covered = json.loads(reports[-1].read_text())["kernel_digests"]
    changed = [name for name in kernel_names() if covered.get(name) != kernel_digest(name)]
    if changed:
        pytest.skip(f"changed since {reports[-1].name}: {', '.join(changed)}")


def test_the_gpu_report_command_works_without_a_gpu(tmp_path, monkeypatch):
    from gpusyn.backends.cuda_on_host import unavailable_reason

    if reason := unavailable_reason():
        pytest.skip(reason)
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks.gpu_report import main

    main(["--backend", "cuda-on-host", "--small", "--no-tests", "--output", str(tmp_path / "report.json")])
    report = json.loads((tmp_path / "report.json").read_text())
    assert set(report["kernel_digests"]) == set(kernel_names())
    assert [w["workload"] for w in report["workloads"]] == ["W1", "W2", "W3", "W4", "W5"]
    assert all(w["updates_per_second"] > 0 for w in report["workloads"])
    assert {w["workload"] for w in report["workloads"] if "events_per_second" in w} == {"W3", "W4"}
