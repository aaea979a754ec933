"""Every tolerance and cap of the extraction engine, checked in one place."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Settings:
    """Distances are points unless the name says `_em` (parts of the font size); caps are counts. All values are positive."""

    # Letters to words.
    space_gap_em: float = 0.17  # a gap without a blank that still separates words
    printed_space_gap_em: float = 0.06  # a gap at a blank that counts as visible
    baseline_em: float = 0.25  # letters of one line may differ that much in height
    size_min: float = 0.5  # points; smaller type cannot be seen
    doubled_em: float = 0.12  # the same letter again within this distance is fake bold

    # Lines to rulings.
    line_width_max: float = 3.2  # a filled rectangle thinner than this is a line
    dark_line_width_max: float = 6.0  # a dark and long one may be as thick as this
    snap: float = 1.6  # rulings closer than this are one
    join: float = 3.0  # collinear pieces closer than this are one line
    ruling_min: float = 4.0  # shorter marks are no rulings
    wall_share: float = 0.5  # a cell border must be drawn for this share of its length

    # Grids.
    sliver: float = 10.0  # bands narrower than this without a word are double lines
    overhang: float = 6.0  # rules that run on this far past the frame ask for a closing edge

    # Caps against hostile or broken files.
    pages_max: int = 20_000
    page_side_max: float = 14_400.0  # points; 200 inches, the limit of the format
    page_side_min: float = 36.0
    chars_max: int = 150_000
    objects_max: int = 150_000
    segments_max: int = 400_000
    rulings_max: int = 40_000
    form_depth_max: int = 8
    render_pixels_max: int = 40_000_000

    # Ways.
    scan_dpi_min: float = 150.0
    scan_dpi_max: float = 300.0
    second_opinion: bool = True
    second_opinion_below: float = 0.6  # ask another extractor when a table's confidence is lower

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if not isinstance(value, bool) and not value > 0:
                raise ValueError(f"extraction setting {item.name} must be positive, not {value!r}")
        if self.wall_share >= 1 or self.second_opinion_below > 1:
            raise ValueError("extraction settings wall_share and second_opinion_below are shares below 1")


DEFAULTS = Settings()
