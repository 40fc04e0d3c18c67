#!/usr/bin/env bash
# Compares two outputs of the pipeline byte by byte:
#   paper-artifacts/compare-outputs.sh [--records] BEFORE AFTER
# BEFORE and AFTER are output folders of `dotnet build paper-artifacts`. Compared are the CSV files that a reader quotes: artifacts/*.csv,
# answers.csv, claims.csv, and the tables of the validations. --records compares the tables of every simulated run record too
# (records/*/*/*.csv and *.parquet). Exit 1 if a file differs, is missing or is new; exit 2 if a folder cannot be compared.
#
# No column of these files carries a host, a path, a date or a duration of the run itself, so nothing is left out of the comparison.
# What does carry them is not compared: run.json (host, commit, clock) and the output of measuring on this host's processor (measured-cpu).
set -euo pipefail
export LC_ALL=C

with_records=no
if [ "${1:-}" = --records ]; then
  with_records=yes
  shift
fi
if [ "$#" -ne 2 ] || [ ! -d "$1/artifacts" ] || [ ! -d "$2/artifacts" ]; then
  echo "usage: compare-outputs.sh [--records] BEFORE AFTER (folders with artifacts/ in them)" >&2
  exit 2
fi
before=$(realpath "$1")
after=$(realpath "$2")

tables() {
  cd "$1"
  find . -maxdepth 1 \( -name answers.csv -o -name claims.csv \)
  for folder in artifacts validation validation-twin; do
    [ ! -d "$folder" ] || find "./$folder" -maxdepth 1 -name '*.csv'
  done
  if [ "$with_records" = yes ] && [ -d records ]; then
    find ./records -mindepth 3 -maxdepth 3 \( -name '*.csv' -o -name '*.parquet' \)
  fi
}

list=$(mktemp -d)
trap 'rm -rf "$list"' EXIT
(tables "$before") | sort > "$list/before"
(tables "$after") | sort > "$list/after"

equal=0
different=0
while IFS= read -r name; do
  if cmp -s "$before/$name" "$after/$name"; then
    equal=$((equal + 1))
  else
    different=$((different + 1))
    echo "different: ${name#./}"
  fi
done < <(comm -12 "$list/before" "$list/after")
missing=$(comm -23 "$list/before" "$list/after" | sed 's|^\./|missing: |' | tee "$list/missing" | wc -l)
new=$(comm -13 "$list/before" "$list/after" | sed 's|^\./|new: |' | tee "$list/new" | wc -l)
cat "$list/missing" "$list/new"

echo "$equal equal, $different different, $missing missing, $new new"
[ "$equal" -gt 0 ] || { echo "nothing was compared" >&2; exit 2; }
[ "$different" -eq 0 ] && [ "$missing" -eq 0 ] && [ "$new" -eq 0 ]
