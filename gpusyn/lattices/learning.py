"""Learning on a lattice: rules of plasticity, rewards, and the history of weights."""
from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.combined_rules import without_learning
from gpusyn.errors import ModelError
from gpusyn.lattices.contents import Setting, Synapses, copied
from gpusyn.lattices.synapses import Connected
from gpusyn.lattices.systems import require_mechanism
from gpusyn.mechanism import Mechanism
from gpusyn.model import Model
from gpusyn.recording.record import Record
from gpusyn.synapses import checked_rule
from gpusyn.wiring import SparseConnections

REWARD = "reward"  # member of the cells


class Acting(Setting):
    """A setting that says whether synapses act; what they have learned stays with those that do not."""

    def __set__(self, lattice, value):
        lattice.hold_weights()
        super().__set__(lattice, value)


class Learning(Connected):
    """The part of a lattice that learns: synapses with a rule of plasticity.

    Attributes:
        plasticity: rule of the synapses within the lattice that were connected without one, such as ``STDPRule()``.
        do_plasticity: False holds all weights where they are; short-term plasticity goes on.
        update_graph_history: record the weights of all plastic synapses; see `weights_history`.
    """

    plasticity = Setting(None, "rule of the chemical synapses that have none of their own")
    update_graph_history = Setting(False, "record the weights of plastic synapses")
    track_every: Any
    _learns: bool = True

    @property
    def do_plasticity(self) -> bool:
        """Whether weights change."""
        return self._learns

    @do_plasticity.setter
    def do_plasticity(self, learns: bool) -> None:
        self.hold_weights()
        self._learns = bool(learns)
        self.changed()

    def hold_weights(self) -> None:
        """Keep what was learned with the synapses, so that it outlasts their absence from the model."""
        for synapses in [*self.synapses, *self.incoming]:
            now = self.weights_now(synapses)
            if now is not None:
                synapses.learned = now / synapses.weight

    def set_reward_system(self, reward: Mechanism) -> None:
        """Let rewards act on every cell, as dopamine that rules such as `DopamineModulatedSTDP` read.

        Rewards come by `run_lattice_with_reward`. Rules that read dopamine then read the reward's and no field's.

        Args:
            reward: such as ``RewardSignal()``; it takes the place of one that is there.
        """
        require_mechanism(reward, "set_reward_system", "RewardSignal()")
        if "level" not in reward.quantities or "dopamine" not in reward.quantities:
            raise ModelError(f"set_reward_system: {type(reward).__name__} is no reward; pass e.g. RewardSignal()")
        self.members[REWARD] = copied(reward)
        self.changed()

    def give_reward(self, amount: float) -> None:
        """Reward all cells now, as much as `amount` rewards.

        Raises:
            ModelError: there is no reward system.
        """
        if REWARD not in self.members:
            raise ModelError("run_lattice_with_reward: the lattice has no reward system; call "
                             "set_reward_system(RewardSignal()) first")
        self.set_state_of("neurons.reward", "level", self.state_of("neurons.reward", "level") + amount)

    # what `building` and `histories` need ----------------------------------------------------------------------

    def rule_of(self, synapses: Synapses) -> Mechanism | None:
        """The rule of a set of synapses, as it goes into a model; while nothing learns, what it says of release."""
        rule = self.plasticity if synapses.rule is None and synapses.may_learn else synapses.rule
        rule = checked_rule("plasticity", rule)
        if rule is not None and not self._learns:
            rule = without_learning(rule)
        if rule is None:
            return None
        rule = copied(rule)
        if synapses.learned is not None:
            rule.initial.pop("weight", None)
        if "dopamine" in rule.quantities and "dopamine" not in rule.bindings:
            owner, name = (f"neurons.{REWARD}", "dopamine") if REWARD in self.members else ("dopamine", "concentration")
            rule.set("dopamine", self.path_of(owner, name))
        return rule

    def wiring_of(self, synapses: Synapses) -> Any:
        """The wiring of a set of synapses, with the weights that were learned before it stopped learning."""
        if synapses.learned is None:
            return synapses.wiring
        listed = synapses.wiring.listed()
        delays = np.repeat(listed.delays, listed.indptr[:, -1] - listed.indptr[:, 0])
        return SparseConnections(
            listed.sources(), listed.indices, synapses.learned, n_source=listed.n_source, n_target=listed.n_target,
            delay=delays, from_sites=listed.from_sites, to_sites=listed.to_sites, name=listed.name,
        )

    def plastic(self) -> list[Synapses]:
        """The sets of synapses whose weights change."""
        return [synapses for synapses in [*self.synapses, *self.incoming] if self.rule_of(synapses) is not None]

    def weight_records(self, model: Model) -> list[Record]:
        """Records of the weights, if they are asked for, of the synapses that act in a model."""
        wanted = [self.called(synapses.name) for synapses in self.plastic()] if self.update_graph_history else []
        return [Record(f"{name}.weight", self.track_every) for name in wanted if name in model.connections]

    def weights_history(self, transmitter: str | None = None) -> np.ndarray:
        """Weights of the plastic synapses of a transmitter, (time, synapse), in the order of `get_weights`.

        Times fraction of the quantum; recorded with `update_graph_history`.
        """
        found = [synapses for synapses in self.synapses_of(transmitter) if synapses in self.plastic()]
        if not found:
            raise ModelError(f"lattice {self.id}: these synapses are not plastic; "
                             f"connect(..., plasticity_rule=STDPRule()) makes them so")
        advice = "set lattice.update_graph_history = True before running"
        keys = [f"{self.called(synapses.name)}.weight" for synapses in found]
        return np.concatenate([self.running.series(key, advice) for key in keys], axis=1)
