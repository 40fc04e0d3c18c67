#!/usr/bin/env bash
# Packs greenserve and its engine for a GPU host that has PyTorch but neither .NET nor a network:
#   paper-artifacts/measured/package.sh    ->    .build/gpu-host/greenserve.tar.xz (about 45 MB)
# The measure.sh files beside it unpack and use it on the host.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=.build/gpu-host/work
rm -rf "$work"
mkdir -p "$work/source"

# A copy of the sources without lock files: a restore for one runtime must not disturb the ordinary one.
git ls-files -z --cached --others --exclude-standard -- . ':!*packages.lock.json' ':!paper-artifacts' ':!tests' ':!docs' \
  | xargs -0 cp --parents -t "$work/source"

# Both programs share one folder, and so one copy of the runtime.
for project in GreenServe.Cli GreenServe.Engine.Runners; do
  dotnet publish "$work/source/benchmarks/$project" -c Release -r linux-x64 --self-contained -v q \
    -p:SourceRevisionId="$(git describe --always --dirty --exclude='*' --abbrev=40)" \
    -p:RestorePackagesWithLockFile=false -p:RunAnalyzers=false -p:DebugType=none -p:PublishDir="$PWD/$work/greenserve/"
done

# Measuring needs no database, no figures and no solver.
find "$work/greenserve" \( -name '*.pdb' -o -name '*.xml' -o -name 'libduckdb.so' -o -name '*ortools*' -o -name 'libscip.so*' \
  -o -name 'libhighs.so*' -o -name 'libprotobuf.so*' -o -name 'libabsl_*' -o -name 'libSkiaSharp.so' -o -name 'libHarfBuzzSharp.so' \
  -o -name 'onnxruntime*.dll' -o -name 'libmscor*.so' -o -name 'libclrgc*.so' \) -delete
tar -C "$work" -cf - greenserve | xz -T0 -6 > .build/gpu-host/greenserve.tar.xz
rm -rf "$work"
ls -l .build/gpu-host/greenserve.tar.xz
