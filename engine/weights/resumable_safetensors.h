// A safetensors file that is written tensor by tensor and survives being interrupted at any moment, by a kill as well.
//
// Until it is whole the file is called PATH.part. PATH.journal beside it names what the file is made from and, a line
// each, the tensors that are in it with the SHA-256 of their bytes. A second run with the same contents in mind checks
// these and goes on after the last one that holds, so that at most the tensor in hand is lost. The journal stays until
// forget(), so that a file that was finished by a run that was interrupted later is known to be right as well. Thread:
// one at a time; a second process that opens the same path is refused.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/core/cancel.h"
#include "engine/core/result.h"
#include "engine/weights/safetensors.h"

namespace lipar::weights {

class ResumableSafetensors {
public:
    // `origin` stands for everything that the bytes depend on besides names, types and shapes. What was begun with
    // another one is begun anew. Errors: invalidArgument (tensors that no file can hold), outputFailed (also: another
    // process writes it), diskFull, cancelled (from checking what is there).
    [[nodiscard]] static Result<ResumableSafetensors> open(const std::filesystem::path& path,
                                                           std::vector<TensorSpec> tensors,
                                                           const std::map<std::string, std::string>& metadata,
                                                           const std::string& origin, const CancelToken& cancel);
    ResumableSafetensors(ResumableSafetensors&&) noexcept;
    ResumableSafetensors& operator=(ResumableSafetensors&&) noexcept;
    ~ResumableSafetensors();

    // Tensors in the order in which they are written; `written()` of them are in the file.
    [[nodiscard]] const std::vector<TensorSpec>& tensors() const noexcept;
    [[nodiscard]] std::size_t written() const noexcept;
    [[nodiscard]] std::uint64_t bytesWritten() const noexcept;
    // Of the whole file.
    [[nodiscard]] std::uint64_t bytesTotal() const noexcept;

    // The bytes of tensors()[written()]. Errors: diskFull, outputFailed, cancelled: the tensor then is not in the file.
    [[nodiscard]] Result<> append(std::span<const std::byte> bytes, const CancelToken& cancel);
    // Flushes the whole file to the disk and gives it its name. Errors: diskFull, outputFailed.
    [[nodiscard]] Result<> finish();

    // Removes the journal of a file that needs it no more.
    static void forget(const std::filesystem::path& path);

private:
    struct State;
    explicit ResumableSafetensors(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace lipar::weights
