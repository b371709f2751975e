"""A thread that writes a run file while the simulation goes on."""
import queue
import threading

from gpusyn.recording.errors import RecordingError
from gpusyn.recording.spike_bits import decode_spike_bits

STOP = object()


class Writer:
    """Writes blocks in the order in which they are appended; `append` waits only while two are queued already.

    Arrays are handed over: whoever appends one must not write into it afterwards. What goes wrong in the thread is
    raised by the next call. Use it as a context manager to have the thread stopped whatever happens.
    """

    def __init__(self, run_file, queue_blocks=2):
        self.run_file = run_file
        self.blocks = queue.Queue(queue_blocks)
        self.error = None
        self.thread = threading.Thread(target=self._write, name="gpusyn-writer", daemon=True)
        self.thread.start()

    def append(self, key, first_row, rows):
        """Queue rows of one quantity, as `RunFile.append`."""
        self.append_all([(key, first_row, rows)])

    def append_all(self, blocks):
        """Queue [(key, first_row, rows), ...] as one block: what the recorder's rings held at one time."""
        self._put(lambda: [self.run_file.append(*block) for block in blocks])

    def append_spikes(self, population, first_step, rows, n_site):
        """Queue packed spike bits, uint8 (row, point, byte), one row per step; the thread unpacks them."""
        self._put(lambda: self._write_spikes(population, first_step, rows, n_site))

    def flush(self, durable=False):
        """Wait until everything queued is in the file (on the disk, if `durable`), visible to live readers.

        Returns:
            Rows by dataset, as a checkpoint keeps them (`RunFile.flush`).
        """
        rows = {}
        self._put(lambda: rows.update(self.run_file.flush(durable)))
        self._drain()
        return rows

    def close(self, status="finished", reason="", summary=None):
        """Write what is queued, end the file (`RunFile.close`) and stop the thread; returns the file's path."""
        try:
            self._drain()
        finally:
            self._stop()
        return self.run_file.close(status, reason, summary)

    def abandon(self):
        """Stop the thread and let go of the file without saying how the run ended."""
        self._stop()
        self.run_file.abandon()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if self.thread.is_alive():
            self._stop()
            if self.error is None:
                self.run_file.close("failed" if kind else "interrupted", str(error or "closed before the end"))
            else:
                self.run_file.abandon()

    def _write_spikes(self, population, first_step, rows, n_site):
        for point, (steps, sites) in enumerate(decode_spike_bits(rows, first_step, n_site)):
            self.run_file.append_spikes(population, point, steps, sites)

    def _put(self, work):
        self._raise()
        if not self.thread.is_alive():
            raise RecordingError(f"{self.run_file.path.name}: the recording is closed")
        self.blocks.put(work)

    def _drain(self):
        self.blocks.join()
        self._raise()

    def _raise(self):
        if self.error is not None:
            raise self.error

    def _stop(self):
        if self.thread.is_alive():
            self.blocks.put(STOP)
            self.thread.join()

    def _write(self):
        while (work := self.blocks.get()) is not STOP:
            try:
                if self.error is None:          # after an error the queue is emptied, so that nobody waits for it
                    work()
            except BaseException as error:
                self.error = error
            finally:
                self.blocks.task_done()
        self.blocks.task_done()
