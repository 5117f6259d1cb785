#!/usr/bin/env bash
# Pictures of the real window in its states: packaging/screenshots.sh FOLDER [CLIP...]
#
# At 1280x720, 1920x1080 and at twice the scale, offscreen, and under X11 where Xvfb is installed. With the engine of the
# build where there is one, and the sample clip where no CLIP is named; the page of models in all its states with the engine
# of the tests. BUILD names the build folder; LIPAR_SCREENSHOT_OPTIONS is handed on (--fake).
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:?missing; usage: packaging/screenshots.sh FOLDER [CLIP...]}
shift
program=
for build in "${BUILD:-}" "$root/build/release" "$root/build/dev" "$root"/build/*; do
    if [[ -n $build && -x $build/tests/studio_screenshots ]]; then
        program=$build/tests/studio_screenshots
        break
    fi
done
if [[ -z $program ]]; then
    echo "error: studio_screenshots is not built: cmake --build BUILD --target studio_screenshots" >&2
    exit 1
fi
export LIPAR_MODELS=${LIPAR_MODELS:-$root/resources/models}
read -ra options <<<"${LIPAR_SCREENSHOT_OPTIONS:-}"

# take NAME SIZE SCALE [CLIP...]
take() {
    local name=$1 size=$2 scale=$3
    shift 3
    QT_QPA_PLATFORM=offscreen QT_SCALE_FACTOR=$scale "$program" "$folder/$name" "$@" --size "$size" "${options[@]}"
}
take 1280x720 1280x720 1 "$@"
take 1920x1080 1920x1080 1 "$@"
take scale-200 1280x720 2 "$@"
take models-1280x720 1280x720 1 --models
take models-scale-200 1280x720 2 --models
if command -v xvfb-run >/dev/null; then
    QT_QPA_PLATFORM=xcb xvfb-run -a -s "-screen 0 1920x1200x24" "$program" "$folder/x11" "$@" --size 1440x900 "${options[@]}"
fi
