// The weights of a UMT5 encoder where they lie: in the mapped files, under the official names (models.md, UMT5), not
// read before they are used. Thread: immutable once open.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/models/text/umt5_network.h"
#include "engine/models/weight_store.h"
#include "engine/weights/manifest.h"

namespace lipar::models {

class Umt5Weights {
public:
    // Reads sizes from the shapes and checks that every tensor is there and none is left over. Errors: modelMissing,
    // modelDamaged.
    [[nodiscard]] static Result<Umt5Weights> open(const weights::ModelManifest& manifest);

    [[nodiscard]] const Umt5Config& config() const noexcept { return m_config; }
    // Matrices in the file's type, in the mapping; norms and positions float32 copies.
    [[nodiscard]] const std::vector<Umt5Layer>& layers() const noexcept { return m_layers; }
    [[nodiscard]] const at::Tensor& finalNorm() const noexcept { return m_finalNorm; }  // [dim] float32
    // [n] ids -> [n, dim] float32 on the CPU. Only these rows of the embedding are read.
    [[nodiscard]] at::Tensor embed(const std::vector<std::int64_t>& ids) const;

    // Asks the system to read layer `index` from the disk while other work goes on. Past the last: nothing.
    void readAhead(std::size_t index) const;

    // What tells this encoder from others without reading 11 GB: SHA-256 of every tensor's name, type, shape and of the
    // first and last 4 KiB of its bytes. Training changes every tensor from its first value on; a file that was
    // tampered with in the middle of one only is not told from the original. (A file's size and time, the other cheap
    // identity, change when it is copied.)
    [[nodiscard]] Result<std::string> identity() const;

private:
    explicit Umt5Weights(WeightStore store) : m_store(std::move(store)) {}
    [[nodiscard]] Result<> findSizes();
    [[nodiscard]] Result<> take();

    WeightStore m_store;
    Umt5Config m_config;
    at::Tensor m_embedding;  // [vocabulary, dim] in the mapping
    at::Tensor m_finalNorm;
    std::vector<Umt5Layer> m_layers;
};

}  // namespace lipar::models
