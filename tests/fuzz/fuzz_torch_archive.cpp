// Any bytes as a torch zip archive with its pickle: refused with a reason, or tensors that lie inside them.
#include <cstdint>
#include <cstdlib>

#include "engine/weights/finite.h"
#include "engine/weights/torch_archive.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto table = lipar::weights::parseTorchArchive(std::as_bytes(std::span(data, size)));
    if (!table) {
        if (table.error().code != lipar::ErrorCode::modelDamaged || table.error().message.empty())
            std::abort();
        return 0;
    }
    for (const auto& [name, tensor] : table->tensors) {
        if (tensor.bytes.size() != std::size_t(tensor.elementCount()) * lipar::weights::dtypeSize(tensor.dtype))
            std::abort();
        (void)lipar::weights::allFinite(tensor);  // reads them all
    }
    return 0;
}
