#include "engine/weights/damage.h"

#include <utility>

namespace lipar::weights {

std::unexpected<Error> damaged(std::string reason, std::string hint) {
    return fail(ErrorCode::modelDamaged, std::move(reason), std::move(hint));
}

std::unexpected<Error> inFile(const std::filesystem::path& path, Error error) {
    error.message = "cannot read model file " + path.string() + ": " + error.message;
    return std::unexpected(std::move(error));
}

std::string shown(std::string_view name) {
    constexpr std::size_t kLongest = 120;
    std::string text(name.substr(0, kLongest));
    for (char& c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte >= 0x7f)
            c = '?';
    }
    if (name.size() > kLongest)
        text += "...";
    return text;
}

std::string shown(std::span<const std::int64_t> shape) {
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return text + "]";
}

}  // namespace lipar::weights
