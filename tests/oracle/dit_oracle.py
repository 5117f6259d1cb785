"""Reference implementation of the causal Wan DiT and of the LIPAR method, for tests only.

The engine streams: it keeps a rolling key/value cache per layer and updates it in place. This file does the opposite,
so that the two cannot share a mistake. The whole edit is laid out as one sequence of rows, one row for every token that
is ever computed: all blocks, all denoising passes and the clean (t = 0) pass of each block. Every row's un-rotated key
and value is written exactly once and never moved. What a pass attends to is an explicit list of keys derived from first
principles (`Layout.keys_of`): for every visible frame and token the row that supplies key and value, and the position to
rotate it to. Window, recovery and position clamping are nothing but rules for making that list.

Shapes: T latent frames, n = gh * gw tokens a frame (patch 1x2x2), C latent channels, H heads of d, R rows.
Tokens are held as [.., n, C, 2, 2] (channel, place in the patch), which is the order of the patch embedding's weight.
"""

import json
import pathlib
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

RECOVERIES = ("none", "copy", "full")


@dataclass(frozen=True)
class DitConfig:
    """The `dit` object of a model.json; `window_frames` counts the current block's frames, None = no limit."""

    dim: int
    ffn_dim: int
    num_heads: int
    num_layers: int
    in_channels: int
    out_channels: int
    text_dim: int
    text_len: int
    freq_dim: int
    block_frames: int
    sink_frames: int
    window_frames: int | None
    rope_max_frames: int | None
    source_concat: bool = False
    eps: float = 1e-6
    patch: tuple[int, int, int] = (1, 2, 2)

    @staticmethod
    def from_json(fields: dict) -> "DitConfig":
        known = {k: v for k, v in fields.items() if k != "files"}
        return DitConfig(**{**known, "patch": tuple(known["patch"])})


def load_model(folder, dtype=torch.float64) -> "WanDit":
    """The DiT of a model directory; int8 matrices are widened with their `NAME_scale` per output channel."""
    folder = pathlib.Path(folder)
    fields = json.loads((folder / "model.json").read_text())["dit"]
    stored = {}
    for name in fields["files"]:
        stored.update(load_file(folder / name))
    return WanDit(DitConfig.from_json(fields), dequantised(stored), dtype)


def dequantised(stored: dict) -> dict:
    """int8 matrices times their `NAME_scale` (float32, one per output channel); everything else widened to float32."""
    weights = {}
    for name, tensor in stored.items():
        if name.endswith("_scale"):
            continue
        scale = stored.get(name + "_scale")
        tensor = tensor.float()
        weights[name] = tensor if scale is None else tensor * scale.view(-1, *[1] * (tensor.ndim - 1))
    return weights


# ---------------------------------------------------------------------------------------------------------------------
# Tokens and schedule


def to_tokens(latents: torch.Tensor) -> torch.Tensor:
    """[.., C, h, w] -> [.., n, C, 2, 2]"""
    *lead, channels, height, width = latents.shape
    cells = latents.reshape(*lead, channels, height // 2, 2, width // 2, 2)
    return torch.einsum("...cypxq->...yxcpq", cells).reshape(*lead, -1, channels, 2, 2)


def to_latents(tokens: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """[.., n, C, 2, 2] -> [.., C, h, w]"""
    *lead, _, channels, _, _ = tokens.shape
    cells = tokens.reshape(*lead, height // 2, width // 2, channels, 2, 2)
    return torch.einsum("...yxcpq->...cypxq", cells).reshape(*lead, channels, height, width)


def sigma_of(step: float, shift: float) -> float:
    s = step / 1000.0
    return shift * s / (1.0 + (shift - 1.0) * s)


# ---------------------------------------------------------------------------------------------------------------------
# Who attends to what


@dataclass(frozen=True)
class KeyList:
    rows: torch.Tensor  # [K] which row of the sequence supplies key and value
    positions: torch.Tensor  # [K, 3] where the key is rotated to: (t, y, x)


class Layout:
    """Numbers the rows of an edit and says which rows every pass attends to.

    keep: bool [T, n], True = computed; frame 0 must be whole. passes: denoising steps + 1, the last is the clean one.
    recovery: None for whole masks (nothing to recover).
    """

    def __init__(self, config: DitConfig, keep: torch.Tensor, grid: tuple[int, int], passes: int, recovery: str | None):
        frames, _ = keep.shape
        if frames % config.block_frames:
            raise ValueError("the number of latent frames must be a multiple of the block's")
        if not keep[0].all():
            raise ValueError("frame 0 must be kept whole")
        if recovery not in (RECOVERIES if not keep.all() else (None, *RECOVERIES)):
            raise ValueError(f"unknown recovery {recovery!r}")
        self.config, self.keep, self.grid, self.passes, self.recovery = config, keep, grid, passes, recovery
        self.blocks = frames // config.block_frames

        # Row numbers in order of time: block, pass, frame, token.
        self._row = {}
        for block in range(self.blocks):
            for index in range(passes):
                for frame, token in self.kept_tokens(block):
                    self._row[frame, token, index] = len(self._row)
        self.num_rows = len(self._row)

        # Last frame <= f in which the token was computed: what a chain of copies from frame to frame ends at.
        self.last_kept = torch.where(keep, torch.arange(frames)[:, None], -1).cummax(0).values

    @property
    def clean_pass(self) -> int:
        return self.passes - 1

    def frames_of(self, block: int) -> range:
        return range(block * self.config.block_frames, (block + 1) * self.config.block_frames)

    def kept_tokens(self, block: int) -> list[tuple[int, int]]:
        return [(f, int(i)) for f in self.frames_of(block) for i in self.keep[f].nonzero()[:, 0]]

    def rows_of(self, block: int, index: int) -> torch.Tensor:
        return torch.tensor([self._row[f, i, index] for f, i in self.kept_tokens(block)], dtype=torch.long)

    def visible_frames(self, block: int) -> list[int]:
        """Sink and window, the block itself included."""
        end = (block + 1) * self.config.block_frames
        window = self.config.window_frames
        first_recent = 0 if window is None else max(0, end - window)
        return [f for f in range(end) if f < self.config.sink_frames or f >= first_recent]

    def time_position(self, frame: int, block: int) -> int:
        """Temporal RoPE position of a frame as `block` sees it.

        Positions are absolute until the block would reach past the trained range; then the block stands at its end, the
        frames behind it keep their distance to it and the sink stays where it was.
        """
        if frame < self.config.sink_frames:
            return frame
        start = block * self.config.block_frames
        limit = self.config.rope_max_frames
        clamped = start if limit is None else min(start, limit - self.config.block_frames)
        return clamped + frame - start

    def position(self, frame: int, token: int, block: int) -> tuple[int, int, int]:
        y, x = divmod(token, self.grid[1])
        return self.time_position(frame, block), y, x

    def clean_row(self, frame: int, token: int) -> int | None:
        """What the cache holds of a finished frame: the clean pass's row of the token's last computation."""
        if self.recovery == "none" and not self.keep[frame, token]:
            return None
        origin = int(self.last_kept[frame, token])
        return self._row[origin, token, self.clean_pass]

    def current_row(self, frame: int, token: int, index: int) -> int | None:
        """Key and value of a token of the block that is being computed, in pass `index`."""
        if self.keep[frame, token]:
            return self._row[frame, token, index]
        if self.recovery == "none":
            return None
        start = frame - frame % self.config.block_frames
        origin = int(self.last_kept[frame, token])
        if origin >= start and (self.recovery == "copy" or index == self.clean_pass):
            return self._row[origin, token, index]  # the chain inside the block meets a computed token of this pass
        if start == 0:
            return None  # full recovery in block 0, denoising: there is no clean frame yet
        return self.clean_row(start - 1, token)

    def row_of_key(self, frame: int, token: int, block: int, index: int) -> int | None:
        """Which row stands at a visible place in a pass; None: no key stands there."""
        if frame in self.frames_of(block):
            return self.current_row(frame, token, index)
        return self.clean_row(frame, token)

    def keys_of(self, block: int, index: int) -> KeyList:
        rows, positions = [], []
        for frame in self.visible_frames(block):
            for token in range(self.keep.shape[1]):
                row = self.row_of_key(frame, token, block, index)
                if row is not None:
                    rows.append(row)
                    positions.append(self.position(frame, token, block))
        return KeyList(torch.tensor(rows), torch.tensor(positions))

    def query_positions(self, block: int) -> torch.Tensor:
        """[K, 3]"""
        return torch.tensor([self.position(f, i, block) for f, i in self.kept_tokens(block)]).reshape(-1, 3)


class PerTokenLayout(Layout):
    """Of a run (a computed token and the copies that follow it) only the `copies` most recent places stand among the keys.

    Always there: the sink, and what the block computes. A place that is left out once does not come back. So that the number
    of keys is a multiple of `multiple`, places that would leave stay, the most recent first, as far as there are any.
    """

    copies, multiple = 1, 32

    def __init__(self, *args):
        super().__init__(*args)
        self.held = [set() for _ in range(self.blocks)]
        for block in range(self.blocks):
            own = {(f, i) for f in self.frames_of(block) for i in range(self.keep.shape[1])}
            visible = set(self.visible_frames(block))
            there = {place for place in (self.held[block - 1] if block else set()) | own if place[0] in visible}
            needed = {place for place in there if self.is_needed(*place, block)}
            spare = sorted(there - needed, key=lambda place: (-place[0], place[1]))
            self.held[block] = needed | set(spare[: -len(needed) % self.multiple])

    def is_needed(self, frame: int, token: int, block: int) -> bool:
        end = (block + 1) * self.config.block_frames
        if frame < self.config.sink_frames or (frame in self.frames_of(block) and self.keep[frame, token]):
            return True
        later = self.last_kept[frame + 1 : end, token]
        return int((later == self.last_kept[frame, token]).sum()) < self.copies

    def row_of_key(self, frame: int, token: int, block: int, index: int) -> int | None:
        return super().row_of_key(frame, token, block, index) if (frame, token) in self.held[block] else None


# ---------------------------------------------------------------------------------------------------------------------
# The network


@dataclass
class Pass:
    """One run of the network over a block's kept tokens, as part of the whole sequence."""

    patches: torch.Tensor  # [K, in_channels, 2, 2]
    timestep: float  # 1000 sigma
    rows: torch.Tensor  # [K]
    positions: torch.Tensor  # [K, 3]
    keys: KeyList


class Sequence:
    """Un-rotated keys (after their norm) and values of every row and layer; NaN until the row is computed."""

    def __init__(self, config: DitConfig, num_rows: int, dtype: torch.dtype):
        shape = (config.num_layers, num_rows, config.num_heads, config.dim // config.num_heads)
        self.keys = torch.full(shape, torch.nan, dtype=dtype)
        self.values = torch.full(shape, torch.nan, dtype=dtype)

    def write(self, layer: int, rows: torch.Tensor, keys: torch.Tensor, values: torch.Tensor):
        if not self.keys[layer, rows].isnan().all():
            raise RuntimeError("a row was written twice")
        self.keys[layer, rows], self.values[layer, rows] = keys, values

    def read(self, layer: int, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        keys, values = self.keys[layer, rows], self.values[layer, rows]
        if keys.isnan().any():
            raise RuntimeError("a row was read before it was computed")
        return keys, values


class WanDit:
    """The network of models.md, computed in `dtype` throughout."""

    def __init__(self, config: DitConfig, weights: dict, dtype=torch.float64):
        self.config, self.dtype = config, dtype
        self.weights = {name: tensor.to(dtype) for name, tensor in weights.items()}
        pairs = config.dim // config.num_heads // 2
        spatial = pairs // 3
        self.rope_pairs = (pairs - 2 * spatial, spatial, spatial)  # t, y, x

    def linear(self, name: str, x: torch.Tensor) -> torch.Tensor:
        return x @ self.weights[name + ".weight"].flatten(1).T + self.weights[name + ".bias"]

    def layer_norm(self, x: torch.Tensor) -> torch.Tensor:
        centred = x - x.mean(-1, keepdim=True)
        return centred / (centred.square().mean(-1, keepdim=True) + self.config.eps).sqrt()

    def rms_norm(self, name: str, x: torch.Tensor) -> torch.Tensor:
        return x / (x.square().mean(-1, keepdim=True) + self.config.eps).sqrt() * self.weights[name + ".weight"]

    def heads(self, x: torch.Tensor) -> torch.Tensor:
        return x.unflatten(-1, (self.config.num_heads, -1))  # [R, H, d]

    def rotate(self, x: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
        """Turns adjacent pairs of x [R, H, d] by the angles of positions [R, 3]."""
        angles = []
        for axis, count in enumerate(self.rope_pairs):
            frequency = 10000.0 ** (-torch.arange(count, dtype=torch.float64) / count)
            angles.append(positions[:, axis, None].double() * frequency)
        angle = torch.cat(angles, -1)  # [R, d / 2]
        turn = torch.polar(torch.ones_like(angle), angle)[:, None]
        pairs = torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous())
        return torch.view_as_real(pairs * turn.to(pairs.dtype)).flatten(-2)

    @staticmethod
    def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        """q [Q, H, d], k and v [K, H, d] -> [Q, H * d]"""
        scores = torch.einsum("qhd,khd->hqk", q, k) / q.shape[-1] ** 0.5
        return torch.einsum("hqk,khd->qhd", scores.softmax(-1), v).flatten(1)

    def context(self, text_embeds: torch.Tensor) -> torch.Tensor:
        """[L, text_dim] -> [text_len, dim]; zeros after the prompt go through the text embedding like words."""
        padded = F.pad(text_embeds.to(self.dtype), (0, 0, 0, self.config.text_len - len(text_embeds)))
        hidden = F.gelu(self.linear("text_embedding.0", padded), approximate="tanh")
        return self.linear("text_embedding.2", hidden)

    def time(self, timestep: float) -> tuple[torch.Tensor, torch.Tensor]:
        """-> e [dim] for the head, e0 [6, dim] for the blocks"""
        half = self.config.freq_dim // 2
        angle = timestep * 10000.0 ** (-torch.arange(half, dtype=torch.float64) / half)
        wave = torch.cat([angle.cos(), angle.sin()]).to(self.dtype)
        e = self.linear("time_embedding.2", F.silu(self.linear("time_embedding.0", wave)))
        return e, self.linear("time_projection.1", F.silu(e)).unflatten(-1, (6, -1))

    def forward(self, passes: list[Pass], context: torch.Tensor, sequence: Sequence) -> list[torch.Tensor]:
        """Runs the passes side by side, layer after layer; returns the velocity [K, out_channels, 2, 2] of each."""
        hidden = [self.linear("patch_embedding", p.patches.to(self.dtype).flatten(1)) for p in passes]
        times = [self.time(p.timestep) for p in passes]
        for layer in range(self.config.num_layers):
            block = f"blocks.{layer}."
            modulations = [(self.weights[block + "modulation"][0] + e0).unbind(0) for _, e0 in times]
            queries = []
            for p, x, (shift, scale, *_) in zip(passes, hidden, modulations):
                x = self.layer_norm(x) * (1 + scale) + shift
                attn = block + "self_attn."
                q = self.heads(self.rms_norm(attn + "norm_q", self.linear(attn + "q", x)))
                queries.append(self.rotate(q, p.positions))
                keys = self.heads(self.rms_norm(attn + "norm_k", self.linear(attn + "k", x)))
                sequence.write(layer, p.rows, keys, self.heads(self.linear(attn + "v", x)))
            for i, (p, (_, _, gate, shift2, scale2, gate2)) in enumerate(zip(passes, modulations)):
                keys, values = sequence.read(layer, p.keys.rows)
                mixed = self.attention(queries[i], self.rotate(keys, p.keys.positions), values)
                x = hidden[i] + gate * self.linear(block + "self_attn.o", mixed)
                x = x + self.cross_attention(block, x, context)
                y = self.linear(block + "ffn.0", self.layer_norm(x) * (1 + scale2) + shift2)
                hidden[i] = x + gate2 * self.linear(block + "ffn.2", F.gelu(y, approximate="tanh"))
        return [self.head(x, e) for x, (e, _) in zip(hidden, times)]

    def cross_attention(self, block: str, x: torch.Tensor, context: torch.Tensor) -> torch.Tensor:
        attn = block + "cross_attn."
        x = self.layer_norm(x) * self.weights[block + "norm3.weight"] + self.weights[block + "norm3.bias"]
        q = self.heads(self.rms_norm(attn + "norm_q", self.linear(attn + "q", x)))
        k = self.heads(self.rms_norm(attn + "norm_k", self.linear(attn + "k", context)))
        return self.linear(attn + "o", self.attention(q, k, self.heads(self.linear(attn + "v", context))))

    def head(self, x: torch.Tensor, e: torch.Tensor) -> torch.Tensor:
        shift, scale = self.weights["head.modulation"][0] + e
        y = self.linear("head.head", self.layer_norm(x) * (1 + scale) + shift)
        return y.unflatten(-1, (2, 2, self.config.out_channels)).movedim(-1, -3)  # [K, 2, 2, C] -> [K, C, 2, 2]


# ---------------------------------------------------------------------------------------------------------------------
# The edit


@dataclass
class Edit:
    denoised: torch.Tensor  # [T, C, h, w] after restoration
    denoised_kept: torch.Tensor  # [T, C, h, w] zeros where pruned
    passes: list[Pass]  # every pass, in order
    velocities: list[torch.Tensor]  # of every pass


class Editor:
    """Edits one clip: source latents [T, C, h, w], noise [steps, T, C, h, w], text_embeds [L, text_dim],
    keep mask bool [T, gh, gw] or None for everything; steps of 1000, warped by shift."""

    def __init__(self, model: WanDit, layout_type=Layout):
        self.model, self.layout_type = model, layout_type

    @torch.no_grad()
    def edit(self, source, noise, text_embeds, steps, shift, keep_mask=None, recovery=None) -> Edit:
        model, config = self.model, self.model.config
        frames, channels, height, width = source.shape
        grid = (height // 2, width // 2)
        clean_source, noise = to_tokens(source.to(model.dtype)), to_tokens(noise.to(model.dtype))
        keep = torch.ones(frames, grid[0] * grid[1], dtype=torch.bool) if keep_mask is None else keep_mask.flatten(1)
        layout = self.layout_type(config, keep, grid, len(steps) + 1, recovery)
        sequence = Sequence(config, layout.num_rows, model.dtype)
        context = model.context(text_embeds)
        passes, velocities = [], []

        def run(block: int, index: int, x: torch.Tensor, sigma: float) -> torch.Tensor:
            f, i = kept_indices(layout, block)
            patches = torch.cat([x, clean_source[f, i]], 1) if config.source_concat else x
            rows, positions = layout.rows_of(block, index), layout.query_positions(block)
            p = Pass(patches, 1000.0 * sigma, rows, positions, layout.keys_of(block, index))
            velocity = model.forward([p], context, sequence)[0]
            passes.append(p)
            velocities.append(velocity)
            return velocity

        prediction = torch.full_like(clean_source, torch.nan)
        for block in range(layout.blocks):
            f, i = kept_indices(layout, block)
            z = clean_source[f, i]  # [K, C, 2, 2]
            for index, step in enumerate(steps):
                sigma = sigma_of(step, shift)
                x = (1 - sigma) * z + sigma * noise[index][f, i]
                z = x - sigma * run(block, index, x, sigma)
            run(block, layout.clean_pass, z, 0.0)
            prediction[f, i] = z

        # Restoration by the chain, frame from frame, is: the prediction of the token's last computation.
        restored = prediction[layout.last_kept, torch.arange(keep.shape[1])]
        kept = torch.where(keep[:, :, None, None, None], prediction, torch.zeros_like(prediction))
        return Edit(to_latents(restored, height, width), to_latents(kept, height, width), passes, velocities)

    @torch.no_grad()
    def replay(self, edit: Edit, text_embeds) -> list[torch.Tensor]:
        """All passes of an edit at once: the whole sequence in one forward, given every pass's input."""
        num_rows = sum(len(p.rows) for p in edit.passes)
        sequence = Sequence(self.model.config, num_rows, self.model.dtype)
        return self.model.forward(edit.passes, self.model.context(text_embeds), sequence)


def kept_indices(layout: Layout, block: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Frame and token of the block's kept tokens, as index tensors."""
    table = torch.tensor(layout.kept_tokens(block), dtype=torch.long).reshape(-1, 2)
    return table[:, 0], table[:, 1]


@torch.no_grad()
def single_forward(model: WanDit, latents, timestep: float, text_embeds) -> torch.Tensor:
    """Velocity [S, C, h, w] of one unpruned first block; latents [S, in_channels, h, w] (source_concat: both halves)."""
    frames, _, height, width = latents.shape
    grid = (height // 2, width // 2)
    layout = Layout(model.config, torch.ones(frames, grid[0] * grid[1], dtype=torch.bool), grid, 1, None)
    patches = to_tokens(latents).flatten(0, 1)
    p = Pass(patches, timestep, layout.rows_of(0, 0), layout.query_positions(0), layout.keys_of(0, 0))
    velocity = model.forward([p], model.context(text_embeds), Sequence(model.config, layout.num_rows, model.dtype))[0]
    return to_latents(velocity.unflatten(0, (frames, -1)), height, width)
