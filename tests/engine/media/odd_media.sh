#!/usr/bin/env bash
# Makes one file of each odd kind that people drop on an editor, with the ffmpeg program: odd_media.sh FOLDER
set -euo pipefail
cd "$1"
run() { ffmpeg -v error -nostdin -y "$@"; }
picture=(-f lavfi -i "testsrc2=s=128x72:r=25:d=1")
tone=(-f lavfi -i "sine=440:r=48000:d=1")
h264=(-c:v libx264 -preset ultrafast -pix_fmt yuv420p)

run "${picture[@]}" "${tone[@]}" "${h264[@]}" -g 10 -c:a aac plain.mp4
run -f lavfi -i "testsrc2=s=128x72:r=25:d=2" -vf "select='not(mod(n,3))+between(n,20,26)'" -vsync vfr "${h264[@]}" variable_rate.mp4
run -i plain.mp4 -c copy -metadata:s:v rotate=90 rotated.mp4
run "${picture[@]}" -vf setsar=2/1 "${h264[@]}" anamorphic.mp4
run "${picture[@]}" -vf "tinterlace=interleave_top,setfield=tff" -c:v mpeg2video -flags +ildct+ilme interlaced.mpg
run "${picture[@]}" -c:v libx264 -preset ultrafast -pix_fmt yuv420p10le ten_bit.mkv
run "${picture[@]}" -pix_fmt argb -c:v qtrle alpha.mov
run "${picture[@]}" -frames:v 1 "${h264[@]}" one_frame.mp4
run "${picture[@]}" -vf "scale=127:71,setsar=1" -c:v libx264 -preset ultrafast -pix_fmt yuv444p odd_size.mp4
run "${tone[@]}" -c:a aac audio_only.m4a
head -c $(($(stat -c %s plain.mp4) / 2)) plain.mp4 > truncated.mp4
run -i plain.mp4 -c copy plain.mkv
head -c $(($(stat -c %s plain.mkv) * 2 / 3)) plain.mkv > truncated.mkv
: > empty.mp4
cp plain.mp4 garbage_inside.mp4
head -c 3000 /dev/zero | tr '\0' '\252' | dd of=garbage_inside.mp4 bs=1 seek=$(($(stat -c %s plain.mp4) / 2)) conv=notrunc status=none
cp plain.mp4 no_extension
cp plain.mp4 wrong_extension.avi
seq 1 2000 > text.mp4
# A header that claims 60000x60000: the sizes in the track header and the sample description are overwritten.
python3 - <<'P'
data = bytearray(open("plain.mp4", "rb").read())
at = data.find(b"avc1", data.find(b"stsd"))
data[at + 28:at + 32] = (60000).to_bytes(2, "big") * 2
open("huge_header.mp4", "wb").write(data)
P
run "${picture[@]}" -f lavfi -i "anoisesrc=d=1,aformat=channel_layouts=5.1" "${h264[@]}" -c:a aac surround.mp4
run "${picture[@]}" -f lavfi -i "sine=440:r=8000:d=1" "${h264[@]}" -c:a pcm_s16le -ac 1 mono_8khz.mov
run -f lavfi -i "testsrc2=s=128x72:r=1/2:d=8" "${h264[@]}" half_fps.mp4
run -f lavfi -i "testsrc2=s=128x72:r=120:d=1" "${h264[@]}" fps_120.mp4
run "${picture[@]}" -frames:v 1 still.png
run "${picture[@]}" -frames:v 1 still.jpg
run "${picture[@]}" -r 10 moving.gif
run "${picture[@]}" -vf format=yuva420p -c:v libvpx-vp9 -deadline realtime -cpu-used 8 alpha.webm
run "${picture[@]}" "${tone[@]}" "${h264[@]}" -c:a aac -f matroska pipe:1 | cat > no_duration.mkv
rm plain.mkv
