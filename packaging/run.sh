#!/usr/bin/env bash
# Builds LIPAR Studio, edits a clip with the built-in model and opens the window on it.
#
#   packaging/run.sh [CLIP] [--prompt TEXT] [--build-only] [--no-window]
#
#   CLIP          the clip to edit; without one, a sample that the project draws itself
#   --prompt TEXT what it is to become (default: $LIPAR_PROMPT, else "pencil sketch")
#   --build-only  stop when the programs are in build/release/bin
#   --no-window   do not open LIPAR Studio afterwards
#
# Writes lipar-edited.mp4 and lipar-heatmap.mp4 (what was computed, what was reused) into the current folder.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
readonly build="$root/build/release"
readonly programs="$build/bin"

say() { printf '%s\n' "$*" >&2; }
wrong_arguments() {
    say "error: $*"
    exit 2
}

build_programs() {
    "$root/packaging/dependencies.sh" --build --run
    if [[ ! -e "$build/build.ninja" ]]; then
        mkdir -p "$build"
        cmake --preset release -S "$root" >"$build/configure.log" 2>&1 || {
            tail -n 30 "$build/configure.log" >&2
            say "error: the build could not be configured (all of it: $build/configure.log)"
            exit 1
        }
    fi
    [[ -x "$programs/lipar" ]] || say "Building LIPAR Studio; the first time takes some minutes"
    ninja -C "$build" lipar lipar-studio 2>&1 | show_build
}

# Ninja's lines: progress on one line where there is a terminal, nothing at all when nothing was built.
show_build() {
    local line width terminal=0
    [[ ! -t 2 ]] || terminal=1
    width=$(tput cols 2>/dev/null || echo 80)
    while IFS= read -r line; do
        case $line in
            "ninja: Entering directory"* | "ninja: no work to do"* | *"Re-checking globbed directories"*) ;;
            \[*/*\]*)
                if [[ $terminal -eq 1 ]]; then
                    printf '\r\e[K%s' "${line:0:width - 1}" >&2
                else
                    say "$line"
                fi
                ;;
            *) say "$line" ;;
        esac
    done
    [[ $terminal -eq 0 ]] || printf '\r\e[K' >&2
}

has_display() { [[ -n "${DISPLAY:-}" || -n "${WAYLAND_DISPLAY:-}" ]]; }

main() {
    local clip="" prompt="${LIPAR_PROMPT:-pencil sketch}" build_only=0 window=1
    while [[ $# -gt 0 ]]; do
        case $1 in
            --prompt)
                [[ $# -ge 2 ]] || wrong_arguments "--prompt needs a text"
                prompt=$2
                shift
                ;;
            --build-only) build_only=1 ;;
            --no-window) window=0 ;;
            -h | --help)
                sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"
                exit 0
                ;;
            -*) wrong_arguments "unknown option '$1'; see --help" ;;
            *)
                [[ -z $clip ]] || wrong_arguments "one clip at a time: '$clip' and '$1' were given"
                clip=$1
                ;;
        esac
        shift
    done
    if [[ -n $clip && ! -r $clip ]]; then
        say "error: cannot read '$clip': no such file, or no right to; check the name"
        exit 3
    fi

    build_programs
    [[ $build_only -eq 0 ]] || exit 0

    if [[ -z $clip ]]; then
        clip="$build/sample.mp4"
        [[ -e $clip ]] || "$programs/lipar" sample "$clip" -q
    fi
    "$programs/lipar" edit "$clip" --prompt "$prompt" -o lipar-edited.mp4 --heatmap lipar-heatmap.mp4
    say "Written: $PWD/lipar-edited.mp4, $PWD/lipar-heatmap.mp4"

    if [[ $window -eq 1 ]] && has_display; then
        exec "$programs/lipar-studio" "$clip"
    fi
}

main "$@"
