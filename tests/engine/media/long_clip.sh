#!/usr/bin/env bash
# Makes a long H.264 clip whose key frames lie far apart, for seek_bench: long_clip.sh OUT.mp4 [WxH] [SECONDS] [GOP] [CLIP]
# With CLIP, its pictures over and over, else a test picture. Runs for minutes: ten minutes of film are 15,000 frames.
set -euo pipefail
out=$1 size=${2:-1280x720} seconds=${3:-600} gop=${4:-250} clip=${5:-}
if [[ $clip ]]; then
    input=(-stream_loop -1 -i "$clip")
else
    input=(-f lavfi -i "testsrc2=s=$size:r=25")
fi
# A number that counts up in the corner, so that no two frames are alike.
count="split[a][b];[b]crop=256:16:0:0,geq=lum='if(bitand(N,pow(2,trunc(X/16))),235,16)':cb=128:cr=128[c];[a][c]overlay=0:0"
ffmpeg -v error -nostdin -y "${input[@]}" -an -t "$seconds" -vf "scale=${size/x/:},setsar=1,fps=25,format=yuv420p,$count" \
    -c:v libx264 -preset veryfast -crf 20 -refs 3 -bf 3 -g "$gop" -keyint_min "$gop" -sc_threshold 0 "$out"
