COMMENT
W5V for NEURON: sodium, potassium and leak currents of action_potential.py.
ENDCOMMENT

NEURON {
    SUFFIX traub_channels
    NONSPECIFIC_CURRENT i
    RANGE rest
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gna = 0.05 (S/cm2)
    gk = 0.005 (S/cm2)
    gl = 5e-6 (S/cm2)
    v_t = -60 (mV)
}

STATE { m h n }

ASSIGNED {
    v (mV)
    i (mA/cm2)
    rest (mA/cm2)
}

INITIAL {
    m = am(v) / (am(v) + bm(v))
    h = ah(v) / (ah(v) + bh(v))
    n = an(v) / (an(v) + bn(v))
    rest = gna * m^3 * h * (v - 50) + gk * n^4 * (v + 90) + gl * (v + 72)
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    i = gna * m^3 * h * (v - 50) + gk * n^4 * (v + 90) + gl * (v + 72) - rest
}

DERIVATIVE gates {
    m' = am(v) * (1 - m) - bm(v) * m
    h' = ah(v) * (1 - h) - bh(v) * h
    n' = an(v) * (1 - n) - bn(v) * n
}

FUNCTION linear_over_exp(x, width) {
    if (fabs(x / width) < 1e-6) {
        linear_over_exp = width * (1 + x / width / 2)
    } else {
        linear_over_exp = x / (1 - exp(-x / width))
    }
}

FUNCTION am(v (mV)) { am = 0.32 * linear_over_exp(v - v_t - 13, 4) }
FUNCTION bm(v (mV)) { bm = 0.28 * linear_over_exp(40 - (v - v_t), 5) }
FUNCTION ah(v (mV)) { ah = 0.128 * exp(-(v - v_t - 17) / 18) }
FUNCTION bh(v (mV)) { bh = 4 / (1 + exp(-(v - v_t - 40) / 5)) }
FUNCTION an(v (mV)) { an = 0.032 * linear_over_exp(v - v_t - 15, 5) }
FUNCTION bn(v (mV)) { bn = 0.5 * exp(-(v - v_t - 10) / 40) }
