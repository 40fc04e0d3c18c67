#!/usr/bin/env bash
# Shows on an NVIDIA host what its meters do, and what reading them costs: refresh periods, call costs, idle and loaded-idle power,
# counter energy against averaged power x time under two steady loads, step response, processor time and step time of the load.
#
# Needs: an NVIDIA driver, python3 with PyTorch and CUDA (for the load), and what ../package.sh made. No .NET, no network.
#   OUT=results paper-artifacts/measured/metering-check/measure.sh
# Makes record.tar.xz and two texts in $OUT; takes about four minutes. Reads meters only: no clock and no limit is changed.
# PAIRS is the number of phase pairs with and without metering (default 4), STEADY the length of a steady load (15 s), COOL the longest
# wait until the GPU has cooled (40 s).
set -euo pipefail
: "${OUT:?the folder of the results}"
mkdir -p "$OUT"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
tar -C "$work" -xJf "$(dirname "$0")/../../../.build/gpu-host/greenserve.tar.xz"
greenserve="$work/greenserve/greenserve"

cat > "$work/load.py" <<'PYTHON'
"""A steady load on command; the protocol is in docs/reference/load-command.md."""
import gc
import json
import statistics
import sys
import time

import torch

gc.disable()
torch.manual_seed(1)
device = torch.device("cuda")
LAYERS, HIDDEN, INNER = 32, 4096, 11008
up = [torch.randn(HIDDEN, INNER, device=device, dtype=torch.bfloat16) / 64 for _ in range(LAYERS)]
down = [torch.randn(INNER, HIDDEN, device=device, dtype=torch.bfloat16) / 105 for _ in range(LAYERS)]
row = torch.randn(1, HIDDEN, device=device, dtype=torch.bfloat16)
left = torch.randn(8192, 8192, device=device, dtype=torch.bfloat16) / 90
right = torch.randn(8192, 8192, device=device, dtype=torch.bfloat16) / 90
product = torch.empty_like(left)


def gemm():
    """One large matrix product: bound by compute and by the power cap."""
    torch.matmul(left, right, out=product)


def decode():
    """The matrix products of one token through 32 layers: bound by memory and by 64 kernel launches."""
    value = row
    for a, b in zip(up, down):
        value = (value @ a) @ b


def say(**event):
    print(json.dumps(event), flush=True)


with torch.inference_mode():
    for kind in (gemm, decode):
        kind()
    torch.cuda.synchronize()
    say(event="ready")
    for line in sys.stdin:
        words = line.split()
        if not words or words[0] == "exit":
            break
        step = {"gemm": gemm, "decode": decode}[words[2]]
        times = []
        say(event="started")
        now = time.perf_counter()
        end = now + float(words[1])
        while now < end:
            begin = now
            step()
            torch.cuda.synchronize()
            now = time.perf_counter()
            times.append(now - begin)
        say(event="done", steps=len(times), median_step_seconds=statistics.median(times), mean_step_seconds=statistics.mean(times))
PYTHON

"$greenserve" meters --meters samples > "$OUT/meters.txt" || true
cat "$OUT/meters.txt"

status=0
"$greenserve" meters characterize --load "exec python3 $work/load.py" --out "$work/record" \
  --steady-seconds "${STEADY:-15}" --longest-cool-seconds "${COOL:-40}" --pairs "${PAIRS:-4}" 2>&1 | tee "$OUT/log.txt" || status=$?
gzip -9 "$work/record/nvml-calls.csv"
tar -C "$work/record" -cf - . | xz -6 > "$OUT/record.tar.xz"
exit "$status"
