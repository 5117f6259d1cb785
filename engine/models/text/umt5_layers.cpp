#include "engine/models/text/umt5_layers.h"

#include <array>

#include "engine/kernels/staged_copy.h"

namespace lipar::models {
namespace {

void moveSmall(Umt5Layer& layer, at::Device device) {
    for (at::Tensor* tensor : {&layer.norm1, &layer.norm2, &layer.positions})
        *tensor = tensor->to(device);
}

// Memory on `device` for the matrices of a layer like `model`.
Umt5Layer emptyMatrices(Umt5Layer model, at::ScalarType dtype, at::Device device) {
    Umt5Layer layer;
    auto targets = layer.matrices(), sources = model.matrices();
    for (std::size_t i = 0; i < targets.size(); ++i)
        *targets[i] = at::empty(sources[i]->sizes(), at::TensorOptions().dtype(dtype).device(device));
    return layer;
}

void copyMatrices(kernels::StagedCopy& copy, Umt5Layer source, Umt5Layer& target) {
    auto targets = target.matrices(), sources = source.matrices();
    for (std::size_t i = 0; i < targets.size(); ++i)
        copy.copy(*sources[i], *targets[i]);
}

class ResidentLayers final : public Umt5Layers {
public:
    explicit ResidentLayers(at::Device device) : m_device(device) {}

    Result<> fill(const Umt5Weights& weights, at::ScalarType dtype, const CancelToken& cancel) {
        kernels::StagedCopy copy(m_device);
        for (std::size_t i = 0; i < weights.layers().size(); ++i) {
            LIPAR_TRY(cancel.check());
            weights.readAhead(i + 1);
            const Umt5Layer& source = weights.layers()[i];
            Umt5Layer layer = emptyMatrices(source, dtype, m_device);
            // The allocator may give memory that earlier work of the current stream still uses.
            copy.waitFor(copy.markCurrentStream());
            copyMatrices(copy, source, layer);
            layer.norm1 = source.norm1;
            layer.norm2 = source.norm2;
            layer.positions = source.positions;
            moveSmall(layer, m_device);
            m_layers.push_back(std::move(layer));
        }
        copy.holdCurrentStream();
        return {};
    }

    at::Device device() const noexcept override { return m_device; }
    Umt5Layer layer(std::size_t index) override { return m_layers[index]; }
    void used(std::size_t) override {}

private:
    const at::Device m_device;
    std::vector<Umt5Layer> m_layers;
};

class MappedLayers final : public Umt5Layers {
public:
    MappedLayers(const Umt5Weights& weights, at::ScalarType dtype) : m_weights(weights), m_dtype(dtype) {}

    at::Device device() const noexcept override { return at::kCPU; }
    Umt5Layer layer(std::size_t index) override {
        m_weights.readAhead(index + 1);
        Umt5Layer layer = m_weights.layers()[index];
        for (at::Tensor* matrix : layer.matrices())
            *matrix = matrix->to(m_dtype);
        return layer;
    }
    void used(std::size_t) override {}

private:
    const Umt5Weights& m_weights;
    const at::ScalarType m_dtype;
};

class StreamedLayers final : public Umt5Layers {
public:
    StreamedLayers(const Umt5Weights& weights, at::ScalarType dtype, at::Device device)
        : m_weights(weights), m_device(device), m_copy(device) {
        for (Umt5Layer& slot : m_slots)
            slot = emptyMatrices(weights.layers().front(), dtype, device);
        for (kernels::StagedCopy::Mark& mark : m_free)
            mark = m_copy.markCurrentStream();
        for (const Umt5Layer& source : weights.layers()) {
            Umt5Layer& small = m_small.emplace_back();
            small.norm1 = source.norm1;
            small.norm2 = source.norm2;
            small.positions = source.positions;
            moveSmall(small, device);
        }
    }

    at::Device device() const noexcept override { return m_device; }

    Umt5Layer layer(std::size_t index) override {
        if (index == 0)
            fetch(0);
        m_copy.holdCurrentStream();
        Umt5Layer layer = m_slots[index % m_slots.size()];
        layer.norm1 = m_small[index].norm1;
        layer.norm2 = m_small[index].norm2;
        layer.positions = m_small[index].positions;
        return layer;
    }

    // The next layer is fetched when the work on this one is on its way, so that the two go on side by side.
    void used(std::size_t index) override {
        m_free[index % m_slots.size()] = m_copy.markCurrentStream();
        if (index + 1 < m_small.size())
            fetch(index + 1);
    }

private:
    void fetch(std::size_t index) {
        m_weights.readAhead(index + 1);
        m_copy.waitFor(m_free[index % m_slots.size()]);
        copyMatrices(m_copy, m_weights.layers()[index], m_slots[index % m_slots.size()]);
    }

    const Umt5Weights& m_weights;
    const at::Device m_device;
    std::array<Umt5Layer, 2> m_slots;  // matrices alone
    std::vector<Umt5Layer> m_small;    // all but the matrices, of every layer
    kernels::StagedCopy m_copy;
    std::array<kernels::StagedCopy::Mark, 2> m_free;  // when the work on what a slot holds is done
};

}  // namespace

Result<std::unique_ptr<Umt5Layers>> residentUmt5Layers(const Umt5Weights& weights, at::ScalarType dtype,
                                                       at::Device device, const CancelToken& cancel) {
    auto layers = std::make_unique<ResidentLayers>(device);
    LIPAR_TRY(layers->fill(weights, dtype, cancel));
    return layers;
}

std::unique_ptr<Umt5Layers> mappedUmt5Layers(const Umt5Weights& weights, at::ScalarType dtype) {
    return std::make_unique<MappedLayers>(weights, dtype);
}

std::unique_ptr<Umt5Layers> streamedUmt5Layers(const Umt5Weights& weights, at::ScalarType dtype, at::Device device) {
    return std::make_unique<StreamedLayers>(weights, dtype, device);
}

}  // namespace lipar::models
