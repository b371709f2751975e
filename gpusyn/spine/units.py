"""Factors from the documents' units to gpusyn's; all are exact."""

UM = 1e15           # umol/um^3 in uM
FLUX = 1e12         # umol/(um^2 s) in uM um/ms; umol/s in uM um^3/ms
MS = 1e3            # s in ms
PER_MS = 1e-3       # 1/s in 1/ms; um/s in um/ms
MV = 1e3            # V in mV
NANOSIEMENS = 1e9   # S in nS
PICOFARAD = 1e12    # F in pF
