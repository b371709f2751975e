"""VTK's XML: unstructured grids of nodes and segments (.vtu), and collections of them over time (.pvd).

Arrays are stored inline as base64 of zlib-compressed blocks, which ParaView, VTK, PyVista and meshio read. The form is
that of "VTK XML Formats" (docs.vtk.org): a header of 64-bit numbers (blocks, bytes per block, bytes of the last block,
compressed bytes of each), encoded by itself, then all blocks, encoded together.
"""
from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

import numpy as np

TYPES = {"f4": "Float32", "f8": "Float64", "i2": "Int16", "i4": "Int32", "i8": "Int64", "u1": "UInt8"}
BLOCK = 2**16
LEVEL = 1  # of compression: higher ones take longer and gain little on floating-point numbers
VERTEX, LINE = 1, 3  # VTK's numbers of cell types
ATTRIBUTES = 'byte_order="LittleEndian" header_type="UInt64" compressor="vtkZLibDataCompressor"'


def data_array(name: str, values, unit: str = "") -> str:
    """A `DataArray` element of (n,) or (n, 3) values."""
    values = np.asarray(values)
    kind = values.dtype.str[1:]
    parts = f' NumberOfComponents="{values.shape[1]}"' if values.ndim > 1 else ""
    label = "" if unit in ("", "1") else (
        f'<InformationKey name="UNITS_LABEL" location="vtkDataArray">{unit}</InformationKey>')
    about = f'type="{TYPES[kind]}" Name={quoteattr(name)}{parts} format="binary"'
    return f"<DataArray {about}>{encoded(values)}{label}</DataArray>"


def encoded(values: np.ndarray) -> str:
    """The numbers in VTK's inline binary form."""
    data = values.astype(values.dtype.newbyteorder("<")).tobytes()
    blocks = [zlib.compress(data[at : at + BLOCK], LEVEL) for at in range(0, len(data), BLOCK)]
    header = np.array([len(blocks), BLOCK, len(data) % BLOCK, *map(len, blocks)], "<u8")
    return (b64encode(header.tobytes()) + b64encode(b"".join(blocks))).decode()


def shape_text(places: np.ndarray, parent: np.ndarray) -> str:
    """Points and cells: a line for each segment, a vertex for each node that has none.

    Args:
        places: (n_node, 3), um.
        parent: (n_node,) node that each hangs on, -1 at roots.
    """
    nodes = np.flatnonzero(parent >= 0)
    alone = np.setdiff1d(np.arange(len(parent)), np.concatenate([nodes, parent[nodes]]))
    ends = np.concatenate([np.stack([parent[nodes], nodes], axis=1).ravel(), alone]).astype(np.int64)
    offsets = np.cumsum(np.repeat([2, 1], [len(nodes), len(alone)]))
    types = np.repeat([LINE, VERTEX], [len(nodes), len(alone)]).astype(np.uint8)
    cells = [data_array("connectivity", ends), data_array("offsets", offsets), data_array("types", types)]
    return f"<Points>\n{data_array('Points', places)}\n</Points>\n<Cells>\n" + "\n".join(cells) + "\n</Cells>"


def vtu(n_node: int, n_cell: int, shape: str, arrays: Iterable[str], time: float) -> str:
    """A .vtu file: the shape as `shape_text` gives it, and `data_array`s of values per node at a time in ms."""
    moment = data_array("TimeValue", np.array([time])).replace("format=", 'NumberOfTuples="1" format=')
    values = "\n".join(arrays)
    return (f'<?xml version="1.0"?>\n<VTKFile type="UnstructuredGrid" version="1.0" {ATTRIBUTES}>\n<UnstructuredGrid>\n'
            f'<FieldData>\n{moment}\n</FieldData>\n<Piece NumberOfPoints="{n_node}" NumberOfCells="{n_cell}">\n'
            f"<PointData>\n{values}\n</PointData>\n{shape}\n</Piece>\n</UnstructuredGrid>\n</VTKFile>\n")


def pvd(files: Iterable[tuple[float, str]]) -> str:
    """A .pvd file: (time in ms, file) of every moment."""
    rows = "\n".join(f'<DataSet timestep="{time!r}" part="0" file={quoteattr(file)}/>' for time, file in files)
    return ('<?xml version="1.0"?>\n<VTKFile type="Collection" version="0.1" byte_order="LittleEndian">\n<Collection>\n'
            f"{rows}\n</Collection>\n</VTKFile>\n")
