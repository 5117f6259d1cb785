"""Writes tests/golden/models/mini_*.safetensors: random narrow weights of the built-in model's autoencoder and text encoder, inputs, outputs.

Run by a developer when the definition changes (needs torch and safetensors): python3 tests/oracle/make_mini_goldens.py
"""
import pathlib

import torch
from safetensors.torch import save_file

import mini_oracle

OUT = pathlib.Path(__file__).parent.parent / "golden" / "models"


def main():
    torch.set_grad_enabled(False)
    OUT.mkdir(parents=True, exist_ok=True)
    vae, text = mini_oracle.random_weights(latents=3, widths=(6, 8, 7, 6, 5, 4), guide=5, words=6, text_length=5, text_dim=16, seed=3)
    generator = torch.Generator().manual_seed(4)
    smooth = torch.rand(1, 3, 5, 3, 4, generator=generator)
    frames = torch.nn.functional.interpolate(smooth, (20, 16, 24), mode="trilinear")[0].transpose(0, 1)
    frames = (frames * 255).round().byte().contiguous()
    latents = torch.randn(5, 3, 2, 3, generator=generator)
    tokens = torch.tensor([4, 2, 1, 0, 0])
    results = {
        "frames": frames,
        "source_latents": mini_oracle.encode(vae, frames / 255),
        "latents": latents,
        "decoded_plain": mini_oracle.decode(vae, latents[:3]),
        "decoded_guided": mini_oracle.decode(vae, latents, frames / 255),
        "text_out": mini_oracle.encode_text(text, tokens),
    }
    # The guide's weights lie in a file of their own: without it the same autoencoder is a plain one.
    save_file({k: v for k, v in vae.items() if not k.startswith("g_")}, OUT / "mini_vae_weights.safetensors")
    save_file({k: v for k, v in vae.items() if k.startswith("g_")}, OUT / "mini_guide_weights.safetensors")
    save_file(text, OUT / "mini_text_weights.safetensors")
    save_file({k: v.contiguous() for k, v in results.items()}, OUT / "mini_golden.safetensors")
    print({k: float(v.abs().max()) for k, v in results.items()})


if __name__ == "__main__":
    main()
