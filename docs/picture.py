"""Draws docs/not-done.png from a dataset: which acts of the news did not, or not surely, happen. matplotlib is no dependency: pip install matplotlib.

python docs/picture.py OUT docs/not-done.png
"""

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt

from pipeline.dataset import Dataset
from pipeline.dataset.views import connect

SQL = Path(__file__).with_name("not-done.sql").read_text("utf-8")


def main(dataset: Path, picture: Path) -> None:
    """Ask the query of `not-done.sql`, draw a bar a status."""
    with connect(Dataset.open(dataset)) as connection:
        rows = connection.execute(SQL).fetchall()
    names, counts = [row[0] for row in rows][::-1], [row[1] for row in rows][::-1]
    figure, axes = plt.subplots(figsize=(7, 3), dpi=130)
    bars = axes.barh(names, counts, color="#1f5a8a")
    axes.bar_label(bars, padding=3)
    axes.set_title("Acts in 60 articles that did not, or not surely, happen", loc="left", fontsize=11)
    axes.set_xlabel("facts, copies of an article left out")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(picture, metadata={"Software": None})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
