"""The built-in model's autoencoder and text encoder from their description, whole clips at once: the reference for the engine.

Weights are a dict of float32 tensors under the names of resources/models/lipar-mini; frames [T,3,H,W], latents [t,C,h,w].
"""
import torch
import torch.nn.functional as F


def conv(w, key, x, stride=1):
    weight = w[key + ".weight"]
    return F.conv2d(x, weight, w[key + ".bias"], stride=stride, padding=weight.shape[-1] // 2)


def residual(w, key, x):
    return F.relu(x + conv(w, key + ".b", F.relu(conv(w, key + ".a", x))))


def memory(w, key, x):
    before = torch.cat([torch.zeros_like(x[:1]), x[:-1]])
    return F.relu(x + conv(w, key + ".b", F.relu(conv(w, key + ".a", torch.cat([x, before], 1)))))


def pair(x):
    return torch.cat([x[0::2], x[1::2]], 1)


def unpair(x):
    return torch.stack(x.chunk(2, 1), 1).flatten(0, 1)


def encode(w, frames):
    x = pair(F.pixel_unshuffle(2 * frames - 1, 4))
    x = residual(w, "e_res", F.relu(conv(w, "e_in", x)))
    x = memory(w, "e_m1", F.relu(conv(w, "e_down", x, stride=2)))
    x = F.relu(conv(w, "e_pool", pair(x)))
    x = conv(w, "e_out", memory(w, "e_m3", memory(w, "e_m2", x)))
    return (x - w["mean"][:, None, None]) / w["std"][:, None, None]


def decode(w, latents, guide=None):
    x = memory(w, "d_m2", memory(w, "d_m1", F.relu(conv(w, "d_in", latents))))
    x = memory(w, "d_m3", unpair(F.relu(conv(w, "d_g1", x))))
    x = residual(w, "d_r1", F.relu(F.pixel_shuffle(conv(w, "d_up", x), 2)))
    x = unpair(F.relu(conv(w, "d_g2", x)))
    if guide is None:
        y = conv(w, "d_out", residual(w, "d_r2", x))
    else:
        g = F.relu(conv(w, "g_b", F.relu(conv(w, "g_a", F.pixel_unshuffle(2 * guide - 1, 4)))))
        hidden = F.relu(conv(w, "d_r2.a", x) + conv(w, "g_j", g * conv(w, "g_m1", x)))
        x = F.relu(x + conv(w, "d_r2.b", hidden))
        y = conv(w, "d_out", x) + conv(w, "g_o", g * conv(w, "g_m2", x))
    return (F.pixel_shuffle(y, 4) + 1) / 2


def encode_text(w, tokens, heads=4):
    dim = w["pos"].shape[1]
    keep = tokens > 0

    def norm(key, x):
        return F.layer_norm(x, (dim,), w[key + ".weight"], w[key + ".bias"])

    def linear(key, x):
        return F.linear(x, w[key + ".weight"], w[key + ".bias"])

    x = w["emb.weight"][tokens] + w["pos"]
    q, k, v = (t.unflatten(-1, (heads, -1)).transpose(0, 1) for t in linear("qkv", norm("n1", x)).chunk(3, -1))
    attended = F.scaled_dot_product_attention(q, k, v, attn_mask=keep[None, None, :].expand(heads, len(tokens), -1))
    x = x + linear("o", attended.transpose(0, 1).flatten(1))
    x = x + linear("f2", F.gelu(linear("f1", norm("n2", x))))
    return norm("n3", x) * keep[:, None]


def random_weights(latents, widths, guide, words, text_length, text_dim, seed):
    """`widths`: quarter and eighth resolution of the encoder; coarse, middle, fine and last of the decoder."""
    generator = torch.Generator().manual_seed(seed)
    quarter, eighth, coarse, middle, fine, last = widths
    vae, text = {}, {}

    def conv_weights(key, inputs, outputs, kernel=3, gain=2.0):
        vae[key + ".weight"] = torch.randn(outputs, inputs, kernel, kernel, generator=generator) * (gain / (inputs * kernel * kernel)) ** 0.5
        vae[key + ".bias"] = torch.randn(outputs, generator=generator) * 0.1

    for key, inputs, outputs, kernel in (
            ("e_in", 96, quarter, 3), ("e_res.a", quarter, quarter, 3), ("e_res.b", quarter, quarter, 3), ("e_down", quarter, eighth, 3),
            ("e_pool", 2 * eighth, eighth, 1), ("e_out", eighth, latents, 3), ("d_in", latents, coarse, 3), ("d_g1", coarse, 2 * middle, 1),
            ("d_up", middle, 4 * fine, 1), ("d_r1.a", fine, fine, 3), ("d_r1.b", fine, fine, 3), ("d_g2", fine, 2 * last, 1),
            ("d_r2.a", last, last, 3), ("d_r2.b", last, last, 3), ("d_out", last, 48, 3), ("g_a", 48, guide, 3), ("g_b", guide, guide, 3),
            ("g_m1", last, guide, 1), ("g_j", guide, last, 3), ("g_m2", last, guide, 1), ("g_o", guide, 48, 3)):
        conv_weights(key, inputs, outputs, kernel, gain=0.05 if key in ("d_out", "g_o") else 0.5 if key.endswith(".b") else 2.0)
    for key, width in (("e_m1", eighth), ("e_m2", eighth), ("e_m3", eighth), ("d_m1", coarse), ("d_m2", coarse), ("d_m3", middle)):
        conv_weights(key + ".a", 2 * width, width)
        conv_weights(key + ".b", width, width, gain=0.5)
    vae["mean"] = torch.randn(latents, generator=generator)
    vae["std"] = torch.rand(latents, generator=generator) + 0.5

    text["emb.weight"] = torch.randn(words, text_dim, generator=generator)
    text["pos"] = torch.randn(text_length, text_dim, generator=generator) * 0.3
    for key in ("n1", "n2", "n3"):
        text[key + ".weight"] = torch.rand(text_dim, generator=generator) + 0.5
        text[key + ".bias"] = torch.randn(text_dim, generator=generator) * 0.1
    for key, inputs, outputs in (("qkv", text_dim, 3 * text_dim), ("o", text_dim, text_dim), ("f1", text_dim, 2 * text_dim), ("f2", 2 * text_dim, text_dim)):
        text[key + ".weight"] = torch.randn(outputs, inputs, generator=generator) / inputs ** 0.5
        text[key + ".bias"] = torch.randn(outputs, generator=generator) * 0.1
    return vae, text
