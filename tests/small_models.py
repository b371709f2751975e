"""Small models with everything in them, for tests of whole simulations."""
import numpy as np

import gpusyn as gs


def talking_lattice(shape=(6, 9), edges="reflecting", **sweep) -> gs.Model:
    """Izhikevich neurons that release glutamate and GABA to each other: noise, gap junctions, uptake and delays."""
    lattice = gs.Lattice(shape, edges=edges)
    model = gs.Model(lattice=lattice, dt=0.1, name="talking", sweep=gs.Sweep(sweep))
    drive = np.linspace(0.0, 14.0, lattice.n_site)
    model.add_population(
        "neurons", gs.IzhikevichNeuron(preset="RS"),
        ampa=gs.AMPAReceptor(conductance=0.02, glutamate="glutamate.concentration"),
        nmda=gs.NMDA_Receptor(conductance=0.01, glutamate="glutamate.concentration"),
        gaba_a=gs.GABA_A_Receptor(conductance=0.02, gaba="gaba.concentration"),
        synapse=gs.ExponentialCurrentSynapse(tau=5.0),
        drive=gs.ConstantCurrent(amplitude=drive), noise=gs.WhiteNoiseCurrent(sigma=2.0),
    )
    model.add_transmitter(
        "glutamate", gs.GlutamateNeurotransmitter(diffusion_coefficient=0.3), transporter=gs.MichaelisMentenUptake(),
    )
    model.add_transmitter("gaba", gs.GABANeurotransmitter(source=0.01))
    excitatory = np.arange(lattice.n_site) % 5 != 0
    near = gs.Neighbourhood(lattice, radius=2.0, weight=gs.Gaussian(1.5), from_sites=excitatory, name="excite")
    far = gs.Neighbourhood(lattice, radius=3.0, probability=0.7, from_sites=~excitatory, name="inhibit")
    model.connect("neurons", "glutamate", near, name="excite")
    model.connect("neurons", "gaba", far, delay=1.0, name="inhibit")
    model.add_source("clock", gs.Poisson(rate=30.0))
    one_to_one = gs.SparseConnections(
        np.arange(lattice.n_site), np.arange(lattice.n_site)[::-1], n_source=lattice.n_site, n_target=lattice.n_site
    )
    model.connect("clock", "neurons.synapse.inward_current", one_to_one, weight=3.0, delay=0.5, name="kick")
    model.couple("neurons", gs.Neighbourhood(lattice, radius=1.0), conductance=0.05, name="gap")
    return model
