"""Writes files in the exact layout of the published ones: same names, nesting, prefixes, shapes and types; values at random.

usage: make_official_files.py [FOLDER] [--scale tiny|full] [--values random|zero] [--only PART ...]

`tiny` (the default, into ../golden/official) keeps every name and the number of stages and makes all widths small; the tests
read these. `full` has the published shapes and needs a FOLDER. With `--values zero` nothing is written where the values
would stand: the files have their full length but take no room. PART is a part of a path, such as `diffusers/vae`.

What diffusers' layout is comes from diffusers itself: its conversion functions rename the official tensors and its own models
must take the result, strictly. The same for UMT5 and transformers, whose model is compared with Wan's names by its shapes.
"""

import argparse
import contextlib
import json
import pathlib
import re

import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel
from diffusers.loaders.single_file_utils import convert_wan_transformer_to_diffusers, convert_wan_vae_to_diffusers
from transformers import UMT5Config, UMT5EncoderModel

import taehv_oracle

SCALES = {
    "full": dict(
        dit=dict(dim=1536, ffn_dim=8960, num_heads=12, num_layers=30, channels=16, text_dim=4096, text_len=512, freq_dim=256),
        umt5=dict(vocab=256384, dim=4096, heads=64, ffn=10240, layers=24),
        vae=dict(dim=96, z=16), taehv=dict(encoder=(64,) * 4, decoder=(256, 128, 64, 64), latents=16),
        shards=dict(dit=3, text=5)),
    "tiny": dict(
        dit=dict(dim=8, ffn_dim=12, num_heads=1, num_layers=2, channels=4, text_dim=6, text_len=5, freq_dim=8),
        umt5=dict(vocab=20, dim=8, heads=2, ffn=12, layers=2),
        vae=dict(dim=1, z=2), taehv=dict(encoder=(2, 1, 1, 2), decoder=(3, 2, 1, 1), latents=4),
        shards=dict(dit=2, text=2)),
}
TYPES = {torch.float32: ("F32", 4), torch.float16: ("F16", 2), torch.bfloat16: ("BF16", 2)}


def dit_shapes(dim, ffn_dim, num_heads, num_layers, channels, text_dim, text_len, freq_dim):
    shapes = {}

    def linear(name, out, inner):
        shapes[name + ".weight"], shapes[name + ".bias"] = (out, inner), (out,)

    shapes["patch_embedding.weight"], shapes["patch_embedding.bias"] = (dim, channels, 1, 2, 2), (dim,)
    linear("text_embedding.0", dim, text_dim)
    linear("text_embedding.2", dim, dim)
    linear("time_embedding.0", dim, freq_dim)
    linear("time_embedding.2", dim, dim)
    linear("time_projection.1", 6 * dim, dim)
    for layer in range(num_layers):
        block = f"blocks.{layer}."
        shapes[block + "modulation"] = (1, 6, dim)
        for attention in ("self_attn.", "cross_attn."):
            for name in "qkvo":
                linear(block + attention + name, dim, dim)
            for name in ("norm_q", "norm_k"):
                shapes[block + attention + name + ".weight"] = (dim,)
        shapes[block + "norm3.weight"], shapes[block + "norm3.bias"] = (dim,), (dim,)
        linear(block + "ffn.0", ffn_dim, dim)
        linear(block + "ffn.2", dim, ffn_dim)
    linear("head.head", 4 * channels, dim)
    shapes["head.modulation"] = (1, 2, dim)
    return shapes


def umt5_shapes(vocab, dim, heads, ffn, layers):
    shapes = {"token_embedding.weight": (vocab, dim), "norm.weight": (dim,)}
    for layer in range(layers):
        block = f"blocks.{layer}."
        for name in ("norm1", "norm2"):
            shapes[f"{block}{name}.weight"] = (dim,)
        for name in "qkvo":
            shapes[f"{block}attn.{name}.weight"] = (dim, dim)
        shapes[block + "ffn.gate.0.weight"] = shapes[block + "ffn.fc1.weight"] = (ffn, dim)
        shapes[block + "ffn.fc2.weight"] = (dim, ffn)
        shapes[block + "pos_embedding.embedding.weight"] = (32, heads)
    return shapes


def vae_shapes(dim, z):
    shapes = {}

    def conv(name, out, inner, *kernel):
        shapes[name + ".weight"], shapes[name + ".bias"] = (out, inner, *kernel), (out,)

    def residual(name, inner, out):
        shapes[name + ".residual.0.gamma"] = (inner, 1, 1, 1)
        conv(name + ".residual.2", out, inner, 3, 3, 3)
        shapes[name + ".residual.3.gamma"] = (out, 1, 1, 1)
        conv(name + ".residual.6", out, out, 3, 3, 3)
        if inner != out:
            conv(name + ".shortcut", out, inner, 1, 1, 1)

    def middle(name, width):
        residual(name + ".0", width, width)
        shapes[name + ".1.norm.gamma"] = (width, 1, 1)
        conv(name + ".1.to_qkv", 3 * width, width, 1, 1)
        conv(name + ".1.proj", width, width, 1, 1)
        residual(name + ".2", width, width)

    conv("encoder.conv1", dim, 3, 3, 3, 3)
    inner, index = dim, 0
    for stage, width in enumerate((dim, 2 * dim, 4 * dim, 4 * dim)):
        for _ in range(2):
            residual(f"encoder.downsamples.{index}", inner, width)
            inner, index = width, index + 1
        if stage < 3:
            conv(f"encoder.downsamples.{index}.resample.1", width, width, 3, 3)
            if stage > 0:
                conv(f"encoder.downsamples.{index}.time_conv", width, width, 3, 1, 1)
            index += 1
    middle("encoder.middle", inner)
    shapes["encoder.head.0.gamma"] = (inner, 1, 1, 1)
    conv("encoder.head.2", 2 * z, inner, 3, 3, 3)
    conv("conv1", 2 * z, 2 * z, 1, 1, 1)
    conv("conv2", z, z, 1, 1, 1)
    conv("decoder.conv1", inner, z, 3, 3, 3)
    middle("decoder.middle", inner)
    index = 0
    for stage, width in enumerate((4 * dim, 4 * dim, 2 * dim, dim)):
        for _ in range(3):
            residual(f"decoder.upsamples.{index}", inner, width)
            inner, index = width, index + 1
        if stage < 3:
            if stage < 2:
                conv(f"decoder.upsamples.{index}.time_conv", 2 * width, width, 3, 1, 1)
            conv(f"decoder.upsamples.{index}.resample.1", width // 2, width, 3, 3)
            inner, index = width // 2, index + 1
    shapes["decoder.head.0.gamma"] = (inner, 1, 1, 1)
    conv("decoder.head.2", 3, inner, 3, 3, 3)
    return shapes


class Maker:
    def __init__(self, folder, values, only):
        self.folder, self.values, self.only = folder, values, only

    def wants(self, name):
        return not self.only or any(part in name for part in self.only)

    def path(self, name):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        print(name, flush=True)
        return path

    def tensors(self, shapes, dtype, seed):
        """Values of a layer's usual size; tensors of no memory where only the shapes matter."""
        if self.values == "zero":
            return {name: torch.empty(shape, dtype=dtype, device="meta") for name, shape in shapes.items()}
        g = torch.Generator().manual_seed(seed)

        def value(name, shape):
            normal = torch.randn(shape, generator=g)
            if name.endswith("gamma") or ("norm" in name and name.endswith("weight")):
                return (1 + 0.2 * normal).to(dtype)
            return (normal * max(1, torch.Size(shape[1:]).numel()) ** -0.5).to(dtype)

        return {name: value(name, shape) for name, shape in shapes.items()}

    def torch_archive(self, name, contents):
        """As torch.save writes it; zeros are left out of the file."""
        if not self.wants(name):
            return
        if self.values == "zero":  # memory that is never touched
            contents = torch.utils._pytree.tree_map(lambda t: torch.empty(t.shape, dtype=t.dtype), contents)
        with torch.serialization.skip_data() if self.values == "zero" else contextlib.nullcontext():
            torch.save(contents, self.path(name))

    def safetensors(self, name, tensors, metadata=None):
        """Sorted by name and padded to eight bytes."""
        if not self.wants(name):
            return
        header, offset = {"__metadata__": metadata} if metadata else {}, 0
        for key, tensor in sorted(tensors.items()):
            code, size = TYPES[tensor.dtype]
            header[key] = {"dtype": code, "shape": list(tensor.shape), "data_offsets": [offset, offset + tensor.numel() * size]}
            offset += tensor.numel() * size
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        with open(self.path(name), "wb") as file:
            file.write(len(text).to_bytes(8, "little") + text)
            if self.values == "zero":
                file.truncate(8 + len(text) + offset)
                return
            for _, tensor in sorted(tensors.items()):
                file.write(tensor.contiguous().view(torch.uint8).numpy().tobytes() if tensor.ndim else tensor.numpy().tobytes())

    def shards(self, name, tensors, count):
        """NAME-00001-of-0000N.safetensors and NAME.safetensors.index.json, as published shards are named."""
        if not self.wants(name):
            return
        names = sorted(tensors)
        step = -(-len(names) // count)
        weight_map, total = {}, 0
        for index in range(count):
            shard = f"{name}-{index + 1:05}-of-{count:05}.safetensors"
            part = {key: tensors[key] for key in names[index * step:(index + 1) * step]}
            self.safetensors(shard, part, {"format": "pt"})
            weight_map.update(dict.fromkeys(part, pathlib.Path(shard).name))
            total += sum(t.numel() * t.element_size() for t in part.values())
        self.json(name + ".safetensors.index.json", {"metadata": {"total_size": total}, "weight_map": weight_map})

    def json(self, name, value):
        if self.wants(name):
            self.path(name).write_text(json.dumps(value, indent=1) + "\n")


def checked(model, tensors, allowed_missing=()):
    """The tensors, after the model that they are meant for has taken them by name and shape."""
    wanted = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items() if name not in allowed_missing}
    given = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    assert wanted == given, {name: (wanted.get(name), given.get(name)) for name in wanted | given if wanted.get(name) != given.get(name)}
    return tensors


def make_dit(maker, dit, shards):
    weights = maker.tensors(dit_shapes(**dit), torch.float32, seed=1)
    config = dict(_class_name="WanModel", dim=dit["dim"], eps=1e-6, ffn_dim=dit["ffn_dim"], freq_dim=dit["freq_dim"], in_dim=dit["channels"],
                  model_type="t2v", num_heads=dit["num_heads"], num_layers=dit["num_layers"], out_dim=dit["channels"], text_len=dit["text_len"])
    maker.torch_archive("self_forcing/checkpoints/self_forcing_dmd.pt", {"generator_ema": {"model." + k: t for k, t in weights.items()}})
    # Wrapped for training on many GPUs: the root and every block, beside weights that are not averaged.
    if maker.values == "random":
        wrapper = "_fsdp_wrapped_module."
        wrapped = {"model." + wrapper + re.sub(r"^blocks\.\d+\.", lambda block: block[0] + wrapper, name): t for name, t in weights.items()}
        maker.torch_archive("self_forcing_fsdp.pt", {"generator": {"model.head.modulation": -weights["head.modulation"]}, "generator_ema": wrapped,
                                                     "step": 600})
    maker.safetensors("wan/diffusion_pytorch_model.safetensors", weights)
    maker.json("wan/config.json", config)
    maker.shards("wan_sharded/diffusion_pytorch_model", weights, shards)
    maker.json("wan_sharded/config.json", config)

    with torch.device("meta"):
        theirs = WanTransformer3DModel(
            num_attention_heads=dit["num_heads"], attention_head_dim=dit["dim"] // dit["num_heads"], in_channels=dit["channels"],
            out_channels=dit["channels"], text_dim=dit["text_dim"], freq_dim=dit["freq_dim"], ffn_dim=dit["ffn_dim"], num_layers=dit["num_layers"])
    renamed = checked(theirs, convert_wan_transformer_to_diffusers(dict(weights)))
    maker.safetensors("diffusers/transformer/diffusion_pytorch_model.safetensors", renamed, {"format": "pt"})
    maker.json("diffusers/transformer/config.json", {"_class_name": "WanTransformer3DModel", **{k: v for k, v in theirs.config.items() if k[0] != "_"}})


def make_vae(maker, vae):
    weights = maker.tensors(vae_shapes(**vae), torch.float32, seed=2)
    maker.torch_archive("wan/Wan2.1_VAE.pth", weights)
    with torch.device("meta"):
        theirs = AutoencoderKLWan(base_dim=vae["dim"], z_dim=vae["z"])
    renamed = checked(theirs, convert_wan_vae_to_diffusers(dict(weights)))
    maker.safetensors("diffusers/vae/diffusion_pytorch_model.safetensors", renamed, {"format": "pt"})
    maker.json("diffusers/vae/config.json", {"_class_name": "AutoencoderKLWan", "base_dim": vae["dim"], "z_dim": vae["z"]})


def make_umt5(maker, umt5, shards):
    weights = maker.tensors(umt5_shapes(**umt5), torch.bfloat16, seed=3)
    maker.torch_archive("wan/models_t5_umt5-xxl-enc-bf16.pth", weights)
    names = {"token_embedding": "shared", "norm": "encoder.final_layer_norm"}
    for layer in range(umt5["layers"]):
        theirs = f"encoder.block.{layer}.layer."
        for name in "qkvo":
            names[f"blocks.{layer}.attn.{name}"] = f"{theirs}0.SelfAttention.{name}"
        names |= {f"blocks.{layer}.pos_embedding.embedding": theirs + "0.SelfAttention.relative_attention_bias",
                  f"blocks.{layer}.norm1": theirs + "0.layer_norm", f"blocks.{layer}.norm2": theirs + "1.layer_norm",
                  f"blocks.{layer}.ffn.gate.0": theirs + "1.DenseReluDense.wi_0", f"blocks.{layer}.ffn.fc1": theirs + "1.DenseReluDense.wi_1",
                  f"blocks.{layer}.ffn.fc2": theirs + "1.DenseReluDense.wo"}
    with torch.device("meta"):
        theirs = UMT5EncoderModel(UMT5Config(
            vocab_size=umt5["vocab"], d_model=umt5["dim"], d_kv=umt5["dim"] // umt5["heads"], d_ff=umt5["ffn"],
            num_layers=umt5["layers"], num_heads=umt5["heads"]))
    tied = "encoder.embed_tokens.weight"
    renamed = checked(theirs, {names[name.removesuffix(".weight")] + ".weight": t for name, t in weights.items()}, {tied})
    maker.shards("diffusers/text_encoder/model", renamed, shards)
    maker.json("diffusers/text_encoder/config.json", {"architectures": ["UMT5EncoderModel"]})
    # Some files hold the embedding twice.
    if maker.values == "random":
        maker.safetensors("umt5_tied.safetensors", renamed | {tied: renamed["shared.weight"]})


def make_taehv(maker, taehv):
    weights = taehv_oracle.random_weights(taehv["encoder"], taehv["decoder"], taehv["latents"], (1, 2, 2), seed=4)
    weights = {name: tensor.half() for name, tensor in weights.items()}
    if maker.values == "zero":
        weights = {name: tensor.to("meta") for name, tensor in weights.items()}
    maker.torch_archive("taehv/taew2_1.pth", weights)
    maker.safetensors("taehv/safetensors/taew2_1.safetensors", weights)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=pathlib.Path)
    parser.add_argument("--scale", choices=SCALES, default="tiny")
    parser.add_argument("--values", choices=("random", "zero"), default="random")
    parser.add_argument("--only", nargs="+", default=[])
    arguments = parser.parse_args()
    if arguments.folder is None and arguments.scale == "full":
        parser.error("the full scale needs a FOLDER")
    folder = arguments.folder or pathlib.Path(__file__).resolve().parent.parent / "golden" / "official"
    scale, maker = SCALES[arguments.scale], Maker(folder, arguments.values, arguments.only)
    makers = {"dit": lambda: make_dit(maker, scale["dit"], scale["shards"]["dit"]), "vae": lambda: make_vae(maker, scale["vae"]),
              "umt5": lambda: make_umt5(maker, scale["umt5"], scale["shards"]["text"]), "taehv": lambda: make_taehv(maker, scale["taehv"])}
    for make in makers.values():
        make()
    tokenizer = "wan/google/umt5-xxl/spiece.model"
    if arguments.scale == "tiny" and maker.wants(tokenizer):  # stands in for the published one; nothing reads it here
        maker.path(tokenizer).write_bytes(b"tokenizer")


if __name__ == "__main__":
    main()
