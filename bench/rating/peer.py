"""Rates the same facts with DuckDB, checks that everyone comes out the same, and times both in turn.

peer.py PROGRAM MIRROR FOLDER ROUNDS COMMIT
"""

import datetime
import json
import os
import resource
import statistics
import subprocess
import sys
import time

import duckdb

program, mirror, folder, rounds, commit = sys.argv[1:]
rounds = int(rounds)
cores = os.cpu_count()
duck = duckdb.connect()
duck.execute(f"SET threads = {cores}")
for table in ("facts", "subjects", "out"):
    duck.execute(f"CREATE VIEW {table} AS SELECT * FROM '{folder}/{table}.parquet'")
with open(f"{folder}/person.sql") as file:
    statement = file.read().rstrip().removesuffix(";")


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def theirs():
    begun, used = time.monotonic(), cpu()
    duck.execute(f"CREATE OR REPLACE TEMP TABLE rated AS {statement}")
    return time.monotonic() - begun, cpu() - used


def ours():
    told = subprocess.run([program, "bench", "rate", mirror, "--rounds", "1"], check=True, capture_output=True)
    return json.loads(told.stdout)


theirs()
dimensions = [name for name, *_ in duck.execute("DESCRIBE rated").fetchall() if name not in ("subject", "points", "grade")]
told = " || ' ' || ".join(f"'{code}=' || \"{code}\"" for code in dimensions)
different = duck.execute(
    f"""SELECT count(*) FROM (SELECT subject, points, grade, dimensions FROM out WHERE scorecard = 'person') o
    FULL JOIN (SELECT subject, points, grade, {told} AS dimensions FROM rated) r USING (subject)
    WHERE o.points IS DISTINCT FROM r.points OR o.grade IS DISTINCT FROM r.grade OR o.dimensions IS DISTINCT FROM r.dimensions"""
).fetchone()[0]
persons = duck.execute("SELECT count(*) FROM rated").fetchone()[0]
if different or not persons:
    sys.exit(f"{different} of {persons} persons come out otherwise: no figure counts")

own, peer = [], []
for round in range(rounds + 1):
    print(f"round {round} of {rounds}{'' if round else ' (to warm up, not counted)'}", file=sys.stderr)
    found, other = ours(), theirs()
    if round:
        own.append(found)
        peer.append(other)

middle = statistics.median
wall, used = middle(one["seconds"][0] for one in own), middle(one["cpu_seconds"][0] for one in own)
peer_wall, peer_used = middle(one for one, _ in peer), middle(one for _, one in peer)
last = own[-1]
print(f"### {datetime.date.today()}, {commit}, {last['records']:,} records, {last['subjects']:,} subjects\n")
print(f"{cores} cores; {rounds} rounds after one to warm up, in turn; {persons:,} persons come out the same to the point.\n")
print("| | wall s | CPU s |\n|---|---|---|")
print(f"| packed mirror, everyone, {last['features']['person']} features of persons, reasons | {wall:.2f} | {used:.2f} |")
print(f"| DuckDB {duckdb.__version__}, persons | {peer_wall:.2f} | {peer_used:.2f} |")
print(f"| ratio | {peer_wall / wall:.1f} | {peer_used / used:.1f} |\n")
one_p50, one_p99 = (middle(one[f"one_of_about_300_p{p}_us"] for one in own) for p in (50, 99))
print(f"One subject of about 300 records, read, checked and rated with reasons: p50 {one_p50:.1f} µs, p99 {one_p99:.1f} µs.")
