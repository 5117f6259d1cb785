"""Writes tests/golden/models/taehv_{weights,golden}.safetensors: random weights, frames, latents and decoded frames.

Run by a developer when the definition changes (needs torch and safetensors): python3 tests/oracle/make_taehv_goldens.py
"""
import pathlib

import torch
from safetensors.torch import save_file

import taehv_oracle

OUT = pathlib.Path(__file__).parent.parent / "golden" / "models"


def main():
    torch.set_grad_enabled(False)
    OUT.mkdir(parents=True, exist_ok=True)
    # Every stage of another width, and grows stored for more frames than they serve (first two stages).
    weights = taehv_oracle.random_weights((6, 5, 7, 8), (8, 6, 5, 4), latents=3, stored_growth=(2, 3, 2), seed=1)
    generator = torch.Generator().manual_seed(2)
    smooth = torch.rand(1, 3, 5, 3, 4, generator=generator)
    frames = torch.nn.functional.interpolate(smooth, (24, 16, 24), mode="trilinear")[0].transpose(0, 1)
    frames = (frames * 255).round().byte().contiguous()
    latents = taehv_oracle.encode(weights, frames / 255)
    # The decoder gets latents of its own, some of them large enough to be bent by tanh.
    decoder_input = torch.randn(6, 3, 2, 3, generator=generator) * 2
    decoded = taehv_oracle.decode(weights, decoder_input)
    save_file(weights, OUT / "taehv_weights.safetensors")
    save_file({"frames": frames, "latents": latents, "decoder_input": decoder_input, "decoded": decoded}, OUT / "taehv_golden.safetensors")
    print({"latents": float(latents.abs().max()), "decoded": float(decoded.abs().max())})


if __name__ == "__main__":
    main()
