#!/usr/bin/env bash
# Makes a tree that runs where it is put: the command line, the libraries it needs, the built-in model. Torch stays outside.
#
#   packaging/bundle.sh DIR [--preset NAME] [--torch FOLDER] [--without-model]
#
#   DIR              written anew: bin/lipar, lib/, share/lipar-studio/models
#   --preset NAME    which build to take, for example cuda (default: release); it must be built
#   --torch FOLDER   where torch/ and nvidia/ will be on the target, for example a site-packages folder; without it, say so
#                    there with LD_LIBRARY_PATH=FOLDER/torch/lib
#   --without-model  leave the built-in model out
#
# For the same processor and Debian 12, Ubuntu 24.04 or newer: glibc, libstdc++ and the graphics driver are the target's own.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root

say() { printf '%s\n' "$*" >&2; }
die() {
    say "error: $*"
    exit 1
}

# Libraries that the target has, or that come with its torch.
is_foreign() {
    case $1 in
        ld-linux* | libc.so.* | libm.so.* | libdl.so.* | libpthread.so.* | librt.so.* | libutil.so.* | libresolv.so.*) ;;
        libstdc++.so.* | libgcc_s.so.* | libgomp.so.* | libcuda.so.*) ;;
        libtorch* | libc10* | libcu[!r]* | libcurand* | libnv* | libnccl*) ;;  # libcurl is nobody else's
        *) return 1 ;;
    esac
}

needed_by() { patchelf --print-needed "$1"; }

# copy_libraries FILE: what FILE needs, and what that needs, into lib/.
copy_libraries() {
    local file=$1 name path
    for name in $(needed_by "$file"); do
        is_foreign "$name" && continue
        [[ -e "$target/lib/$name" ]] && continue
        path=$(LD_LIBRARY_PATH="$ffmpeg" ldd "$file" | awk -v name="$name" '$1 == name { print $3 }')
        [[ -e $path ]] || die "cannot bundle $name, needed by $file: it is not on this machine"
        install -m 755 "$(readlink -f "$path")" "$target/lib/$name"
        copy_libraries "$path"
    done
}

main() {
    local preset=release torch="" with_model=1
    target=""
    while [[ $# -gt 0 ]]; do
        case $1 in
            --preset | --torch)
                [[ $# -ge 2 ]] || die "$1 needs a value"
                [[ $1 == --preset ]] && preset=$2 || torch=$2
                shift
                ;;
            --without-model) with_model=0 ;;
            -h | --help)
                sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"
                exit 0
                ;;
            -*) die "unknown option '$1'; see --help" ;;
            *) target=$1 ;;
        esac
        shift
    done
    [[ -n $target ]] || die "say where to write; see --help"
    local build="$root/build/$preset"
    [[ -x "$build/bin/lipar" ]] || die "$build/bin/lipar is not built: cmake --build --preset $preset --target lipar"
    if [[ -e $target && ! -x "$target/bin/lipar" && -n $(ls -A "$target" 2>/dev/null) ]]; then
        die "$target is no earlier bundle and not empty: give another folder"
    fi
    local tool
    for tool in patchelf strip; do
        command -v "$tool" >/dev/null || die "$tool is missing: install it (Debian: patchelf, binutils)"
    done
    ffmpeg=$("$root/packaging/ffmpeg.sh")

    rm -rf "$target"
    mkdir -p "$target/bin" "$target/lib" "$target/share/lipar-studio/models" "$target/share/doc/lipar-studio"
    target=$(cd "$target" && pwd)
    install -m 755 "$build/bin/lipar" "$target/bin/lipar"
    copy_libraries "$build/bin/lipar"
    if [[ -e "$build/lib/liblipar_cuda.so" ]]; then
        install -m 755 "$build/lib/liblipar_cuda.so" "$target/lib/"
        copy_libraries "$build/lib/liblipar_cuda.so"
    fi
    [[ $with_model -eq 0 ]] || cp -r "$root/resources/models/." "$target/share/lipar-studio/models/"
    cp "$root/LICENSE" "$target/share/doc/lipar-studio/"

    local torch_path="" folder library
    for folder in torch/lib nvidia/cu13/lib nvidia/cudnn/lib nvidia/nccl/lib; do
        [[ -z $torch ]] || torch_path+=":$torch/$folder"
    done
    strip --strip-unneeded "$target/bin/lipar" "$target"/lib/*.so*
    for library in "$target"/lib/*.so*; do
        # shellcheck disable=SC2016
        patchelf --set-rpath '$ORIGIN' "$library"
    done
    patchelf --set-rpath "\$ORIGIN/../lib$torch_path" "$target/bin/lipar"
    [[ ! -e "$target/lib/liblipar_cuda.so" ]] || patchelf --set-rpath "\$ORIGIN$torch_path" "$target/lib/liblipar_cuda.so"

    check_bundle
    say "$target: $(du -sh --apparent-size "$target" | cut -f1), of it libraries $(du -sh --apparent-size "$target/lib" | cut -f1)," \
        "models $(du -sh --apparent-size "$target/share/lipar-studio/models" | cut -f1)"
}

# Nothing but torch may be missing, and nothing but the target's own may come from outside the tree.
check_bundle() {
    local file line name failures=0
    for file in "$target/bin/lipar" "$target"/lib/*.so*; do
        while read -r line; do
            name=${line%% *}
            case $line in
                *"=> $target/"* | linux-vdso* | /*) ;;
                *) is_foreign "$name" || is_torchs "$line" || {
                    say "error: ${file#"$target/"} finds $line"
                    failures=1
                } ;;
            esac
        done < <(env -i ldd "$file" 2>/dev/null | sed 's/^[[:space:]]*//')
    done
    [[ $failures -eq 0 ]] || die "the bundle is not complete"
}

# A library that torch's own libraries pull in.
is_torchs() { [[ $1 == *"/torch/lib/"* || $1 == *"/nvidia/"* || $1 == "statically linked" ]]; }

main "$@"
