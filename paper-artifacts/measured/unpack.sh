# Sourced by the scripts that run on a GPU host, in the repository's root: unpacks what package.sh made into $work, a folder that goes with the
# script, and names PyTorch's libraries for the engine.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -C "$work" -xJf .build/gpu-host/greenserve.tar.xz
export PATH="$work/greenserve:$PATH" GREENSERVE_ENGINE="$work/greenserve/greenserve-engine"
site=$(python3 -c 'import importlib.util as u, os; print(os.path.dirname(u.find_spec("torch").submodule_search_locations[0]))')
export GREENSERVE_TORCH_LIB="$site/torch/lib"
LD_LIBRARY_PATH="$GREENSERVE_TORCH_LIB:$(find "$site/nvidia" -maxdepth 2 -name lib -type d 2>/dev/null | tr '\n' ':')${LD_LIBRARY_PATH:-}"
export LD_LIBRARY_PATH
