"""The LIF keep mask, by other means than the engine's: NumPy and SciPy, whole clips, the definitions taken literally.

A clip is x [T,C,h,w] float32; a mask is bool [T, h/patch, w/patch], True = kept. Paper: section 4.1 and appendix 15.
"""
import numpy as np
from scipy import ndimage


def token_difference(a, b, patch):
    """d(a, b) of two latent frames [C,h,w]: mean of each token's absolute differences without the extreme fifths."""
    channels, height, width = a.shape
    ph, pw = patch
    d = np.abs(a - b).reshape(channels, height // ph, ph, width // pw, pw)
    d = np.sort(d.transpose(1, 3, 0, 2, 4).reshape(height // ph, width // pw, -1), axis=-1)  # [rows, columns, n]
    n = d.shape[-1]
    return d[..., int(0.2 * n):int(0.8 * n)].mean(axis=-1)


def causal_gaussian(sigma=1.5):
    """The 3x3x3 kernel as one array; the taps after the centre frame are zero."""
    t, y, x = np.meshgrid(*[np.arange(-1, 2)] * 3, indexing="ij")
    kernel = np.exp(-(t**2 + y**2 + x**2) / (2 * sigma**2))
    kernel[2] = 0
    return kernel / kernel.sum()


def filtered_differences(x, patch):
    """[T-1, rows, columns] float32: frame t against t-1, median, Gaussian."""
    d = np.stack([token_difference(x[t], x[t - 1], patch) for t in range(1, len(x))])
    d = ndimage.median_filter(d, size=3, mode="nearest")
    return ndimage.correlate(d.astype(np.float64), causal_gaussian(), mode="nearest").astype(np.float32)


def pick(x, index, patch):
    """[C,h,w]: every token from the frame that index [rows, columns] names."""
    wide = np.kron(index, np.ones(patch, int))
    return np.take_along_axis(x, wide[None, None], axis=0)[0]


def clean(keep):
    """Median, opening, closing, dilation of the decisions of frames 1..T-1."""
    square = np.ones((3, 3), bool)

    def erode(frame):
        return ndimage.binary_erosion(frame, square, border_value=1)

    def dilate(frame):
        return ndimage.binary_dilation(frame, square, border_value=0)

    keep = ndimage.median_filter(keep.astype(np.uint8), size=3, mode="nearest").astype(bool)
    keep = np.stack([erode(dilate(dilate(erode(frame)))) for frame in keep])
    return ndimage.binary_dilation(keep, np.ones((3, 5, 5), bool))


def keep_mask(x, block_frames, tau1, tau2, patch):
    """The mask, and how close any distance came to its threshold without being exactly zero (a measure of how far
    rounding may matter)."""
    frames, _, height, width = x.shape
    tau1, tau2 = np.float32(tau1), np.float32(tau2)
    shape = (height // patch[0], width // patch[1])
    margin = np.inf

    def exceeds(distance, tau):
        nonlocal margin
        gaps = np.abs(distance.astype(np.float64) - tau)[distance != 0]
        margin = min(margin, gaps.min(initial=np.inf))
        return distance > tau

    keep = np.ones((frames,) + shape, bool)
    if frames == 1:
        return keep, margin
    keep[1:] = exceeds(filtered_differences(x, patch), tau1)
    for t in range(block_frames, frames):
        end = t // block_frames * block_frames  # of the previous block
        last_kept = end - 1 - np.argmax(keep[:end][::-1], axis=0)
        keep[t] |= exceeds(token_difference(pick(x, last_kept, patch), x[t], patch), tau2)
    return np.concatenate([keep[:1], clean(keep[1:])]), margin
