"""``python -m gpusyn``: the command line."""
from gpusyn.cli import main

if __name__ == "__main__":
    main()
