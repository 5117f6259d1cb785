"""How far diffusers' transformer in bfloat16 is from itself in float32, on the golden files: what ours is measured by.

usage: dit_oracle_bf16.py     writes ../golden/dit/bf16.json: folder -> relative L2 of the velocity

The modules that diffusers keeps in float32 when it loads such a model stay in float32.
"""

import json
import pathlib

import torch
from diffusers import WanTransformer3DModel
from safetensors.torch import load_file

import dit_oracle
import dit_oracle_diffusers
from dit_oracle import DitConfig

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden" / "dit"


def rounded(model):
    kept = WanTransformer3DModel._keep_in_fp32_modules
    for name, parameter in model.named_parameters():
        if not any(part in name.split(".") for part in kept):
            parameter.data = parameter.data.to(torch.bfloat16)
    return model


def error_of(folder: pathlib.Path) -> float:
    config = DitConfig.from_json(json.loads((folder / "model.json").read_text())["dit"])
    weights = {name: tensor.float() for name, tensor in dit_oracle.load_model(folder).weights.items()}
    case = load_file(folder / "forward.safetensors")
    model = dit_oracle_diffusers.build(config, weights, exact_time=False)
    inputs = config, case["latents"], float(case["timestep"][0]), case["text_embeds"]
    exact = dit_oracle_diffusers.velocity(model, *inputs)
    half = dit_oracle_diffusers.velocity(rounded(model), config, case["latents"].bfloat16(), inputs[2], case["text_embeds"].bfloat16())
    return float((half.float() - exact).norm() / exact.norm())


if __name__ == "__main__":
    errors = {folder.name: error_of(folder) for folder in sorted(GOLDEN.iterdir()) if (folder / "forward.safetensors").exists()}
    (GOLDEN / "bf16.json").write_text(json.dumps(errors, indent=1) + "\n")
    print(errors)
