#include <ATen/CPUGeneratorImpl.h>

#include "kernel_cases.h"

namespace lipar::tests {

using kernels::Element;
using kernels::KernelTable;

namespace {

using Tensors = std::vector<at::Tensor>;

constexpr std::int64_t kFeatures = kernels::kPictureFeatures;

std::string shapeOf(std::int64_t frames, std::int64_t height, std::int64_t width) {
    return std::to_string(frames) + "x" + std::to_string(height) + "x" + std::to_string(width);
}

class PictureCases {
public:
    explicit PictureCases(std::uint64_t seed) : m_generator(at::detail::createCPUGenerator(seed)) {}

    // The twins add up in different orders, then round to bfloat16.
    void addPictureLayers(std::int64_t frames, std::int64_t height, std::int64_t width, bool isBenchmark) {
        KernelCase& in = add("pairedPictureFeatures", shapeOf(frames, height, width), at::kBFloat16, isBenchmark);
        in.tensors = {at::rand({frames, height, width, 3}, m_generator, at::kFloat).to(at::kBFloat16),
                      normal({kFeatures, 3, 3, 3}, 0.2), normal({kFeatures}, 0.1),
                      normal({frames / 2, height, width, 2, kFeatures}, 1)};
        in.output = 3;
        in.absolute = 1e-4;
        in.relative = 1.0 / 128;
        in.bytes = double(frames * height * width) * 2 * (3 + kFeatures);
        in.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
            table.pairedPictureFeatures(Element::bfloat16, t[0].data_ptr(), t[1].data_ptr(), t[2].data_ptr(),
                                        t[3].data_ptr(), frames, height, width, stream);
        };
        // Every second frame of the output is another launch's.
        const std::int64_t half = frames / 2;
        KernelCase& out = add("picturesOfFeatures", shapeOf(half, height, width), at::kBFloat16, isBenchmark);
        out.tensors = {normal({half, height / 2, width / 2, 2, 2, kFeatures}, 1), normal({3, 3, 3, kFeatures}, 0.05),
                       normal({3}, 0.1), normal({2 * half, height / 2 * 2, width / 2 * 2, 3}, 1)};
        out.output = 3;
        out.absolute = 1e-3;
        out.relative = 1.0 / 128;
        out.bytes = double(half * height * width) * 2 * (3 + kFeatures);
        out.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
            table.picturesOfFeatures(Element::bfloat16, t[0].data_ptr(), t[1].data_ptr(), t[2].data_ptr(),
                                     t[3].data_ptr(), half, height / 2, width / 2, 2, stream);
        };
    }

    // Equal to the last bit.
    void addFrameLayout(at::ScalarType type, std::int64_t frames, std::int64_t height, std::int64_t width,
                        std::int64_t cut, std::int64_t channels, bool isBenchmark) {
        const Element element = type == at::kFloat ? Element::float32 : Element::bfloat16;
        const auto size = double(at::elementSize(type));
        KernelCase& widened = add("unitOfBytes", shapeOf(frames, height, width), type, isBenchmark);
        widened.tensors = {at::randint(0, 256, {frames, height, width, 3}, m_generator, at::kByte),
                           at::zeros({frames, height, width, 3}, type)};
        widened.output = 1;
        widened.bytes = double(frames * height * width * 3) * (1 + size);
        widened.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
            table.unitOfBytes(element, t[0].data_ptr<std::uint8_t>(), t[1].data_ptr(), t[0].numel(), stream);
        };
        KernelCase& rounded =
            add("bytesOfUnit", shapeOf(frames, height, width) + " cut by " + std::to_string(cut), type, isBenchmark);
        rounded.tensors = {at::rand({frames, height, width, 3}, m_generator, at::kFloat).mul_(1.2).sub_(0.1).to(type),
                           at::zeros({frames, height - cut, width - cut, 3}, at::kByte)};
        rounded.output = 1;
        rounded.bytes = widened.bytes;
        rounded.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
            table.bytesOfUnit(element, t[0].data_ptr(), height, 3 * width, t[1].data_ptr<std::uint8_t>(), frames,
                              height - cut, 3 * (width - cut), stream);
        };
        for (const bool isFirst : {true, false})
            for (const std::size_t output : {std::size_t(2), std::size_t(3)}) {
                KernelCase& pairs = add(isFirst ? "withPreviousFrame, first" : "withPreviousFrame",
                                        shapeOf(frames, height, width) + "x" + std::to_string(channels), type,
                                        isBenchmark && !isFirst && output == 2);
                const auto values = [&](std::int64_t t, std::int64_t c) {
                    return at::randn({t, height, width, c}, m_generator, at::kFloat).to(type);
                };
                pairs.tensors = {values(frames, channels), values(1, channels), values(frames, 2 * channels),
                                 values(1, channels)};
                pairs.output = output;
                pairs.bytes = double(frames * height * width * channels) * 3 * size;
                pairs.launch = [=](const KernelTable& table, Tensors& t, void* stream) {
                    table.withPreviousFrame(t[0].data_ptr(), isFirst ? nullptr : t[1].data_ptr(), t[2].data_ptr(),
                                            t[3].data_ptr(), frames, height * width,
                                            channels * std::int64_t(t[0].element_size()), stream);
                };
            }
    }

    [[nodiscard]] std::vector<KernelCase> take() { return std::move(m_cases); }

private:
    at::Tensor normal(at::IntArrayRef shape, double spread) {
        return at::randn(shape, m_generator, at::kFloat).mul_(spread).to(at::kBFloat16);
    }

    KernelCase& add(const char* kernel, std::string shape, at::ScalarType type, bool isBenchmark) {
        KernelCase& added = m_cases.emplace_back();
        added.kernel = kernel;
        added.shape = std::move(shape);
        added.type = type;
        added.absolute = added.relative = 0;
        added.isBenchmark = isBenchmark;
        return added;
    }

    at::Generator m_generator;
    std::vector<KernelCase> m_cases;
};

}  // namespace

// A block at 480x832, sizes that fill no tile, none.
std::vector<KernelCase> pictureCases(std::uint64_t seed) {
    PictureCases cases(seed);
    cases.addPictureLayers(12, 480, 832, true);
    cases.addPictureLayers(2, 18, 70, false);
    cases.addPictureLayers(4, 2, 2, false);
    cases.addPictureLayers(0, 16, 16, false);
    for (const at::ScalarType type : {at::kBFloat16, at::kFloat}) {
        const bool isHalf = type == at::kBFloat16;
        cases.addFrameLayout(type, isHalf ? 12 : 2, 240, 416, 0, 64, isHalf);
        cases.addFrameLayout(type, 3, 19, 37, 5, 6, false);
        cases.addFrameLayout(type, 1, 3, 5, 1, 1, false);
        cases.addFrameLayout(type, 0, 8, 8, 0, 8, false);
    }
    return cases.take();
}

}  // namespace lipar::tests
