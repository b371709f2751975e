COMMENT
W5 for NEURON: calcium in the cytosol and the ER of a dendrite, see __init__.py of this folder. Units: uM, um, ms;
amounts are per um of length, and NMODL's own unit checks are not used. R and r are the radii of dendrite and ER.
ENDCOMMENT

NEURON {
    SUFFIX calcium_wave
    RANGE ca, ca_er, b, ip3, source, ip3_source
    THREADSAFE
}

PARAMETER {
    PI = 3.141592653589793
    R = 0.2
    r = 0.075
    source = 0
    ip3_source = 0
}

STATE { ca b ca_er ip3 c1 o1 o2 c2 }

ASSIGNED { inside outside }

INITIAL {
    LOCAL ka, kb, kc
    inside = PI * r * r
    outside = PI * (R * R - r * r)
    ca = 0.05
    ca_er = 250
    ip3 = 0.04
    b = 160 * 0.019 / (0.019 + 0.027 * ca)
    ka = 0.0288 / (1.5 * ca^4)
    kb = 1.5 * ca^3 / 0.3859
    kc = 1.75e-3 / 1e-4
    o1 = 1 / (1 + ka + kb + kc)
    c1 = ka * o1
    o2 = kb * o1
    c2 = kc * o1
}

BREAKPOINT { SOLVE chemistry METHOD sparse }

KINETIC chemistry {
    LOCAL buffering, from_outside, from_er, p
    COMPARTMENT outside { ca b ip3 }
    COMPARTMENT inside { ca_er }
    LONGITUDINAL_DIFFUSION 0.22 * outside { ca }
    LONGITUDINAL_DIFFUSION 0.02 * outside { b }
    LONGITUDINAL_DIFFUSION 0.28 * outside { ip3 }
    LONGITUDINAL_DIFFUSION 0.22 * inside { ca_er }

    ~ c1 <-> o1 (1.5 * ca^4, 0.0288)
    ~ o1 <-> o2 (1.5 * ca^3, 0.3859)
    ~ o1 <-> c2 (1.75e-3, 1e-4)

    buffering = 0.019 * (160 - b) - 0.027 * b * ca
    from_outside = -8.5e-3 * ca * ca / (0.0036 + ca * ca) - 0.0375 * ca / (1.8 + ca) + 4.497345e-6 * (1000 - ca)
    from_outside = from_outside + falling(source, t, 1)
    p = 1.05 * ca * ip3 / ((ca * ip3 + 1.05 * ip3 + 0.94 * ca + 0.1365) * (ca + 0.0823))
    from_er = (0.042 * (o1 + o2) + 7.612e-3 * p * p * p + 3.786353e-5) * (ca_er - ca) - 15.535 * ca / ((0.18 + ca) * ca_er)

    ~ ca << (outside * buffering + 2 * PI * (R * from_outside + r * from_er))
    ~ b << (outside * buffering)
    ~ ca_er << (-2 * PI * r * from_er)
    ~ ip3 << (2 * PI * R * falling(ip3_source, t, 200) - outside * (ip3 - 0.04))
}

FUNCTION falling(amplitude, now, duration) {
    falling = 0
    if (now < duration) { falling = amplitude * (1 - now / duration) }
}
