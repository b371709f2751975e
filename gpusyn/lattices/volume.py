"""Volume transmission: a transmitter that cells release into the space around them, and that far receptors read."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.ndimage import distance_transform_edt

from gpusyn.errors import ModelError, nearest
from gpusyn.lattice import EDGES, Lattice
from gpusyn.lattices.chemistry import Chemistry
from gpusyn.lattices.contents import Synapses, transmitter_name
from gpusyn.lattices.displacements import itself
from gpusyn.lattices.systems import require_mechanism


@dataclass
class VolumeTransmitter:
    """A transmitter that is released at the site of the cell that spikes, and diffuses to the receptors of others.

        dC/dt = D laplacian(C) - (reuptake_rate + decay_rate) C + release

    Without borders the field of a site that releases steadily falls off with the length sqrt(D / (reuptake_rate +
    decay_rate)). Sites farther than `diffusion_radius` from every releasing site are cleared in every step, as an
    absorbing border at that distance would; where all sites release there are none. Diffusion, probability of release
    and quantum are the neurotransmitter's.

    Args:
        neurotransmitter: such as ``DopamineNeurotransmitter()``.
        diffusion_radius: in sites; None for no bound.
        decay_rate: 1/ms, added to the neurotransmitter's reuptake_rate.
        boundary_conditions: at the lattice's border: "absorbing", "reflecting" or "periodic", or one per axis.
        releasing_sites: who releases: None for all cells, a mask over the sites, or a list of positions (row, column).

    Raises:
        ModelError: a radius or rate below 0, or unknown edges.
    """

    neurotransmitter: Any
    diffusion_radius: float | None = 5
    decay_rate: float = 0.01
    boundary_conditions: Any = "absorbing"
    releasing_sites: Any = None

    def __post_init__(self):
        require_mechanism(self.neurotransmitter, "VolumeTransmitter.neurotransmitter", "DopamineNeurotransmitter()")
        for name in ("diffusion_radius", "decay_rate"):
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise ModelError(f"VolumeTransmitter.{name}: {value} must not be negative")
        edges = self.boundary_conditions
        for edge in (edges,) if isinstance(edges, str) else edges:
            if edge not in EDGES:
                raise ModelError(f"VolumeTransmitter.boundary_conditions: '{edge}' is unknown{nearest(edge, EDGES)}")

    def mask(self, lattice) -> np.ndarray:
        """Which cells release, bool (row, column).

        Raises:
            ModelError: a mask of another size, or a position that is not on the lattice.
        """
        if self.releasing_sites is None:
            return np.ones(lattice.shape, bool)
        given = np.asarray(self.releasing_sites)
        if given.dtype == bool:
            if given.size != lattice.size:
                raise ModelError(f"VolumeTransmitter.releasing_sites: a mask of {given.size} sites for {lattice.size}")
            return given.reshape(lattice.shape)
        mask = np.zeros(lattice.size, bool)
        mask[[lattice.position_to_index(position) for position in given.reshape(-1, 2)]] = True
        return mask.reshape(lattice.shape)


class Volume(Chemistry):
    """The part of a lattice that holds its volume transmitters."""

    def set_volume_transmitter(self, volume: VolumeTransmitter) -> None:
        """Let cells release a transmitter around them; several transmitters may be set, each once.

        Raises:
            ModelError: the transmitter is there already with other parameters.
        """
        if self.size == 0:
            raise ModelError("set_volume_transmitter: the lattice has no cells; populate(neuron, rows, columns) first")
        mask = volume.mask(self)
        name = self.add_neurotransmitter(volume.neurotransmitter, volume.boundary_conditions)
        channel = self.channels[name]
        channel.decay_rate = volume.decay_rate
        beyond = beyond_radius(mask, volume.diffusion_radius, Lattice(self.shape, edges=channel.edges))
        channel.cleared = beyond.ravel() if beyond.any() else None
        label = f"neurons_to_{transmitter_name(volume.neurotransmitter)}_around"
        self.synapses[:] = [synapses for synapses in self.synapses if synapses.name != label]
        wiring = itself(self.sites, None if mask.all() else mask.ravel())
        self.synapses.append(Synapses(label, name, wiring, may_learn=False))
        self.changed()


def beyond_radius(mask: np.ndarray, radius: float | None, lattice: Lattice) -> np.ndarray:
    """The sites farther than `radius` sites from all of a mask, bool (row, column); periodic axes are closed."""
    if radius is None or mask.all() or not mask.any():
        return np.zeros(mask.shape, bool)
    margins = [(n, n) if edge == "periodic" else (0, 0) for n, edge in zip(mask.shape, lattice.edges, strict=True)]
    distance = np.asarray(distance_transform_edt(~np.pad(mask, margins, mode="wrap")))
    inner = tuple(slice(first, first + n) for n, (first, _) in zip(mask.shape, margins, strict=True))
    return distance[inner] > radius
