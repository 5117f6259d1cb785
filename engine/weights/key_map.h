// Names of tensors: what a file calls them, and what the networks ask for, the names of the official files (models.md).
//
// The layout is told by the names that are present; nothing else of a file is looked at. Names that a layout does not
// know stay as they are, so that the network that finds them left over can name them. Thread: pure functions and
// values.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lipar::weights {

enum class NameLayout {
    official,              // Wan2.1, Self-Forcing, TAEHV, the built-in model: nothing is renamed
    diffusersTransformer,  // WanTransformer3DModel
    diffusersVae,          // AutoencoderKLWan
    transformersUmt5,      // UMT5EncoderModel
};

class KeyMap {
public:
    // The layout of the one network whose tensors these are, all its files together.
    [[nodiscard]] static KeyMap detect(std::span<const std::string_view> storedNames);

    [[nodiscard]] NameLayout layout() const noexcept { return m_layout; }
    // "blocks.0.attn1.to_q.weight" -> "blocks.0.self_attn.q.weight"; wrappers are removed in every layout.
    [[nodiscard]] std::string officialName(std::string_view stored) const;
    // The other way round, for messages about a tensor that is missing.
    [[nodiscard]] std::string storedName(std::string_view official) const;

private:
    explicit KeyMap(NameLayout layout) noexcept : m_layout(layout) {}
    NameLayout m_layout;
};

// The name without the components that training wrappers put into it, wherever they stand:
// "model._fsdp_wrapped_module.blocks.0.weight" -> "blocks.0.weight".
[[nodiscard]] std::string withoutWrappers(std::string_view name);

}  // namespace lipar::weights
