"""Writes tests/golden/models/wan{21,22}_vae_{weights,golden}.safetensors: Wan's own video autoencoders as diffusers computes them.

Narrow networks with random weights of 8 bits and one scale an output channel (which the engine reads as well), under the
names of the published files; frames, latents and decoded frames in float32, and how far diffusers' own bfloat16 is from
them.
Needs torch, diffusers and safetensors: python tests/oracle/make_wan_vae_goldens.py
"""
import pathlib
import re

import torch
from diffusers import AutoencoderKLWan
from safetensors.torch import save_file

OUT = pathlib.Path(__file__).parent.parent / "golden" / "models"

MEAN22 = [-0.2289, -0.0052, -0.1323, -0.2339, -0.2799, 0.0174, 0.1838, 0.1557, -0.1382, 0.0542, 0.2813, 0.0891, 0.1570, -0.0098, 0.0375,
          -0.1825, -0.2246, -0.1207, -0.0698, 0.5109, 0.2665, -0.2108, -0.2158, 0.2502, -0.2055, -0.0322, 0.1109, 0.1567, -0.0729, 0.0899,
          -0.2799, -0.1230, -0.0313, -0.1649, 0.0117, 0.0723, -0.2839, -0.2083, -0.0520, 0.3748, 0.0152, 0.1957, 0.1433, -0.2944, 0.3573,
          -0.0548, -0.1681, -0.0667]
STD22 = [0.4765, 1.0364, 0.4514, 1.1677, 0.5313, 0.4990, 0.4818, 0.5013, 0.8158, 1.0344, 0.5894, 1.0901, 0.6885, 0.6165, 0.8454, 0.4978,
         0.5759, 0.3523, 0.7135, 0.6804, 0.5833, 1.4146, 0.8986, 0.5659, 0.7069, 0.5338, 0.4889, 0.4917, 0.4069, 0.4999, 0.6866, 0.4093,
         0.5709, 0.6065, 0.6415, 0.4944, 0.5726, 1.2042, 0.5458, 1.6887, 0.3971, 1.0600, 0.3943, 0.5537, 0.5444, 0.4089, 0.7468, 0.7744]

CONFIGS = {
    # Widths that tell the stages apart, most of them no multiples of eight.
    "wan21": {"base_dim": 4, "dim_mult": [1, 2, 3, 2], "z_dim": 16},
    "wan22": {"base_dim": 4, "decoder_base_dim": 6, "dim_mult": [1, 2, 2, 2], "z_dim": 48, "is_residual": True, "patch_size": 2, "in_channels": 12,
              "out_channels": 12, "scale_factor_spatial": 16, "latents_mean": MEAN22, "latents_std": STD22},
}


def official_name(name, residual):
    """The published file's name of a tensor of diffusers'."""
    name = name.replace("post_quant_conv", "conv2").replace("quant_conv", "conv1")
    for half in ("encoder", "decoder"):
        name = name.replace(f"{half}.conv_in", f"{half}.conv1").replace(f"{half}.norm_out", f"{half}.head.0").replace(f"{half}.conv_out", f"{half}.head.2")
        name = name.replace(f"{half}.mid_block.resnets.0", f"{half}.middle.0").replace(f"{half}.mid_block.attentions.0", f"{half}.middle.1")
        name = name.replace(f"{half}.mid_block.resnets.1", f"{half}.middle.2")
    for part, position in (("norm1", "residual.0"), ("conv1", "residual.2"), ("norm2", "residual.3"), ("conv2", "residual.6")):
        name = re.sub(rf"^((?:en|de)coder\.(?:down_blocks|up_blocks|middle)\..*?)\b{part}\.", rf"\g<1>{position}.", name)
    name = name.replace("conv_shortcut", "shortcut")
    # In a stage come its residual blocks, then its resampling; Wan 2.1 counts through all stages.
    if residual:
        name = re.sub(r"^encoder\.down_blocks\.(\d+)\.resnets\.(\d+)", r"encoder.downsamples.\1.downsamples.\2", name)
        name = re.sub(r"^encoder\.down_blocks\.(\d+)\.downsampler", r"encoder.downsamples.\1.downsamples.2", name)
        name = re.sub(r"^decoder\.up_blocks\.(\d+)\.resnets\.(\d+)", r"decoder.upsamples.\1.upsamples.\2", name)
        return re.sub(r"^decoder\.up_blocks\.(\d+)\.upsampler", r"decoder.upsamples.\1.upsamples.3", name)
    name = re.sub(r"^encoder\.down_blocks\.", "encoder.downsamples.", name)
    name = re.sub(r"^decoder\.up_blocks\.(\d+)\.resnets\.(\d+)", lambda m: f"decoder.upsamples.{4 * int(m[1]) + int(m[2])}", name)
    return re.sub(r"^decoder\.up_blocks\.(\d+)\.upsamplers\.0", lambda m: f"decoder.upsamples.{4 * int(m[1]) + 3}", name)


def give_weights(model, generator):
    """Random weights of unit gain. Returns what is stored, by diffusers' names."""
    stored = {}
    for name, parameter in model.named_parameters():
        if parameter.dim() >= 2 and not name.endswith("gamma"):
            weight = torch.randn(parameter.shape, generator=generator) * 1.2 / parameter[0].numel() ** 0.5
            scale = weight.flatten(1).abs().amax(1) / 127
            codes = (weight / scale.view(-1, *[1] * (weight.dim() - 1))).round().to(torch.int8)
            stored[name], stored[name + "_scale"] = codes, scale
            parameter.copy_(codes.float() * scale.view(-1, *[1] * (weight.dim() - 1)))
        else:
            base = 1.0 if name.endswith("gamma") else 0.0
            parameter.copy_(base + 0.2 * torch.randn(parameter.shape, generator=generator))
            stored[name] = parameter.detach().clone()
    # Small last layers keep pictures within the range that diffusers clamps to.
    for name in ("decoder.conv_out.weight_scale", "decoder.conv_out.bias"):
        stored[name] *= 0.2
    for parameter in (model.decoder.conv_out.weight, model.decoder.conv_out.bias):
        parameter.mul_(0.2)
    return stored


def relative(a, b):
    return float((a.double() - b.double()).norm() / b.double().norm())


def make(config, generator):
    """Weights as stored and the golden tensors of one random network."""
    model = AutoencoderKLWan(**config).eval()
    weights = give_weights(model, generator)
    residual, spatial = config.get("is_residual", False), config.get("scale_factor_spatial", 8)
    stored = {official_name(name, residual): tensor.contiguous() for name, tensor in weights.items()}
    assert len(stored) == len(weights)

    mean = torch.tensor(model.config.latents_mean).view(-1, 1, 1, 1)
    deviation = torch.tensor(model.config.latents_std).view(-1, 1, 1, 1)
    count, columns = (9, 2) if residual else (13, 3)  # 1 + 4n frames, 2 rows of latent places
    smooth = torch.rand(1, 3, 5, 4, 5, generator=generator)
    frames = torch.nn.functional.interpolate(smooth, (count, 2 * spatial, columns * spatial), mode="trilinear")[0].transpose(0, 1)
    frames = (frames * 255).round().byte().contiguous()  # [T,3,H,W]
    clip = (frames.float() / 255 * 2 - 1).transpose(0, 1).unsqueeze(0)  # [1,3,T,H,W]
    latents = (model.encode(clip).latent_dist.mode()[0] - mean) / deviation  # [C,t,h,w]
    decoder_input = torch.randn(latents.shape, generator=generator)
    decoded = model.decode((decoder_input * deviation + mean).unsqueeze(0)).sample[0]
    assert decoded.abs().max() < 1, "clamped"

    # Rounding scatters: the root mean square over the clip's and the latents' variants.
    half = AutoencoderKLWan(**config).eval()
    half.load_state_dict(model.state_dict())
    half.to(torch.bfloat16)
    errors = []
    for clip_variant, latent_variant in zip(variants(clip), variants(decoder_input.unsqueeze(0))):
        z = latent_variant * deviation + mean
        encoded = [(m.encode(x).latent_dist.mode()[0].float() - mean) / deviation for m, x in ((half, clip_variant.bfloat16()), (model, clip_variant))]
        frames_of = [m.decode(x).sample[0].float() * 0.5 + 0.5 for m, x in ((half, z.bfloat16()), (model, z))]
        errors.append([relative(*encoded), relative(*frames_of)])
    return stored, {"frames": frames, "latents": latents.transpose(0, 1).contiguous(), "decoder_input": decoder_input.transpose(0, 1).contiguous(),
                    "decoded": (decoded * 0.5 + 0.5).transpose(0, 1).contiguous(),
                    "bfloat16_errors": torch.tensor(errors).square().mean(0).sqrt()}


def variants(x):
    """[1,C,T,h,w] as it is and flipped left to right, top to bottom, in sign: eight ways, in the order in which the test does them."""
    for flips in ([], [4], [3], [3, 4]):
        for sign in (1, -1):
            yield x.flip(flips) * sign


def main():
    torch.set_grad_enabled(False)
    torch.set_num_threads(1)
    for kind, config in CONFIGS.items():
        stored, golden = make(config, torch.Generator().manual_seed(20))
        save_file(stored, OUT / f"{kind}_vae_weights.safetensors")
        save_file(golden, OUT / f"{kind}_vae_golden.safetensors")
        print(kind, {"latents": float(golden["latents"].std()), "decoded": float(golden["decoded"].std()), "bfloat16": golden["bfloat16_errors"].tolist(),
                     "bytes": [(OUT / f"{kind}_vae_{part}.safetensors").stat().st_size for part in ("weights", "golden")]})


if __name__ == "__main__":
    main()
