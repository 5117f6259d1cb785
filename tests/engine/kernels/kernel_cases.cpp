#include "kernel_cases.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "engine/kernels/attention.h"
#include "engine/kernels/product_tile.h"

namespace lipar::tests {

using kernels::AddedRows;
using kernels::Element;
using kernels::HeadsPart;
using kernels::KernelTable;

namespace {

using Tensors = std::vector<at::Tensor>;

constexpr float kEps = 1e-6F;
// Of bfloat16, relative to the value: the twins add up in different orders, so that a sum near the middle of two
// representable values may be rounded either way.
constexpr double kOneUlp = 1.0 / 128;

Element elementOf(at::ScalarType type) {
    return type == at::kFloat ? Element::float32 : Element::bfloat16;
}

std::string joined(std::initializer_list<std::int64_t> sizes) {
    std::string text;
    for (const std::int64_t size : sizes)
        text += (text.empty() ? "" : "x") + std::to_string(size);
    return text;
}

class CaseBuilder {
public:
    CaseBuilder(std::uint64_t seed, at::ScalarType type)
        : m_generator(at::detail::createCPUGenerator(seed)), m_type(type), m_element(elementOf(type)) {}

    void addRowKernels(std::int64_t rows, std::int64_t width, bool isBenchmark);
    void addHeadKernels(std::int64_t tokens, std::int64_t heads, std::int64_t width, std::int64_t destinationRows,
                        bool isBenchmark);
    void addCopyToHeads(std::int64_t tokens, std::int64_t heads, std::int64_t width, std::int64_t destinationRows);
    void addRotateRows(std::int64_t heads, std::int64_t width, std::int64_t destinationRows, std::int64_t first,
                       std::int64_t count, bool isBenchmark);
    void addGelu(std::int64_t rows, std::int64_t width, bool isBenchmark);
    void addFp8(std::int64_t rows, std::int64_t width, bool isBenchmark);
    void addLinear(std::int64_t rows, std::int64_t inWidth, std::int64_t outWidth, bool gelu);
    void addMergeAttention(int splits, std::int64_t heads, std::int64_t queries, std::int64_t width, bool isBenchmark);
    void addAttention(std::int64_t heads, std::int64_t queries, std::int64_t keys, std::int64_t width,
                      bool isBenchmark);

    [[nodiscard]] std::vector<KernelCase> take() { return std::move(m_cases); }

private:
    at::Tensor values(at::IntArrayRef shape) { return at::randn(shape, m_generator, at::kFloat).to(m_type); }
    at::Tensor gates(at::IntArrayRef shape) { return parameters(shape).to(at::kBFloat16).to(at::kFloat); }
    at::Tensor parameters(at::IntArrayRef shape) { return at::randn(shape, m_generator, at::kFloat); }
    // Cosine and sine of random angles: in place, over and over, a rotation must neither grow nor fade.
    std::array<at::Tensor, 2> angles(at::IntArrayRef shape) {
        const at::Tensor angle = parameters(shape).mul_(3);
        return {angle.cos(), angle.sin()};
    }
    // Different rows of a destination, in no order.
    at::Tensor rowIndex(std::int64_t tokens, std::int64_t destinationRows) {
        return at::randperm(destinationRows, m_generator, at::kLong).narrow(0, 0, tokens).clone();
    }
    [[nodiscard]] double size() const { return m_type == at::kFloat ? 4 : 2; }

    KernelCase& add(const char* kernel, std::string shape, bool isBenchmark) {
        KernelCase& added = m_cases.emplace_back();
        added.kernel = kernel;
        added.shape = std::move(shape);
        added.type = m_type;
        added.absolute = 1e-5;
        added.relative = m_type == at::kFloat ? 1e-5 : kOneUlp;
        added.isBenchmark = isBenchmark;
        return added;
    }

    at::Generator m_generator;
    at::ScalarType m_type;
    Element m_element;
    std::vector<KernelCase> m_cases;
};

void CaseBuilder::addRowKernels(std::int64_t rows, std::int64_t width, bool isBenchmark) {
    const Element element = m_element;
    const std::string shape = joined({rows, width});
    const double row = double(rows * width) * size(), parameter = double(width) * 4;
    for (const bool modulate : {true, false}) {
        KernelCase& norm = add(modulate ? "layerNorm, modulated" : "layerNorm, affine", shape, isBenchmark);
        norm.tensors = {values({rows, width}), parameters({width}), parameters({width}), values({rows, width})};
        norm.output = 3;
        norm.bytes = 2 * row + 2 * parameter;
        norm.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
            table.layerNorm(element, t[0].data_ptr(), {}, t[1].data_ptr<float>(), t[2].data_ptr<float>(), t[3].data_ptr(),
                            rows, width, kEps, modulate, stream);
        };
    }

    // The sum and its norm are compared in a case each. Gates are numbers of bfloat16: their products with such numbers are exact,
    // so that the twins' sums are the same.
    for (const bool isGated : {true, false})
        for (const bool isSum : {true, false}) {
            KernelCase& added = add(isGated ? "layerNorm of a gated sum" : "layerNorm of a sum", shape, isBenchmark && !isSum);
            added.tensors = {values({rows, width}),  values({rows, width}), gates({width}),
                             parameters({width}),    parameters({width}),   values({rows, width})};
            added.output = isSum ? 0 : 5;
            added.bytes = 4 * row + 3 * parameter;
            added.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
                table.layerNorm(element, t[0].data_ptr(), {t[1].data_ptr(), isGated ? t[2].data_ptr<float>() : nullptr},
                                t[3].data_ptr<float>(), t[4].data_ptr<float>(), t[5].data_ptr(), rows, width, kEps, isGated, stream);
            };
        }

    // The middle third of rows three times as wide, as keys lie in the joined projection.
    KernelCase& rms = add("rmsNorm", shape, isBenchmark);
    rms.tensors = {values({rows, 3 * width}), parameters({width}), values({rows, width})};
    rms.output = 2;
    rms.bytes = 2 * row + parameter;
    rms.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
        table.rmsNorm(element, t[0].narrow(1, width, width).data_ptr(), 3 * width, t[1].data_ptr<float>(),
                      t[2].data_ptr(), rows, width, kEps, stream);
    };
}

void CaseBuilder::addHeadKernels(std::int64_t tokens, std::int64_t heads, std::int64_t width,
                                 std::int64_t destinationRows, bool isBenchmark) {
    const Element element = m_element;
    const std::string shape = joined({tokens, heads, width}) + " of " + std::to_string(destinationRows);
    const std::int64_t dim = heads * width;
    const double row = double(tokens * dim) * size(), tables = double(tokens * width) * 4, index = double(tokens) * 8;

    for (const bool isIndexed : {true, false}) {
        KernelCase& rotated =
            add(isIndexed ? "toHeads, rotated" : "toHeads, rotated, in order", shape, isBenchmark && isIndexed);
        const auto [cos, sin] = angles({tokens, width / 2});
        rotated.tensors = {values({tokens, 3 * dim}), cos, sin, values({heads, destinationRows, width}),
                           rowIndex(tokens, destinationRows)};
        rotated.output = 3;
        rotated.bytes = 2 * row + tables + index;
        rotated.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
            table.toHeads(element, t[0].narrow(1, dim, dim).data_ptr(), 3 * dim, t[1].data_ptr<float>(),
                          t[2].data_ptr<float>(), width / 2, t[3].data_ptr(), destinationRows,
                          isIndexed ? t[4].data_ptr<std::int64_t>() : nullptr, tokens, heads, width, stream);
        };
    }

    // Of one tensor and another; rotated, and as they are.
    for (const bool isRotated : {true, false}) {
        KernelCase& chosen = add(isRotated ? "chosenToHeads, rotated" : "chosenToHeads, copied", shape, isBenchmark);
        const auto [cos, sin] = angles({tokens, width / 2});
        const at::Tensor choice = at::randint(0, std::max<std::int64_t>(2 * tokens, 1), {tokens}, m_generator, at::kLong);
        at::Tensor rows = rowIndex(tokens, destinationRows);
        if (!isBenchmark)
            rows.slice(0, 0, tokens, 3).fill_(-1);  // left out
        chosen.tensors = {values({tokens, dim}), values({tokens, 3 * dim}), cos, sin, values({heads, destinationRows, width}),
                          rows, choice};
        chosen.output = 4;
        chosen.bytes = 2 * row + (isRotated ? tables : 0) + 2 * index;
        chosen.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
            const kernels::RowChoice from{t[0].data_ptr(), tokens, dim, t[1].narrow(1, dim, dim).data_ptr(), 3 * dim,
                                          t[6].data_ptr<std::int64_t>()};
            table.chosenToHeads(element, from, isRotated ? t[2].data_ptr<float>() : nullptr, isRotated ? t[3].data_ptr<float>() : nullptr,
                                width / 2, t[4].data_ptr(), destinationRows, t[5].data_ptr<std::int64_t>(), tokens, heads, width, stream);
        };
    }

    KernelCase& same = add("toHeads, one angle", shape, false);
    const auto [sameCos, sameSin] = angles({width / 2});
    same.tensors = {values({tokens, dim}), sameCos, sameSin, values({heads, destinationRows, width})};
    same.output = 3;
    same.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
        table.toHeads(element, t[0].data_ptr(), dim, t[1].data_ptr<float>(), t[2].data_ptr<float>(), 0, t[3].data_ptr(),
                      destinationRows, nullptr, tokens, heads, width, stream);
    };

    // Queries in order, keys and values by index; each of the three outputs is compared in a case of its own.
    for (std::size_t part = 0; part < 3; ++part) {
        KernelCase& fused = add("normRotateToHeads, q k v", shape, isBenchmark && part == 0);
        const auto [cos, sin] = angles({tokens, width / 2});
        fused.tensors = {values({tokens, 3 * dim}),
                         parameters({dim}),
                         parameters({dim}),
                         cos,
                         sin,
                         values({tokens, heads, width}),
                         values({heads, destinationRows, width}),
                         values({heads, destinationRows, width}),
                         rowIndex(tokens, destinationRows)};
        fused.output = 5 + part;
        fused.bytes = 6 * row + tables + index;
        fused.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
            const auto x = [&](std::int64_t i) { return t[0].narrow(1, i * dim, dim).data_ptr(); };
            const std::int64_t* index = t[8].data_ptr<std::int64_t>();
            const std::array<HeadsPart, 3> parts = {
                HeadsPart{x(0), 3 * dim, t[1].data_ptr<float>(), t[5].data_ptr(), width, dim, nullptr},
                HeadsPart{x(1), 3 * dim, t[2].data_ptr<float>(), t[6].data_ptr(), destinationRows * width, width, index},
                HeadsPart{x(2), 3 * dim, nullptr, t[7].data_ptr(), destinationRows * width, width, index}};
            table.normRotateToHeads(element, parts.data(), 3, t[3].data_ptr<float>(), t[4].data_ptr<float>(), width / 2,
                                    tokens, heads, width, kEps, stream);
        };
    }
}

void CaseBuilder::addCopyToHeads(std::int64_t tokens, std::int64_t heads, std::int64_t width,
                                 std::int64_t destinationRows) {
    const Element element = m_element;
    KernelCase& copied = add("toHeads, copied",
                             joined({tokens, heads, width}) + " of " + std::to_string(destinationRows), tokens > 4000 && m_type == at::kBFloat16);
    copied.tensors = {values({tokens, heads * width}), values({heads, destinationRows, width}),
                      rowIndex(tokens, destinationRows)};
    copied.output = 1;
    copied.absolute = copied.relative = 0;
    copied.bytes = 2 * double(tokens * heads * width) * size() + double(tokens) * 8;
    copied.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
        table.toHeads(element, t[0].data_ptr(), heads * width, nullptr, nullptr, 0, t[1].data_ptr(), destinationRows,
                      t[2].data_ptr<std::int64_t>(), tokens, heads, width, stream);
    };
}

void CaseBuilder::addRotateRows(std::int64_t heads, std::int64_t width, std::int64_t destinationRows,
                                std::int64_t first, std::int64_t count, bool isBenchmark) {
    const Element element = m_element;
    KernelCase& turned =
        add("rotateRows", joined({heads, count, width}) + " of " + std::to_string(destinationRows), isBenchmark);
    const auto [cos, sin] = angles({width / 2});
    turned.tensors = {values({heads, destinationRows, width}), cos, sin};
    turned.bytes = 2 * double(heads * count * width) * size();
    turned.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
        table.rotateRows(element, t[0].data_ptr(), destinationRows, first, count, t[1].data_ptr<float>(),
                         t[2].data_ptr<float>(), heads, width, stream);
    };
}

void CaseBuilder::addGelu(std::int64_t rows, std::int64_t width, bool isBenchmark) {
    const Element element = m_element;
    KernelCase& gelu = add("geluTanh", joined({rows, width}), isBenchmark);
    gelu.tensors = {values({rows, width}).mul_(3)};
    // Large values stay what they are, so that a buffer used over and over does not fade to zeros.
    gelu.tensors[0].slice(0, 0, rows, 2).add_(30);
    gelu.bytes = 2 * double(rows * width) * size();
    gelu.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
        table.geluTanh(element, t[0].data_ptr(), rows * width, stream);
    };
}

// Codes and scales are compared in cases of their own. Where the twins' values lie on either side of a rounding boundary, codes
// are neighbours: an eighth apart, or a step of the smallest numbers.
void CaseBuilder::addFp8(std::int64_t rows, std::int64_t width, bool isBenchmark) {
    const Element element = m_element;
    enum class Producer { plain, gelu, layerNorm, layerNormOfSum };
    for (const auto& [producer, name] : {std::pair{Producer::plain, "quantizeRows"}, std::pair{Producer::gelu, "quantizeRows, GELU"},
                                         std::pair{Producer::layerNorm, "layerNormQuantizeRows"},
                                         std::pair{Producer::layerNormOfSum, "layerNormQuantizeRows of a sum"}})
        for (const bool isScale : {false, true}) {
            KernelCase& quantized = add(name, joined({rows, width}), isBenchmark && !isScale);
            quantized.tensors = {values({rows, width}), gates({width}), parameters({width}),
                                 at::zeros({rows, width}, at::kFloat8_e4m3fn), parameters({rows}), values({rows, width})};
            quantized.output = isScale ? 4 : 3;
            quantized.absolute = isScale ? 0 : 1.0 / 512;
            quantized.relative = isScale ? (m_type == at::kFloat ? 1e-5 : 1e-3) : 1.0 / 8;
            quantized.bytes = double(rows * width) * (size() + 1) + double(rows) * 4;
            quantized.launch = [=, producer = producer](const KernelTable& table, Tensors& t, void* stream) {
                auto* codes = static_cast<std::uint8_t*>(t[3].data_ptr());
                const AddedRows sum{t[5].data_ptr(), t[1].data_ptr<float>()};
                if (producer == Producer::layerNorm || producer == Producer::layerNormOfSum)
                    table.layerNormQuantizeRows(element, t[0].data_ptr(), producer == Producer::layerNorm ? AddedRows{} : sum, t[1].data_ptr<float>(), t[2].data_ptr<float>(), codes,
                                                t[4].data_ptr<float>(), rows, width, kEps, stream);
                else
                    table.quantizeRows(element, t[0].data_ptr(), codes, t[4].data_ptr<float>(), rows, width, producer == Producer::gelu,
                                       stream);
            };
        }
}

// In bfloat16. Both sum in float32, but in different orders; cuBLASLt's GELU approximates the hyperbolic tangent.
void CaseBuilder::addLinear(std::int64_t rows, std::int64_t inWidth, std::int64_t outWidth, bool gelu) {
    KernelCase& product = add(gelu ? "linear with GELU" : "linear", joined({rows, inWidth, outWidth}), true);
    product.tensors = {values({rows, inWidth}), values({outWidth, inWidth}).mul_(1.0 / std::sqrt(double(inWidth))), values({outWidth}),
                       values({rows, outWidth})};
    product.output = 3;
    product.absolute = 2e-3;
    product.bytes = double(rows * inWidth + outWidth * inWidth + rows * outWidth) * size();
    product.operations = 2.0 * double(rows * inWidth) * double(outWidth);
    product.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
        const int multiprocessors = table.multiprocessorCount ? table.multiprocessorCount(0) : 1;
        const kernels::ProductShape shape{rows, inWidth, outWidth, gelu, multiprocessors};
        const kernels::ProductTile tile = kernels::chooseProductTile(shape).value_or(kernels::ProductTile{128, 128, true});
        if (!table.linear(t[0].data_ptr(), t[1].data_ptr(), t[2].data_ptr(), t[3].data_ptr(), shape, tile, stream))
            throw std::runtime_error("no such kernel");
    };
}

void CaseBuilder::addMergeAttention(int splits, std::int64_t heads, std::int64_t queries, std::int64_t width, bool isBenchmark) {
    const Element element = m_element;
    KernelCase& merged = add("mergeAttention", std::to_string(splits) + " of " + joined({heads, queries, width}), isBenchmark);
    merged.tensors = {values({splits, queries, heads, width}), parameters({splits, heads, queries}), values({queries, heads, width})};
    merged.tensors[1].mul_(4);  // parts of very different weight
    merged.output = 2;
    merged.bytes = double((splits + 1) * heads * queries * width) * size() + double(splits * heads * queries) * 4;
    merged.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
        table.mergeAttention(element, t[0].data_ptr(), t[1].data_ptr<float>(), t[2].data_ptr(), splits, heads, queries, width, stream);
    };
}

// ATen's on CUDA; here to see that it takes the fast back end and agrees with the CPU's slices. With room behind the queries it
// takes more of them than there are.
void CaseBuilder::addAttention(std::int64_t heads, std::int64_t queries, std::int64_t keys, std::int64_t width,
                               bool isBenchmark) {
    for (const bool hasRoom : {false, true}) {
        KernelCase& attended = add(hasRoom ? "attention, with room" : "attention",
                                   joined({heads, queries, width}) + " keys " + std::to_string(keys), isBenchmark && !hasRoom);
        attended.tensors = {values({queries, heads, width}), values({heads, keys, width}), values({heads, keys, width}), {}};
        attended.output = 3;
        attended.absolute = m_type == at::kFloat ? 1e-4 : 5e-3;
        attended.relative = m_type == at::kFloat ? 1e-4 : 2 * kOneUlp;
        attended.bytes = double(heads * (2 * queries + 2 * keys) * width) * size();
        attended.operations = 4.0 * double(heads * queries) * double(keys * width);
        attended.launch = [=](const KernelTable&, Tensors& t, void*) {
            at::Tensor q = t[0].transpose(0, 1);
            if (hasRoom)
                q = kernels::emptyQueries(queries, heads, width, q.options()).copy_(q);
            t[3] = kernels::attention(q, t[1], t[2]);
        };
    }
}

}  // namespace

std::vector<KernelCase> kernelCases(std::uint64_t seed) {
    std::vector<KernelCase> all;
    for (const at::ScalarType type : {at::kBFloat16, at::kFloat}) {
        CaseBuilder cases(seed, type);
        const bool isHalf = type == at::kBFloat16;
        // Wan2.1-1.3B at 480x832: a block, a pruned block, a frame; the built-in model; 14B's width; a row that does
        // not fit in registers; widths that allow no 16-byte access; one row and none.
        cases.addRowKernels(4680, 1536, isHalf);
        cases.addRowKernels(3182, 1536, false);
        cases.addRowKernels(720, 384, isHalf);
        cases.addRowKernels(33, 5120, false);
        cases.addRowKernels(3, 49152, false);
        cases.addRowKernels(19, 98, false);
        cases.addRowKernels(7, 33, false);
        cases.addRowKernels(1, 1536, false);
        cases.addRowKernels(0, 1536, false);
        cases.addHeadKernels(4680, 12, 128, 10920, isHalf);
        cases.addHeadKernels(720, 4, 96, 1680, isHalf);
        cases.addHeadKernels(41, 40, 128, 50, false);
        cases.addHeadKernels(13, 3, 10, 29, false);
        cases.addHeadKernels(1, 1, 2, 1, false);
        cases.addHeadKernels(0, 12, 128, 64, false);
        cases.addCopyToHeads(4680, 12, 128, 10920);
        cases.addCopyToHeads(720, 4, 96, 1680);
        cases.addCopyToHeads(11, 3, 7, 12);
        cases.addRotateRows(12, 128, 10920, 1560, 9360, isHalf);
        cases.addRotateRows(4, 96, 1680, 240, 1440, false);
        cases.addRotateRows(3, 10, 9, 2, 5, false);
        cases.addGelu(4680, isHalf ? 8960 : 1024, isHalf);
        cases.addGelu(720, 1536, false);
        cases.addGelu(7, 143, false);
        cases.addFp8(4680, 1536, isHalf);
        cases.addFp8(4680, 8960, isHalf);
        cases.addFp8(37, 1152, false);
        cases.addFp8(3, 49152, false);
        cases.addFp8(7, 33, false);
        cases.addFp8(0, 1536, false);
        cases.addMergeAttention(3, 12, 3182, 128, isHalf);
        cases.addMergeAttention(2, 12, 4680, 128, isHalf);
        cases.addMergeAttention(8, 5, 33, 96, false);
        cases.addMergeAttention(1, 2, 7, 5, false);
        cases.addMergeAttention(4, 3, 0, 64, false);
        cases.addAttention(12, 300, 700, 128, false);
        cases.addAttention(4, 720, 1680, 96, isHalf);
        if (isHalf) {
            for (const std::int64_t rows : {1024, 2432, 3200, 4352, 4680}) {
                cases.addLinear(rows, 1536, 4608, false);
                cases.addLinear(rows, 1536, 1536, false);
                cases.addLinear(rows, 1536, 8960, true);
                cases.addLinear(rows, 8960, 1536, false);
            }
            cases.addLinear(900, 1032, 1544, false);
        }
        if (isHalf)
            for (const std::int64_t queries : {4680, 4260, 3200, 2944, 2432, 1536})  // over parts of the keys, all of them or the last
                cases.addAttention(12, queries, 10920, 128, true);
        for (KernelCase& added : cases.take())
            all.push_back(std::move(added));
    }
    for (const auto& more : {lifCases, pictureCases})
        for (KernelCase& added : more(seed))
            all.push_back(std::move(added));
    return all;
}

}  // namespace lipar::tests
