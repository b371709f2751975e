"""Fusing the mechanisms of a population into one program: names, derivatives, the order of a step (`gpusyn.fuse`)."""
