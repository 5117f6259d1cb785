// Any bytes as the pickle of a torch archive: refused, or objects that refer to objects there are.
#include <cstdint>
#include <cstdlib>

#include "engine/weights/pickle.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace pickle = lipar::weights::pickle;
    const auto read = pickle::read(std::as_bytes(std::span(data, size)));
    if (!read) {
        if (read.error().code != lipar::ErrorCode::modelDamaged || read.error().message.empty())
            std::abort();
        return 0;
    }
    const auto require = [&](pickle::Handle handle) {
        if (handle >= read->objects.size())
            std::abort();
    };
    require(read->root);
    for (const pickle::Object& object : read->objects) {
        if (const auto* sequence = std::get_if<pickle::Sequence>(&object))
            for (const pickle::Handle item : sequence->items)
                require(item);
        if (const auto* dict = std::get_if<pickle::Dict>(&object))
            for (const auto& [key, value] : dict->items) {
                require(key);
                require(value);
            }
        if (const auto* tensor = std::get_if<pickle::Tensor>(&object)) {
            require(tensor->storage);
            if (!read->as<pickle::Storage>(tensor->storage))
                std::abort();
        }
    }
    return 0;
}
