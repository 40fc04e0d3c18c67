#!/usr/bin/env bash
# Packs greenserve for a GPU host that has PyTorch but neither .NET nor a network:
#   paper-artifacts/measured/metering-check/package.sh    ->    .build/gpu-host/greenserve.tar.xz (about 37 MB)
# Then, on the host, with that file in place:    OUT=results paper-artifacts/measured/metering-check/measure.sh
set -euo pipefail
cd "$(dirname "$0")/../../.."
work=.build/gpu-host/metering
rm -rf "$work"
mkdir -p "$work/source"

# A copy of the sources without lock files: a restore for one runtime must not disturb the ordinary one.
git ls-files -z --cached --others --exclude-standard -- . ':!*packages.lock.json' ':!paper-artifacts' ':!tests' \
  | xargs -0 cp --parents -t "$work/source"
dotnet publish "$work/source/benchmarks/GreenServe.Cli" -c Release -r linux-x64 --self-contained -v q \
  -p:RestorePackagesWithLockFile=false -p:RunAnalyzers=false -p:DebugType=none -p:PublishDir="$PWD/$work/greenserve/"

# Reading meters needs no database and no figures.
find "$work/greenserve" \( -name '*.pdb' -o -name '*.xml' -o -name 'libduckdb.so' -o -name 'libSkiaSharp.so' -o -name 'libHarfBuzzSharp.so' \
  -o -name 'libonnxruntime*.so' -o -name 'libmscor*.so' -o -name 'libclrgc*.so' \) -delete
tar -C "$work" -cf - greenserve | xz -T0 -6 > .build/gpu-host/greenserve.tar.xz
rm -rf "$work"
ls -l .build/gpu-host/greenserve.tar.xz
