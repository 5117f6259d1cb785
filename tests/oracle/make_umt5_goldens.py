"""Writes tests/golden/models/umt5_{weights,golden}.safetensors: a small UMT5 encoder with random weights, by transformers' UMT5EncoderModel.

The weights are bfloat16 under the official file's names. Expected embeddings are float32 (weights widened); beside them those
of transformers in bfloat16, whose error against its own float32 is the yardstick for ours.
Needs transformers, safetensors and the files of make_prompt_goldens.py: python3 tests/oracle/make_umt5_goldens.py
"""
import json
import pathlib

import sentencepiece
import torch
from safetensors.torch import save_file
from transformers import UMT5Config, UMT5EncoderModel

OUT = pathlib.Path(__file__).parent.parent / "golden" / "models"
LENGTH = 512
# Heads of 12, so that their width differs from the model's; more rows than the tokenizer has pieces, as in the published file.
DIM, HEADS, HEAD_DIM, FFN, LAYERS, VOCABULARY, BUCKETS = 32, 3, 12, 80, 3, 512, 32
OFFICIAL = {
    "attn.q": "layer.0.SelfAttention.q", "attn.k": "layer.0.SelfAttention.k", "attn.v": "layer.0.SelfAttention.v", "attn.o": "layer.0.SelfAttention.o",
    "pos_embedding.embedding": "layer.0.SelfAttention.relative_attention_bias", "norm1": "layer.0.layer_norm", "norm2": "layer.1.layer_norm",
    "ffn.gate.0": "layer.1.DenseReluDense.wi_0", "ffn.fc1": "layer.1.DenseReluDense.wi_1", "ffn.fc2": "layer.1.DenseReluDense.wo",
}


def random_weights(generator):
    """Official names; scaled so that attention is neither flat nor a choice of one, and every part moves the result."""
    def normal(*shape, scale):
        return (torch.randn(*shape, generator=generator) * scale).bfloat16()

    width = HEADS * HEAD_DIM
    weights = {"token_embedding.weight": normal(VOCABULARY, DIM, scale=1.0), "norm.weight": 1 + normal(DIM, scale=0.2)}
    for i in range(LAYERS):
        block = f"blocks.{i}."
        weights[block + "norm1.weight"] = 1 + normal(DIM, scale=0.2)
        weights[block + "norm2.weight"] = 1 + normal(DIM, scale=0.2)
        weights[block + "attn.q.weight"] = normal(width, DIM, scale=1.5 * (DIM * HEAD_DIM) ** -0.5)
        weights[block + "attn.k.weight"] = normal(width, DIM, scale=DIM**-0.5)
        weights[block + "attn.v.weight"] = normal(width, DIM, scale=DIM**-0.5)
        weights[block + "attn.o.weight"] = normal(DIM, width, scale=width**-0.5)
        weights[block + "pos_embedding.embedding.weight"] = normal(BUCKETS, HEADS, scale=1.5)
        weights[block + "ffn.gate.0.weight"] = normal(FFN, DIM, scale=DIM**-0.5)
        weights[block + "ffn.fc1.weight"] = normal(FFN, DIM, scale=DIM**-0.5)
        weights[block + "ffn.fc2.weight"] = normal(DIM, FFN, scale=FFN**-0.5)
    return weights


def transformers_model(weights, dtype):
    config = UMT5Config(vocab_size=VOCABULARY, d_model=DIM, d_kv=HEAD_DIM, d_ff=FFN, num_layers=LAYERS, num_heads=HEADS,
                        relative_attention_num_buckets=BUCKETS, relative_attention_max_distance=128, feed_forward_proj="gated-gelu",
                        layer_norm_epsilon=1e-6, dropout_rate=0.0)
    model = UMT5EncoderModel(config).eval()
    state = {"shared.weight": weights["token_embedding.weight"], "encoder.embed_tokens.weight": weights["token_embedding.weight"],
             "encoder.final_layer_norm.weight": weights["norm.weight"]}
    for i in range(LAYERS):
        for ours, theirs in OFFICIAL.items():
            state[f"encoder.block.{i}.{theirs}.weight"] = weights[f"blocks.{i}.{ours}.weight"]
    model.load_state_dict({name: value.float() for name, value in state.items()}, strict=True)
    return model.to(dtype)


def prompts():
    """Short, nothing but the end, longer than the longest distance that has a bucket of its own, and truncated."""
    texts = [entry["prompt"] for entry in json.loads((OUT / "umt5_prompts.json").read_text())]
    return {"short": texts[0], "empty": "", "long": ", ".join(texts[:8]), "truncated": ", ".join(texts[:150])}


def main():
    torch.set_grad_enabled(False)
    weights = random_weights(torch.Generator().manual_seed(11))
    wide, narrow = transformers_model(weights, torch.float32), transformers_model(weights, torch.bfloat16)
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(OUT / "umt5_spiece.model"))
    results, texts = {}, {}
    for name, prompt in prompts().items():
        prompt = " ".join(prompt.split())
        ids = tokenizer.encode(prompt)[: LENGTH - 1] + [tokenizer.eos_id()]
        padded = torch.tensor([ids + [tokenizer.pad_id()] * (LENGTH - len(ids))])
        mask = (torch.arange(LENGTH) < len(ids)).long()[None]
        expected = wide(padded, attention_mask=mask).last_hidden_state[0, : len(ids)]
        rounded = narrow(padded, attention_mask=mask).last_hidden_state[0, : len(ids)]
        error = (rounded.float() - expected).abs().max().item()
        print(f"{name}: {len(ids)} tokens, largest {expected.abs().max():.3f}, error of bfloat16 {error:.4f}")
        texts[name] = prompt
        results[name] = expected.contiguous()
        results[name + "_bf16"] = rounded.contiguous()
    distances = torch.arange(-(LENGTH - 1), LENGTH)
    attention = wide.encoder.block[0].layer[0].SelfAttention
    results["buckets"] = attention._relative_position_bucket(distances).to(torch.int32)
    save_file(weights, OUT / "umt5_weights.safetensors")
    save_file(results, OUT / "umt5_golden.safetensors", metadata=texts)


if __name__ == "__main__":
    main()
