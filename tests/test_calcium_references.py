"""Time courses of one compartment against an independent solver: every site of one population is one case.

The numbers are rows of the reference cases that LSODA solved (rows zerod_*_exact and vdcc_corrected_*_exact), in uM.
Required is 0.3 % of the range of a trace at its end, and 0.5 % of a peak.
"""
import numpy as np
import pytest

import gpusyn as gs
from gpusyn.lang import exp
from gpusyn.mechanism import Mechanism, output

PUMPS, HELD = "pmca ncx", "pmca ncx pm_leak serca er_leak calbindin"
# case: (mechanisms, start of ca, [(quantity, ms, value, range of the trace)], peak of ca)
CASES = {
    "pmca": ("pmca", 1.0, [("ca", 10, 0.06376574, 0.936)], None),
    "ncx": ("ncx", 1.0, [("ca", 10, 0.14257393, 0.857)], None),
    "serca": ("serca", 1.0, [("ca", 10, 9.708578e-05, 1.0), ("ca_er", 10, 256.11052, 6.11)], None),
    "pmca_ncx_buffer": (f"{PUMPS} calbindin", 1.0,
                        [("ca", 100, 0.030329629, 0.969), ("calbindin", 100, 152.01345, 3.44)], None),
    "buffer": ("calbindin", 10.0, [("ca", 20, 0.10347401, 9.9), ("calbindin", 20, 139.48922, 9.9)], None),
    "er_buffer": ("calreticulin", 0.05, [("ca_er", 50, 220.43448, 170.0)], None),
    "ip3_decay": ("ip3r", 0.05, [("ca", 10, 1.268575, 1.21), ("ca_er", 10, 242.55315, 7.44),
                                 ("ip3.ip3", 10, 0.040225184, 4.96)], 1.268575),
    "cicr": (f"{HELD} ryr ip3r", 1.0, [("ca", 50, 0.21757705, 6.63), ("ca_er", 50, 24.690895, 234.0),
                                       ("calbindin", 50, 117.14007, 37.6)], 6.850016),
    "pulse": (HELD, 0.05, [("ca", 50, 0.32716123, 4.38), ("ca_er", 50, 278.83366, 28.8),
                           ("calbindin", 50, 102.03621, 54.6)], 4.4310305),
    "linear": (HELD, 0.05, [("ca", 50, 1.2179541, 3.6), ("ca_er", 50, 290.36273, 40.0),
                            ("calbindin", 50, 51.918989, 100.0)], 3.6550966),
    "exponential": (HELD, 0.05, [("ca", 100, 0.82604319, 2.65), ("ca_er", 100, 325.04794, 75.0),
                                 ("calbindin", 100, 67.038209, 95.9)], 2.7032736),
    "ip3_pulse_release": ("ip3r serca er_leak calbindin", 0.05,
                          [("ca", 100, 0.1109548, 0.33), ("ca_er", 100, 139.33269, 165.0),
                           ("calbindin", 100, 131.33751, 26.9), ("ip3.ip3", 100, 0.04, 5.81)], 0.38068294),
    "vdcc_N": (f"{HELD} n_type", 0.05, [("ca", 60, 0.0616382, 0.0616382)], 0.233247),
    "vdcc_L": (f"{HELD} l_type", 0.05, [("ca", 60, 0.0599895, 0.0599895)], 0.208844),
}
NAMES, STEPS_PER_MS = list(CASES), 200
DENSITIES = {"pmca": gs.PMCA, "ncx": gs.NCX, "serca": gs.SERCA, "pm_leak": gs.PlasmaMembraneLeak, "er_leak": gs.ERLeak,
             "ryr": gs.RyanodineReceptor, "ip3r": gs.IP3Receptor, "n_type": gs.VoltageGatedCalciumChannel,
             "l_type": gs.LTypeCalciumChannel}


class ThreeSpikes(Mechanism):
    """A prescribed potential."""

    @output("mV", "potential")
    @staticmethod
    def v(t):
        first = (t - 10.0) / 0.5
        second = (t - 30.0) / 0.5
        third = (t - 50.0) / 0.5
        return -72.0 + 104.0 * (exp(-first * first) + exp(-second * second) + exp(-third * third))


def mechanisms(each=1, **geometry):
    """The cell and its mechanisms, with values for `each` sites in a row per case."""
    def where(mechanism):
        return np.repeat([float(mechanism in CASES[name][0].split()) for name in NAMES], each)

    def only(case, value, otherwise=0.0):
        return np.repeat(np.where(np.array(NAMES) == case, value, otherwise), each)

    compartment = gs.CalciumCompartment(
        ca=np.repeat([CASES[name][1] for name in NAMES], each), ca_er=only("er_buffer", 50.0, 250.0),
        calbindin_total=160.0 * where("calbindin"), calreticulin_total=14400.0 * where("calreticulin"), **geometry)
    members = {name: kind(density=kind().density * where(name)) for name, kind in DENSITIES.items()}
    return compartment, members | {
        "spikes": ThreeSpikes(), "ip3": gs.CytosolicIP3(preset="SPINE", ip3=only("ip3_decay", 5.0, 0.04)),
        "pulse": gs.CalciumSource(amplitude=only("pulse", 1.0), start=10.0, duration=5.0),
        "linear": gs.CalciumSource(preset="linear", amplitude=only("linear", 1.0), start=10.0, duration=20.0),
        "exponential": gs.CalciumSource(preset="exponential", amplitude=only("exponential", 1.0), start=10.0),
        "ip3_pulse": gs.IP3Source(amplitude=only("ip3_pulse_release", 0.5), start=5.0, duration=50.0)}


def cases():
    radius = np.where(np.char.startswith(NAMES, "vdcc"), 0.5, 0.2)
    compartment, members = mechanisms(**gs.cylinder_with_er(radius))
    model = gs.Model(lattice=(1, len(NAMES)), dt=1 / STEPS_PER_MS)
    model.add_population("cell", compartment, **members)
    return model


@pytest.fixture(scope="module", params=["float32", "float64"])
def recorder(request):
    """Every quantity in every step of 5 us, by name."""
    names = [f"cell.{name}" for name in ("ca", "ca_er", "calbindin", "ip3.ip3")]
    simulation = gs.Simulation(cases(), backend="numba", precision=request.param,
                               recorder=names)
    simulation.step(100 * STEPS_PER_MS + 1)  # the last row is the state before the last step
    return simulation.recorder


@pytest.mark.parametrize("case", CASES)
def test_a_compartment_ends_and_peaks_where_an_independent_solver_says(case, recorder):
    _, _, ends, peak = CASES[case]
    site = NAMES.index(case)
    for quantity, time, value, extent in ends:
        trace = recorder[f"cell.{quantity}"][:, site]
        assert abs(trace[STEPS_PER_MS * time] - value) < 3e-3 * extent, quantity
    if peak is not None:
        until = STEPS_PER_MS * ends[0][1] + 1
        assert recorder["cell.ca"][:until, site].max() == pytest.approx(peak, rel=5e-3)
