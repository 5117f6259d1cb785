"""Checks dit_oracle.py against implementations that are not it, and prints every difference.

usage: dit_oracle_check.py [--shared FOLDER]

Always: `diffusers` on random weights. With the project's shared folder (the one tests call LIPAR_SHARED_DIR) also the
prototype of the built-in model, which streams with a key/value cache, and the golden file of the built-in weights.
"""

import argparse
import dataclasses
import json
import pathlib
import shutil
import sys
import tempfile

import torch
from safetensors.torch import load_file, save_file

import dit_oracle
import dit_oracle_diffusers
from dit_oracle import DitConfig, Editor, WanDit
from make_dit_goldens import random_weights, relative, structured_mask

SHIFT = 5.0


def report(name: str, ours: torch.Tensor, theirs: torch.Tensor, limit: float):
    error = float((ours.double() - theirs.double()).abs().max())
    print(f"{name}: max {error:.1e}, relative {relative(ours.double(), theirs.double()):.1e}")
    if not error < limit:
        raise SystemExit(f"{name}: above {limit:.0e}")


def check_diffusers():
    config = DitConfig(dim=96, ffn_dim=160, num_heads=3, num_layers=3, in_channels=16, out_channels=16, text_dim=24,
                       text_len=9, freq_dim=256, block_frames=3, sink_frames=1, window_frames=6, rope_max_frames=21)
    g = torch.Generator().manual_seed(11)
    weights = random_weights(config, g)
    network = dit_oracle_diffusers.build(config, weights)
    latents, text = torch.randn(3, 16, 10, 14, generator=g), torch.randn(5, config.text_dim, generator=g)
    for timestep in (0.0, 625.0, 1000.0 * dit_oracle.sigma_of(400, SHIFT)):
        ours = dit_oracle.single_forward(WanDit(config, weights), latents, timestep, text)
        theirs = dit_oracle_diffusers.velocity(network, config, latents, timestep, text)
        report(f"diffusers, timestep {timestep:.3f}", ours, theirs, 1e-5)


def check_prototype(shared: pathlib.Path):
    """The prototype's Stream on the built-in shape, its own weights and random ones, several steps, past the clamp."""
    sys.path.insert(0, str(shared / "prototype"))
    import dit as prototype
    import dit8

    builtin = shared / "models" / "lipar-mini-0"
    fields = json.loads((builtin / "model.json").read_text())
    config = DitConfig.from_json(fields["dit"])
    steps, frames, size = [400, 250], 18, (8, 12)
    g = torch.Generator().manual_seed(12)
    tokens = torch.tensor([[23, 15, 17, 1, 0, 0, 0, 0]])  # strong oil painting <end>
    source = torch.randn(frames, config.out_channels, *size, generator=g)
    keep = structured_mask(frames, (size[0] // 2, size[1] // 2), g)
    sigmas = [dit_oracle.sigma_of(s, SHIFT) for s in steps]

    pairs = {"built-in": (dit8.load(str(builtin)), dit_oracle.load_model(builtin))}
    shallow = dataclasses.replace(config, num_layers=3)
    weights = random_weights(shallow, g)
    with tempfile.TemporaryDirectory() as folder:
        save_file(weights, pathlib.Path(folder) / "dit.safetensors")
        shutil.copy(builtin / "text.safetensors", folder)
        prototype.CFG.layers = shallow.num_layers
        pairs["random"] = dit8.load(folder), WanDit(shallow, weights)

    for name, (network, oracle) in pairs.items():
        text = network.text(tokens)[0]
        for mode, recovery in ((None, None), ("none", "none"), ("noisy", "copy"), ("full", "full")):
            stream = prototype.Stream(network, tokens, *size, sigmas=sigmas, mode=mode or "full", seed=3)
            theirs = torch.cat([stream.block(source[b : b + 3], None if mode is None else keep[b : b + 3].flatten(1))
                                for b in range(0, frames, 3)])
            draws = torch.Generator().manual_seed(3)
            noise = torch.empty(len(steps), *source.shape)
            for block in range(0, frames, 3):
                for index in range(len(steps)):
                    noise[index, block : block + 3] = torch.randn(1, 3, *source.shape[1:], generator=draws)[0]
            ours = Editor(oracle).edit(source, noise, text, steps, SHIFT, None if mode is None else keep, recovery)
            report(f"prototype, {name} weights, {recovery or 'unpruned'}", ours.denoised, theirs, 5e-5)


def check_builtin_golden(shared: pathlib.Path):
    folder = shared / "models" / "lipar-mini-0"
    golden = load_file(folder / "golden.safetensors")
    for dtype in (torch.float64, torch.float32):
        editor = Editor(dit_oracle.load_model(folder, dtype))
        inputs = golden["source_latents"], golden["noise"], golden["text_out"], [400], SHIFT
        name = f"golden of the built-in weights, {str(dtype).removeprefix('torch.')}"
        report(f"{name}, dense", editor.edit(*inputs).denoised, golden["denoised_dense"], 5e-5)
        report(f"{name}, full", editor.edit(*inputs, golden["keep_mask"], "full").denoised, golden["denoised_full"], 5e-5)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=pathlib.Path, help="the project's shared folder")
    shared = parser.parse_args().shared
    with torch.no_grad():
        check_diffusers()
        if shared:
            check_prototype(shared)
            check_builtin_golden(shared)


if __name__ == "__main__":
    main()
