// Tensors in files, read without trusting the file: safetensors and torch zip archives (.pt, .pth).
//
// Both are memory-mapped; a TensorView points into the mapping and lives as long as its TensorFile.
// A pickle inside a torch zip is read as data: nothing is executed, and every global that is not a tensor
// rebuild, a storage type or an ordered dict is refused by name.
// Errors: modelMissing (no such file, unreadable), modelDamaged (any length, offset, shape or type that does
// not add up: header lengths up to 2^60, overlapping or out-of-file ranges, wrong sizes, an empty file). Checksums are
// not verified here (hash.h does that for a whole model).
// Thread: immutable once open.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace lipar::weights {

enum class DType { f64, f32, f16, bf16, f8e4m3, i64, i32, i16, i8, u8, boolean };

[[nodiscard]] std::size_t dtypeSize(DType type) noexcept;
[[nodiscard]] std::string_view dtypeName(DType type) noexcept;  // safetensors' names: "F32", "BF16", "F8_E4M3", ...

struct TensorView {
    DType dtype = DType::f32;
    std::vector<std::int64_t> shape;   // row-major, contiguous (non-contiguous torch tensors are refused)
    std::span<const std::byte> bytes;  // exactly product(shape) * dtypeSize(dtype); alignment not guaranteed

    [[nodiscard]] std::int64_t elementCount() const noexcept;
};

class TensorFile {
public:
    // Recognises the format by content, not by name. Keys of torch archives: a nested dict is entered when it is
    // called generator_ema, generator, state_dict, model or module (the first of these that holds tensors), or when it
    // is the only one with tensors and none stand beside it; several nested dicts of other names are an error. Wrappers
    // are removed from their names (key_map.h); those of safetensors stay as they are.
    // A tensor that is not in a dict at all is called "tensor"; those of a list or tuple "0", "1", ... by their place.
    [[nodiscard]] static Result<TensorFile> open(const std::filesystem::path& path);

    TensorFile(TensorFile&&) noexcept;
    TensorFile& operator=(TensorFile&&) noexcept;
    ~TensorFile();

    [[nodiscard]] const std::filesystem::path& path() const noexcept;
    [[nodiscard]] const std::map<std::string, TensorView, std::less<>>& tensors() const noexcept;
    // nullptr when absent.
    [[nodiscard]] const TensorView* find(std::string_view name) const noexcept;
    // safetensors' __metadata__; empty for torch archives.
    [[nodiscard]] const std::map<std::string, std::string>& metadata() const noexcept;

private:
    struct Contents;
    explicit TensorFile(std::unique_ptr<Contents> contents);
    std::unique_ptr<Contents> m_contents;
};

// What writeSafetensors stores under a name; `bytes` must have product(shape) * dtypeSize(dtype) bytes.
struct NamedTensor {
    std::string name;
    TensorView tensor;
};

// Written beside and renamed. Errors: invalidArgument (sizes that do not fit), diskFull, outputFailed.
[[nodiscard]] Result<> writeSafetensors(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                                        const std::map<std::string, std::string>& metadata = {});

}  // namespace lipar::weights
