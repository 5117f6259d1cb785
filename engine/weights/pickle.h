// Reads the pickles that torch.save writes (protocols 2 to 5) as data. Nothing is imported, called or constructed:
// the few globals a tensor file needs are known by name, and any other one is refused by name.
// Source: the opcode list of Python's pickletools; torch/_utils.py and torch/serialization.py for the calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/result.h"

namespace lipar::weights::pickle {

// Index of an object in its Pickle. Objects refer to each other by handle, so that shared and even cyclic structures
// cost nothing and no nesting can exhaust the stack.
using Handle = std::uint32_t;

struct None {};

struct Sequence {  // list, tuple or set
    std::vector<Handle> items;
};

struct Dict {
    std::vector<std::pair<Handle, Handle>> items;  // in order of insertion, keys may repeat
};

struct Global {
    enum class Kind { orderedDict, rebuildTensor, rebuildParameter, storageType, dtype };
    Kind kind = Kind::dtype;
    std::string name;  // without the module
};

struct Storage {
    std::string type;  // "FloatStorage"
    std::string key;   // record data/KEY of the archive
    std::int64_t elements = 0;
};

// Arguments of _rebuild_tensor_v2 as they stand in the file, checked for type only.
struct Tensor {
    Handle storage = 0;  // a Storage
    std::int64_t offset = 0;
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;
};

using Object = std::variant<None, bool, std::int64_t, double, std::string, Sequence, Dict, Global, Storage, Tensor>;

struct Pickle {
    std::vector<Object> objects;
    Handle root = 0;

    // nullptr when the object is of another kind.
    template <class T>
    [[nodiscard]] const T* as(Handle handle) const noexcept {
        return std::get_if<T>(&objects[handle]);
    }
};

// Error: modelDamaged with the bare reason: an opcode or global that has no place in a tensor file, or a broken stream.
[[nodiscard]] Result<Pickle> read(std::span<const std::byte> bytes);

}  // namespace lipar::weights::pickle
