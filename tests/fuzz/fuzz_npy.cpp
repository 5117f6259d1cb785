// Any bytes as a keep mask: refused with a reason, or a mask as large as it says.
#include <cstdint>
#include <cstdlib>

#include "engine/weights/npy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto mask = lipar::weights::parseMaskNpy(std::as_bytes(std::span(data, size)));
    if (!mask) {
        if (mask.error().code != lipar::ErrorCode::inputDamaged || mask.error().message.empty())
            std::abort();
        return 0;
    }
    if (mask->frames < 1 || mask->rows < 1 || mask->columns < 1 ||
        mask->keep.size() != std::size_t(mask->frames) * std::size_t(mask->rows) * std::size_t(mask->columns))
        std::abort();
    return 0;
}
