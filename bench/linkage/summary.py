"""Prints the medians of all rounds as Markdown, to be pasted into RESULTS.md.

usage: summary.py FOLDER COMMIT
"""

import json
import sys
from pathlib import Path
from statistics import median

FIGURES = ["cpu_s", "train_cpu_s", "wall_s", "memory_peak_mib", "precision", "recall", "f1"]


def rounds(folder: Path, who: str, data: str) -> list[dict]:
    return [json.loads(path.read_text()) for path in sorted(folder.glob(f"linkage-{who}-{data}-*.json"))]


def main() -> None:
    folder, commit = Path(sys.argv[1]), sys.argv[2]
    for data in ("with", "without"):
        peer, ours = rounds(folder, "splink", data), rounds(folder, "linkage", data)
        print(f"\n### FEBRL4 {data} soc_sec_id, {commit}, {len(ours)} rounds\n")
        print("| figure, median (least to most) | Splink | linkage | Splink / linkage |\n|---|---|---|---|")
        for figure in FIGURES:
            cells, medians = [], []
            for each in (peer, ours):
                values = [one[figure] for one in each]
                medians.append(median(values))
                spread = "" if min(values) == max(values) else f" ({min(values):g} to {max(values):g})"
                cells.append(f"{medians[-1]:g}{spread}")
            ratio = f"{medians[0] / medians[1]:.1f}" if figure.endswith(("_s", "_mib")) else ""
            print(f"| {figure} | {cells[0]} | {cells[1]} | {ratio} |")
        one = ours[0]
        print(f"\nAlmost certain: {one['certain_said']} pairs, of which {one['certain_right']} are right, ", end="")
        print(f"precision {one['certain_right'] / one['certain_said']:.4f}.")


main()
