"""Physical constants that several mechanisms share.

Source: CODATA 2018, Tiesinga, Mohr, Newell & Taylor (2021) Rev. Mod. Phys. 93:025010. Since the SI of 2019 all of these
are exact products of defining constants; the digits here are those that a float64 keeps.
"""

AVOGADRO = 6.02214076e23  # 1/mol
ELEMENTARY_CHARGE = 1.602176634e-19  # C
FARADAY = 96485.33212331001  # C/mol, AVOGADRO * ELEMENTARY_CHARGE
GAS_CONSTANT = 8.31446261815324  # J/(K mol), AVOGADRO * 1.380649e-23 J/K
ZERO_CELSIUS = 273.15  # K
