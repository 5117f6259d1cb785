// Turns the raw tensors of a model's files into ATen tensors, with the checks every network shares.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/kernels/fp8.h"
#include "engine/weights/key_map.h"
#include "engine/weights/tensor_file.h"

namespace lipar::models {

// Names are the official ones (models.md), whatever the files call their tensors (weights/key_map.h).
class WeightStore {
public:
    // Maps all files of one network; `files` may name indices and folders (weights/manifest.h). Two tensors of one name
    // are an error, unless a layout has the same one under two names. Errors: modelMissing, modelDamaged.
    [[nodiscard]] static Result<WeightStore> open(const std::filesystem::path& directory,
                                                  const std::vector<std::string>& files);

    // A store whose tensors are drawn as they are taken, of whatever shape is asked for: normal, scaled so that a layer
    // keeps the variance; biases are zero. For measurements. `outChannels`: the first axis of names that shapeOf() is
    // asked for.
    [[nodiscard]] static WeightStore random(std::map<std::string, std::int64_t> outChannels, std::uint64_t seed);

    // A copy of the tensor in `dtype` on `device`. 8-bit matrices (whole numbers or float8_e4m3fn) with a NAME_scale beside them
    // (float32, one per output channel) come out as q * scale. On the meta device only names, shapes and types are looked at and
    // nothing is read. Errors: modelDamaged: missing, wrong shape (both named), or not finite.
    [[nodiscard]] Result<at::Tensor> take(const std::string& name, at::IntArrayRef shape, at::ScalarType dtype, at::Device device);
    // A matrix stored as float8_e4m3fn, as it is. Errors: as take().
    [[nodiscard]] Result<kernels::Fp8Rows> takeFp8(const std::string& name, std::int64_t rows, std::int64_t columns, at::Device device);
    [[nodiscard]] bool isFp8(const std::string& name) const;
    // The tensor where it lies in the mapped file, in the file's own type, for networks that are too large to be
    // copied: never to be written to, alive as long as the store, and whether its values are finite is not looked at. A
    // copy where the file's place for it is not aligned or it is 8-bit. Errors: modelDamaged: missing, wrong shape, not
    // floating point.
    [[nodiscard]] Result<at::Tensor> view(const std::string& name, at::IntArrayRef shape);
    [[nodiscard]] bool contains(const std::string& name) const;
    [[nodiscard]] std::vector<std::int64_t> shapeOf(const std::string& name) const;  // empty when absent
    // Error modelDamaged naming tensors that nobody took.
    [[nodiscard]] Result<> checkAllTaken() const;
    // Elements taken so far (scales not counted).
    [[nodiscard]] std::int64_t parameterCount() const noexcept { return m_parameters; }

private:
    // Views live as long as m_files.
    struct Entry {
        const weights::TensorView* view = nullptr;
        std::size_t file = 0;    // index in m_files
        std::string storedName;  // as the file has it
    };
    [[nodiscard]] Result<> add(std::size_t file, const std::string& storedName, const weights::TensorView& view);
    [[nodiscard]] const Entry* find(const std::string& name) const;
    // Finds what is to be taken, checks its shape and counts it.
    [[nodiscard]] Result<const Entry*> claim(const std::string& name, at::IntArrayRef shape);
    // The values as they are stored, in `dtype`. Error: not finite.
    [[nodiscard]] Result<at::Tensor> read(const Entry& entry, const std::string& name, at::ScalarType dtype, at::Device device) const;
    // NAME_scale of an 8-bit matrix.
    [[nodiscard]] Result<at::Tensor> readScale(const Entry& codes, const std::string& name, std::int64_t rows, at::Device device);
    // modelDamaged: "model file FILE is damaged: tensor NAME WHY".
    [[nodiscard]] std::unexpected<Error> damaged(const Entry& entry, const std::string& name,
                                                 const std::string& why) const;
    [[nodiscard]] std::string fileNameOf(const Entry& entry) const {
        return m_files[entry.file].path().filename().string();
    }

    std::vector<weights::TensorFile> m_files;
    std::optional<weights::KeyMap> m_keyMap;
    std::map<std::string, Entry, std::less<>> m_entries;  // by official name
    std::set<std::string> m_taken;                        // official names
    std::int64_t m_parameters = 0;
    std::map<std::string, std::int64_t> m_outChannels;  // of a random store
    std::optional<at::Generator> m_generator;           // likewise
};

}  // namespace lipar::models
