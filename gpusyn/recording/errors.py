"""What can go wrong with files: every message names the file, the value, the rule and the nearest valid choice."""
from gpusyn.errors import GpusynError


class RecordingError(GpusynError, ValueError):
    """A recording that cannot be written as declared, or a file that cannot be read."""


class UnknownRecordingError(GpusynError, KeyError):
    """A name that was not recorded."""

    def __str__(self):
        return str(self.args[0])                # KeyError would show the message in quotes


class MissingCodecError(GpusynError, ModuleNotFoundError):
    """A compression whose package is not installed."""


class CheckpointError(GpusynError, RuntimeError):
    """A checkpoint that is missing, torn, or of another configuration."""
