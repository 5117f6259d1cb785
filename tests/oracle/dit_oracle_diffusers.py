"""The same weights in `diffusers`' WanTransformer3DModel: an implementation that is not ours, for one unpruned block."""

import re

import torch

# Wan's official names -> diffusers' names; the first pattern that matches the start of a name wins.
RENAMES = [
    (r"text_embedding\.0\.", "condition_embedder.text_embedder.linear_1."),
    (r"text_embedding\.2\.", "condition_embedder.text_embedder.linear_2."),
    (r"time_embedding\.0\.", "condition_embedder.time_embedder.linear_1."),
    (r"time_embedding\.2\.", "condition_embedder.time_embedder.linear_2."),
    (r"time_projection\.1\.", "condition_embedder.time_proj."),
    (r"head\.head\.", "proj_out."),
    (r"head\.modulation", "scale_shift_table"),
    (r"blocks\.(\d+)\.modulation", r"blocks.\1.scale_shift_table"),
    (r"blocks\.(\d+)\.norm3\.", r"blocks.\1.norm2."),  # the affine norm before cross-attention
    (r"blocks\.(\d+)\.ffn\.0\.", r"blocks.\1.ffn.net.0.proj."),
    (r"blocks\.(\d+)\.ffn\.2\.", r"blocks.\1.ffn.net.2."),
    (r"blocks\.(\d+)\.self_attn\.([qkv])\.", r"blocks.\1.attn1.to_\2."),
    (r"blocks\.(\d+)\.self_attn\.o\.", r"blocks.\1.attn1.to_out.0."),
    (r"blocks\.(\d+)\.self_attn\.norm", r"blocks.\1.attn1.norm"),
    (r"blocks\.(\d+)\.cross_attn\.([qkv])\.", r"blocks.\1.attn2.to_\2."),
    (r"blocks\.(\d+)\.cross_attn\.o\.", r"blocks.\1.attn2.to_out.0."),
    (r"blocks\.(\d+)\.cross_attn\.norm", r"blocks.\1.attn2.norm"),
]


def renamed(name: str) -> str:
    for pattern, replacement in RENAMES:
        if re.match(pattern, name):
            return re.sub("^" + pattern, replacement, name)
    return name  # patch_embedding


class ExactTimesteps(torch.nn.Module):
    """The timestep sinusoid in float64, as Wan computes it; diffusers' own rounds the angles to float32, which shifts the
    velocity by some 1e-5."""

    def __init__(self, freq_dim: int):
        super().__init__()
        self.half = freq_dim // 2

    def forward(self, timestep: torch.Tensor) -> torch.Tensor:
        angle = timestep.double()[:, None] * 10000.0 ** (-torch.arange(self.half, dtype=torch.float64) / self.half)
        return torch.cat([angle.cos(), angle.sin()], -1).float()


def build(config, weights: dict, exact_time: bool = True):
    """A diffusers model in float32 from a DitConfig and float32 weights under Wan's names."""
    from diffusers import WanTransformer3DModel

    model = WanTransformer3DModel(
        patch_size=config.patch, num_attention_heads=config.num_heads, attention_head_dim=config.dim // config.num_heads,
        in_channels=config.in_channels, out_channels=config.out_channels, text_dim=config.text_dim,
        freq_dim=config.freq_dim, ffn_dim=config.ffn_dim, num_layers=config.num_layers, eps=config.eps)
    model.load_state_dict({renamed(name): tensor.float() for name, tensor in weights.items()}, strict=True)
    if exact_time:
        model.condition_embedder.timesteps_proj = ExactTimesteps(config.freq_dim)
    return model.eval()


@torch.no_grad()
def velocity(model, config, latents, timestep: float, text_embeds) -> torch.Tensor:
    """[S, C, h, w] -> [S, out_channels, h, w]"""
    text = torch.nn.functional.pad(text_embeds, (0, 0, 0, config.text_len - len(text_embeds)))
    out = model(latents.transpose(0, 1)[None], torch.tensor([timestep], dtype=torch.float64), text[None]).sample
    return out[0].transpose(0, 1).contiguous()
