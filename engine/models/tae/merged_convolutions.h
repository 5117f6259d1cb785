// TAEHV's linear maps that follow one another, merged into one convolution when the weights are loaded.
//
// Between its activations the network has maps of full-size pictures that cost more in memory traffic than in
// arithmetic: pooling and growing of frames (1x1), nearest upsampling, convolution. Each function here gives the one
// convolution that computes the same; rounding apart nothing changes. Weights are float32 on the CPU, [out,in,k,k];
// sums are made in float64.
#pragma once

#include "engine/models/conv_layers.h"

namespace lipar::models {

// conv(pool(x)); pool 1x1. Neither has a bias.
[[nodiscard]] ConvWeights afterPointwise(const ConvWeights& pool, const ConvWeights& conv);

// conv(upsampled(x)), 3x3 with padding 1 after nearest upsampling by 2, as a 3x3 convolution of x: its output channels
// are [2,2,out], the four pixels of each place. No bias.
[[nodiscard]] ConvWeights afterUpsampling(const ConvWeights& conv);

// `conv` (3x3, padding 1) of a picture that is held as [2,2,in] channels of a picture half its size: [2,2,in] ->
// [2,2,out].
[[nodiscard]] ConvWeights onQuads(const ConvWeights& conv);

// [T,frames*2*2*C,h,w] -> [T*frames,C,2h,2w]: frames leave the channels and quads become pixels.
[[nodiscard]] at::Tensor quadsToPixels(const at::Tensor& x, std::int64_t frames);

}  // namespace lipar::models
