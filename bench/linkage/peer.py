"""Splink on FEBRL4: reads the two files, trains, predicts, and prints one line of JSON.

usage: peer.py FOLDER with|without

What counts as its time is training and predicting, measured around them as CPU seconds of all its threads and as
wall seconds; starting Python, importing and reading the files are not counted.
"""

import json
import logging
import resource
import sys
import time
from pathlib import Path

import pandas as pd
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

logging.disable(logging.WARNING)


def settings(with_number: bool) -> SettingsCreator:
    comparisons = [
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
        cl.LevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("suburb", [0.9, 0.7]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
    ]
    rules = [
        block_on("given_name", "surname"),
        block_on("given_name", "postcode"),
        block_on("surname", "postcode"),
        block_on("date_of_birth"),
        block_on("surname", "street_number"),
        block_on("given_name", "suburb"),
        block_on("address_1"),
    ]
    if with_number:
        comparisons.append(cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]))
        rules.append(block_on("soc_sec_id"))
    return SettingsCreator(
        link_type="link_only",
        unique_id_column_name="id",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
    )


def person(name: str) -> str:
    return name.split("-")[1]


def main() -> None:
    folder, with_number = Path(sys.argv[1]), sys.argv[2] == "with"
    a, b = (pd.read_csv(folder / f"febrl4-{side}.tsv", sep="\t", dtype=str) for side in "ab")

    wall, cpu = time.perf_counter(), time.process_time()
    api = DuckDBAPI()
    linker = Linker([api.register(a), api.register(b)], settings(with_number))
    train = linker.training
    deterministic = [block_on("given_name", "surname", "date_of_birth"), block_on("address_1", "suburb", "date_of_birth")]
    if with_number:
        deterministic.append(block_on("soc_sec_id"))
    train.estimate_probability_two_random_records_match(deterministic, recall=0.9 if with_number else 0.8)
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    train.estimate_parameters_using_expectation_maximisation(block_on("date_of_birth"))
    train.estimate_parameters_using_expectation_maximisation(block_on("given_name", "surname"))
    trained_cpu = time.process_time() - cpu
    predicted = linker.inference.predict(threshold_match_probability=0.01)
    pairs = predicted.as_pandas_dataframe()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall

    true = {person(name) for name in a["id"]} & {person(name) for name in b["id"]}
    said = pairs[pairs["match_probability"] >= 0.9]
    right = sum(person(l) == person(r) for l, r in zip(said["id_l"], said["id_r"], strict=True))
    precision, recall = right / max(len(said), 1), right / len(true)
    print(
        json.dumps(
            {
                "cpu_s": round(cpu, 3),
                "train_cpu_s": round(trained_cpu, 3),
                "wall_s": round(wall, 3),
                "memory_peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
                "precision": round(precision, 4),
                "recall": round(recall, 4),
                "f1": round(2 * precision * recall / (precision + recall), 4),
                "said": len(said),
                "right": right,
            }
        )
    )


main()
