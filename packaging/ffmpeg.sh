#!/usr/bin/env bash
# Builds the small FFmpeg that packaging/bundle.sh ships: Debian's sources and version, and of its 128 libraries (164 MB) only
# those whose codecs LIPAR Studio offers. Same names and ABI as Debian's, so that programs linked with those run
# with these. NVIDIA's decoder is reached through the driver at run time; nothing of CUDA is linked.
#
#   packaging/ffmpeg.sh        prints the folder of the libraries, built there unless it is there already
set -euo pipefail

cache="${XDG_CACHE_HOME:-$HOME/.cache}/lipar-studio"
readonly cache
readonly target="$cache/ffmpeg-5.1-small-nvdec"  # what it can do is in its name: one built before is not taken for it

readonly packages=(dpkg-dev libdav1d-dev libffmpeg-nvenc-dev libsvtav1enc-dev libvpx-dev libx264-dev libx265-dev make nasm zlib1g-dev)

# What can be read is wide, what can be written is what `lipar edit --codec` names.
readonly decoders=aac,ac3,alac,apng,av1,dnxhd,dvvideo,eac3,ffv1,flac,gif,h264,hevc,huffyuv,libdav1d,mjpeg,mp2,mp3,mp3float,mpeg1video,mpeg2video,mpeg4,msmpeg4v2,msmpeg4v3,opus,pcm_alaw,pcm_f32le,pcm_mulaw,pcm_s16be,pcm_s16le,pcm_s24le,pcm_s32le,pcm_u8,png,prores,qtrle,rawvideo,theora,utvideo,vc1,vorbis,vp8,vp9,webp,wmav2,wmv3
readonly encoders=aac,ffv1,libsvtav1,libvpx_vp9,libx264,libx265,mjpeg,pcm_s16le,png,prores_ks,rawvideo
readonly demuxers=aac,asf,avi,flac,flv,gif,h264,hevc,image2,ivf,m4v,matroska,mjpeg,mov,mp3,mpegps,mpegts,mpegvideo,mxf,ogg,rawvideo,wav,yuv4mpegpipe
readonly muxers=avi,image2,matroska,mov,mp4,mpegts,rawvideo,wav,webm
readonly parsers=aac,ac3,av1,dnxhd,flac,h264,hevc,mjpeg,mpeg4video,mpegaudio,mpegvideo,opus,png,vorbis,vp8,vp9
readonly filters=h264_mp4toannexb,hevc_mp4toannexb,av1_frame_merge,av1_frame_split,vp9_superframe,vp9_superframe_split,aac_adtstoasc,extract_extradata,null
readonly hwaccels=h264_nvdec,hevc_nvdec,vp8_nvdec,vp9_nvdec,av1_nvdec  # those that give the very samples of the decoders above

say() { printf '%s\n' "$*" >&2; }

if [[ -e "$target/lib/libavformat.so.59" ]]; then
    echo "$target/lib"
    exit 0
fi

rm -rf "$target.part"
mkdir -p "$target.part/lists/partial"
cd "$target.part"

mapfile -t missing < <(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null |
    awk '$1 == "installed" { print $2 }' | sort | comm -23 <(printf '%s\n' "${packages[@]}" | sort) -)
if [[ ${#missing[@]} -gt 0 ]]; then
    say "Installing ${missing[*]}"
    as_root=()
    [[ $EUID -eq 0 ]] || as_root=(sudo)
    "${as_root[@]}" apt-get -qq update
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "${missing[@]}" >&2
fi

# The archives that this machine uses, asked for sources, without touching its own lists.
# shellcheck disable=SC2016
apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' | sort -u |
    sed 's/^/deb-src /' >sources.list
apt=(apt-get -qq -o "Dir::Etc::SourceList=$PWD/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$PWD/lists")
say "Fetching FFmpeg's source package"
"${apt[@]}" -o APT::Sandbox::User=root update
"${apt[@]}" -o APT::Sandbox::User=root source ffmpeg >fetch.log 2>&1 || {
    tail -n 20 fetch.log >&2
    exit 1
}
cd ffmpeg-5.1*/

say "Building it (some minutes)"
{
    ./configure --prefix="$target" --disable-everything --disable-autodetect --disable-programs --disable-doc --disable-static \
        --enable-shared --disable-network --disable-avdevice --disable-avfilter --disable-postproc --enable-gpl --enable-zlib \
        --enable-libdav1d --enable-libsvtav1 --enable-libvpx --enable-libx264 --enable-libx265 --enable-protocol=file,pipe \
        --enable-ffnvcodec --enable-cuda --enable-cuvid --enable-nvdec --enable-hwaccel="$hwaccels" \
        --enable-decoder="$decoders" --enable-encoder="$encoders" --enable-demuxer="$demuxers" --enable-muxer="$muxers" \
        --enable-parser="$parsers" --enable-bsf="$filters" &&
        nice make -j"$(nproc)" &&
        make install
} >build.log 2>&1 || {
    tail -n 20 build.log >&2
    say "error: FFmpeg could not be built (all of it: $PWD/build.log)"
    exit 1
}
rm -rf "$target.part"
echo "$target/lib"
