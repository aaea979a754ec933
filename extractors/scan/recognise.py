"""The line recogniser: PP-OCR's recognition model out of rapidocr's wheel, run by onnxruntime, offline.

The model reads a line image of height 48; each of its output columns stands for 8 pixels of width. Only characters that Indonesian
documents print are let through: the model also knows thousands of Chinese ones.
"""

from __future__ import annotations

import os
import string
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.scan.image import Gray

HEIGHT = 48
STRIDE = 8
LEAST_WIDTH = 64
ALLOWED = string.ascii_letters + string.digits + " .,:;!?%()[]{}<>=+-*/\\'\"&@#$_|°²³–—“”‘’•·…≤≥±×§½¼¾√~`^é"


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in one line image: characters, their probabilities, and their places along the line (0..1 of its width)."""

    text: str
    probabilities: tuple[float, ...]
    places: tuple[float, ...]

    @property
    def confidence(self) -> float:
        """The mean probability of the characters; 0 where nothing was read."""
        return float(np.mean(self.probabilities)) if self.probabilities else 0.0


class Recogniser:
    """One loaded model. Batches run side by side, one thread each: that scales better than threads inside one batch."""

    def __init__(self, model: Path, threads: int) -> None:
        import onnxruntime

        self._threads = threads or threads_granted()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        listed = self._session.get_modelmeta().custom_metadata_map["character"].split("\n")
        characters = ["", *listed, " "]
        index = {c: i for i, c in enumerate(characters)}
        self._columns = np.array([0] + [index[c] for c in ALLOWED if c in index])
        self._characters = [""] + [c for c in ALLOWED if c in index]

    def read(self, crops: Sequence[Gray], batch_pixels: int = HEIGHT * 4096) -> list[Reading]:
        """The readings of line images (grey, any height), in their order."""
        lines = [_to_height(crop) for crop in crops]
        batches = list(_batches([line.shape[1] for line in lines], batch_pixels))
        out: list[Reading] = [Reading("", (), ())] * len(crops)
        with ThreadPoolExecutor(self._threads) as pool:
            for batch, readings in zip(batches, pool.map(lambda b: self._read_batch([lines[i] for i in b]), batches), strict=True):
                for i, reading in zip(batch, readings, strict=True):
                    out[i] = reading
        return out

    def _read_batch(self, lines: list[Gray]) -> list[Reading]:
        width = max(LEAST_WIDTH, *(line.shape[1] for line in lines))
        tensor = np.zeros((len(lines), 3, HEIGHT, width), np.float32)
        for row, line in enumerate(lines):
            tensor[row, :, :, : line.shape[1]] = line.astype(np.float32) / 127.5 - 1.0
        scores: NDArray[np.float32] = self._session.run(None, {self._input: tensor})[0][:, :, self._columns]
        return [self._decoded(scores[row], line.shape[1]) for row, line in enumerate(lines)]

    def _decoded(self, scores: NDArray[np.float32], width: int) -> Reading:
        """Best path of one line: runs of one character collapsed, blanks dropped."""
        best = scores.argmax(axis=1)
        steps = min(len(best), -(-width // STRIDE) + 1)
        text, probabilities, places = [], [], []
        start = 0
        while start < steps:
            end = start + 1
            while end < steps and best[end] == best[start]:
                end += 1
            if best[start] > 0:
                run = scores[start:end, best[start]]
                text.append(self._characters[best[start]])
                probabilities.append(float(run.max()))
                centre = start + float((run * np.arange(len(run))).sum() / run.sum()) + 0.5
                places.append(min(1.0, centre * STRIDE / width))
            start = end
        return Reading("".join(text), tuple(probabilities), tuple(places))


def threads_granted() -> int:
    """As many threads as OpenMP may use here (a worker beside others gets its share of the cores), else one for each core."""
    granted = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    return int(granted) if granted.isdecimal() and int(granted) else os.cpu_count() or 1


def _to_height(crop: Gray) -> Gray:
    height, width = crop.shape
    scale = HEIGHT / height
    how = cv2.INTER_AREA if scale < 0.6 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(crop, (max(8, round(width * scale)), HEIGHT), interpolation=how), np.uint8)


def _batches(widths: Sequence[int], batch_pixels: int) -> Iterator[list[int]]:
    """Indices grouped by like width, so that little of a batch is padding."""
    batch: list[int] = []
    for i in sorted(range(len(widths)), key=lambda i: widths[i]):
        widest = max(widths[i], LEAST_WIDTH)
        least = max(widths[batch[0]], LEAST_WIDTH) if batch else widest
        if batch and ((len(batch) + 1) * widest * HEIGHT > batch_pixels or widest > 1.15 * least + 16):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def model_path() -> Path:
    """The recognition model inside the installed rapidocr; FileNotFoundError says what is missing."""
    spec = find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("rapidocr is not installed: scans cannot be read")
    found = sorted((Path(spec.submodule_search_locations[0]) / "models").glob("*_rec_*.onnx"))
    if not found:
        raise FileNotFoundError("the installed rapidocr carries no recognition model (*_rec_*.onnx): scans cannot be read")
    return found[-1]


@lru_cache(maxsize=2)
def recogniser(threads: int = 0) -> Recogniser:
    """The process's recogniser, loaded at the first call."""
    return Recogniser(model_path(), threads)
