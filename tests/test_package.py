"""The package as its users get it: the wheel, what importing costs, and what the sources may not contain."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE_SUFFIXES = {".py", ".pyi", ".cu", ".cuh", ".h", ".hpp", ".cpp"}
LONGEST_FILE = 400  # lines
SLOWEST_HELP_S = 0.3


def python(*arguments, **options):
    """Run a Python with arguments; returns what it printed, or fails with what it complained of."""
    done = subprocess.run([sys.executable, *map(str, arguments)], capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def files():
    """Paths of all files of the repository, those not committed yet included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout: there is no list of the repository's files")
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel built from this checkout."""
    pytest.importorskip("hatchling", reason="building a wheel needs hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    python("-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Environment variables and folder for a Python that sees the wheel's gpusyn and not the checkout's."""
    import os

    folder = tmp_path_factory.mktemp("installed")
    pytest.importorskip("pip", reason="installing a wheel needs pip")
    python("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", folder, wheel)
    return {"env": {**os.environ, "PYTHONPATH": str(folder)}, "cwd": folder}


def test_the_wheel_holds_package_kernels_configs_and_licence(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    for folder, place, kinds in (
        ("gpusyn", "gpusyn", {".py"}),
        ("kernels", "gpusyn/_kernels", {".cu", ".cuh", ".h"}),
        ("configs", "gpusyn/_configs", {".toml"}),
    ):
        sources = [path for path in (ROOT / folder).rglob("*") if path.suffix in kinds]
        assert sources
        assert {f"{place}/{path.relative_to(ROOT / folder).as_posix()}" for path in sources} <= held
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in held)
    assert all(name.startswith(("gpusyn/", "gpusyn-")) for name in held), "the wheel installs something beside gpusyn"


def test_the_wheel_is_for_every_platform_and_asks_for_no_cupy(wheel):
    assert wheel.name.endswith("-py3-none-any.whl")
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    needs = re.findall(r"^Requires-Dist: (.*)$", archive.read(metadata).decode(), re.MULTILINE)
    assert any(need.startswith("numba") for need in needs)
    assert not [need for need in needs if need.startswith("cupy") and "extra ==" not in need]


def test_an_installed_gpusyn_finds_its_kernels(installed):
    code = "import gpusyn.kernel_files as f; print(f.__file__, f.kernels_folder(), *f.kernel_names(), sep='\\n')"
    module, folder, *names = python("-c", code, **installed).split("\n")[:-1]
    assert Path(module).is_relative_to(installed["cwd"])
    assert Path(folder) == installed["cwd"] / "gpusyn" / "_kernels"
    assert names == sorted(path.name for path in (ROOT / "kernels").glob("*.cu"))


def test_an_installed_gpusyn_has_its_command_line_and_version(installed):
    assert "run" in python("-m", "gpusyn", "--help", **installed)
    assert python("-c", "import gpusyn; print(gpusyn.__version__)", **installed).strip() == version()


def test_importing_gpusyn_imports_no_heavy_library():
    code = "import sys, gpusyn; print(*{name.partition('.')[0] for name in sys.modules})"
    assert not {"cupy", "numba", "matplotlib", "pint"} & set(python("-c", code, cwd=ROOT).split())


def test_cupy_is_imported_in_one_file_only():
    importing = re.compile(r"^\s*(?:import|from) cupyx?\b", re.MULTILINE)
    sources = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in (ROOT / "gpusyn").rglob("*.py")}
    assert [name for name, text in sources.items() if importing.search(text)] == ["gpusyn/backends/cuda.py"]


def test_pint_is_imported_in_one_file_only():
    importing = re.compile(r"^\s*(?:import|from) pint\b", re.MULTILINE)
    sources = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in (ROOT / "gpusyn").rglob("*.py")}
    assert [name for name, text in sources.items() if importing.search(text)] == ["gpusyn/units.py"]


def test_help_answers_quickly():
    resource = pytest.importorskip("resource", reason="process times of children are read through POSIX")
    spent = []
    for _ in range(8):  # the first may compile bytecode, and neighbours may be busy: the best one counts
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        python("-m", "gpusyn", "--help", cwd=ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
        if len(spent) >= 5 and min(spent) < SLOWEST_HELP_S:
            break
    assert min(spent) < SLOWEST_HELP_S, f"process times in s: {spent}"


def test_no_file_names_a_place_on_somebodys_machine(files):
    homes = b"|".join([b"work", b"root", b"home", b"Users", b"tmp"])
    place = re.compile(rb"(?<![\w.:/~-])/(?:" + homes + rb")/(?!someone\b)\w")  # "someone" is made up
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.decode(errors='replace').strip()}"
        for path in files
        if (content := path.read_bytes()) and b"\0" not in content
        for number, line in enumerate(content.splitlines(), start=1)
        if place.search(line)
    ]
    assert not found, "\n".join(found)


def test_no_source_file_is_longer_than_a_reader_likes(files):
    lines = {path: path.read_bytes().count(b"\n") for path in files if path.suffix in SOURCE_SUFFIXES}
    assert not {str(path.relative_to(ROOT)): count for path, count in lines.items() if count > LONGEST_FILE}


def test_the_version_is_written_in_one_place_and_cited():
    cited = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    assert cited
    assert cited[1] == version()
    assert "version" in project()["dynamic"]


def test_the_lock_file_fits_the_requirements_and_names_the_public_index_only():
    text = (ROOT / "uv.lock").read_text("utf-8")
    assert set(re.findall(r"https?://[^/\"]+", text)) == {"https://pypi.org", "https://files.pythonhosted.org"}
    (locked,) = (package for package in tomllib.loads(text)["package"] if package["name"] == "gpusyn")
    wanted = {(*parts(need), "") for need in project()["dependencies"]}
    for extra, needs in project()["optional-dependencies"].items():
        wanted |= {(*parts(need), f"extra == '{extra}'") for need in needs}
    in_lock = {
        (need["name"], frozenset(need.get("extras", [])), need["specifier"], need.get("marker", ""))
        for need in locked["metadata"]["requires-dist"]
    }
    assert in_lock == wanted, "run `uv lock`"


def project():
    """The table ``[project]`` of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def parts(requirement):
    """Name, extras and specifier of a requirement such as ``"cupy-cuda12x[ctk]>=14.1"``."""
    name, extras, specifier = re.fullmatch(r"([\w.-]+)(?:\[([\w,]+)\])?(.*)", requirement).groups()
    return name, frozenset(extras.split(",")) if extras else frozenset(), specifier


def version():
    """The version as the one file that holds it says."""
    return re.search(r'^__version__ = "(.+)"', (ROOT / "gpusyn" / "_version.py").read_text("utf-8"), re.MULTILINE)[1]
