"""Parameters of short-term plasticity, as published, with how certain each row is.

V: seen in authors' code or in two independent public implementations. S: one public secondary source. R: recalled from
memory. Times in ms. A train is named by its tenth response over its first at 20 Hz, not by the paired pulse: II, F3 and
E3 answer a second pulse more strongly and yet depress.

Tsodyks1997   Tsodyks & Markram (1997) PNAS 94:719, layer 5 pyramidal cells, excitatory to excitatory.
Tsodyks1998   Tsodyks, Pawelzik & Markram (1998) Neural Comput. 10:821.
Tsodyks2000   Tsodyks, Uziel & Markram (2000) J. Neurosci. 20:RC50.
Maass2002     Maass, Natschlaeger & Markram (2002) Neural Comput. 14:2531; E excitatory, I inhibitory, source first.
Markram2015   Markram et al. (2015) Cell 163:456, excitatory classes.
Gupta2000     Gupta, Wang & Markram (2000) Science 287:273, classes of GABAergic synapses.
"""

TABLE = {
    #                            U     tau_rec tau_facil   certainty
    "Tsodyks1997-EE":           (0.67,   800.0,    0.0, "R"),
    "Tsodyks1998-depressing":   (0.50,   800.0,    0.0, "S"),
    "Tsodyks1998-facilitating": (0.03,   130.0,  530.0, "V"),
    "Tsodyks2000-facilitating": (0.04,   100.0, 1000.0, "V"),
    "Maass2002-EE":             (0.50,  1100.0,   50.0, "V"),
    "Maass2002-EI":             (0.05,   125.0, 1200.0, "V"),
    "Maass2002-IE":             (0.25,   700.0,   20.0, "V"),
    "Maass2002-II":             (0.32,   144.0,   60.0, "R"),
    "Markram2015-E1":           (0.09,   138.0,  670.0, "S"),  # facilitating
    "Markram2015-E2":           (0.50,   671.0,   17.0, "V"),  # depressing
    "Markram2015-E3":           (0.29,   329.0,  326.0, "S"),  # pseudo-linear
    "Gupta2000-F1":             (0.16,    45.0,  376.0, "R"),  # facilitating; U is 0.016 in one secondary code
    "Gupta2000-F2":             (0.25,   706.0,   21.0, "V"),  # depressing
    "Gupta2000-F3":             (0.32,   144.0,   62.0, "R"),  # recovering; U is 0.29 elsewhere
}  # fmt: skip

PRESETS = {name: {"U": U, "tau_rec": rec, "tau_facil": facil} for name, (U, rec, facil, _) in TABLE.items()}
CERTAINTY = {name: row[-1] for name, row in TABLE.items()}

# Time that resources stay inactive after release, ms, in the version with three states.
INACTIVATION = {
    "Tsodyks1997-EE": 3.0,            # R
    "Tsodyks1998-depressing": 3.0,    # R
    "Tsodyks1998-facilitating": 1.5,  # V
    "Tsodyks2000-facilitating": 3.0,  # R
}
