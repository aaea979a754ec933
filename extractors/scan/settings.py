"""Settings of the scan reader, checked in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """How a page image is read.

    `ocr_threads` is the number of threads of the recogniser (0: those that are granted). Images have between `least_dpi` and
    `most_dpi` and never hold more than `most_pixels`. `second_look` reads each number a second time in another preparation;
    numbers on which the looks disagree get a confidence under 0.5 and should not be trusted. Around a `whole_page` the scanner's lid may
    show; around a picture within a page there is nothing.
    """

    ocr_threads: int = 0
    least_dpi: float = 200.0
    most_dpi: float = 300.0
    most_pixels: int = 16_000_000
    batch_pixels: int = 48 * 4096
    second_look: bool = True
    whole_page: bool = True

    def __post_init__(self) -> None:
        if self.ocr_threads < 0:
            raise ValueError(f"ocr_threads must not be negative, got {self.ocr_threads}")
        if not 72.0 <= self.least_dpi <= self.most_dpi:
            raise ValueError(f"72 <= least_dpi <= most_dpi does not hold: {self.least_dpi}, {self.most_dpi}")
        if self.most_pixels < 100_000:
            raise ValueError(f"most_pixels is too small for a page: {self.most_pixels}")
