#!/usr/bin/env bash
# Makes clips for lipar-decoding-comparison, with the ffmpeg program: gpu_clips.sh FOLDER. Runs for some minutes, about 60 MB.
# Those whose names begin with "cpu-" are not for a GPU's decoder, all or from some place on: the CPU takes over.
set -euo pipefail
mkdir -p "$1"
cd "$1"
run() { ffmpeg -v error -nostdin -y "$@"; }
# picture SIZE SECONDS [FILTERS]: moving, with a little noise, so that every tool of a codec has something to do.
picture() { printf '%s\n' -f lavfi -i "testsrc2=s=$1:r=25:d=$2,noise=alls=6:allf=t${3:+,$3}"; }
make() {
    local out=$1 size=$2 seconds=$3 filters=$4 source
    shift 4
    mapfile -t source < <(picture "$size" "$seconds" "$filters")
    run "${source[@]}" "$@" "$out"
}

x264=(-c:v libx264 -preset medium -crf 26 -pix_fmt yuv420p)
x265=(-c:v libx265 -preset veryfast -crf 28)
make h264-1080p.mp4 1920x1080 10 "" "${x264[@]}" -g 250 -bf 3
make h264-full-range.mp4 640x360 4 "" "${x264[@]/yuv420p/yuvj420p}" -color_range pc -colorspace bt709
make h264-cropped.mp4 634x358 4 "" "${x264[@]}" -g 30
make h264-baseline.mp4 640x360 4 "" "${x264[@]}" -profile:v baseline
make h264-open-groups.ts 640x360 8 "" "${x264[@]}" -g 25 -x264-params open-gop=1:bframes=3:b-pyramid=normal
make h264-interlaced.mkv 720x576 8 "tinterlace=interleave_top,setfield=tff" "${x264[@]}" -flags +ildct+ilme -top 1
make h264-anamorphic.mkv 720x576 4 "setsar=16/11" "${x264[@]}"
run -i h264-cropped.mp4 -c copy -metadata:s:v rotate=90 h264-turned.mp4
make hevc-1080p.mp4 1920x1080 6 "" "${x265[@]}" -pix_fmt yuv420p -x265-params log-level=none -tag:v hvc1
make hevc-10-bits.mkv 1280x720 6 "" "${x265[@]}" -pix_fmt yuv420p10le -x265-params log-level=none -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc
make hevc-open-groups.mkv 640x360 8 "" "${x265[@]}" -pix_fmt yuv420p -x265-params log-level=none:keyint=25:open-gop=1
make hevc-2160p.mp4 3840x2160 2 "" "${x265[@]}" -pix_fmt yuv420p -x265-params log-level=none
make vp8.webm 640x360 4 "" -c:v libvpx -b:v 1M -deadline realtime -cpu-used 8
make vp9-720p.webm 1280x720 4 "" -c:v libvpx-vp9 -b:v 2M -deadline realtime -cpu-used 8 -pix_fmt yuv420p
make vp9-10-bits.webm 640x360 3 "" -c:v libvpx-vp9 -b:v 1M -deadline realtime -cpu-used 8 -profile:v 2 -pix_fmt yuv420p10le
make av1-720p.mp4 1280x720 4 "" -c:v libsvtav1 -preset 10 -crf 40 -pix_fmt yuv420p
make av1-10-bits.mkv 640x360 4 "" -c:v libsvtav1 -preset 10 -crf 40 -pix_fmt yuv420p10le

make cpu-h264-422.mkv 640x360 2 "" -c:v libx264 -preset veryfast -pix_fmt yuv422p
make cpu-h264-10-bits.mkv 640x360 2 "" -c:v libx264 -preset veryfast -pix_fmt yuv420p10le
make cpu-h264-lossless.mkv 320x180 2 "" -c:v libx264 -preset veryfast -qp 0 -pix_fmt yuv420p
make cpu-hevc-444.mkv 640x360 2 "" "${x265[@]}" -pix_fmt yuv444p -x265-params log-level=none
make cpu-vp9-odd-size.webm 320x180 2 "scale=321:181" -c:v libvpx-vp9 -b:v 500k -deadline realtime -cpu-used 8 -pix_fmt yuv420p
make cpu-av1-film-grain.mkv 640x360 2 "" -c:v libsvtav1 -preset 10 -crf 40 -svtav1-params film-grain=12 -pix_fmt yuv420p
# The size changes in the middle.
make small.h264 320x180 2 "" "${x264[@]}" -bf 0
make large.h264 640x360 2 "" "${x264[@]}" -bf 0
cat large.h264 small.h264 large.h264 >both.h264
run -fflags +genpts -framerate 25 -i both.h264 -c copy cpu-h264-changes-size.mkv
rm small.h264 large.h264 both.h264
# Damage: two packets wiped out, and a few bytes changed within two, which only decoding them shows.
run -i h264-cropped.mp4 -c copy cpu-h264-wiped.mkv
cp cpu-h264-wiped.mkv cpu-h264-flipped.mkv
ffprobe -v error -select_streams v -show_entries packet=size,pos -of csv=p=0 cpu-h264-wiped.mkv |
    awk -F, 'NR == 45 || NR == 62 { print $1, $2 }' |
    while read -r size position; do
        dd if=/dev/zero of=cpu-h264-wiped.mkv bs=1 seek=$((position + 12)) count=$((size - 24)) conv=notrunc status=none
        printf 'ZZZZ' | dd of=cpu-h264-flipped.mkv bs=1 seek=$((position + size / 2)) conv=notrunc status=none
    done
