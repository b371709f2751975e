"""Compression of recorded rows: none, gzip made by our own threads, or lz4/zstd through hdf5plugin.

HDF5's own gzip works on one core inside a lock. The same bytes made by zlib in threads and stored as ready chunks
write several times faster, and every HDF5 tool reads them.
"""
import os
import zlib
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np

from gpusyn.recording.errors import MissingCodecError

COMPRESSIONS = ("none", "gzip", "lz4", "zstd")
PLUGIN = ("lz4", "zstd")
LEVEL = 1                               # higher levels of zlib cost time and gain little on noisy floats


def require_codec(compression, place):
    """Make sure that rows under `compression` can be read and written; `place` opens the message.

    Raises:
        MissingCodecError: it needs hdf5plugin, which is not installed.
    """
    if compression in PLUGIN:
        try:
            import hdf5plugin  # noqa: F401   registers its filters with HDF5
        except ModuleNotFoundError:
            raise MissingCodecError(f"{place}: compression '{compression}' needs the package hdf5plugin: install "
                                    "gpusyn[compress]; gzip and none need no package") from None


def dataset_options(compression):
    """Arguments of h5py's create_dataset for `compression`."""
    if compression == "gzip":
        return {"compression": "gzip", "compression_opts": LEVEL, "shuffle": True}
    if compression in PLUGIN:
        import hdf5plugin
        if compression == "lz4":
            return dict(hdf5plugin.Bitshuffle(cname="lz4"))
        return dict(hdf5plugin.Blosc2(cname="zstd", clevel=LEVEL, filters=hdf5plugin.Blosc2.BITSHUFFLE))
    return {}


def gzip_chunk(chunk):
    """One full chunk as HDF5's shuffle and deflate filters would store it."""
    planes = chunk.reshape(-1).view(np.uint8).reshape(-1, chunk.itemsize)
    # After the shuffle, what repeats stands in runs: looking for nothing else is 2.5 times faster and as small.
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_RLE)
    return deflate.compress(np.ascontiguousarray(planes.T).data) + deflate.flush()


class GzipThreads:
    """Threads that turn rows into stored gzip chunks."""

    def __init__(self, n_thread=None):
        self.pool = ThreadPoolExecutor(n_thread or min(8, os.cpu_count() or 1), thread_name_prefix="gpusyn-gzip")

    def write(self, dataset, first_row, rows):
        """Store `rows` (at most one chunk of them) as the chunk row that begins at `first_row`.

        A chunk is stored whole: cells beyond the rows or beyond the dataset's edge are zero.
        """
        size = dataset.chunks
        corners = list(product(*(range(0, n, step) for n, step in zip(rows.shape[1:], size[1:], strict=True))))

        def pack(corner):
            part = rows[(slice(None), *(slice(at, at + n) for at, n in zip(corner, size[1:], strict=True)))]
            if part.shape == size:
                return gzip_chunk(np.ascontiguousarray(part))
            chunk = np.zeros(size, rows.dtype)
            chunk[tuple(map(slice, part.shape))] = part
            return gzip_chunk(chunk)

        for corner, stored in zip(corners, self.pool.map(pack, corners), strict=True):
            dataset.id.write_direct_chunk((first_row, *corner), stored)

    def close(self):
        self.pool.shutdown()
