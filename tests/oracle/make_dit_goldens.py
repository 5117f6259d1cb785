"""Writes tests/golden/dit: tiny model directories, cases in the layout of `lipar trace`, and what must come out of them.

usage: make_dit_goldens.py [FOLDER]      (default: ../golden/dit beside this file)

Expected edits come from dit_oracle.py in float64, stored as float32; expected velocities of single blocks from
`diffusers` in float32. Everything is drawn from fixed seeds. The asserts are part of the point: the script fails when
the oracle contradicts itself or diffusers, and when a wrong implementation (`MISTAKES`) would go unnoticed.
"""

import dataclasses
import json
import pathlib
import sys

import torch
from safetensors.torch import save_file

import dit_oracle
import dit_oracle_diffusers
from dit_oracle import DitConfig, Editor, Layout, WanDit, dequantised

SHIFT = 5.0

MODELS = {
    # Wan's manner: noisy latents only, sink 1 + 6, three steps; 12 blocks run well past the clamp at 21 frames.
    "wan_like": dict(
        config=DitConfig(dim=48, ffn_dim=96, num_heads=2, num_layers=2, in_channels=4, out_channels=4, text_dim=16,
                         text_len=6, freq_dim=32, block_frames=3, sink_frames=1, window_frames=6, rope_max_frames=21),
        steps=[400, 350, 250], frames=36, size=(6, 8), seed=1),
    # The built-in model's manner: source concatenated, short window, early clamp, one step; heads of 16 (RoPE 4/2/2).
    "builtin_like": dict(
        config=DitConfig(dim=48, ffn_dim=96, num_heads=3, num_layers=2, in_channels=8, out_channels=4, source_concat=True,
                         text_dim=16, text_len=6, freq_dim=32, block_frames=3, sink_frames=1, window_frames=5,
                         rope_max_frames=9),
        steps=[400], frames=24, size=(6, 8), seed=2),
    # Every frame stays visible and positions are never clamped.
    "unbounded": dict(
        config=DitConfig(dim=48, ffn_dim=96, num_heads=2, num_layers=2, in_channels=4, out_channels=4, text_dim=16,
                         text_len=6, freq_dim=32, block_frames=3, sink_frames=1, window_frames=None,
                         rope_max_frames=None),
        steps=[400, 250], frames=24, size=(6, 8), seed=3),
    # Wan's head of 128 (RoPE 22/21/21), stored with 8-bit matrices; single blocks only.
    "head128": dict(
        config=DitConfig(dim=256, ffn_dim=96, num_heads=2, num_layers=1, in_channels=4, out_channels=4, text_dim=16,
                         text_len=6, freq_dim=32, block_frames=3, sink_frames=1, window_frames=6, rope_max_frames=21),
        steps=[400], frames=3, size=(10, 14), seed=4, int8=True),
    # Wan2.2-TI2V-5B's proportions and 48 channels; a whole clip at once, every frame sees every other.
    "ti2v": dict(
        config=DitConfig(dim=72, ffn_dim=336, num_heads=3, num_layers=2, in_channels=48, out_channels=48, text_dim=16,
                         text_len=6, freq_dim=32, block_frames=7, sink_frames=1, window_frames=None, rope_max_frames=None),
        steps=[400], frames=7, size=(6, 8), seed=5, int8=True),
}


def random_weights(config: DitConfig, g: torch.Generator) -> dict:
    """float32 weights under Wan's names, none of them zero, one or otherwise without effect."""
    dim, weights = config.dim, {}

    def normal(*shape, std):
        return torch.randn(*shape, generator=g) * std

    def linear(name, out, inner, gain=1.0, shape=None):
        weights[name + ".weight"] = normal(*(shape or (out, inner)), std=gain * inner**-0.5)
        weights[name + ".bias"] = normal(out, std=0.1)

    linear("patch_embedding", dim, 4 * config.in_channels, shape=(dim, config.in_channels, *config.patch))
    linear("text_embedding.0", dim, config.text_dim)
    linear("text_embedding.2", dim, dim, gain=1.5)
    linear("time_embedding.0", dim, config.freq_dim)
    linear("time_embedding.2", dim, dim, gain=2.0)
    linear("time_projection.1", 6 * dim, dim, gain=0.7)
    for layer in range(config.num_layers):
        block = f"blocks.{layer}."
        weights[block + "modulation"] = normal(1, 6, dim, std=0.5)
        weights[block + "norm3.weight"], weights[block + "norm3.bias"] = 1 + normal(dim, std=0.2), normal(dim, std=0.1)
        for attn in ("self_attn.", "cross_attn."):
            for name in "qkvo":
                linear(block + attn + name, dim, dim, gain=1.5 if name in "vo" else 1.0)
            for name in ("norm_q", "norm_k"):
                weights[block + attn + name + ".weight"] = 1.4 + normal(dim, std=0.2)
        linear(block + "ffn.0", config.ffn_dim, dim)
        linear(block + "ffn.2", dim, config.ffn_dim)
    linear("head.head", 4 * config.out_channels, dim)
    weights["head.modulation"] = normal(1, 2, dim, std=0.3)
    return weights


def eight_bit(weights: dict) -> dict:
    """The built-in model's storage: matrices of at least 4096 elements as int8 with a scale per row, the rest float16."""
    stored = {}
    for name, tensor in weights.items():
        if name.endswith(".weight") and tensor.ndim >= 2 and tensor.numel() >= 4096:
            scale = tensor.abs().flatten(1).amax(1) / 127
            stored[name] = (tensor / scale.view(-1, *[1] * (tensor.ndim - 1))).round().to(torch.int8)
            stored[name + "_scale"] = scale
        else:
            stored[name] = tensor.half()
    return stored


def structured_mask(frames: int, grid: tuple[int, int], g: torch.Generator) -> torch.Tensor:
    """bool [T, gh, gw]: tokens stay kept or pruned for a while, as in a clip, and every special case occurs."""
    level = torch.zeros(grid)
    keep = torch.zeros(frames, *grid, dtype=torch.bool)
    for frame in range(frames):
        level = 0.75 * level + torch.randn(grid, generator=g)
        keep[frame] = level > -0.3
    keep[:, 1, 2] = False  # never computed again: its copies outlive the window
    keep[4] = False  # a frame with nothing kept inside a block
    keep[12:15] = False  # a whole block with nothing kept
    keep[18:21] = True  # a whole block kept
    keep[1, 0], keep[2, :, 0] = False, False  # block 0 prunes as well
    keep[0] = True
    return keep


class NeverClamped(Layout):
    def time_position(self, frame, block):
        return frame


class SurvivorsNotTurned(Layout):
    """Keys stay where they were rotated to when their own block wrote them."""

    def time_position(self, frame, block):
        return super().time_position(frame, frame // self.config.block_frames)


class WindowOneShorter(Layout):
    def visible_frames(self, block):
        first_own = block * self.config.block_frames
        frames = super().visible_frames(block)
        oldest = next((f for f in frames if f >= self.config.sink_frames and f < first_own), None)
        return [f for f in frames if f != oldest]


class CopyTakesTheCleanFrame(Layout):
    def current_row(self, frame, token, index):
        start = frame - frame % self.config.block_frames
        if self.recovery == "copy" and not self.keep[frame, token] and index != self.clean_pass and start > 0:
            return self.clean_row(start - 1, token)
        return super().current_row(frame, token, index)


class FirstBlockFilledTooEarly(Layout):
    """Pruned places of block 0 already recovered while it is denoised."""

    def current_row(self, frame, token, index):
        if self.recovery == "full" and frame < self.config.block_frames:
            return self._row[int(self.last_kept[frame, token]), token, index]
        return super().current_row(frame, token, index)


class CacheIsNoisy(Layout):
    """The cache holds the last denoising pass: no clean pass."""

    def clean_row(self, frame, token):
        row = super().clean_row(frame, token)
        return None if row is None else self._row[int(self.last_kept[frame, token]), token, self.clean_pass - 1]


class CopiesKeepTheirPosition(Layout):
    """A copied key rotated to where it was computed, not to the place it stands in for."""

    def keys_of(self, block, index):
        keys = super().keys_of(block, index)
        frame_of = {row: frame for (frame, _, _), row in self._row.items()}
        times = torch.tensor([self.time_position(frame_of[int(row)], block) for row in keys.rows])
        return dataclasses.replace(keys, positions=torch.stack([times, *keys.positions.T[1:]], 1))


MISTAKES = [NeverClamped, SurvivorsNotTurned, WindowOneShorter, CopyTakesTheCleanFrame, FirstBlockFilledTooEarly,
            CacheIsNoisy, CopiesKeepTheirPosition]


def relative(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a - b).norm() / b.norm())


def save(tensors: dict, path: pathlib.Path, metadata: dict | None = None):
    """save_file with a sorted header, so that equal tensors give equal files."""
    save_file(tensors, path, metadata)
    data = path.read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.dumps(json.loads(data[8:end]), sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    path.write_bytes(len(header).to_bytes(8, "little") + header + data[end:])
    path.chmod(0o644)


def write_model(folder: pathlib.Path, name: str, spec: dict, stored: dict):
    config: DitConfig = spec["config"]
    dit = {"files": ["dit.safetensors"], **dataclasses.asdict(config), "patch": list(config.patch)}
    manifest = {"schema": 1, "name": name, "family": "wan-causal", "license": "Apache-2.0", "dit": dit,
                "sampling": {"steps": spec["steps"], "shift": SHIFT}, "pruning": {"tau1": 0.15, "tau2": 0.3}}
    (folder / "model.json").write_text(json.dumps(manifest, indent=1) + "\n")
    save({k: t.contiguous() for k, t in stored.items()}, folder / "dit.safetensors")


def write_forward(folder: pathlib.Path, spec: dict, weights: dict, g: torch.Generator):
    """One unpruned first block at a timestep: diffusers' velocity, with ours as the check that both mean the same."""
    config: DitConfig = spec["config"]
    latents = torch.randn(config.block_frames, config.in_channels, *spec["size"], generator=g)
    text = torch.randn(config.text_len - 2, config.text_dim, generator=g)
    timestep = 1000.0 * dit_oracle.sigma_of(350, SHIFT)
    theirs, stock = (
        dit_oracle_diffusers.velocity(dit_oracle_diffusers.build(config, weights, exact), config, latents, timestep, text)
        for exact in (True, False))
    ours = dit_oracle.single_forward(WanDit(config, weights), latents, timestep, text).float()
    error, stock_error = (float((ours - v).abs().max()) for v in (theirs, stock))
    print(f"  forward: against diffusers max {error:.1e} (its own float32 sinusoid: {stock_error:.1e}; "
          f"velocity rms {theirs.square().mean().sqrt():.2f})")
    assert error < 1e-5
    save({"latents": latents, "timestep": torch.tensor([timestep], dtype=torch.float64), "text_embeds": text,
          "velocity": theirs}, folder / "forward.safetensors")


def write_edits(folder: pathlib.Path, spec: dict, weights: dict, g: torch.Generator) -> set:
    """Returns the mistakes that at least one of the expected edits tells apart."""
    config, steps, frames = spec["config"], spec["steps"], spec["frames"]
    shape = (frames, config.out_channels, *spec["size"])
    case = {"source_latents": torch.randn(shape, generator=g), "noise": torch.randn(len(steps), *shape, generator=g),
            "text_embeds": torch.randn(config.text_len - 2, config.text_dim, generator=g)}
    keep = structured_mask(frames, (spec["size"][0] // 2, spec["size"][1] // 2), g)
    model, single = WanDit(config, weights), WanDit(config, weights, torch.float32)

    def edit(mask=None, recovery=None, layout=Layout, network=model):
        return Editor(network, layout).edit(*case.values(), steps, SHIFT, mask, recovery)

    # Recovery has nothing to do where everything is kept.
    whole = torch.ones_like(keep)
    unpruned = edit()
    for recovery in dit_oracle.RECOVERIES:
        assert torch.equal(edit(whole, recovery).denoised, unpruned.denoised)

    metadata = {"steps": ",".join(map(str, steps)), "shift": str(SHIFT)}
    save(case, folder / "case_unpruned.safetensors", metadata)
    save({**case, "keep_mask": keep}, folder / "case_pruned.safetensors", metadata)
    print(f"  edit: {frames} frames, {keep.float().mean():.0%} kept")

    caught = set()
    results = {"unpruned": unpruned, **{recovery: edit(keep, recovery) for recovery in dit_oracle.RECOVERIES}}
    for variant, result in results.items():
        mask = whole if variant == "unpruned" else keep
        recovery = None if variant == "unpruned" else variant
        replayed = Editor(model).replay(result, case["text_embeds"])
        assert all(torch.allclose(a, b, rtol=0, atol=1e-10) for a, b in zip(replayed, result.velocities))

        pixels = mask.repeat_interleave(2, 1).repeat_interleave(2, 2)[:, None]
        assert torch.equal(result.denoised_kept, result.denoised * pixels)
        save({"denoised": result.denoised.float(), "denoised_kept": result.denoised_kept.float(), "keep_mask": mask},
             folder / f"expected_{variant}.safetensors")

        in_float32 = edit(mask, recovery, network=single).denoised
        print(f"    {variant}: float32 max {(in_float32 - result.denoised).abs().max():.1e}; if wrong:", end="")
        for mistake in MISTAKES:
            difference = relative(edit(mask, recovery, mistake).denoised, result.denoised)
            print(f" {mistake.__name__} {difference:.1e}", end="")
            assert difference == 0 or difference > 1e-3
            if difference:
                caught.add(mistake)
        print()
    for a, b in (("none", "copy"), ("copy", "full"), ("none", "full")):
        difference = relative(results[a].denoised_kept, results[b].denoised_kept)
        print(f"    {a} against {b}: {difference:.1e}")
        assert difference > 1e-3
    return caught


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "golden" / "dit"
    for name, spec in MODELS.items():
        print(name)
        folder = root / name
        folder.mkdir(parents=True, exist_ok=True)
        g = torch.Generator().manual_seed(spec["seed"])
        weights = random_weights(spec["config"], g)
        stored = eight_bit(weights) if spec.get("int8") else weights
        weights = dequantised(stored)
        write_model(folder, name, spec, stored)
        write_forward(folder, spec, weights, g)
        if spec["frames"] > spec["config"].block_frames:
            clamps = {NeverClamped, SurvivorsNotTurned} if spec["config"].rope_max_frames is None else set()
            assert write_edits(folder, spec, weights, g) == set(MISTAKES) - clamps
        print(f"  {sum(f.stat().st_size for f in folder.iterdir()) / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
