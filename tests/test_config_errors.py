"""What a wrong config gets: one line per problem, with place, value, rule and suggestion, all of them at once."""

import numpy as np
import pytest
from config_text import LEAST, SMALL

from gpusyn.config import ConfigError, load, loads


def problems(text, overrides=(), **named):
    """The problems of a config, as lines."""
    with pytest.raises(ConfigError) as caught:
        loads(text, overrides, name="x.toml", **named)
    return caught.value.problems


def changed(old, new):
    """The small config with one line changed."""
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


def line_of(text, part):
    """The number of the line that holds some text."""
    return next(number for number, line in enumerate(text.split("\n"), 1) if part in line)


# (what stands in the small config, what stands there instead, the problem; {n} is the place of the change)
WRONG = {
    "unknown section": ("[plots]", "[plot]", "{n} plot: unknown section; did you mean 'plots'?"),
    "unknown key": ('dt = "0.1 ms"', 'dtt = "0.1 ms"', "{n} run.dtt: unknown key; did you mean 'dt'?"),
    "missing key": ('duration = "5 ms"', "# no duration", "x.toml:2: run.duration: is missing"),
    "dimension": ('dt = "0.1 ms"', 'dt = "0.1 mS"',
                  "{n} run.dt: '0.1 mS' is an electric conductance; dt is a time: write e.g. '0.1 ms'"),
    "unknown unit": ('dt = "0.1 ms"', 'dt = "0.1 mx"', "{n} run.dt: '0.1 mx' has the unknown unit 'mx'"),
    "limit": ('dt = "0.1 ms"', "dt = 0", "{n} run.dt: 0 must be above 0 ms"),
    "boolean for a number": ('dt = "0.1 ms"', "dt = true", "{n} run.dt: True (bool) is not a number with a unit"),
    "not finite": ('dt = "0.1 ms"', "dt = inf", "{n} run.dt: inf is not a finite number"),
    "choice": ('backend = "numpy"', 'backend = "nummpy"',
               "{n} run.backend: 'nummpy' is not one of auto, numpy, numba, cuda, cuda-on-host; did you mean"),
    "seed": ("seed = 3", "seed = -1", "{n} run.seed: -1 must be at least 0"),
    "seed type": ("seed = 3", "seed = 3.5", "{n} run.seed: 3.5 is not a whole number"),
    "name": ('name = "small"', 'name = "a/b"', "{n} run.name: 'a/b' cannot name a folder"),
    "shape": ("shape = [4, 6]", "shape = [4, 0]", "{n} lattice.shape: [4, 0] must be 1 to 3 whole numbers"),
    "size": ("shape = [4, 6]", "shape = [1000000, 1000000]", "{n} lattice.shape: 1e+12 sites; 2147483647 at most"),
    "edges": ('edges = "periodic"', 'edges = "perodic"', "{n} lattice.edges: 'perodic' is unknown; did you mean"),
    "number of edges": ('edges = "periodic"', 'edges = ["periodic"]', "{n} lattice.edges: 1 edges for 2 axes"),
    "kind": ('kind = "IzhikevichNeuron"', 'kind = "IzhikevichNuron"',
             "{n} neurons.kind: there is no 'IzhikevichNuron'; did you mean 'IzhikevichNeuron'?"),
    "no kind": ('kind = "IzhikevichNeuron"', "", "x.toml:19: neurons: the key `kind` is missing"),
    "kind type": ('kind = "IzhikevichNeuron"', "kind = 3", "{n} neurons.kind: 3 is not the name of a mechanism"),
    "preset": ('preset = "RS"', 'preset = "RSS"', "{n} neurons.preset: 'RSS' is not a preset; did you mean 'RS'?"),
    "integrator": ('preset = "RS"', 'integrator = "rk5"',
                   "{n} neurons.integrator: 'rk5' is not an integrator; did you mean 'rk4'?"),
    "parameter": ('conductance = "2000 pS"', 'conductanse = "2000 pS"',
                  "{n} neurons.ampa.conductanse: unknown key; AMPAReceptor has no 'conductanse'; did you mean"),
    "parameter's unit": ('conductance = "2000 pS"', 'conductance = "2 mV"',
                         "{n} neurons.ampa.conductance: '2 mV' is an electric potential; conductance is an"),
    "parameter's limit": ('reuptake_rate = "0.05 1/ms"', 'reuptake_rate = "-1 Hz"',
                          "{n} glutamate.reuptake_rate: -0.001 1/ms must be at least 0 1/ms"),
    "list": ('preset = "RS"', "b = [1, 2]", "{n} neurons.b: a list; write { values = [...] } for one per site"),
    "form": ('preset = "RS"', "b = { unifrom = [1, 2] }",
             "{n} neurons.b: 'unifrom' says nothing about values per site; did you mean 'uniform'?"),
    "uniform": ('preset = "RS"', "b = { uniform = [2, 1] }", "{n} neurons.b: uniform: 2 to 1 pA/mV runs backwards"),
    "normal": ('preset = "RS"', "b = { normal = [2, -1] }", "{n} neurons.b: normal: the standard deviation -1 pA/mV"),
    "impossible normal": ('preset = "RS"', "b = { normal = [0, 1], min = 9 }",
                          "{n} neurons.b: normal: almost nothing of it lies between min and max"),
    "number of values": ('preset = "RS"', "b = { values = [1, 2] }", "{n} neurons.b: 2 values for 24 sites"),
    "file": ('preset = "RS"', 'b = { file = "no.npy" }',
             "{n} neurons.b: file 'no.npy' cannot be read: No such file or directory"),
    "group's value": ("a = { excitatory = 0.02, inhibitory = { uniform = [0.08, 0.1] } }", "a = { excitatory = 0.02 }",
                      "{n} neurons.a: no value for group 'inhibitory'"),
    "group's name": ("a = { excitatory = 0.02, inhibitory = { uniform = [0.08, 0.1] } }",
                     "a = { excitatory = 1, x = 2 }", "{n} neurons.a: there is no group 'x'"),
    "shares": ("groups = { excitatory = 0.75, inhibitory = 0.25 }", "groups = { excitatory = 0.75, inhibitory = 0.5 }",
               "{n} neurons.groups: the shares add up to 1.25; they must add up to 1"),
    "binding": ('glutamate = "glutamate.concentration"', 'glutamate = "glutamat"',
                "x.toml:26: neurons.ampa: needs 'glutamat', which nothing in 'neurons' provides: glutamate that"),
    "binding's type": ('glutamate = "glutamate.concentration"', "glutamate = 3", "{n} neurons.ampa.glutamate: 3:"),
    "not a transmitter": ('kind = "GlutamateNeurotransmitter"', 'kind = "CleftTransmitter"',
                          "{n} glutamate.kind: 'CleftTransmitter' has no diffusion_coefficient; a transmitter is"),
    "source": ('kind = "Poisson"', 'kind = "Poison"', "{n} noise.kind: 'Poison' is not a source; did you mean"),
    "rate": ('rate = "100 Hz"', 'rate = "20 kHz"',
             "{n} noise.rate: 20000 Hz is more than one spike per step of 0.1 ms; 10000 Hz at most"),
    "spike file": ('kind = "Regular"', 'kind = "SpikeFile"\nfile = "no.h5"', "{n1} clock.file: there is no such file"),
    "from": ('from = "noise"', 'from = "nois"', "{n} drive.from: there is no population or source 'nois'; did you"),
    "to": ('to = "glutamate"', 'to = "glutamat"', "{n} excite.to: there is no transmitter or population 'glutamat'"),
    "target": ('to = "neurons.synapse.inward_current"', 'to = "neurons.synapse.tau"',
               "{n} drive.to: target 'neurons.synapse.tau' is not a state that spikes can add to"),
    "weight's unit": ('weight = "0.1 nA"', 'weight = "0.1 nS"',
                      "{n} drive.weight: '0.1 nS' is an electric conductance; weight is an electric current"),
    "delay": ('delay = "0.5 ms"', "delay = -1", "{n} excite.delay: -1 must be at least 0 ms"),
    "probability": ("probability = 0.5", "probability = 2", "{n} excite.probability: 2 must be at most 1"),
    "group of a connection": ('from_sites = "excitatory"', 'from_sites = "exitatory"',
                              "{n} excite.from_sites: 'neurons' has no group 'exitatory'; did you mean"),
    "wiring": ('kind = "one_to_one"', 'kind = "onetoone"',
               "{n} drive.wiring.kind: 'onetoone' is not a kind of wiring; did you mean 'one_to_one'?"),
    "wiring's key": ('radius = "4 um"', 'radius = "4 um", radus = 1', "{n} excite.wiring.radus: unknown key; did"),
    "law": ('law = "gaussian"', 'law = "gausian"', "{n} excite.wiring.weight: law 'gausian' is unknown; did you"),
    "law's unit": ('sigma = "3 um"', 'sigma = "3 ms"', "{n} excite.wiring.weight: '3 ms' is a time"),
    "site of a connection": ("pre = [0, 1]", "pre = [0, 7]", "{n} down.wiring.pre: entry 1: site 7 does not exist"),
    "population of gap junctions": ('population = "neurons"', 'population = "nurons"',
                                    "{n} gaps.population: there is no population 'nurons'; did you mean"),
    "sweep": ('"neurons.ampa.conductance" = ["1 nS", "2 nS"]', '"neurons.ampa.conductanse" = [1]',
              "{n} sweep.neurons.ampa.conductanse: AMPAReceptor has no 'conductanse'; did you mean 'conductance'?"),
    "swept state": ('"neurons.ampa.conductance" = ["1 nS", "2 nS"]', '"neurons.v" = [1]',
                    "{n} sweep.neurons.v: only parameters can be swept"),
    "swept limit": ('"neurons.ampa.conductance" = ["1 nS", "2 nS"]', '"neurons.c_m" = [1, -1]',
                    "{n} sweep.neurons.c_m: -1 pF must be at least 1e-06 pF"),
    "sweep range": ("from = 0.01", "from = 0", "{n} sweep.glutamate.reuptake_rate: spacing log needs limits above 0"),
    "sweep points": ("points = 3", "points = 0", "{n} sweep.glutamate.reuptake_rate: points: 0 must be a whole number"),
    "zip": ("[sweep]", '[sweep]\nmode = "zip"', "{n} sweep: with mode 'zip' all axes need one length"),
    "recorded name": ('quantity = ["neurons.v", "glutamate"]', 'quantity = "neurons.vv"',
                      "{n} record[0].quantity: 'neurons.vv': IzhikevichNeuron has no 'vv'; did you mean 'v'?"),
    "recorded parameter": ('quantity = ["neurons.v", "glutamate"]', 'quantity = "neurons.c_m"',
                           "{n} record[0].quantity: 'neurons.c_m': a parameter does not change in time"),
    "recording interval": ('every = "1 ms"', 'every = "0.25 ms"',
                           "{n} record[0].every: 0.25 ms is not a whole number of steps of 0.1 ms; 0.2 ms is"),
    "recorded sites": ('every = "1 ms"', "sites = [99]", "{n} record[0].sites: index 99 is out of bounds"),
    "summary": ("reduce = { histogram = { bins = 10, low = \"-1 nA\", high = 0 } }", 'reduce = "meen"',
                "{n} record[1].reduce: 'meen' is unknown; did you mean 'mean'?"),
    "compression": ('compression = "none"', 'compression = "zip"', "{n} output.compression: 'zip' is not one of"),
    "name twice": ("[populations.targets]", "[populations.noise]",
                   "noise: 'noise' is a name in [populations] already; names are unique over all sections"),
    "reserved name": ("[sources.noise]", "[sources.run]", "{n} run: 'run' is a word of configs; choose another name"),
    "not a name": ("[sources.noise]", '[sources."a-b"]', "{n} a-b: 'a-b' cannot be a name: use letters, digits and _"),
    "mechanism's name": ("transporters = {", "cell = {", "glutamate.cell: 'cell' cannot be the name of"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_value_is_named_with_its_line_its_rule_and_what_was_meant(case):
    old, new, message = WRONG[case]
    text = changed(old, new)
    line = line_of(text, new.split("\n")[0]) if new.strip() else 0
    found = problems(text)
    message = message.replace("{n} ", f"x.toml:{line}: ").replace("{n1} ", f"x.toml:{line + 1}: ")
    assert any(message in one for one in found), (message, found)


@pytest.mark.parametrize("case", WRONG)
def test_one_mistake_is_complained_about_once_or_twice(case):
    old, new, _ = WRONG[case]
    assert len(problems(changed(old, new))) <= 4


def test_all_problems_of_a_file_come_together_in_the_order_of_its_lines():
    text, expected = SMALL, []
    for case in ("dimension", "seed", "edges", "parameter's limit", "preset", "rate", "compression"):
        old, new, message = WRONG[case]
        text = text.replace(old, new)
        expected.append((new, message))
    found = problems(text)
    assert len(found) == len(expected)
    for one, (new, message) in zip(found, expected, strict=True):
        assert message.replace("{n} ", f"x.toml:{line_of(text, new)}: ") in one


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[run]\nduration = \n", "x.toml:2: this is not TOML: Invalid value"),
        ("a = 1\na = 2\n", "x.toml:2: this is not TOML: Cannot overwrite a value"),
        ("x = [1, 2", "x.toml:1: this is not TOML: Unclosed array"),
        ("", "x.toml: run.duration: is missing"),
        ("run = 3\n", "x.toml:1: run: 3 is not a table"),
        ("[populations]\nneurons = 3\n", "x.toml:2: neurons: 3 is not a table"),
        ("populations = 3\n", "x.toml:1: populations: 3 is not a table of named populations"),
        ("[run]\nduration = 1\n", "x.toml: nothing to simulate"),
        ("[record]\nquantity = 1\n", "x.toml:1: record: write [[record]], in two brackets"),
        ("x = " + "[" * 3000 + "]" * 3000, "x.toml: nested deeper than any config"),
        ("x = " + "[" * 20 + "]" * 20, "x.toml: nested deeper than 12 levels"),
        ("x = 1" + "0" * 5000, "x.toml: this is not TOML"),
    ],
)
def test_text_that_is_no_config_is_refused_plainly(text, message):
    assert any(one.startswith(message) for one in problems(text)), problems(text)


def test_files_that_cannot_be_read_are_refused_plainly(tmp_path):
    (tmp_path / "bytes.toml").write_bytes(b"# \n\xff\n")
    with pytest.raises(ConfigError, match=r"bytes\.toml:2: not UTF-8 text"):
        load(tmp_path / "bytes.toml")
    (tmp_path / "long.toml").write_bytes(b"#" * 4_000_001)
    with pytest.raises(ConfigError, match="4000001 bytes"):
        load(tmp_path / "long.toml")
    with pytest.raises(ConfigError, match="there is no such file"):
        load(tmp_path / "none.toml")


def test_a_users_file_that_fails_says_how(tmp_path):
    sources = {
        "syntax.py": "class A(:\n", "fails.py": "1 / 0\n", "empty.py": "class Other: pass\n",
        "equation.py": "from gpusyn.mechanism import Mechanism, state\nclass A(Mechanism):\n    x = state('1', 'x')\n"
                       "    @staticmethod\n    def d_x(x, y):\n        return x\n",
    }  # fmt: skip
    rules = {
        "syntax.py": "line 1", "fails.py": "ZeroDivisionError: division by zero", "empty.py": "has no 'A'",
        "equation.py": "A.d_x asks for 'y', which A does not declare", "none.py": "there is no file 'none.py'",
    }  # fmt: skip
    for name, source in sources.items():
        (tmp_path / name).write_text(source)
    for name, rule in rules.items():
        (found,) = problems(LEAST + f'own = {{ kind = "{name}:A" }}\n', folder=tmp_path)
        assert found.startswith(f"x.toml:{line_of(LEAST + 'own', 'own')}: neurons.own.kind: "), found
        assert rule in found, found


def test_damaged_files_of_numbers_are_refused_plainly(tmp_path):
    (tmp_path / "text.npy").write_text("no numbers")
    np.save(tmp_path / "words.npy", np.array(["a", "b", "c", "d"]))
    np.save(tmp_path / "nan.npy", np.array([1, np.nan, 3, 4]))
    np.save(tmp_path / "objects.npy", np.array([{}, 1], dtype=object), allow_pickle=True)
    for name, rule in {"text": "it is not a NumPy array", "words": "not numbers", "nan": "nan is not a finite number",
                       "objects": "it is not a NumPy array of numbers"}.items():  # fmt: skip
        (found,) = problems(LEAST + f'b = {{ file = "{name}.npy" }}\n', folder=tmp_path)
        assert rule in found, found


# values from the command line


def test_values_can_be_set_by_their_dotted_name():
    config = loads(SMALL, ["run.duration=50 ms", 'neurons.ampa.unbinding_rate="0.1 1/ms"', "glutamate.reuptake_rate=1",
                           "excite.weight=3", "neurons.d={ uniform = [1, 2] }", "run.backend=numba", "noise.rate=5 Hz",
                           'sweep."glutamate.reuptake_rate"=[1, 2]', "plots.draw=false"])  # fmt: skip
    model = config.model
    assert (config.run.duration, config.run.backend, config.plots.draw) == (50.0, "numba", False)
    assert model.get("neurons.ampa.unbinding_rate") == 0.1
    assert model.connections["excite"].weight == 3
    assert model.get("neurons.d").shape == (24,)
    assert model.sources["noise"].rule.get("rate") == 5
    assert model.sweep.axes["glutamate.reuptake_rate"] == [1, 2]


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("neurons.ampa.conductanse=3", "--set: neurons.ampa.conductanse: unknown key"),
        ("neurons.ampa.conductance=3 mV", "--set: neurons.ampa.conductance: '3 mV' is an electric potential"),
        ("nurons.a=3", "--set nurons.a: there is no 'nurons'; did you mean 'neurons'?"),
        ("neurons.apma.r=3", "--set neurons.apma.r: 'neurons' has no 'apma'; did you mean 'ampa'?"),
        ("neurons", "--set neurons: write NAME=VALUE"),
        ("=3", "--set =3: write NAME=VALUE"),
        ("run.duraton=3", "--set: run.duraton: unknown key; did you mean 'duration'?"),
        ("run.dt.x=3", "--set run.dt.x: 'run' has no 'dt'"),
        ("run=3", "--set run: there is no 'run'"),
        ("neurons.ampa.conductance=1\nb=2", "--set: neurons.ampa.conductance: '1\\nb=2' has the unit 'b=2'"),
    ],
)
def test_a_wrong_value_on_the_command_line_says_so(override, message):
    assert any(message in one for one in problems(SMALL, [override])), problems(SMALL, [override])


def test_options_of_the_command_line_take_the_place_of_values_of_the_run():
    assert loads(SMALL, options={"seed": 9, "precision": None}).run.seed == 9
    with pytest.raises(ConfigError, match=r"--precision: run\.precision: 'float16' is not one of float32"):
        loads(SMALL, options={"precision": "float16"})
