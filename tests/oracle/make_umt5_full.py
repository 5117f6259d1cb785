"""Writes a UMT5-XXL encoder of the published shape with random weights (11.4 GB, bfloat16, official names), to measure with.

    python3 tests/oracle/make_umt5_full.py DIR/models_t5_umt5-xxl-enc-bf16.pth --model
    lipar bench --text --model DIR --text-encoder gpu|streamed|cpu --json

With --model also DIR/model.json and the small tokenizer of tests/golden. The archive is laid out first and then filled through a shared
mapping, tensor by tensor: beside the mapped pages, which the system writes out as it likes, little memory is held. Its checksums are those of the
empty layout.
"""
import argparse
import json
import mmap
import pathlib
import shutil

import torch

GOLDENS = pathlib.Path(__file__).parent.parent / "golden" / "models"
VOCABULARY, DIM, HEADS, HEAD_DIM, FFN, LAYERS, BUCKETS = 256384, 4096, 64, 64, 10240, 24, 32


def shapes():
    """Official name -> shape and standard deviation, as T5 is initialised; None: ones."""
    width = HEADS * HEAD_DIM
    result = {"token_embedding.weight": ((VOCABULARY, DIM), 1.0), "norm.weight": ((DIM,), None)}
    for i in range(LAYERS):
        block = f"blocks.{i}."
        result |= {
            block + "norm1.weight": ((DIM,), None), block + "norm2.weight": ((DIM,), None),
            block + "attn.q.weight": ((width, DIM), (DIM * HEAD_DIM) ** -0.5), block + "attn.k.weight": ((width, DIM), DIM**-0.5),
            block + "attn.v.weight": ((width, DIM), DIM**-0.5), block + "attn.o.weight": ((DIM, width), width**-0.5),
            block + "pos_embedding.embedding.weight": ((BUCKETS, HEADS), 1.0),
            block + "ffn.gate.0.weight": ((FFN, DIM), DIM**-0.5), block + "ffn.fc1.weight": ((FFN, DIM), DIM**-0.5),
            block + "ffn.fc2.weight": ((DIM, FFN), FFN**-0.5),
        }
    return result


def fill(tensor, deviation, pool, start):
    """Normal numbers from a pool that is gone through again and again, its length a prime so that no two rows are alike."""
    flat = tensor.view(-1)
    if deviation is None:
        flat.fill_(1)
        return start
    done = 0
    while done < flat.numel():
        count = min(pool.numel() - start, flat.numel() - done)
        flat[done : done + count] = pool[start : start + count] * deviation
        done += count
        start = (start + count) % pool.numel()
    return start


def write_model(folder, file):
    dit = {"files": ["dit.safetensors"], "dim": 1536, "ffn_dim": 8960, "num_heads": 12, "num_layers": 30, "in_channels": 16, "out_channels": 16,
           "text_dim": DIM, "text_len": 512, "freq_dim": 256, "patch": [1, 2, 2], "eps": 1e-6}
    text = {"kind": "umt5", "files": [file], "tokenizer": "spiece.model"}
    model = {"schema": 1, "name": "umt5-random", "family": "wan-causal", "license": "Apache-2.0", "dit": dit, "text": text,
             "sampling": {"steps": [400, 350, 250], "shift": 5.0}, "pruning": {"tau1": 0.15, "tau2": 0.3}}
    (folder / "model.json").write_text(json.dumps(model, indent=1) + "\n")
    shutil.copy(GOLDENS / "umt5_spiece.model", folder / "spiece.model")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--model", action="store_true", help="also model.json and a tokenizer beside it")
    arguments = parser.parse_args()
    torch.set_grad_enabled(False)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    # Memory that is never touched takes no room.
    layout = {name: torch.empty(shape, dtype=torch.bfloat16) for name, (shape, _) in shapes().items()}
    with torch.serialization.skip_data():
        torch.save(layout, arguments.out)
    del layout
    torch.serialization.set_default_mmap_options(mmap.MAP_SHARED)
    tensors = torch.load(arguments.out, mmap=True, weights_only=True)
    pool = torch.randn(16_777_259, generator=torch.Generator().manual_seed(0))
    start = 0
    for name, (_, deviation) in shapes().items():
        start = fill(tensors[name], deviation, pool, start)
    if arguments.model:
        write_model(arguments.out.parent, arguments.out.name)
    print(arguments.out, arguments.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
