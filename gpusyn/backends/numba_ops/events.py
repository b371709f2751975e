"""How many pieces the synapses of spiking neurons are cut into, to be shared among workers."""
from gpusyn.backends.numba_ops.compiled import operation


@operation
def pieces_of(starts, site, piece):
    """Pieces of at most `piece` synapses that a neuron's row is cut into."""
    return (starts[site + 1] - starts[site] + piece - 1) // piece


@operation
def pieces_listed(sites, n_listed, starts, n_point, piece):
    """Pieces of the rows of all neurons listed."""
    total = 0
    for point in range(n_point):
        for listed in range(n_listed[point]):
            total += pieces_of(starts, sites[point, listed], piece)
    return total
