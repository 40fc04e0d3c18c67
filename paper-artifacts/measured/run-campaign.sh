#!/usr/bin/env bash
# Runs the measured experiments on a GPU host and packs their records.
#
#   OUT=results SECONDS_LEFT=560 paper-artifacts/measured/run-campaign.sh REPETITIONS [EXPERIMENT...]
#
# Needs an NVIDIA driver, python3 with PyTorch 2.10 or 2.11 (CUDA), and what package.sh made. No .NET, no network. Reads meters only: no
# clock and no limit is changed. REPETITIONS are numbers from 0 with commas, "0,1,2": one round after the other. Without names: every file of
# paper-artifacts/experiments/measured. Stops in time: what has ended by then is kept, and a later call with RECORDS=results/records.tar.xz
# goes on where this one ended. CHECK=yes checks the engine against the ceilings of this very host first (about 45 s).
# Leaves in $OUT: records.tar.xz, engine-check.json where asked for, gpu.csv, log.txt.
set -uo pipefail
cd "$(dirname "$0")/../.."
: "${OUT:?the folder of the results}"
end=$((SECONDS + ${SECONDS_LEFT:-560}))
repetitions=${1:?the numbers of the repetitions, from 0, with commas}
shift
. paper-artifacts/measured/unpack.sh
mkdir -p "$OUT" "$work/records"
[ -z "${RECORDS:-}" ] || tar -C "$work/records" -xJf "$RECORDS"

nvidia-smi --query-gpu=name,driver_version,memory.total,power.limit,clocks.max.sm,clocks.sm,temperature.gpu --format=csv | tee "$OUT/gpu.csv"
case $(nvidia-smi --query-gpu=name --format=csv,noheader | head -1) in
  "NVIDIA H100 80GB HBM3") gpu=H100-80GB-SXM ;;
  "NVIDIA H200") gpu=H200 ;;
  *) echo "no hardware file for this GPU"; exit 3 ;;
esac

experiments=("$@")
[ "$#" -gt 0 ] || for file in paper-artifacts/experiments/measured/*.experiment.yaml; do experiments+=("$(basename "$file" .experiment.yaml)"); done
baselines=${BASELINES:-$work/records/baselines.json}
{
  [ "${CHECK:-no}" != yes ] || greenserve-engine check --device cuda --model llama-2-7b --parts speed --max-context 2176 --max-batch 16 --out "$OUT/engine-check.json"
  for repetition in ${repetitions//,/ }; do
    for name in "${experiments[@]}"; do
      left=$((end - SECONDS))
      [ "$left" -gt 25 ] || { echo "out of time before $name, repetition $repetition"; continue; }
      echo "== $name, repetition $repetition, $left s left"
      timeout --signal=INT --kill-after=15 "$left" greenserve sweep "paper-artifacts/experiments/measured/$name.experiment.yaml" \
        --set "gpu=$gpu" --repetition "$repetition" --baselines all --baseline-seconds 3 \
        --baseline-file "$baselines" --resume --out "$work/records/$name" || echo "$name: exit $?"
    done
  done
} 2>&1 | tee "$OUT/log.txt"
tar -C "$work/records" -cf - . | xz -T0 -3 > "$OUT/records.tar.xz"
ls -l "$OUT"
