"""Putting a complete file in its place, so that neither a crash nor a power cut leaves half of one."""
import os
from pathlib import Path


def sync_file(path):
    """Wait until the content of a file is on the disk."""
    with open(path, "r+b") as file:                 # r+: some systems refuse to sync a file that is opened to read
        os.fsync(file.fileno())


def sync_folder(path):
    """Wait until the names in a folder are on the disk; a system that cannot open a folder sees to them itself."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_in_place(written, final):
    """Store `written` durably and give it the name `final` in one step; returns `final`."""
    written, final = Path(written), Path(final)
    sync_file(written)
    if written != final:
        os.replace(written, final)
    sync_folder(final.parent)
    return final
