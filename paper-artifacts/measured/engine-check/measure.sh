#!/usr/bin/env bash
# Checks the engine on a GPU host and leaves at most eight small files in $OUT. Steps (give one or more; default all but the last two):
#   7b       correctness on a small model; Llama-2-7B shape: decode steps, serving, prompts
#   13b 34b  Llama-2-13B and CodeLlama-34B shapes: decode steps and prompts (34B needs all of an 80 GB card)
#   tp2      Llama-2-13B shape on two GPUs that share each layer: correctness on a small model, the link, decode steps and prompts
#   fuser    the decode steps of 7b with TorchScript's kernel fuser on, for comparison
# Needs what ../package.sh made, and python3 with PyTorch 2.10 or 2.11 (CUDA). Exit code 1 if a bound was missed.
set -uo pipefail
cd "$(dirname "$0")/../../.."
: "${OUT:=paper-artifacts/output/engine-check}"
mkdir -p "$OUT"
. paper-artifacts/measured/unpack.sh
failed=0

nvidia-smi --query-gpu=name,driver_version,memory.total,power.limit,clocks.max.sm --format=csv > "$OUT/gpu.csv"
nvidia-smi --query-gpu=timestamp,power.draw,clocks.sm,utilization.gpu --format=csv,noheader -lms 200 > "$OUT/power.csv" 2>/dev/null &
sampler=$!
trap 'kill "$sampler" 2>/dev/null; rm -rf "$work"' EXIT

check() { # label, model, then options
  local label=$1 model=$2
  shift 2
  echo "== $label: $model ($(date +%T))"
  timeout 300 "$GREENSERVE_ENGINE" check --device cuda --model "$model" --out "$OUT/$label.json" "$@" || { echo "$label: exit $?"; failed=1; }
}

# Slots are as long as the context, so decode steps (many short slots) and prompts (few long ones) are checked apart.
for step in "${@:-7b 13b 34b}"; do
  for name in $step; do
    case $name in
      7b)
        check 7b llama-2-7b --parts correctness speed serving --max-context 640 --max-batch 72
        check 7b-prompts llama-2-7b --parts speed --max-context 2176 --max-batch 4
        ;;
      13b)
        check 13b llama-2-13b --parts speed --max-context 640 --max-batch 32
        check 13b-prompts llama-2-13b --parts speed --max-context 2176 --max-batch 4
        ;;
      tp2)
        check tp2 llama-2-13b --parts correctness speed --tensor-parallelism 2 --max-context 640 --max-batch 32
        check tp2-prompts llama-2-13b --parts speed --tensor-parallelism 2 --max-context 2176 --max-batch 4
        ;;
      34b) check 34b codellama-34b --parts speed --max-context 2176 --max-batch 4 ;;
      fuser) PYTORCH_TENSOREXPR=1 check fuser llama-2-7b --parts speed --max-context 640 --max-batch 64 ;;
      *) echo "unknown step $name"; exit 2 ;;
    esac
  done
done
exit "$failed"
