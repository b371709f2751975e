"""The sections of a config whose keys are fixed, as pydantic models; units are read here, at the edge."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from gpusyn.config.problems import Keys, Problems
from gpusyn.errors import nearest, shown
from gpusyn.units import to_canonical
from gpusyn.wiring import Rectification, gap_junctions
from gpusyn.wiring.normalising import NORMALISATIONS

BACKENDS = ("auto", "numpy", "numba", "cuda", "cuda-on-host")
PRECISIONS = ("float32", "float64")
COMPRESSIONS = ("none", "gzip", "lz4", "zstd")
LARGEST_SEED = 2**64 - 1
MOST_STEPS = 2**47
MOST_DELAY = 1_000_000  # steps
LONGEST_STEP = 1e6  # ms
OTHERS = {
    "bool_type": "true or false",
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
}


def quantity(unit: str, *, above: float | None = None, least: float | None = None, most: float | None = None):
    """What turns a number or text with a unit into a number within limits."""

    def read(value: Any, info: ValidationInfo) -> float:
        place = info.field_name or "value"
        number = to_canonical(value, unit, where=place)
        rules = {
            "be above": (above, above is None or number > above),
            "be at least": (least, least is None or number >= least),
            "be at most": (most, most is None or number <= most),
        }
        for rule, (limit, kept) in rules.items():
            if not kept:
                raise ValueError(f"{value!r} must {rule} {limit:g}{'' if unit in ('', '1') else ' ' + unit}")
        return number

    return BeforeValidator(read)


def chance():
    """What lets a number from 0 to 1 pass, or the dotted name of what is one."""
    number = quantity("1", least=0.0, most=1.0).func

    def read(value: Any, info: ValidationInfo) -> float | str:
        dotted = isinstance(value, str) and "." in value and all(one.isidentifier() for one in value.split("."))
        return value if dotted else number(value, info)  # pyright: ignore[reportCallIssue]

    return BeforeValidator(read)


def word(*choices: str):
    """What lets one of some words pass."""

    def read(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"{value!r} is not one of {', '.join(choices)}{_close(value, choices)}")
        return value

    return BeforeValidator(read)


def _close(value, choices) -> str:
    suggestion = nearest(str(value), choices)
    return suggestion if "did you mean" in suggestion else ""


class Section(BaseModel):
    """Base of all sections: unknown keys are errors, and nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True)


class Run(Section):
    """``[run]``: how long, how finely, with which random numbers, and on what."""

    name: str = "model"
    duration: Annotated[float, quantity("ms", least=0.0)]
    dt: Annotated[float, quantity("ms", above=0.0, most=LONGEST_STEP)] = 0.1
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] = 0
    backend: Annotated[str, word(*BACKENDS)] = "auto"
    precision: Annotated[str, word(*PRECISIONS)] = "float32"
    threads: Annotated[int, Field(ge=1, le=4096)] | None = None
    checkpoint_every: Annotated[float, quantity("min", above=0.0)] = 5.0

    @field_validator("name")
    @classmethod
    def a_folder_of_this_name_can_exist(cls, name: str) -> str:
        """Results go to runs/<name>/."""
        if not name or len(name) > 100 or not all(c.isalnum() or c in "-_." for c in name) or name.startswith("."):
            raise ValueError(f"{name!r} cannot name a folder: use letters, digits, -, _ and .")
        return name


class LatticeSection(Section):
    """``[lattice]``: the lattice of transmitters, and of populations without a shape of their own."""

    shape: Any
    spacing: Annotated[float, quantity("um", least=1e-6, most=1e9)] = 1.0
    edges: str | list[str] = "reflecting"


class OwnLatticeSection(Section):
    """``lattice = { ... }`` of one part: what it leaves out is as in ``[lattice]``."""

    shape: Any = None
    spacing: Annotated[float, quantity("um", least=1e-6, most=1e9)] | None = None
    edges: str | list[str] | None = None


class ConnectionSection(Section):
    """``[connections.<name>]``: spikes of `from` add `weight` to `to` along `wiring`."""

    from_: str = Field(alias="from")
    to: str
    wiring: dict
    from_sites: Any = None
    to_sites: Any = None
    weight: Any = 1.0
    delay: Annotated[float, quantity("ms", least=0.0)] = 0.0
    probability: Annotated[float | str, chance()] | None = None
    synapse: dict | list[dict] | None = None
    post: str | None = None
    normalisation: Annotated[str, word(*NORMALISATIONS)] | None = None


class DrugSection(Section):
    """``[pharmacology.<name>]``: a drug, as `gpusyn.pharmacology.agent.PharmacologicalAgent` describes it."""

    target: str
    mechanism: str = "inhibition"
    potency: Annotated[float, quantity("1")] = 0.8
    time_course: str = "chronic"
    dose: Annotated[float, quantity("1")] = 1.0
    hill: Annotated[float, quantity("1", least=0.01, most=100.0)] = 1.0
    start: Annotated[float, quantity("ms")] = 0.0
    onset: Annotated[float, quantity("ms", least=0.0)] | None = None
    elimination_rate: Annotated[float, quantity("1/ms", least=0.0)] | None = None
    largest_gain: Annotated[float, quantity("1", least=1.0)] = 3.0


class DisorderSection(Section):
    """``[disorders.<name>]``: what is lacking, as `gpusyn.disorders.NeurologicalDisorderModel` describes it."""

    neurotransmitter_deficit: dict
    compensatory_mechanisms: list[str] = []
    upregulation: Annotated[float, quantity("1")] | None = None


class GapSection(Section):
    """``[gap_junctions.<name>]``: electrical coupling within a population along `wiring`."""

    population: str
    wiring: dict
    conductance: Annotated[float, quantity("nS", least=0.0)] = 1.0
    normalisation: Annotated[str, word(*gap_junctions.NORMALISATIONS)] = "sum"
    rectification: dict | None = None


class RectificationSection(Section):
    """``rectification = { ... }`` of gap junctions, as `gpusyn.wiring.Rectification` describes it."""

    half: Annotated[float, quantity("mV")] = Rectification.half
    steepness: Annotated[float, quantity("1/mV")] = Rectification.steepness
    least: Annotated[float, quantity("1", least=0.0, most=1.0)] = Rectification.least
    polarity: Annotated[int, Field(ge=-1, le=1)] = Rectification.polarity


class LinkSection(Section):
    """``[links.<name>]``: what the members of `population` read, as `name`, of another along `wiring`."""

    source: str
    population: str
    wiring: dict
    weight: Annotated[float, quantity("1")] = 1.0
    into: str = ""
    from_sites: Any = None
    to_sites: Any = None


class PlayedSection(Section):
    """``[played.<name>]``: what the members of `population` read, as `name`, from a table over time."""

    population: str
    times: list | None = None
    values: list | None = None
    file: str | None = None
    into: str = ""


class HistogramSection(Section):
    """``reduce = { histogram = ... }``: equal bins between two limits, in the quantity's unit."""

    bins: Annotated[int, Field(ge=1, le=65536)]
    low: Any
    high: Any


class RecordSection(Section):
    """``[[record]]``: quantities, how often, where, whether site by site or summarised, and under which other name."""

    quantity: str | list[str]
    every: Any = 1
    sites: Any = None
    reduce: Any = None
    name: str = ""


class Output(Section):
    """``[output]``: how results are kept."""

    compression: Annotated[str, word(*COMPRESSIONS)] = "gzip"
    memory: Annotated[float, quantity("MB", above=0.0)] = 64.0
    spikes: bool = True


class Plots(Section):
    """``[plots]``: whether pictures are drawn, and whether a movie is among them."""

    draw: bool = True
    movie: bool = True


S = TypeVar("S", bound=Section)


def validated(section: type[S], tree: Any, keys: Keys, problems: Problems) -> S | None:
    """A section from its table; None, and the problems noted, if something is wrong with it."""
    if not isinstance(tree, dict):
        problems.add(keys, f"{tree!r} is not a table")
        return None
    try:
        return section.model_validate(tree)
    except ValidationError as error:
        names = [field.alias or name for name, field in section.model_fields.items()]
        for one in error.errors():
            problems.add((*keys, *_place(one["loc"])), _rule(one, names))
        return None


def _place(loc):
    """Keys of an error: pydantic also names the member of a union, which no config knows."""
    return loc[:1]


def _rule(error, names) -> str:
    """A pydantic error in the words of all other messages."""
    value, kind = error.get("input"), error["type"]
    key = str(error["loc"][-1]) if error["loc"] else ""
    if kind == "extra_forbidden":
        return f"unknown key{nearest(key, names)}"
    if kind == "missing":
        return "is missing"
    if kind == "value_error":
        message = str(error["ctx"]["error"])
        return message.removeprefix(f"{error['loc'][0]}: ") if error["loc"] else message
    if "ge" in error.get("ctx", {}) or "le" in error.get("ctx", {}):
        rule, limit = ("at least", error["ctx"]["ge"]) if "ge" in error["ctx"] else ("at most", error["ctx"]["le"])
        return f"{shown(value)} must be {rule} {limit}"
    return f"{shown(value)} is not {OTHERS.get(kind, error['msg'])}"
