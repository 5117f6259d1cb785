// An Autoencoder out of a network that runs one pass of a stream: argument checks, division of long calls into passes,
// and the ownership that streams need.
#pragma once

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "engine/models/autoencoder.h"

namespace lipar::models {

// Frames that go through a network in one pass: a multiple of `multiple`, as many as keep activations within a few
// hundred megabytes. Causal networks give the same for any division of a clip. (A GPU gains nothing by more of them: beside the
// transformer four frames of 832x480 at a time take as long as twelve.)
[[nodiscard]] inline std::int64_t framesPerPass(std::int64_t height, std::int64_t width, std::int64_t multiple) {
    constexpr std::int64_t kPixelsPerPass = 2'400'000;
    return std::max<std::int64_t>(1, kPixelsPerPass / (height * width) / multiple) * multiple;
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
// A State is default-constructed at a clip's start.
template <class Encoder, class Decoder, class StreamState>
struct AutoencoderNetwork {
    using State = StreamState;
    AutoencoderTraits traits;
    at::Device device = at::kCPU;
    Encoder encoder;
    Decoder decoder;
};

template <class Network>
class StreamedAutoencoder final : public Autoencoder {
public:
    StreamedAutoencoder(Network network, std::int64_t parameterCount)
        : m_network(std::make_shared<const Network>(std::move(network))), m_parameterCount(parameterCount) {}

    const AutoencoderTraits& traits() const noexcept override { return m_network->traits; }
    std::unique_ptr<EncoderStream> newEncoder() const override { return std::make_unique<Encoder>(m_network); }
    std::unique_ptr<DecoderStream> newDecoder() const override { return std::make_unique<Decoder>(m_network); }
    std::int64_t parameterCount() const noexcept override { return m_parameterCount; }

private:
    class Encoder final : public EncoderStream {
    public:
        explicit Encoder(std::shared_ptr<const Network> network) : m_network(std::move(network)) {}

        at::Tensor encode(const at::Tensor& frames) override {
            const c10::NoGradGuard noGradients;
            const AutoencoderTraits& traits = m_network->traits;
            TORCH_CHECK(frames.dim() == 4 && frames.size(0) > 0 && frames.size(0) % traits.temporal == 0 && frames.size(1) == 3 &&
                            frames.size(2) % traits.spatial == 0 && frames.size(3) % traits.spatial == 0,
                        "frames must be [", traits.temporal, "t,3,", traits.spatial, "h,", traits.spatial, "w], not ",
                        frames.sizes());
            const at::Tensor input = frames.to(m_network->device);
            return inPasses(input.size(0), framesPerPass(input.size(2), input.size(3), traits.temporal),
                            [&](std::int64_t first, std::int64_t length) {
                                return m_network->encoder.encode(input.narrow(0, first, length), m_state);
                            });
        }

    private:
        std::shared_ptr<const Network> m_network;
        typename Network::State m_state;
    };

    class Decoder final : public DecoderStream {
    public:
        explicit Decoder(std::shared_ptr<const Network> network) : m_network(std::move(network)) {}

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
            return inPasses(input.size(0), framesPerPass(height, width, traits.temporal) / traits.temporal,
                            [&](std::int64_t first, std::int64_t length) {
                                const at::Tensor frames =
                                    traits.guided ? source.narrow(0, first * traits.temporal, length * traits.temporal) : source;
                                return m_network->decoder.decode(input.narrow(0, first, length), frames, m_state);
                            });
        }

    private:
        std::shared_ptr<const Network> m_network;
        typename Network::State m_state;
    };

    std::shared_ptr<const Network> m_network;  // shared with the streams, which may outlive this object
    std::int64_t m_parameterCount = 0;
};

}  // namespace lipar::models
