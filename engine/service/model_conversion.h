// Private to engine/service: what a converted model's files hold, and where each tensor comes from.
//
// The transformer's matrices become bfloat16, or 8 bits where WanDit has products of 8 bits
// (models/dit/stored_precision.h); autoencoder and text encoder keep their bytes. Names become the official ones.
// Thread: one at a time.
#pragma once

#include <ATen/ATen.h>

#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/service/requests.h"
#include "engine/weights/manifest.h"
#include "engine/weights/safetensors.h"
#include "engine/weights/tensor_file.h"

namespace lipar::service {

// One file of a converted model.
class FileConversion {
public:
    // `precision` is what matrices of the transformer become; `isTransformer` false: everything stays as it is.
    // Errors: modelMissing, modelDamaged.
    [[nodiscard]] static Result<FileConversion> plan(const std::filesystem::path& source,
                                                     const std::vector<std::string>& files, std::string target,
                                                     bool isTransformer, Precision precision);

    [[nodiscard]] const std::string& target() const noexcept { return m_target; }
    [[nodiscard]] std::vector<weights::TensorSpec> tensors() const;
    [[nodiscard]] std::uint64_t bytes() const;
    // Tells these source files from others: paths, sizes, times and their ends' digests. Error: inputMissing.
    [[nodiscard]] Result<std::string> origin() const;

    // The bytes of a tensor as they are to be stored; valid until the next call. Error: modelDamaged: values that are
    // not finite, by name.
    [[nodiscard]] Result<std::span<const std::byte>> convert(const std::string& name);

private:
    enum class Form { unchanged, bfloat16, fp8Codes, fp8Scale };
    struct Target {
        const weights::TensorView* view = nullptr;  // of the source
        std::size_t file = 0;
        std::string storedName;  // as the source has it
        Form form = Form::unchanged;
        weights::TensorSpec spec;
    };
    void add(std::size_t file, const std::string& storedName, const std::string& name, const weights::TensorView& view,
             bool isTransformer, Precision precision);

    std::string m_target;
    std::vector<weights::TensorFile> m_files;
    std::map<std::string, Target, std::less<>> m_targets;  // by name in the converted file
    at::Tensor m_current;                                  // what convert() gave last
};

// Reads nothing but names, shapes and types, except for the autoencoder, which is loaded: every tensor that the model
// needs is there, none is left over. Errors: modelMissing, modelDamaged.
[[nodiscard]] Result<> checkStructure(const weights::ModelManifest& manifest);

}  // namespace lipar::service
