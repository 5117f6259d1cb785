#include "engine/models/text/embedding_cache.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string_view>
#include <vector>

#include "engine/core/log.h"
#include "engine/weights/hash.h"
#include "engine/weights/tensor_file.h"

namespace lipar::models {
namespace {
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* kExtension = ".embedding";
constexpr const char* kTensor = "embeddings";
constexpr const char* kDigest = "sha256";

std::string digestOf(std::span<const std::byte> bytes) {
    return weights::sha256OfText({reinterpret_cast<const char*>(bytes.data()), bytes.size()}).value_or("");
}

// Not defined where the file is not what was written.
at::Tensor readWhole(const fs::path& path) {
    const auto file = weights::TensorFile::open(path);
    if (!file)
        return {};
    const weights::TensorView* view = file->find(kTensor);
    const auto digest = file->metadata().find(kDigest);
    if (!view || view->dtype != weights::DType::f32 || view->shape.size() != 2 || digest == file->metadata().end() ||
        digest->second != digestOf(view->bytes))
        return {};
    at::Tensor rows = at::empty(view->shape, at::kFloat);
    std::memcpy(rows.mutable_data_ptr(), view->bytes.data(), view->bytes.size());
    return rows;
}

}  // namespace

fs::path EmbeddingCache::fileOf(const std::string& key) const {
    return m_folder / (key + kExtension);
}

at::Tensor EmbeddingCache::find(const std::string& key) const {
    std::error_code error;
    if (m_folder.empty() || !fs::exists(fileOf(key), error))
        return {};
    at::Tensor rows = readWhole(fileOf(key));
    if (rows.defined())
        fs::last_write_time(fileOf(key), fs::file_time_type::clock::now(), error);
    else
        fs::remove(fileOf(key), error);
    return rows;
}

void EmbeddingCache::store(const std::string& key, const at::Tensor& rows) const {
    if (m_folder.empty())
        return;
    std::error_code error;
    fs::create_directories(m_folder, error);
    const at::Tensor whole = rows.to(at::kCPU, at::kFloat).contiguous();
    const std::span bytes(static_cast<const std::byte*>(whole.const_data_ptr()), whole.nbytes());
    const weights::NamedTensor named{kTensor, {weights::DType::f32, whole.sizes().vec(), bytes}};
    if (const Result<> written =
            weights::writeSafetensors(fileOf(key), std::span(&named, 1), {{kDigest, digestOf(bytes)}});
        !written)
        log(LogLevel::info, "the prompt's embeddings are not kept: " + written.error().sentence());
    else
        enforceLimit();
}

void EmbeddingCache::enforceLimit() const {
    struct Entry {
        fs::path path;
        std::uint64_t bytes = 0;
        fs::file_time_type used;
    };
    std::vector<Entry> entries;
    std::uint64_t total = 0;
    std::error_code error;
    for (fs::directory_iterator entry(m_folder, error), end; !error && entry != end; entry.increment(error)) {
        // What disappears meanwhile, or is a file of somebody else's, is passed over.
        std::error_code ignored;
        const std::string name = entry->path().filename().string();
        const auto used = entry->last_write_time(ignored);
        const auto bytes = ignored ? 0 : entry->file_size(ignored);
        if (ignored || !name.ends_with(kExtension))
            continue;
        if (!name.starts_with('.')) {
            entries.push_back({entry->path(), bytes, used});
            total += bytes;
        } else if (fs::file_time_type::clock::now() - used > 1h) {
            fs::remove(entry->path(), ignored);  // left by a process that was killed
        }
    }
    std::ranges::sort(entries, {}, &Entry::used);
    for (const Entry& entry : entries) {
        if (total <= m_limitBytes)
            break;
        fs::remove(entry.path, error);
        total -= entry.bytes;
    }
}

}  // namespace lipar::models
