"""The programs of one step of a population of trees, by scheme."""
from __future__ import annotations

from gpusyn.fusing.adaptive_ending import adaptive_programs
from gpusyn.fusing.spine_steps import spine_programs
from gpusyn.fusing.tree_stages import Added, SecondStage
from gpusyn.fusing.trees import TreeFusion
from gpusyn.program import Program


def tree_programs(name, members, inputs, scheme, stored=(), neighbours=None) -> list[Program]:
    """The programs of one step, in order; between them lie operations on the trees (`gpusyn.trees.stepping`).

    Args:
        name, members, inputs, stored: as for `gpusyn.fuse.fuse_population`.
        scheme: one of `gpusyn.trees.SCHEMES`, or one of these with "_whole" at its end.
        neighbours: the `Neighbours` whose flows the programs work out; None if all of `x:spread` is written before.
    """
    if scheme == "adaptive":
        return adaptive_programs(name, members, inputs)
    if scheme == "spine":
        return spine_programs(name, members, inputs, stored)
    programs = [TreeFusion(name, members, inputs, neighbours).first_stage(scheme, stored)]
    whole = scheme.endswith("_whole")
    if scheme.startswith("midpoint"):
        programs.append(SecondStage(name, members, inputs, neighbours).second_stage(whole))
    return programs if whole else [*programs, Added(name, members, inputs).last_stage()]
