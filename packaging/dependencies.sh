#!/usr/bin/env bash
# Installs what LIPAR Studio needs to be built, run and tested on Debian 12.
#
#   packaging/dependencies.sh [--build] [--run] [--test] [--cuda]
#
# Without a set: --build --run. --test adds what the tests need, --cuda nvcc 13.0. What is there is left alone: when nothing
# is missing, neither the package manager nor the network is asked.
#
# LibTorch comes as a wheel, unpacked into ${XDG_CACHE_HOME:-~/.cache}/lipar-studio (LIPAR_LIBTORCH: use another one).
set -euo pipefail

readonly torch_version=2.11.0
readonly cuda_version=13.0.2
readonly cache="${XDG_CACHE_HOME:-$HOME/.cache}/lipar-studio"

readonly build_packages=(
    ca-certificates
    ccache
    cmake
    g++
    libavcodec-dev
    libavformat-dev
    libavutil-dev
    libcli11-dev
    libcurl4-openssl-dev
    libegl-dev
    libfmt-dev
    libffmpeg-nvenc-dev
    libgl-dev
    libsentencepiece-dev
    libspdlog-dev
    libssl-dev
    libswresample-dev
    libswscale-dev
    mold
    ninja-build
    nlohmann-json3-dev
    pkg-config
    qt6-base-dev
    qt6-base-dev-tools
    qt6-declarative-dev
    qt6-declarative-dev-tools
    qt6-l10n-tools
    qt6-multimedia-dev
    qt6-svg-dev
    qt6-tools-dev
    qt6-tools-dev-tools
)

# QML modules are not dependencies of the Qt libraries; fonts are not dependencies of anything.
readonly run_packages=(
    fonts-dejavu-core
    libgl1-mesa-dri
    libqt6multimedia6
    libqt6svg6
    qml6-module-qt-labs-folderlistmodel
    qml6-module-qtqml
    qml6-module-qtqml-models
    qml6-module-qtqml-workerscript
    qml6-module-qtquick
    qml6-module-qtquick-controls
    qml6-module-qtquick-dialogs
    qml6-module-qtquick-layouts
    qml6-module-qtquick-templates
    qml6-module-qtquick-window
)

readonly test_packages=(
    ffmpeg
    qml6-module-qttest
    xauth
    xvfb
)

say() { printf '%s\n' "$*" >&2; }
die() {
    say "error: $*"
    exit 1
}

# Prints those of the named packages that are not installed.
missing_packages() {
    dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
        awk '$1 == "installed" { print $2 }' | sort -u |
        comm -23 <(printf '%s\n' "$@" | sort -u) -
}

is_debian_12() {
    [[ -r /etc/os-release ]] && (
        # shellcheck source=/dev/null
        . /etc/os-release
        [[ "${ID:-}" == debian && "${VERSION_ID:-}" == 12 ]]
    )
}

# Runs a command with the rights to install packages.
as_root() {
    if [[ $EUID -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "cannot install packages: neither root nor sudo; as root, run: $*"
    fi
}

install_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    [[ ${#missing[@]} -eq 0 ]] && return
    say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get --quiet=2 --option=Dpkg::Use-Pty=0)
    as_root "${apt[@]}" update
    as_root "${apt[@]}" install --yes --no-install-recommends "${missing[@]}"
}

# Where package names are not Debian 12's: says what is missing, unless nothing is.
explain_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    [[ ${#missing[@]} -eq 0 ]] && return
    say "error: this is not Debian 12, so nothing is installed for you. Missing, by Debian's names:"
    printf '%s\n' "${missing[@]}" | fmt --width=110 >&2
    say "Install their like (Qt 6.4, FFmpeg 5.1, g++ 12, CMake 3.25 or newer), then build with: cmake --preset release"
    exit 1
}

# Prints a Python that has pip; installs Debian's where there is none.
python_with_pip() {
    local python
    for python in python3 /usr/bin/python3; do
        if "$python" -m pip --version >/dev/null 2>&1; then
            echo "$python"
            return
        fi
    done
    install_packages python3 python3-pip >&2
    echo /usr/bin/python3
}

# unpack_wheels FOLDER REQUIREMENT...: wheels and nothing that they depend on, whole or not at all. Debian's pip, which
# leaves the system's Python alone, takes a --target.
unpack_wheels() {
    local folder=$1 python
    shift
    python=$(python_with_pip)
    rm -rf "$folder.part"
    mkdir -p "$folder.part"
    local requirement
    for requirement in "$@"; do
        local dependencies=(--no-deps)
        # cuda-toolkit is a list of wheels by extra: its dependencies are what is wanted.
        [[ $requirement == cuda-toolkit* ]] && dependencies=()
        "$python" -m pip install --quiet --disable-pip-version-check --no-warn-conflicts --no-compile --no-cache-dir \
            --root-user-action=ignore --only-binary=:all: "${dependencies[@]}" --target "$folder.part" "$requirement" ||
            die "could not fetch $requirement: pip failed (see above); check the network and the free space in $cache"
    done
    rm -rf "$folder"
    mv "$folder.part" "$folder"
}

install_libtorch() {
    local folder="${LIPAR_LIBTORCH:-$cache/libtorch-$torch_version}"
    [[ -e "$folder/torch/lib/libtorch_cpu.so" ]] && return
    [[ -n "${LIPAR_LIBTORCH:-}" ]] && die "no LibTorch in LIPAR_LIBTORCH=$LIPAR_LIBTORCH: torch/lib/libtorch_cpu.so is not there"
    [[ $(uname -m) == x86_64 ]] || die "no LibTorch for $(uname -m): this script knows x86_64; set LIPAR_LIBTORCH to a LibTorch $torch_version of yours"
    say "Fetching LibTorch $torch_version (about 600 MB, unpacked 1.2 GB) into $folder"
    unpack_wheels "$folder" "torch==$torch_version" "cuda-toolkit[cudart,cupti]==$cuda_version"
}

install_nvcc() {
    local folder="$cache/cuda-$cuda_version"
    [[ -x "$folder/nvidia/cu13/bin/nvcc" || -n "${LIPAR_CUDA_TOOLKIT:-}" || -n "${CUDACXX:-}" ]] && return
    say "Fetching nvcc of CUDA $cuda_version (unpacked 270 MB) into $folder"
    unpack_wheels "$folder" "cuda-toolkit[nvcc,crt,cccl,cudart,nvvm]==$cuda_version"
}

main() {
    local packages=() libtorch=0 nvcc=0
    [[ $# -gt 0 ]] || set -- --build --run
    local argument
    for argument in "$@"; do
        case $argument in
            --build) packages+=("${build_packages[@]}") libtorch=1 ;;
            --run) packages+=("${run_packages[@]}") libtorch=1 ;;
            --test) packages+=("${test_packages[@]}") ;;
            --cuda) nvcc=1 ;;
            -h | --help)
                sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"
                exit 0
                ;;
            *) die "unknown argument '$argument': give --build, --run, --test or --cuda" ;;
        esac
    done

    if [[ ${#packages[@]} -gt 0 ]]; then
        is_debian_12 || explain_packages "${packages[@]}"
        install_packages "${packages[@]}"
    fi
    [[ $libtorch -eq 0 ]] || install_libtorch
    [[ $nvcc -eq 0 ]] || install_nvcc
}

main "$@"
