#include "engine/weights/key_map.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace lipar::weights {
namespace {

// How names that begin with `stored` begin in the official files. A '*' stands for a number. The only '*' of `official`
// is `offset` plus each stored number times its `stride`: published code counts the same layers in one list or in two.
struct Rename {
    std::string_view stored;
    std::string_view official;
    std::array<int, 2> stride{1, 1};
    int offset = 0;
};

constexpr std::string_view kWrappers[] = {"model.", "diffusion_model.", "_fsdp_wrapped_module.", "_orig_mod."};

constexpr Rename kDiffusersTransformer[] = {
    {"condition_embedder.text_embedder.linear_1.", "text_embedding.0."},
    {"condition_embedder.text_embedder.linear_2.", "text_embedding.2."},
    {"condition_embedder.time_embedder.linear_1.", "time_embedding.0."},
    {"condition_embedder.time_embedder.linear_2.", "time_embedding.2."},
    {"condition_embedder.time_proj.", "time_projection.1."},
    {"blocks.*.attn1.to_q.", "blocks.*.self_attn.q."},
    {"blocks.*.attn1.to_k.", "blocks.*.self_attn.k."},
    {"blocks.*.attn1.to_v.", "blocks.*.self_attn.v."},
    {"blocks.*.attn1.to_out.0.", "blocks.*.self_attn.o."},
    {"blocks.*.attn1.norm_", "blocks.*.self_attn.norm_"},
    {"blocks.*.attn2.to_q.", "blocks.*.cross_attn.q."},
    {"blocks.*.attn2.to_k.", "blocks.*.cross_attn.k."},
    {"blocks.*.attn2.to_v.", "blocks.*.cross_attn.v."},
    {"blocks.*.attn2.to_out.0.", "blocks.*.cross_attn.o."},
    {"blocks.*.attn2.norm_", "blocks.*.cross_attn.norm_"},
    {"blocks.*.norm2.", "blocks.*.norm3."},  // the one with weights, before cross-attention
    {"blocks.*.ffn.net.0.proj.", "blocks.*.ffn.0."},
    {"blocks.*.ffn.net.2.", "blocks.*.ffn.2."},
    {"blocks.*.scale_shift_table", "blocks.*.modulation"},
    {"proj_out.", "head.head."},
    {"scale_shift_table", "head.modulation"},
};

// The official decoder counts its twelve blocks and three upsamplers in one list, four to a stage.
constexpr Rename kDiffusersVae[] = {
    {"quant_conv.", "conv1."},
    {"post_quant_conv.", "conv2."},
    {"encoder.conv_in.", "encoder.conv1."},
    {"encoder.down_blocks.*.norm1.", "encoder.downsamples.*.residual.0."},
    {"encoder.down_blocks.*.conv1.", "encoder.downsamples.*.residual.2."},
    {"encoder.down_blocks.*.norm2.", "encoder.downsamples.*.residual.3."},
    {"encoder.down_blocks.*.conv2.", "encoder.downsamples.*.residual.6."},
    {"encoder.down_blocks.*.conv_shortcut.", "encoder.downsamples.*.shortcut."},
    {"encoder.down_blocks.*.resample.", "encoder.downsamples.*.resample."},
    {"encoder.down_blocks.*.time_conv.", "encoder.downsamples.*.time_conv."},
    {"encoder.mid_block.resnets.*.norm1.", "encoder.middle.*.residual.0.", {2}},
    {"encoder.mid_block.resnets.*.conv1.", "encoder.middle.*.residual.2.", {2}},
    {"encoder.mid_block.resnets.*.norm2.", "encoder.middle.*.residual.3.", {2}},
    {"encoder.mid_block.resnets.*.conv2.", "encoder.middle.*.residual.6.", {2}},
    {"encoder.mid_block.attentions.0.", "encoder.middle.1."},
    {"encoder.norm_out.", "encoder.head.0."},
    {"encoder.conv_out.", "encoder.head.2."},
    {"decoder.conv_in.", "decoder.conv1."},
    {"decoder.mid_block.resnets.*.norm1.", "decoder.middle.*.residual.0.", {2}},
    {"decoder.mid_block.resnets.*.conv1.", "decoder.middle.*.residual.2.", {2}},
    {"decoder.mid_block.resnets.*.norm2.", "decoder.middle.*.residual.3.", {2}},
    {"decoder.mid_block.resnets.*.conv2.", "decoder.middle.*.residual.6.", {2}},
    {"decoder.mid_block.attentions.0.", "decoder.middle.1."},
    {"decoder.up_blocks.*.resnets.*.norm1.", "decoder.upsamples.*.residual.0.", {4, 1}},
    {"decoder.up_blocks.*.resnets.*.conv1.", "decoder.upsamples.*.residual.2.", {4, 1}},
    {"decoder.up_blocks.*.resnets.*.norm2.", "decoder.upsamples.*.residual.3.", {4, 1}},
    {"decoder.up_blocks.*.resnets.*.conv2.", "decoder.upsamples.*.residual.6.", {4, 1}},
    {"decoder.up_blocks.*.resnets.*.conv_shortcut.", "decoder.upsamples.*.shortcut.", {4, 1}},
    {"decoder.up_blocks.*.upsamplers.0.", "decoder.upsamples.*.", {4}, 3},
    {"decoder.norm_out.", "decoder.head.0."},
    {"decoder.conv_out.", "decoder.head.2."},
};

constexpr Rename kTransformersUmt5[] = {
    {"shared.", "token_embedding."},
    {"encoder.embed_tokens.", "token_embedding."},  // the same tensor a second time, in files that store it twice
    {"encoder.block.*.layer.0.SelfAttention.relative_attention_bias.", "blocks.*.pos_embedding.embedding."},
    {"encoder.block.*.layer.0.SelfAttention.", "blocks.*.attn."},
    {"encoder.block.*.layer.0.layer_norm.", "blocks.*.norm1."},
    {"encoder.block.*.layer.1.DenseReluDense.wi_0.", "blocks.*.ffn.gate.0."},
    {"encoder.block.*.layer.1.DenseReluDense.wi_1.", "blocks.*.ffn.fc1."},
    {"encoder.block.*.layer.1.DenseReluDense.wo.", "blocks.*.ffn.fc2."},
    {"encoder.block.*.layer.1.layer_norm.", "blocks.*.norm2."},
    {"encoder.final_layer_norm.", "norm."},
};

struct Layout {
    NameLayout name = NameLayout::official;
    std::span<const Rename> renames;
    std::array<std::string_view, 4> marks;  // beginnings that no other layout has
};

constexpr Layout kLayouts[] = {
    {NameLayout::diffusersTransformer,
     kDiffusersTransformer,
     {"condition_embedder.", "blocks.*.attn1.", "blocks.*.attn2.", "proj_out."}},
    {NameLayout::diffusersVae,
     kDiffusersVae,
     {"encoder.down_blocks.", "decoder.up_blocks.", "encoder.mid_block.", "decoder.mid_block."}},
    {NameLayout::transformersUmt5,
     kTransformersUmt5,
     {"encoder.block.", "encoder.final_layer_norm.", "encoder.embed_tokens.", "shared."}},
};

struct Match {
    std::vector<int> numbers;
    std::string_view rest;
};

// `name` begins with `pattern`.
std::optional<Match> matchStart(std::string_view pattern, std::string_view name) {
    Match match;
    for (; !pattern.empty(); pattern.remove_prefix(1)) {
        if (pattern.front() != '*') {
            if (name.empty() || name.front() != pattern.front())
                return std::nullopt;
            name.remove_prefix(1);
            continue;
        }
        constexpr std::size_t kMostDigits = 6;
        const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
        if (digits == 0 || digits > kMostDigits || (digits > 1 && name.front() == '0'))
            return std::nullopt;
        int number = 0;
        std::from_chars(name.data(), name.data() + digits, number);
        match.numbers.push_back(number);
        name.remove_prefix(digits);
    }
    match.rest = name;
    return match;
}

std::string filled(std::string_view pattern, std::span<const int> numbers, std::string_view rest) {
    std::string name;
    for (const char c : pattern) {
        if (c != '*') {
            name += c;
            continue;
        }
        name += std::to_string(numbers.front());
        numbers = numbers.subspan(1);
    }
    return name.append(rest);
}

std::optional<std::string> toOfficial(const Rename& rename, std::string_view stored) {
    const auto match = matchStart(rename.stored, stored);
    if (!match)
        return std::nullopt;
    int number = rename.offset;
    for (std::size_t i = 0; i < match->numbers.size(); ++i)
        number += rename.stride[i] * match->numbers[i];
    return filled(rename.official, std::span(&number, 1), match->rest);
}

std::optional<std::string> toStored(const Rename& rename, std::string_view official) {
    const auto match = matchStart(rename.official, official);
    if (!match)
        return std::nullopt;
    std::vector<int> numbers;
    int left = match->numbers.empty() ? 0 : match->numbers.front() - rename.offset;
    for (std::size_t i = 0; i < std::size_t(std::ranges::count(rename.stored, '*')); ++i) {
        numbers.push_back(left / rename.stride[i]);
        left %= rename.stride[i];
    }
    if (left != 0 || std::ranges::any_of(numbers, [](int number) { return number < 0; }))
        return std::nullopt;  // no layer of this kind has that number
    return filled(rename.stored, numbers, match->rest);
}

std::span<const Rename> renamesOf(NameLayout layout) {
    const auto found = std::ranges::find(kLayouts, layout, &Layout::name);
    return found == std::end(kLayouts) ? std::span<const Rename>() : found->renames;
}

}  // namespace

KeyMap KeyMap::detect(std::span<const std::string_view> storedNames) {
    for (const std::string_view stored : storedNames) {
        const std::string name = withoutWrappers(stored);
        for (const Layout& layout : kLayouts)
            if (std::ranges::any_of(layout.marks,
                                    [&](std::string_view mark) { return matchStart(mark, name).has_value(); }))
                return KeyMap(layout.name);
    }
    return KeyMap(NameLayout::official);
}

std::string KeyMap::officialName(std::string_view stored) const {
    std::string name = withoutWrappers(stored);
    for (const Rename& rename : renamesOf(m_layout))
        if (auto official = toOfficial(rename, name))
            return *std::move(official);
    return name;
}

std::string KeyMap::storedName(std::string_view official) const {
    for (const Rename& rename : renamesOf(m_layout))
        if (auto stored = toStored(rename, official))
            return *std::move(stored);
    return std::string(official);
}

std::string withoutWrappers(std::string_view name) {
    std::string plain;
    while (!name.empty()) {
        const auto wrapper = std::ranges::find_if(kWrappers, [&](std::string_view w) { return name.starts_with(w); });
        if (wrapper != std::end(kWrappers)) {
            name.remove_prefix(wrapper->size());
            continue;
        }
        const std::size_t size = std::min(name.find('.'), name.size() - 1) + 1;
        plain += name.substr(0, size);
        name.remove_prefix(size);
    }
    return plain;
}

}  // namespace lipar::weights
