"""Pictures: there is something in each, axes say what they show and in which unit, and missing data are named."""
import logging
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from matplotlib.figure import Figure
from pictured_run import simulate
from PIL import Image

import gpusyn.recording
from gpusyn import plots
from gpusyn.plots import style
from gpusyn.recording import (
    Layout,
    LedgerTerm,
    RecordingError,
    Reduction,
    RunFile,
    SweepAxis,
    Trace,
    UnknownRecordingError,
    Writer,
)

PICTURES = {
    "spike_raster": plots.spike_raster, "lattice_map": plots.lattice_map, "traces": plots.traces,
    "concentration_field": plots.concentration_field, "receptor_states": plots.receptor_states, "ledger": plots.ledger,
    "reduction": plots.reduction, "distribution": plots.distribution,
}  # fmt: skip
UNITS = r"\((ms|mV|µM|µm|Hz|nS|mM|amol|site|count|dimensionless|fraction of total|% per bin|y, x|z, y, x)\)"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    with gpusyn.recording.open(simulate(tmp_path_factory.mktemp("flat") / "run.h5", n_step=800)) as run:
        yield run


@pytest.fixture(scope="module")
def volume(tmp_path_factory):
    path = simulate(tmp_path_factory.mktemp("volume") / "run.h5", shape=(4, 12, 16), n_step=400)
    with gpusyn.recording.open(path) as run:
        yield run


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    path = simulate(tmp_path_factory.mktemp("swept") / "run.h5", (12, 16), 400, conductances=np.geomspace(0.1, 10, 5))
    with gpusyn.recording.open(path) as run:
        yield run


@pytest.fixture
def bare(tmp_path):
    """A run that recorded nothing that could be drawn."""
    layout = Layout((4, 4), (1.0, 1.0), 0.1, spikes=("neurons",), traces=(Trace("neurons.v", "mV", "v", sites=[1]),))
    with gpusyn.recording.open(RunFile.create(tmp_path / "bare.h5", layout).close()) as run:
        yield run


def written(figure):
    """All text of axes in a figure: labels and titles."""
    figure.draw_without_rendering()
    return [text for axes in figure.axes for text in (axes.get_xlabel(), axes.get_ylabel(), axes.get_title("left"))]


def check_labels(figure):
    """Every axis with numbers on it has a label with a unit; no label repeats a plain-text unit."""
    figure.draw_without_rendering()
    for axes in figure.axes:
        for axis, text in ((axes.xaxis, axes.get_xlabel()), (axes.yaxis, axes.get_ylabel())):
            shown = [tick.label1.get_text() for tick in axis.get_major_ticks() if tick.label1.get_visible()]
            inner = axes.get_shared_x_axes().joined(axes, figure.axes[0]) or axes.get_shared_y_axes().joined(
                axes, figure.axes[0])
            if any(shown) and axis.get_visible() and not (inner and not text):
                assert re.search(UNITS, text), f"axis without unit: {text!r} with ticks {shown}"
    assert not any("um)" in text or "uM)" in text for text in written(figure))


def ink(path):
    """Share of pixels that are not white."""
    pixels = np.asarray(Image.open(path).convert("L"))
    return pixels.shape[1], float(np.mean(pixels < 250))


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("source", ["run", "volume", "swept"])
def test_pictures_are_labelled_with_units_and_not_empty(name, source, request, tmp_path):
    run = request.getfixturevalue(source)
    figure = PICTURES[name](run, point=run.n_point - 1)
    check_labels(figure)
    figure.savefig(tmp_path / "picture.png")
    width, share = ink(tmp_path / "picture.png")
    assert width == 1200
    assert share > 0.02
    assert 5_000 < (tmp_path / "picture.png").stat().st_size < 2_000_000


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_of_a_sweep_name_their_point(name, swept):
    figure = PICTURES[name](swept, point=2)
    heading = figure.get_suptitle()
    assert any("NMDA conductance = 1 nS" in text for text in [heading, *written(figure)])
    with pytest.raises(RecordingError, match="no sweep point 5; there are 0 to 4"):
        PICTURES[name](swept, point=5)


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_go_into_a_figure_of_the_user(name, run):
    page = Figure(figsize=(12, 5))
    left, right = page.subfigures(1, 2)
    assert PICTURES[name](run, figure=left) is left
    assert left.axes
    assert not right.axes


@pytest.mark.parametrize("name", PICTURES)
def test_missing_data_are_named_instead_of_drawn(name, bare):
    with pytest.raises(plots.NothingToDraw, match=r"bare\.h5: "):
        PICTURES[name](bare)


def test_everything_is_drawn_and_the_rest_is_listed_with_reasons(run, bare, tmp_path):
    drawn = plots.draw_all(run, tmp_path / "plots", movie=False)
    assert {path.name for path in drawn} == {
        "spike_raster_neurons.png", "lattice_map_neurons.v.png", "concentration_field_glutamate.concentration.png",
        "traces_neurons.v.png", "reduction_glutamate.concentration.png", "distribution_neurons.v.png",
        "receptor_states.png", "ledger_glutamate.png"}
    assert all(path.exists() for path in drawn)
    assert drawn.left_out == {"sweep_map": "run.h5: nothing was swept"}
    nothing = plots.draw_all(bare, tmp_path / "none")
    assert len(nothing) == 0
    assert not list((tmp_path / "none").iterdir())
    assert len(nothing.left_out) == 10
    assert all(reason.startswith("bare.h5: ") for reason in nothing.left_out.values())


def test_a_million_spikes_become_counts(run, monkeypatch, tmp_path):
    from gpusyn.plots import raster
    points = plots.spike_raster(run)
    assert not points.axes[0].images
    monkeypatch.setattr(raster, "DENSE", 100)
    counts = plots.spike_raster(run)
    assert counts.axes[0].images
    check_labels(counts)


def test_the_rate_is_spikes_per_site_and_second(run):
    spikes = run.spikes["neurons"]
    figure = plots.spike_raster(run, window=(20.0, 120.0))
    values, edges, _ = figure.axes[1].patches[0].get_data()
    n = np.count_nonzero((spikes.times >= 20) & (spikes.times < 120))
    assert (values * np.diff(edges)).sum() * run.n_site() / 1000 == pytest.approx(n, abs=run.n_site() * 0.02)


def test_maps_show_the_rows_nearest_to_the_times_asked_for(run):
    figure = plots.lattice_map(run, "neurons.v", times=[50.4, 121.0])
    shown = [axes for axes in figure.axes if axes.get_title("left")]
    assert [axes.get_title("left") for axes in shown] == ["50 ms", "120 ms"]
    np.testing.assert_array_equal(shown[0].images[0].get_array(), run["neurons.v"][20].reshape(24, 32))
    assert shown[0].images[0].get_extent() == [0, 160, 120, 0]          # um
    with pytest.raises(UnknownRecordingError, match=r"'neurons\.w' was not recorded; did you mean 'neurons\.v'"):
        plots.lattice_map(run, "neurons.w")


def test_summaries_show_their_recordings(run):
    lines = plots.reduction(run, "glutamate.concentration").axes[0].lines
    np.testing.assert_array_equal(lines[0].get_ydata(), run["glutamate.concentration.mean"][:, 0])
    mesh = plots.distribution(run, "neurons.v").axes[0].collections[0]
    np.testing.assert_allclose(mesh.get_array().T, 100 * run["neurons.v.histogram"][:, 0] / run.n_site())
    for draw in (plots.reduction, plots.distribution):
        with pytest.raises(UnknownRecordingError, match=r"'neurons\.w\.\w+' was not recorded"):
            draw(run, "neurons.w")


def test_a_ledger_leaves_out_what_never_happened(tmp_path):
    terms = {"initial": "source", "released": "source", "present": "fate", "escaped": "fate"}
    ledger = tuple(LedgerTerm("gaba", term, "amol", role, term) for term, role in terms.items())
    with Writer(RunFile.create(tmp_path / "run.h5", Layout((2, 2), (1.0, 1.0), 0.1, ledger=ledger))) as writer:
        for term in terms:
            amounts = np.arange(4.0)[:, None] if term in ("released", "present") else np.zeros((4, 1))
            writer.append(f"ledger.gaba.{term}", 0, amounts)
        path = writer.close()
    with gpusyn.recording.open(path) as run:
        texts = " ".join(text.get_text() for text in plots.ledger(run).axes[0].texts)
    assert "released" in texts
    assert "present, 100 %" in texts
    assert "initial" not in texts
    assert "escaped" not in texts


def test_populations_on_lattices_of_their_own_are_drawn_in_their_own_size(tmp_path):
    layout = Layout((3, 4), (1.0, 1.0), 0.1, traces=(Trace("cells.v", "mV", "v"), Trace("row.v", "mV", "v")),
                    lattices={"cells": ((5, 6), (2.0, 2.0)), "row": ((1, 9), (1.0, 1.0))}, spikes=("cells",))
    with Writer(RunFile.create(tmp_path / "run.h5", layout)) as writer:
        writer.append("cells.v", 0, np.arange(60.0).reshape(2, 1, 30))
        writer.append("row.v", 0, np.arange(18.0).reshape(2, 1, 9))
        path = writer.close()
    with gpusyn.recording.open(path) as run:
        assert (run.lattice_shape("cells.v"), run.n_site("cells"), run.n_site()) == ((5, 6), 30, 12)
        assert plots.lattice_map(run).axes[0].images[0].get_extent() == [0, 12, 10, 0]
        with pytest.raises(plots.NothingToDraw, match=r"'row\.v' was not recorded at every site of a lattice in two"):
            plots.lattice_map(run, "row.v")


def test_traces_show_the_sites_asked_for(run):
    figure = plots.traces(run, "neurons.v", sites=[0, 33])
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == ["0, 0", "1, 1"]
    with pytest.raises(plots.NothingToDraw, match="not recorded at site 768"):
        plots.traces(run, "neurons.v", sites=[768])


def test_the_ledger_shows_what_went_where(run):
    figure = plots.ledger(run, "glutamate")
    texts = " ".join(text.get_text() for text in figure.axes[0].texts)
    for term in ("present", "taken up", "escaped", "released"):
        assert term in texts
    assert "largest" in figure.axes[1].texts[0].get_text()


def grid_run(path, *, n_third=1):
    """Two or three swept parameters, and one number per point."""
    axes = np.meshgrid(np.linspace(0, 2, 3), np.geomspace(0.1, 10, 4), np.arange(1.0, n_third + 1), indexing="ij")
    names = (("neurons.nmda.mg_concentration", "mM"), ("neurons.ampa.conductance", "nS"), ("glutamate.decay", "1/ms"))
    sweep = tuple(SweepAxis(name, values.ravel(), unit) for (name, unit), values in zip(names, axes, strict=True))
    layout = Layout((2, 2), (1.0, 1.0), 0.1, axes[0].size, sweep=sweep if n_third > 1 else sweep[:2],
                    reductions=(Reduction("neurons.calcium", "uM", "free calcium", statistics=("mean",)),))
    with Writer(RunFile.create(path, layout)) as writer:
        writer.append("neurons.calcium.mean", 0, np.tile(axes[0].ravel() + 10 * axes[1].ravel(), (4, 1)))
        return gpusyn.recording.open(writer.close())


def test_a_sweep_of_one_parameter_is_a_line(swept):
    figure = plots.sweep_map(swept)
    check_labels(figure)
    x, y = figure.axes[0].lines[0].get_data()
    np.testing.assert_allclose(x, np.geomspace(0.1, 10, 5))
    np.testing.assert_allclose(y, swept.summary["per_point"]["released_glutamate"]["values"])
    assert figure.axes[0].get_xscale() == "log"
    assert figure.axes[0].get_xlabel() == "NMDA conductance (nS)"
    rates = plots.sweep_map(swept, "neurons.rate").axes[0].lines[0].get_ydata()
    expected = [len(swept.spikes["neurons"].point(point)) for point in range(5)]
    np.testing.assert_allclose(rates / rates.max(), np.array(expected) / max(expected))


def test_a_sweep_of_two_parameters_is_a_map_and_of_three_a_row_of_maps(tmp_path):
    with grid_run(tmp_path / "two.h5") as run:
        figure = plots.sweep_map(run)
        assert {figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()} == {
            "NMDA mg concentration (mM)", "AMPA conductance (nS)"}
        values = np.asarray(figure.axes[0].images[0].get_array())
        assert sorted(values.shape) == [3, 4]
        np.testing.assert_allclose(np.sort(values.ravel()), np.sort(run["neurons.calcium.mean"][0]))
        assert figure.axes[-1].get_ylabel() == "Mean free calcium (µM)"
    with grid_run(tmp_path / "three.h5", n_third=3) as run:
        assert sum(bool(axes.images) for axes in plots.sweep_map(run).axes) == 3
        with pytest.raises(UnknownRecordingError, match=r"no figure 'neurons\.calcium' per sweep point; did you mean"):
            plots.sweep_map(run, "neurons.calcium")


@pytest.mark.slow
def test_the_film_is_a_gif_without_ffmpeg_and_says_so(run, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with caplog.at_level(logging.WARNING, "gpusyn"):
        path = plots.lattice_movie(run, tmp_path / "film.mp4", n_frame=6)
    assert path == tmp_path / "film.gif"
    assert "no ffmpeg on the PATH" in caplog.text
    with Image.open(path) as film:
        assert film.n_frames == 6


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="no ffmpeg on the PATH")
def test_the_film_is_an_mp4_with_ffmpeg(run, tmp_path):
    path = plots.lattice_movie(run, tmp_path / "film.gif", n_frame=6)
    assert path == tmp_path / "film.mp4"
    assert path.read_bytes()[4:8] == b"ftyp"
    assert 2_000 < path.stat().st_size < 2_000_000


def test_units_and_names_read_well():
    assert style.label("membrane potential", "mV") == "Membrane potential (mV)"
    assert style.label("mean fraction of receptors open", "1") == "Mean fraction of receptors open\n(dimensionless)"
    assert style.pretty("um^2/ms") == "µm²/ms"
    assert style.pretty("1") == "dimensionless"
    assert style.in_words("neurons.nmda.mg_concentration") == "NMDA mg concentration"
    assert [style.nice_length(length) for length in (0.7, 1, 4.9, 60)] == [0.5, 1, 2, 50]
    assert style.accent("glutamate") == style.ACCENTS["glutamate"]
    assert style.accent("something") in style.PALETTE


def test_a_constant_quantity_still_has_a_colour_scale():
    low, high, ends = style.limits(np.full(10, -65.0))
    assert low < -65 < high
    assert ends == "neither"


def test_no_module_hides_a_picture():
    code = "import gpusyn.plots as p; p.draw_all; print(all(callable(getattr(p, name)) for name in p.__all__))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "True"


def test_importing_the_package_imports_no_matplotlib():
    code = "import sys, gpusyn.plots; print({'matplotlib', 'h5py', 'numba'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


def test_every_figure_of_merit_of_a_sweep_gets_its_map(swept, tmp_path):
    names = {path.stem for path in plots.draw_all(swept, tmp_path, movie=False)}
    assert {"sweep_map_released_glutamate", "sweep_map_neurons.rate", "sweep_map_neurons.ampa.r.mean"} <= names
