"""Writes tests/golden/lipar: keep masks of random clips, and of real Wan latents where the shared data is at hand.

The clips themselves are not stored: random_clip() makes them from a seed in integers alone, and its twin in
tests/engine/lipar/random_clip.cpp makes the same ones bit for bit. Run: python make_mask_goldens.py [--shared FOLDER]

Format, little-endian: "LIPARMSK", u32 version 1, u32 cases; per case u64 seed, u64 checksum of the clip, i32 frames,
channels, height, width, patch height, patch width, block frames, f32 tau1, tau2, and the mask [T, rows, columns] as bits,
the first token in the lowest bit.
"""
import argparse
import pathlib
import struct

import numpy as np

import lif_oracle

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "golden" / "lipar"
CASES = 300
CLEARANCE = 1e-6  # no distance may come closer to its threshold: float32 sums differ in their last bits
UNIT = 2.0**-20   # clips are integers in these units, below 2^23, so exact as float32
GAMMA = 0x9E3779B97F4A7C15
STREAM = 0xD1B54A32D192ED03


def draw(seed, stream, index):
    """Word `index` of a stream of random 64-bit words (SplitMix64, by counter)."""
    with np.errstate(over="ignore"):
        z = np.uint64((seed + stream * STREAM) % 2**64) + (np.asarray(index, np.uint64) + np.uint64(1)) * np.uint64(GAMMA)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def signed(seed, stream, index):
    """In [-2^20, 2^20), that is [-1, 1)."""
    return (draw(seed, stream, index) >> np.uint64(43)).astype(np.int64) - 2**20


def below(seed, stream, index, bound):
    return int(draw(seed, stream, index) % np.uint64(bound))


def texture(seed, stream, c, y, x):
    """A smooth field in [-2, 2): random values on every fourth place, interpolated."""
    j, i, fy, fx = y >> 2, x >> 2, y & 3, x & 3

    def lattice(dj, di):
        return signed(seed, stream, (c * 1024 + j + dj) * 1024 + i + di)

    top = lattice(0, 0) * (4 - fx) + lattice(0, 1) * fx
    bottom = lattice(1, 0) * (4 - fx) + lattice(1, 1) * fx
    return (top * (4 - fy) + bottom * fy) >> 3


def random_clip(seed, frames, channels, height, width):
    """[T,C,h,w] int64 in UNITs: a smooth background that may be cut once, up to three textured rectangles that move and
    rest, brightness that drifts at the left, noise that comes and goes by places and times."""
    c, y, x = np.meshgrid(np.arange(channels), np.arange(height), np.arange(width), indexing="ij")
    cut = 1 + below(seed, 90, 0, 3 * frames)
    backgrounds = [texture(seed, 1, c, y, x), texture(seed, 2, c, y, x)]
    objects = below(seed, 90, 1, 4)
    drift_width = below(seed, 90, 2, width + 1)
    drift = below(seed, 90, 3, 2**16)
    clip = np.empty((frames, channels, height, width), np.int64)
    for t in range(frames):
        frame = backgrounds[1 if t >= cut else 0].copy()
        for k in range(objects):
            def choose(index, bound):
                return below(seed, 100 + k, index, bound)
            start, length = choose(0, frames), choose(1, frames + 1)
            moved = min(max(t - start, 0), length)
            top = (choose(2, height) * 2 + (choose(3, 5) - 2) * moved) >> 1
            left = (choose(4, width) * 2 + (choose(5, 5) - 2) * moved) >> 1
            dy, dx = y - top, x - left
            inside = (dy >= 0) & (dx >= 0) & (dy < 2 + choose(6, height)) & (dx < 2 + choose(7, width))
            frame[inside] = texture(seed, 10 + k, c[inside], dy[inside], dx[inside])
        frame += np.where(x < drift_width, drift * t * np.where(c % 2 == 0, 1, -1), 0)
        cell = draw(seed, 3, ((t >> 2) * 1024 + (y >> 2)) * 1024 + (x >> 2))
        amplitude = np.where((cell & np.uint64(1)) == 0, cell >> np.uint64(45), np.uint64(0)).astype(np.int64)  # below 0.5
        place = ((t * channels + c) * height + y) * width + x
        frame += (signed(seed, 200, place) * amplitude) >> 20
        clip[t] = frame
    return clip


def checksum(clip):
    """Of the integers, mod 2^64."""
    with np.errstate(over="ignore"):
        words = clip.reshape(-1).astype(np.uint64)
        return int((words * (np.arange(words.size, dtype=np.uint64) * np.uint64(2) + np.uint64(1))).sum(dtype=np.uint64))


def pack(seed, clip_checksum, shape, patch, block_frames, tau1, tau2, mask):
    header = struct.pack("<QQ7i2f", seed, clip_checksum, *shape, *patch, block_frames, tau1, tau2)
    return header + np.packbits(mask.reshape(-1), bitorder="little").tobytes()


def write(name, cases):
    GOLDEN.mkdir(parents=True, exist_ok=True)
    data = b"LIPARMSK" + struct.pack("<II", 1, len(cases)) + b"".join(cases)
    (GOLDEN / name).write_bytes(data)
    print(f"{name}: {len(cases)} cases, {len(data)} bytes")


def draw_case(rng, number):
    patch = (2, 2) if rng.random() < 0.75 else [(1, 1), (1, 2), (2, 1), (4, 4)][rng.integers(4)]
    frames = 1 + number % 40
    rows, columns = int(rng.integers(1, 16)), int(rng.integers(1, 20))
    channels = int(rng.choice([1, 2, 3, 4, 8, 16, 32, 48], p=[0.05, 0.1, 0.1, 0.2, 0.2, 0.2, 0.1, 0.05]))
    if channels * patch[0] * patch[1] < 2:
        channels = 2
    while frames * channels * rows * columns * patch[0] * patch[1] > 250_000:
        channels = max(2, channels // 2)
        rows = max(1, rows - 2)
    block_frames = 3 if rng.random() < 0.6 else int(rng.integers(1, 6))
    tau1 = np.float32(rng.uniform(0.03, 0.35))
    tau2 = np.float32(tau1 * rng.uniform(0.8, 3.0))
    if number % 29 == 7:
        tau1 = np.float32(0)
    if number % 31 == 5:
        tau1 = np.float32(3)  # the long term alone
    if number % 37 == 3:
        tau2 = np.float32(9)  # the short term alone
    return (frames, channels, rows * patch[0], columns * patch[1]), patch, block_frames, tau1, tau2


def random_cases():
    cases, ratios, skipped, seed = [], [], 0, 0
    while len(cases) < CASES:
        seed += 1
        shape, patch, block_frames, tau1, tau2 = draw_case(np.random.default_rng(seed), len(cases))
        clip = random_clip(seed, *shape)
        assert np.abs(clip).max() < 2**23
        mask, margin = lif_oracle.keep_mask((clip * UNIT).astype(np.float32), block_frames, tau1, tau2, patch)
        if margin < CLEARANCE:
            skipped += 1
            continue
        ratios.append(mask[1:].mean() if len(mask) > 1 else 1.0)
        cases.append(pack(seed, checksum(clip), shape, patch, block_frames, tau1, tau2, mask))
    print(f"kept after frame 0: quartiles {np.quantile(ratios, [0, .25, .5, .75, 1]).round(3)}; {skipped} too close to call")
    return cases


def wan_cases(path):
    import torch
    latents = torch.load(path, map_location="cpu")[0].float().permute(1, 0, 2, 3).contiguous().numpy()  # [T,C,h,w]
    cases = []
    for tau1 in (0.1, 0.15, 0.2):
        mask, margin = lif_oracle.keep_mask(latents, 3, tau1, 2 * tau1, (2, 2))
        print(f"{path.name}: tau1 {tau1} keeps {mask.mean():.4f}, closest call {margin:.1e}")
        cases.append(pack(0, 0, latents.shape, (2, 2), 3, tau1, 2 * tau1, mask))
    return cases


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=pathlib.Path, default=GOLDEN.parents[3] / "shared")
    latents = parser.parse_args().shared / "data" / "wan_latents.pth"
    write("masks.bin", random_cases())
    if latents.exists():
        write("wan_latents_masks.bin", wan_cases(latents))
    else:
        print(f"{latents} is missing: wan_latents_masks.bin left as it is")
