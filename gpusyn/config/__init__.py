"""Configs: TOML files that say what to simulate, read with units and checked as a whole.

reading.py      text, and values from the command line, as one tree
sections.py     sections with fixed keys
mechanisms.py   tables of mechanisms; kinds.py, values.py
parts.py        populations and transmitters; spiking.py, sources
trees.py        populations of trees; morphologies.py, their shapes; node_groups.py
connecting.py   connections; wirings.py, rules.py, how and with which plasticity
linking.py      links between populations, and tables that are played to them
treatments.py   drugs and disorders
assembling.py   all of them, as a model
sweeps.py       the parameter axis
records.py      what is recorded
problems.py     everything that is wrong, with its line
toml_text.py    the resolved config, every value with its unit
"""

from gpusyn.config.loading import Config, load, loads
from gpusyn.config.problems import ConfigError

__all__ = ["Config", "ConfigError", "load", "loads"]
