// Streaming a clip through an autoencoder in chunks, for tests.
#pragma once

#include <ATen/ATen.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/models/autoencoder.h"

namespace lipar::test {

// Sizes in latent frames.
using Chunks = std::vector<std::int64_t>;

// Every way to cut `total` latents into chunks, order counting: 2^(total-1) of them.
inline std::vector<Chunks> chunkings(std::int64_t total) {
    if (total == 0)
        return {{}};
    std::vector<Chunks> all;
    for (std::int64_t first = 1; first <= total; ++first)
        for (Chunks& rest : chunkings(total - first)) {
            rest.insert(rest.begin(), first);
            all.push_back(std::move(rest));
        }
    return all;
}

inline Chunks evenChunks(std::int64_t total, std::int64_t size) {
    Chunks chunks;
    for (std::int64_t at = 0; at < total; at += size)
        chunks.push_back(std::min(size, total - at));
    return chunks;
}

inline at::Tensor encodeInChunks(const models::Autoencoder& model, const at::Tensor& frames, const Chunks& chunks) {
    const auto stream = model.newEncoder();
    const std::int64_t temporal = model.traits().temporal;
    std::vector<at::Tensor> parts;
    std::int64_t at = 0;
    for (const std::int64_t size : chunks) {
        parts.push_back(stream->encode(frames.narrow(0, at * temporal, size * temporal)));
        at += size;
    }
    return at::cat(parts);
}

// `guide` may be undefined.
inline at::Tensor decodeInChunks(const models::Autoencoder& model, const at::Tensor& latents, const at::Tensor& guide, const Chunks& chunks) {
    const auto stream = model.newDecoder();
    const std::int64_t temporal = model.traits().temporal;
    std::vector<at::Tensor> parts;
    std::int64_t at = 0;
    for (const std::int64_t size : chunks) {
        const at::Tensor source = guide.defined() ? guide.narrow(0, at * temporal, size * temporal) : guide;
        parts.push_back(stream->decode(latents.narrow(0, at, size), source));
        at += size;
    }
    return at::cat(parts);
}

}  // namespace lipar::test
