// Private to engine/service: tensors from and to safetensors files that users hand in.
#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/result.h"
#include "engine/weights/tensor_file.h"

namespace lipar::service {

// As TensorFile::open, with errors of inputs (missing, damaged) in place of models'.
[[nodiscard]] Result<weights::TensorFile> openInput(const std::filesystem::path& path);
// The tensor as float32 (bool stays bool), with `rank` axes. Error: inputDamaged.
[[nodiscard]] Result<at::Tensor> readTensor(const weights::TensorFile& file, const std::string& name, std::int64_t rank);
// float32 and bool tensors. Errors: diskFull, outputFailed.
[[nodiscard]] Result<> writeTensors(const std::filesystem::path& path, const std::vector<std::pair<std::string, at::Tensor>>& tensors,
                                    const std::map<std::string, std::string>& metadata);

}  // namespace lipar::service
