"""What a neuron's switches and parameters become: mechanisms, in gpusyn's units."""
from __future__ import annotations

from gpusyn import calcium
from gpusyn.spine.units import FLUX, PER_MS, UM


def compartment(neuron):
    """Calcium and its buffers."""
    cyt, er, model, s = neuron.cytConstants, neuron.erConstants, neuron.model, neuron.settings
    return calcium.CalciumCompartment(
        resting_ca=s.cceq * UM, resting_ca_er=s.ceeq * UM,
        calbindin_total=cyt["btot"] * UM if model["CYT_buffer"] else 0.0,
        calbindin_k_plus=cyt["kbpos"] / UM * PER_MS, calbindin_k_minus=cyt["kbneg"] * PER_MS,
        calreticulin_total=er["betot"] * UM if model["ER_buffer"] else 0.0,
        calreticulin_k_plus=er["kbepos"] / UM * PER_MS, calreticulin_k_minus=er["kbeneg"] * PER_MS,
        ca_diffusion=s.Dc * PER_MS, calbindin_diffusion=s.Db * PER_MS, ca_er_diffusion=s.De * PER_MS,
        calreticulin_diffusion=s.Dbe * PER_MS)


def pmca(neuron):
    """The calcium pump of the plasma membrane."""
    p = neuron.cytExchangeParams
    return calcium.PMCA(density=p["rhop"], unitary_flux=p["Ip"] * FLUX, k_m=p["Kp"] * UM)


def ncx(neuron):
    """The exchanger of sodium for calcium."""
    p = neuron.cytExchangeParams
    return calcium.NCX(density=p["rhon"], unitary_flux=p["In"] * FLUX, k_m=p["Kn"] * UM)


def vdcc(neuron):
    """Voltage-gated calcium channels of the neuron's type."""
    kind = neuron.model["VDCC_type"]
    channel = calcium.LTypeCalciumChannel if kind == "L" else calcium.VoltageGatedCalciumChannel
    return channel(preset=kind, density=neuron.cytExchangeParams["rhovdcc"], ca_outside=neuron.cytConstants["co"] * UM)


def pm_leak(neuron):
    """The leak of the plasma membrane."""
    return leak(calcium.PlasmaMembraneLeak(ca_outside=neuron.cytConstants["co"] * UM), neuron.cytConstants)


def ryr(neuron):
    """Ryanodine receptors."""
    p = neuron.erExchangeParams
    return calcium.RyanodineReceptor(density=p["rhoryr"], unitary_flux=p["Irefryr"] * FLUX,
                                     ca_er_reference=neuron.settings.ceeq * UM)


def serca(neuron):
    """The calcium pump of the ER."""
    p = neuron.erExchangeParams
    return calcium.SERCA(density=p["rhos"], unitary_flux=p["Is"] * FLUX * UM, k_m=p["Ks"] * UM)


def ip3r(neuron):
    """IP3 receptors."""
    p = neuron.erExchangeParams
    constants = {name: p[name] * UM for name in ("d1", "d2", "d3", "d5")}
    return calcium.IP3Receptor(density=p["rhoI"], unitary_flux=p["IrefI"] * FLUX,
                               ca_er_reference=neuron.settings.ceeq * UM, **constants)


def ip3(neuron):
    """IP3, its decay and diffusion."""
    s = neuron.settings
    return calcium.CytosolicIP3(degradation_rate=neuron.erExchangeParams["kp"] * PER_MS,
                                resting_concentration=s.pr * UM, ip3_diffusion=s.Dp * PER_MS)


def er_leak(neuron):
    """The leak of the ER."""
    return leak(calcium.ERLeak(), neuron.erConstants)


def leak(made, constants):
    """A leak that balances the rest, or has the permeability that was given in um/s."""
    if constants["leak_const"] is not None:
        made.set("permeability", constants["leak_const"] * PER_MS)
    return made


SWITCHED = {  # member: the switch, and what makes it
    "pmca": ("PMCA", pmca), "ncx": ("NCX", ncx), "vdcc": ("VDCC", vdcc),
    "soc": ("SOC", lambda neuron: calcium.StoreOperatedCalciumEntry()), "pm_leak": ("PM_leak", pm_leak),
    "ryr": ("RyR", ryr), "serca": ("SERCA", serca), "ip3r": ("IP3", ip3r), "ip3": ("IP3", ip3),
    "er_leak": ("ER_leak", er_leak),
}


def of_calcium(neuron) -> dict:
    """The mechanisms of both membranes that are switched on, by member."""
    return {member: make(neuron) for member, (switch, make) in SWITCHED.items() if neuron.model[switch]}
