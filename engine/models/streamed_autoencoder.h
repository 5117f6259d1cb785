// An Autoencoder out of a network that runs one pass of a stream: argument checks, division of long calls into passes and of
// large frames into tiles, and the ownership that streams need.
#pragma once

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "engine/models/autoencoder.h"
#include "engine/models/tiles.h"

namespace lipar::models {

// Frames that go through a network in one pass: a multiple of `multiple`, as many as keep activations within a few
// hundred megabytes. Causal networks give the same for any division of a clip. (A GPU gains nothing by more of them: beside the
// transformer four frames of 832x480 at a time take as long as twelve.)
[[nodiscard]] inline std::int64_t framesPerPass(std::int64_t height, std::int64_t width, std::int64_t multiple, std::int64_t pixelsPerPass) {
    return std::max<std::int64_t>(1, pixelsPerPass / (height * width) / multiple) * multiple;
}

// pass(first, length) over [0, total) in steps, results joined along the first axis.
template <class Pass>
[[nodiscard]] at::Tensor inPasses(std::int64_t total, std::int64_t step, Pass&& pass) {
    if (total <= step)
        return pass(std::int64_t{0}, total);
    std::vector<at::Tensor> parts;
    for (std::int64_t first = 0; first < total; first += step)
        parts.push_back(pass(first, std::min(step, total - first)));
    return at::cat(parts);
}

// The two halves of an autoencoder. Each runs one pass of a stream, with what it must remember of the pass before:
//   at::Tensor Encoder::encode(frames, State&) const;           shapes as in EncoderStream
//   at::Tensor Decoder::decode(latents, guide, State&) const;   shapes as in DecoderStream
// A State is default-constructed at a clip's start. Networks that can be tiled have one with `void moveTo(at::Device)`.
template <class Encoder, class Decoder, class StreamState>
struct AutoencoderNetwork {
    using State = StreamState;
    AutoencoderTraits traits;
    at::Device device = at::kCPU;
    std::int64_t pixelsPerPass = 2'400'000;
    // Bytes that a stream holds for each pixel of a frame; 0: never tiled.
    double encodeBytesPerPixel = 0, decodeBytesPerPixel = 0;
    Encoder encoder;
    Decoder decoder;
};

// The memory of one stream: of each tile what it has seen, one tile at a time on the device.
template <class Network>
class TiledStates {
public:
    // The grid is made at a stream's first pass, for height x width latent places.
    void prepare(std::int64_t height, std::int64_t width, double bytesPerPlace, std::uint64_t limit) {
        if (!m_states.empty())
            return;
        const std::int64_t most = limit > 0 && bytesPerPlace > 0 ? std::int64_t(double(limit) / bytesPerPlace) : height * width;
        m_grid = TileGrid::plan(height, width, most);
        m_states.resize(m_grid.count());
    }

    // run(row span, column span, state) -> [T,C,.,.], `scale` values a latent place, of each tile; blended to the whole frames.
    template <class Run>
    [[nodiscard]] at::Tensor blended(std::int64_t scale, at::Device device, Run&& run) {
        if (m_states.size() == 1)
            return run(m_grid.rows.front(), m_grid.columns.front(), m_states.front());
        if (m_weights.empty())
            makeWeights(scale, device);
        const auto end = [&](const TileSpan& span) { return (span.first + span.length) * scale; };
        at::Tensor whole;
        at::ScalarType type{};
        for (std::size_t row = 0; row < m_grid.rows.size(); ++row)
            for (std::size_t column = 0; column < m_grid.columns.size(); ++column) {
                const TileSpan &rows = m_grid.rows[row], &columns = m_grid.columns[column];
                const std::size_t index = row * m_grid.columns.size() + column;
                auto& state = m_states[index];
                if constexpr (requires { state.moveTo(device); })
                    state.moveTo(device);
                const at::Tensor tile = run(rows, columns, state);
                if constexpr (requires { state.moveTo(device); })
                    state.moveTo(at::kCPU);
                if (!whole.defined()) {
                    type = tile.scalar_type();
                    whole = at::zeros({tile.size(0), tile.size(1), end(m_grid.rows.back()), end(m_grid.columns.back())}, tile.options().dtype(at::kFloat));
                }
                whole.narrow(2, rows.first * scale, rows.length * scale).narrow(3, columns.first * scale, columns.length * scale).add_(tile.to(at::kFloat) * m_weights[index]);
            }
        return whole.to(type);
    }

private:
    // Once a stream, for the host waits for copies to a device.
    void makeWeights(std::int64_t scale, at::Device device) {
        for (std::size_t row = 0; row < m_grid.rows.size(); ++row)
            for (std::size_t column = 0; column < m_grid.columns.size(); ++column)
                m_weights.push_back(blendWeights(m_grid.rows, row, scale, device).unsqueeze(1) * blendWeights(m_grid.columns, column, scale, device));
    }

    TileGrid m_grid;
    std::vector<typename Network::State> m_states;  // row by row
    std::vector<at::Tensor> m_weights;              // likewise, [h*scale,w*scale] float32 of each tile; empty before the first pass
};

template <class Network>
class StreamedAutoencoder final : public Autoencoder {
public:
    StreamedAutoencoder(Network network, std::int64_t parameterCount)
        : m_network(std::make_shared<const Network>(std::move(network))), m_parameterCount(parameterCount) {}

    const AutoencoderTraits& traits() const noexcept override { return m_network->traits; }
    std::unique_ptr<EncoderStream> newEncoder(std::uint64_t memoryLimit) const override { return std::make_unique<Encoder>(m_network, memoryLimit); }
    std::unique_ptr<DecoderStream> newDecoder(std::uint64_t memoryLimit) const override { return std::make_unique<Decoder>(m_network, memoryLimit); }
    std::int64_t parameterCount() const noexcept override { return m_parameterCount; }

private:
    class Encoder final : public EncoderStream {
    public:
        Encoder(std::shared_ptr<const Network> network, std::uint64_t memoryLimit) : m_network(std::move(network)), m_memoryLimit(memoryLimit) {}

        at::Tensor encode(const at::Tensor& frames) override {
            const c10::NoGradGuard noGradients;
            const AutoencoderTraits& traits = m_network->traits;
            TORCH_CHECK(frames.dim() == 4 && frames.size(0) > 0 && frames.size(0) % traits.temporal == 0 && frames.size(1) == 3 &&
                            frames.size(2) % traits.spatial == 0 && frames.size(3) % traits.spatial == 0,
                        "frames must be [", traits.temporal, "t,3,", traits.spatial, "h,", traits.spatial, "w], not ",
                        frames.sizes());
            const at::Tensor input = frames.to(m_network->device);
            const std::int64_t side = traits.spatial;
            m_states.prepare(input.size(2) / side, input.size(3) / side, m_network->encodeBytesPerPixel * double(side * side), m_memoryLimit);
            return m_states.blended(1, m_network->device, [&](const TileSpan& rows, const TileSpan& columns, typename Network::State& state) {
                const at::Tensor tile = input.narrow(2, rows.first * side, rows.length * side).narrow(3, columns.first * side, columns.length * side);
                return inPasses(tile.size(0), framesPerPass(tile.size(2), tile.size(3), traits.temporal, m_network->pixelsPerPass),
                                [&](std::int64_t first, std::int64_t length) {
                                    return m_network->encoder.encode(tile.narrow(0, first, length), state);
                                });
            });
        }

    private:
        std::shared_ptr<const Network> m_network;
        std::uint64_t m_memoryLimit = 0;
        TiledStates<Network> m_states;
    };

    class Decoder final : public DecoderStream {
    public:
        Decoder(std::shared_ptr<const Network> network, std::uint64_t memoryLimit) : m_network(std::move(network)), m_memoryLimit(memoryLimit) {}

        at::Tensor decode(const at::Tensor& latents, const at::Tensor& guide) override {
            const c10::NoGradGuard noGradients;
            const AutoencoderTraits& traits = m_network->traits;
            TORCH_CHECK(latents.dim() == 4 && latents.size(0) > 0 && latents.size(1) == traits.latentChannels, "latents must be [t,",
                        traits.latentChannels, ",h,w], not ", latents.sizes());
            const std::int64_t height = latents.size(2) * traits.spatial, width = latents.size(3) * traits.spatial;
            at::Tensor source;
            if (traits.guided) {
                TORCH_CHECK(guide.defined(), "this decoder needs the source frames");
                TORCH_CHECK(guide.sizes() == at::IntArrayRef({latents.size(0) * traits.temporal, 3, height, width}),
                            "source frames ", guide.sizes(), " do not fit latents ", latents.sizes());
                source = guide.to(m_network->device);
            }
            const at::Tensor input = latents.to(m_network->device);
            const std::int64_t side = traits.spatial;
            m_states.prepare(input.size(2), input.size(3), m_network->decodeBytesPerPixel * double(side * side), m_memoryLimit);
            return m_states.blended(side, m_network->device, [&](const TileSpan& rows, const TileSpan& columns, typename Network::State& state) {
                const at::Tensor tile = input.narrow(2, rows.first, rows.length).narrow(3, columns.first, columns.length);
                return inPasses(tile.size(0), framesPerPass(rows.length * side, columns.length * side, traits.temporal, m_network->pixelsPerPass) / traits.temporal,
                                [&](std::int64_t first, std::int64_t length) {
                                    // Guided networks are not tiled: the tile is the frame.
                                    const at::Tensor frames =
                                        traits.guided ? source.narrow(0, first * traits.temporal, length * traits.temporal) : source;
                                    return m_network->decoder.decode(tile.narrow(0, first, length), frames, state);
                                });
            });
        }

    private:
        std::shared_ptr<const Network> m_network;
        std::uint64_t m_memoryLimit = 0;
        TiledStates<Network> m_states;
    };

    std::shared_ptr<const Network> m_network;  // shared with the streams, which may outlive this object
    std::int64_t m_parameterCount = 0;
};

}  // namespace lipar::models
