#include "engine/models/text/umt5_weights.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <string_view>

#include "engine/weights/hash.h"

namespace lipar::models {
namespace {

std::string blockName(std::int64_t layer) {
    return "blocks." + std::to_string(layer) + ".";
}

}  // namespace

Result<Umt5Weights> Umt5Weights::open(const weights::ModelManifest& manifest) {
    LIPAR_ASSIGN(WeightStore store, WeightStore::open(manifest.directory, manifest.text->files));
    Umt5Weights weights(std::move(store));
    LIPAR_TRY(weights.findSizes());
    if (weights.m_config.dim != manifest.dit.textDim)
        return fail(ErrorCode::modelDamaged,
                    "model " + manifest.name + " does not load: its text encoder is " +
                        std::to_string(weights.m_config.dim) + " wide, dit.text_dim in model.json is " +
                        std::to_string(manifest.dit.textDim),
                    "check that model.json describes these files");
    LIPAR_TRY(weights.take());
    LIPAR_TRY(weights.m_store.checkAllTaken());
    return weights;
}

Result<> Umt5Weights::findSizes() {
    const std::string first = blockName(0);
    const auto embedding = m_store.shapeOf("token_embedding.weight"), q = m_store.shapeOf(first + "attn.q.weight"),
               gate = m_store.shapeOf(first + "ffn.gate.0.weight"),
               positions = m_store.shapeOf(first + "pos_embedding.embedding.weight");
    if (embedding.size() != 2 || q.size() != 2 || gate.size() != 2 || positions.size() != 2)
        return fail(
            ErrorCode::modelDamaged,
            "model is incomplete: its text encoder has no token_embedding.weight or no whole blocks.0 of UMT5's",
            "install the model again");
    m_config.vocabulary = embedding[0];
    m_config.dim = embedding[1];
    m_config.attentionWidth = q[0];
    m_config.ffn = gate[0];
    m_config.buckets = positions[0];
    m_config.heads = positions[1];
    while (m_store.contains(blockName(m_config.layers) + "norm1.weight"))
        ++m_config.layers;
    // Four buckets are the fewest that have exact and logarithmic ones in each direction.
    if (m_config.heads <= 0 || m_config.attentionWidth % m_config.heads != 0 || m_config.buckets < 4 ||
        m_config.buckets % 4 != 0)
        return fail(ErrorCode::modelDamaged,
                    "model does not load: its text encoder's " + std::to_string(m_config.heads) + " heads and " +
                        std::to_string(m_config.buckets) + " position buckets do not fit an attention " +
                        std::to_string(m_config.attentionWidth) + " wide",
                    "install the model again");
    return {};
}

Result<> Umt5Weights::take() {
    const std::int64_t dim = m_config.dim, width = m_config.attentionWidth, ffn = m_config.ffn;
    const auto small = [&](const std::string& name, at::IntArrayRef shape) {
        return m_store.take(name, shape, at::kFloat, at::kCPU);
    };
    LIPAR_ASSIGN(m_embedding, m_store.view("token_embedding.weight", {m_config.vocabulary, dim}));
    LIPAR_ASSIGN(m_finalNorm, small("norm.weight", {dim}));
    for (std::int64_t i = 0; i < m_config.layers; ++i) {
        const std::string block = blockName(i);
        Umt5Layer layer;
        LIPAR_ASSIGN(layer.norm1, small(block + "norm1.weight", {dim}));
        LIPAR_ASSIGN(layer.norm2, small(block + "norm2.weight", {dim}));
        LIPAR_ASSIGN(layer.positions,
                     small(block + "pos_embedding.embedding.weight", {m_config.buckets, m_config.heads}));
        LIPAR_ASSIGN(layer.q, m_store.view(block + "attn.q.weight", {width, dim}));
        LIPAR_ASSIGN(layer.k, m_store.view(block + "attn.k.weight", {width, dim}));
        LIPAR_ASSIGN(layer.v, m_store.view(block + "attn.v.weight", {width, dim}));
        LIPAR_ASSIGN(layer.o, m_store.view(block + "attn.o.weight", {dim, width}));
        LIPAR_ASSIGN(layer.gate, m_store.view(block + "ffn.gate.0.weight", {ffn, dim}));
        LIPAR_ASSIGN(layer.up, m_store.view(block + "ffn.fc1.weight", {ffn, dim}));
        LIPAR_ASSIGN(layer.down, m_store.view(block + "ffn.fc2.weight", {dim, ffn}));
        m_layers.push_back(std::move(layer));
    }
    return {};
}

at::Tensor Umt5Weights::embed(const std::vector<std::int64_t>& ids) const {
    return m_embedding.index_select(0, at::tensor(ids, at::kLong)).to(at::kFloat);  // [n,dim]
}

void Umt5Weights::readAhead(std::size_t index) const {
    if (index >= m_layers.size())
        return;
    const auto page = std::uintptr_t(::sysconf(_SC_PAGESIZE));
    Umt5Layer layer = m_layers[index];
    for (const at::Tensor* matrix : layer.matrices()) {
        const auto begin = reinterpret_cast<std::uintptr_t>(matrix->const_data_ptr()) / page * page;
        const auto end = reinterpret_cast<std::uintptr_t>(matrix->const_data_ptr()) + matrix->nbytes();
        ::posix_madvise(reinterpret_cast<void*>(begin), end - begin, POSIX_MADV_WILLNEED);
    }
}

Result<std::string> Umt5Weights::identity() const {
    std::ostringstream text;
    const auto add = [&](const std::string& name, const at::Tensor& tensor) -> Result<> {
        constexpr std::size_t kEnd = 4096;
        const std::string_view bytes(static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes());
        LIPAR_ASSIGN(const std::string first, weights::sha256OfText(bytes.substr(0, kEnd)));
        LIPAR_ASSIGN(const std::string last,
                     weights::sha256OfText(bytes.substr(bytes.size() - std::min(kEnd, bytes.size()))));
        text << name << " " << c10::toString(tensor.scalar_type()) << " " << tensor.sizes() << " " << first << " "
             << last << "\n";
        return {};
    };
    LIPAR_TRY(add("embedding", m_embedding));
    LIPAR_TRY(add("norm", m_finalNorm));
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        Umt5Layer layer = m_layers[i];
        const std::string number = std::to_string(i) + " ";
        int part = 0;
        for (const at::Tensor* tensor : layer.matrices())
            LIPAR_TRY(add(number + std::to_string(part++), *tensor));
        for (const at::Tensor* tensor : {&layer.norm1, &layer.norm2, &layer.positions})
            LIPAR_TRY(add(number + std::to_string(part++), *tensor));
    }
    return weights::sha256OfText(text.str());
}

}  // namespace lipar::models
