"""TAEHV written from its description (engine/models/tae/taehv_network.h), whole clips at once: the reference for the streamed engine.

Weights are a dict of tensors under the published key names; frames and latents are [T,C,h,w] float32.
"""
import torch
import torch.nn.functional as F

POOLED, GROWN = (2, 2, 1), (1, 2, 2)


def memory_block(weights, key, x):
    before = torch.cat([torch.zeros_like(x[:1]), x[:-1]])
    y = torch.cat([x, before], 1)
    for i, layer in enumerate((0, 2, 4)):
        y = F.conv2d(y, weights[f"{key}.conv.{layer}.weight"], weights[f"{key}.conv.{layer}.bias"], padding=1)
        if i < 2:
            y = F.relu(y)
    return F.relu(x + y)


def encode(weights, frames):
    x = F.relu(F.conv2d(frames, weights["encoder.0.weight"], weights["encoder.0.bias"], padding=1))
    position = 2
    for pooled in POOLED:
        together = torch.stack([torch.cat(list(x[i:i + pooled]), 0) for i in range(0, len(x), pooled)])
        x = F.conv2d(together, weights[f"encoder.{position}.conv.weight"])
        x = F.conv2d(x, weights[f"encoder.{position + 1}.weight"], stride=2, padding=1)
        for i in range(3):
            x = memory_block(weights, f"encoder.{position + 2 + i}", x)
        position += 5
    return F.conv2d(x, weights[f"encoder.{position}.weight"], weights[f"encoder.{position}.bias"], padding=1)


def decode(weights, latents):
    x = torch.tanh(latents / 3) * 3
    x = F.relu(F.conv2d(x, weights["decoder.1.weight"], weights["decoder.1.bias"], padding=1))
    position = 3
    for grown in GROWN:
        for i in range(3):
            x = memory_block(weights, f"decoder.{position + i}", x)
        x = x.repeat_interleave(2, 2).repeat_interleave(2, 3)
        width = x.shape[1]
        grow = weights[f"decoder.{position + 4}.conv.weight"][-grown * width:]
        y = F.conv2d(x, grow)
        x = torch.stack([y[t, f * width:(f + 1) * width] for t in range(len(y)) for f in range(grown)])
        x = F.conv2d(x, weights[f"decoder.{position + 5}.weight"], padding=1)
        position += 6
    position += 1
    return F.conv2d(F.relu(x), weights[f"decoder.{position}.weight"], weights[f"decoder.{position}.bias"], padding=1)


def random_weights(encoder_widths, decoder_widths, latents, stored_growth, seed):
    """Checkpoint of any width; `stored_growth` frames are stored in each grow, at least as many as GROWN."""
    generator = torch.Generator().manual_seed(seed)
    weights = {}

    def conv(key, inputs, outputs, kernel=3, bias=True):
        scale = (2 / (inputs * kernel * kernel)) ** 0.5
        weights[key + ".weight"] = torch.randn(outputs, inputs, kernel, kernel, generator=generator) * scale
        if bias:
            weights[key + ".bias"] = torch.randn(outputs, generator=generator) * 0.1

    def block(key, width):
        for layer, inputs in ((0, 2 * width), (2, width), (4, width)):
            conv(f"{key}.conv.{layer}", inputs, width)
        weights[key + ".conv.4.weight"] *= 0.3

    width, position = encoder_widths[0], 2
    conv("encoder.0", 3, width)
    for pooled, following in zip(POOLED, encoder_widths[1:]):
        conv(f"encoder.{position}.conv", pooled * width, width, 1, False)
        conv(f"encoder.{position + 1}", width, following, 3, False)
        for i in range(3):
            block(f"encoder.{position + 2 + i}", following)
        width, position = following, position + 5
    conv(f"encoder.{position}", width, latents)

    width, position = decoder_widths[0], 3
    conv("decoder.1", latents, width)
    for grown, following in zip(stored_growth, decoder_widths[1:]):
        for i in range(3):
            block(f"decoder.{position + i}", width)
        conv(f"decoder.{position + 4}.conv", width, grown * width, 1, False)
        conv(f"decoder.{position + 5}", width, following, 3, False)
        width, position = following, position + 6
    conv(f"decoder.{position + 1}", width, 3)
    weights[f"decoder.{position + 1}.weight"] *= 0.1  # pictures, nominally in [0,1]
    return weights
