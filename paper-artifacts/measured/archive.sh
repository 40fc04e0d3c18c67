#!/usr/bin/env bash
# Archives the run records that run-campaign.sh brought back. The same records give the same bytes:
#   paper-artifacts/measured/archive.sh records.tar.xz CAMPAIGN    ->    paper-artifacts/measured/CAMPAIGN/EXPERIMENT.zip
# Runs that were interrupted are left out and named. Needs zip.
set -euo pipefail
archive=$(realpath "${1:?the records}")
folder=$(realpath -m "$(dirname "$0")/${2:?the name of the campaign}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -C "$work" -xJf "$archive"
mkdir -p "$folder"
for experiment in "$work"/*/; do
  name=$(basename "$experiment")
  for run in "$experiment"*/; do
    if [ ! -s "$run/run.json" ] || grep -q '"code": "interrupted"' "$run/run.json"; then
      echo "left out, interrupted: $name/$(basename "$run")"
      rm -rf "$run"
    fi
  done
  # Times of files would differ with the day.
  find "$experiment" -exec touch -d 2000-01-01T00:00:00Z {} +
  rm -f "$folder/$name.zip"
  (cd "$experiment" && find . -type f | LC_ALL=C sort | sed 's|^\./||' | TZ=UTC zip -q -X -9 -@ "$folder/$name.zip")
  echo "$name: $(find "$experiment" -name run.json | wc -l) runs, $(stat -c %s "$folder/$name.zip") bytes"
done
