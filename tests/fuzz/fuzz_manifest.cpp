// Any text as model.json: refused with a reason, or a description whose sizes hold.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/weights/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto manifest =
        lipar::weights::parseManifest(std::string(reinterpret_cast<const char*>(data), size), "model.json");
    if (!manifest) {
        if (manifest.error().code != lipar::ErrorCode::modelDamaged || manifest.error().message.empty())
            std::abort();
        return 0;
    }
    const lipar::weights::DitConfig& dit = manifest->dit;
    if (dit.numHeads < 1 || dit.headDim() * dit.numHeads != dit.dim || dit.headDim() % 2 != 0 ||
        manifest->sampling.steps.empty())
        std::abort();
    for (const std::string& file : dit.files)
        if (file.starts_with('/') || file.find("..") == 0)
            std::abort();
    return 0;
}
