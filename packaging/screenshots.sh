#!/usr/bin/env bash
# Pictures of the real window in its states: packaging/screenshots.sh FOLDER [CLIP]
#
# With the engine of the build where there is one, and the sample clip where no CLIP is named. Also under X11 where Xvfb
# is installed. BUILD names the build folder; LIPAR_SCREENSHOT_OPTIONS is handed on (--fake, --size 1280x720).
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:?missing; usage: packaging/screenshots.sh FOLDER [CLIP]}
clip=${2:-}
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

mkdir -p "$folder/offscreen"
QT_QPA_PLATFORM=offscreen "$program" "$folder/offscreen" ${clip:+"$clip"} "${options[@]}"
if command -v xvfb-run >/dev/null; then
    mkdir -p "$folder/x11"
    QT_QPA_PLATFORM=xcb xvfb-run -a -s "-screen 0 1920x1200x24" "$program" "$folder/x11" ${clip:+"$clip"} "${options[@]}"
fi
