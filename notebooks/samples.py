"""What the notebooks share: the dataset of the bundled samples, one style for all pictures, and amounts that a person can read."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from pipeline import api
from pipeline.settings import Settings

ROOT = Path(__file__).parent.parent
DARK, MIDDLE, LIGHT, WARM, ALARM, SOFT = "#1f5a86", "#5f8db3", "#9fb4c7", "#d9a441", "#b3261e", "#5b6675"
_ABBREVIATIONS = re.compile(r"\b(asn|umkm|ukm|ksp|usp|skpd)\b", re.IGNORECASE)

plt.rcParams.update(
    {
        "figure.figsize": (9, 4.2),
        "figure.dpi": 100,
        "figure.constrained_layout.use": True,
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.edgecolor": "#dfe3e8",
        "axes.titlelocation": "left",
        "axes.titleweight": "bold",
        "axes.titlesize": 12,
        "axes.prop_cycle": plt.cycler(color=[DARK, LIGHT, WARM, MIDDLE]),
        "xtick.color": SOFT,
        "ytick.left": False,
        "legend.frameon": False,
    }
)
pd.set_option("display.max_colwidth", 60)
warnings.filterwarnings("ignore", message=".*tight_layout.*")


def dataset() -> api.Dataset:
    """The published samples; where `make run` was not called yet, this calls it (a minute)."""
    latest = ROOT / Settings().latest
    if not latest.exists():
        subprocess.run([sys.executable, "-m", "pipeline.cli", "run"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return api.open_dataset(latest)


def rupiah(amount: int | None) -> str:
    """`1.234.567` as the documents print it; a dash where nothing is printed."""
    return "–" if pd.isna(amount) else f"{amount:,}".replace(",", ".")


def short(amount: float) -> str:
    """`4,02 M` for miliar, `600 jt` for juta, `24 rb` for ribu."""
    if abs(amount) >= 10**9:
        return f"{amount / 10**9:.2f} M".replace(".", ",")
    return f"{amount / 10**6:.0f} jt" if abs(amount) >= 10**6 else f"{amount / 10**3:.0f} rb"


def name(text: str, length: int = 42) -> str:
    """A name without the word PROGRAM and without shouting, cut to length."""
    text = text.removeprefix("PROGRAM ")
    if text.isupper():
        text = _ABBREVIATIONS.sub(lambda found: found[0].upper(), text.capitalize())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
