#!/usr/bin/env bash
# What a campaign measures on a host of two GPUs: whether they agree with one, their link, then the experiments named (default: those of this
# kind). Stops after the check if two GPUs compute something else than one.
#
#   OUT=results SECONDS_LEFT=560 paper-artifacts/measured/run-two-gpus.sh [EXPERIMENT...]
#
# Needs and leaves what engine-check/measure.sh and run-campaign.sh need and leave; a call with RECORDS skips the check.
set -uo pipefail
cd "$(dirname "$0")"
: "${OUT:?the folder of the results}"
end=$((SECONDS + ${SECONDS_LEFT:-560}))
if [ -z "${RECORDS:-}" ]; then
  bash engine-check/measure.sh 13b tp2
  python3 - "$OUT/tp2.json" <<'CHECK' || { echo "two GPUs do not compute what one does: nothing measured"; exit 1; }
import json, sys
results = [result for result in json.load(open(sys.argv[1]))["results"] if result["name"].startswith(("float32:", "bf16:"))]
sys.exit(0 if results and all(result["passed"] for result in results) else 1)
CHECK
fi
[ "$#" -gt 0 ] || set -- tensor-parallelism
SECONDS_LEFT=$((end - SECONDS)) bash run-campaign.sh 0,1,2 "$@"
