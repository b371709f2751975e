"""Datasets that grow by rows while a live reader looks on."""
import numpy as np

from gpusyn.recording.compression import dataset_options
from gpusyn.recording.errors import RecordingError


def create_series(file, series, compression, dt):
    """The empty dataset of one `Series`, with the attributes that explain it."""
    options = dataset_options(compression) if series.compressed else {}
    dataset = file.create_dataset(series.path, shape=(0, *series.row_shape), maxshape=(None, *series.row_shape),
                                  chunks=series.chunk, dtype=series.dtype, **options)
    dataset.attrs.update(key=series.key, unit=series.unit, meaning=series.meaning, every=series.every,
                         first_step=series.first_step, dt=dt, time=series.time_path, **series.notes)
    return dataset


class Column:
    """Rows of one dataset. Rows of a compressed one wait until they fill a chunk: a stored chunk never changes again.

    `gzip` is the `GzipThreads` that stores ready chunks, or None where HDF5 writes the rows itself.
    """

    def __init__(self, dataset, gzip=None):
        self.dataset, self.about = dataset, dict(dataset.attrs)
        self.gzip = gzip if dataset.compression == "gzip" else None
        filtered = dataset.id.get_create_plist().get_nfilters() > 0
        self.step = dataset.chunks[0] if filtered else 1
        full = dataset.shape[0] // self.step * self.step
        self.stored = full                                      # rows in chunks that are never touched again
        self.waiting = [dataset[full:]] if full < dataset.shape[0] else []

    @property
    def n_row(self):
        """Rows appended so far, waiting ones included."""
        return self.stored + sum(map(len, self.waiting))

    def append(self, first_row, rows):
        """Take rows that continue at `first_row`, shape (n, *row_shape), and store what fills chunks.

        Raises:
            RecordingError: the rows do not follow the last ones, or have another shape.
        """
        name = self.about.get("key", self.dataset.name)
        if first_row != self.n_row:
            raise RecordingError(f"{name}: rows from {first_row} on were appended, but the next row is {self.n_row}")
        self.waiting.append(self._in_shape(name, np.asarray(rows)))
        whole = (self.n_row - self.stored) // self.step * self.step
        if whole:
            ready = self.waiting[0] if len(self.waiting) == 1 else np.concatenate(self.waiting)
            rest = ready[whole:]
            # A copy: the rest outlives the block that it came in, which may be large.
            self.waiting = [rest.copy()] if len(rest) else []
            self._store(ready[:whole])
            self.stored += whole

    def flush(self):
        """Store the rows that still wait, as a chunk that is not full, and make all rows visible to readers."""
        if self.dataset.shape[0] < self.n_row:
            self.waiting = [np.concatenate(self.waiting)]
            self._store(self.waiting[0])
        self.dataset.flush()

    def _in_shape(self, name, rows):
        """`rows` without the axis of a single sweep point, in the dataset's type."""
        row_shape = self.dataset.shape[1:]
        if rows.ndim == len(row_shape) + 2 and rows.shape[1] == 1:
            rows = rows[:, 0]
        if rows.shape[1:] != row_shape:
            raise RecordingError(f"{name}: rows of shape {rows.shape[1:]} were appended where a row is {row_shape}")
        return np.ascontiguousarray(rows, self.dataset.dtype)

    def _store(self, rows):
        first, end = self.stored, self.stored + len(rows)
        if end > self.dataset.shape[0]:
            self.dataset.resize(end, axis=0)
        if self.gzip is None:
            self.dataset[first:end] = rows
        else:
            for at in range(0, len(rows), self.step):
                self.gzip.write(self.dataset, first + at, rows[at:at + self.step])
        self.dataset.flush()
