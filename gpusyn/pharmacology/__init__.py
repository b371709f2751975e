"""Drugs as mechanisms: members of a population or transmitter that change a quantity of another member by name.

`gpusyn.pharmacology.agent` describes a drug in a pharmacologist's words and finds what it acts on in a model.
"""
from gpusyn.pharmacology.drug import Drug, GradedDrug
from gpusyn.pharmacology.receptor_drugs import (
    Agonist,
    CompetitiveAntagonist,
    NoncompetitiveAntagonist,
    PositiveModulator,
)
from gpusyn.pharmacology.uptake_drugs import CompetitiveReuptakeInhibitor, ReuptakeInhibitor

__all__ = [
    "Agonist",
    "CompetitiveAntagonist",
    "CompetitiveReuptakeInhibitor",
    "Drug",
    "GradedDrug",
    "NoncompetitiveAntagonist",
    "PositiveModulator",
    "ReuptakeInhibitor",
]
