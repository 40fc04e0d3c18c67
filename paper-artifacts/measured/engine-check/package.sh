#!/usr/bin/env bash
# Packs the engine for a GPU host that has PyTorch but neither .NET nor a network:
#   paper-artifacts/measured/engine-check/package.sh    ->    .build/gpu-host/engine.tar.xz (about 35 MB)
# Then, on the host, with that file in place:    OUT=results paper-artifacts/measured/engine-check/measure.sh
set -euo pipefail
cd "$(dirname "$0")/../../.."
work=.build/gpu-host
rm -rf "$work"
mkdir -p "$work/source"

# A copy of the sources without lock files: a restore for one runtime must not disturb the ordinary one.
git ls-files -z --cached --others --exclude-standard -- '*.cs' '*.csproj' '*.props' '*.targets' '*.yaml' '*.torchscript' global.json .editorconfig \
  | xargs -0 cp --parents -t "$work/source"
dotnet publish "$work/source/benchmarks/GreenServe.Engine.Runners" -c Release -r linux-x64 --self-contained -v q \
  -p:RestorePackagesWithLockFile=false -p:RunAnalyzers=false -p:DebugType=none -p:PublishDir="$PWD/$work/engine/"
find "$work/engine" \( -name '*.pdb' -o -name '*.xml' -o -name 'onnxruntime*.dll' -o -name 'libmscor*.so' -o -name 'libclrgc*.so' \) -delete
tar -C "$work" -cf - engine | xz -T0 -6 > "$work/engine.tar.xz"
rm -rf "$work/source" "$work/engine"
ls -l "$work/engine.tar.xz"
