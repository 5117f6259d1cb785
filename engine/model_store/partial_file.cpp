#include "engine/model_store/partial_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "engine/weights/json_fields.h"
#include "engine/weights/mapped_file.h"
#include "engine/weights/output_file.h"
#include "engine/weights/strict_json.h"

namespace lipar::model_store {
namespace fs = std::filesystem;

namespace {

constexpr int kSchema = 1;
constexpr double kLargestFile = 1e15;

struct PartState {
    Published published;
    std::uint64_t bytes = 0;
    std::string sha256;  // of these bytes
};

// Whatever is wrong with the state, the file begins anew: it is no error.
std::optional<PartState> readState(const fs::path& path) {
    const auto mapped = weights::MappedFile::open(path);
    if (!mapped)
        return std::nullopt;
    const auto root =
        weights::parseStrictJson({reinterpret_cast<const char*>(mapped->bytes().data()), mapped->bytes().size()});
    if (!root)
        return std::nullopt;
    auto fields = weights::JsonFields::of(*root, "");
    PartState state;
    int schema = 0;
    double bytes = 0, published = 0;
    const bool ok =
        fields && fields->integer("schema", schema, kSchema, kSchema) &&
        fields->text("origin", state.published.origin) && fields->text("entity_tag", state.published.entityTag) &&
        fields->text("announced_sha256", state.published.sha256) &&
        fields->number("announced_bytes", published, 0, kLargestFile) &&
        fields->number("bytes", bytes, 0, kLargestFile) && fields->text("sha256", state.sha256) && fields->finish();
    if (!ok)
        return std::nullopt;
    state.published.bytes = std::uint64_t(published);
    state.bytes = std::uint64_t(bytes);
    return state;
}

Result<> writeState(const fs::path& path, const PartState& state) {
    const nlohmann::ordered_json json{{"schema", kSchema},
                                      {"origin", state.published.origin},
                                      {"entity_tag", state.published.entityTag},
                                      {"announced_sha256", state.published.sha256},
                                      {"announced_bytes", state.published.bytes},
                                      {"bytes", state.bytes},
                                      {"sha256", state.sha256}};
    return writeTextFile(path, json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace

bool Published::isSameAs(const Published& other) const {
    if (origin != other.origin || (bytes != 0 && other.bytes != 0 && bytes != other.bytes))
        return false;
    if (!sha256.empty() || !other.sha256.empty())
        return sha256 == other.sha256;
    return !entityTag.empty() && entityTag == other.entityTag && bytes == other.bytes;
}

fs::path partOf(const fs::path& target) {
    return fs::path(target) += ".part";
}

fs::path partStateOf(const fs::path& target) {
    return fs::path(target) += ".part.json";
}

std::uint64_t partialBytes(const fs::path& target) {
    const auto state = readState(partStateOf(target));
    std::error_code missing;
    const auto size = fs::file_size(partOf(target), missing);
    return state && !missing && size >= state->bytes ? state->bytes : 0;
}

Result<> writeTextFile(const fs::path& target, const std::string& text) {
    const std::array parts{std::as_bytes(std::span(text))};
    return weights::writeWholeFile(target, parts);
}

void syncFolder(const fs::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    ::fsync(descriptor);  // where it cannot be done, the file system does it in its own time
    ::close(descriptor);
}

std::unexpected<Error> writeFailed(const fs::path& path, int systemError) {
    const bool full = systemError == ENOSPC || systemError == EDQUOT;
    return fail(full ? ErrorCode::diskFull : ErrorCode::outputFailed,
                "cannot write " + path.string() + ": " + std::strerror(systemError),
                full ? "free some space; what was received is kept" : "choose a folder you may write to");
}

PartialFile::PartialFile(PartialFile&& other) noexcept
    : m_path(std::move(other.m_path)),
      m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_size(other.m_size),
      m_durable(other.m_durable),
      m_published(std::move(other.m_published)),
      m_digest(std::move(other.m_digest)) {}

PartialFile& PartialFile::operator=(PartialFile&& other) noexcept {
    std::swap(m_path, other.m_path);
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_size, other.m_size);
    std::swap(m_durable, other.m_durable);
    std::swap(m_published, other.m_published);
    std::swap(m_digest, other.m_digest);
    return *this;
}

PartialFile::~PartialFile() {
    if (m_descriptor < 0)
        return;
    if (m_size > m_durable)
        (void)checkpoint();
    ::close(m_descriptor);
}

Result<PartialFile> PartialFile::open(const fs::path& target, const std::function<void(std::uint64_t)>& onReread,
                                      const CancelToken& cancel) {
    PartialFile file;
    file.m_path = target;
    const fs::path part = partOf(target);
    file.m_descriptor = ::open(part.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    struct stat status {};
    if (file.m_descriptor < 0 || ::fstat(file.m_descriptor, &status) != 0)
        return writeFailed(part, errno);
    const auto state = readState(partStateOf(target));
    if (state && std::uint64_t(status.st_size) >= state->bytes) {
        LIPAR_ASSIGN(const bool sound, file.reread(state->bytes, state->sha256, onReread, cancel));
        if (sound) {
            file.m_published = state->published;
            LIPAR_TRY(file.truncate(state->bytes));
            file.m_durable = file.m_size;
            return file;
        }
    }
    LIPAR_TRY(file.restart());
    return file;
}

Result<bool> PartialFile::reread(std::uint64_t size, const std::string& sha256,
                                 const std::function<void(std::uint64_t)>& onReread, const CancelToken& cancel) {
    m_digest = {};
    std::vector<char> buffer(std::size_t(1) << 20);
    std::uint64_t done = 0;
    while (done < size) {
        LIPAR_TRY(cancel.check());
        const auto wanted = std::size_t(std::min<std::uint64_t>(buffer.size(), size - done));
        const ssize_t count = ::pread(m_descriptor, buffer.data(), wanted, off_t(done));
        if (count <= 0)
            return false;
        m_digest.add(std::span(buffer).first(std::size_t(count)));
        done += std::uint64_t(count);
        onReread(done);
    }
    LIPAR_ASSIGN(const std::string digest, m_digest.digest());
    return digest == sha256;
}

Result<> PartialFile::truncate(std::uint64_t size) {
    if (::ftruncate(m_descriptor, off_t(size)) != 0 || ::lseek(m_descriptor, off_t(size), SEEK_SET) < 0)
        return writeFailed(partOf(m_path), errno);
    m_size = size;
    return {};
}

Result<> PartialFile::restart() {
    m_digest = {};
    m_published = {};
    m_durable = 0;
    return truncate(0);
}

Result<> PartialFile::expect(const Published& published) {
    if (m_size > 0 && !m_published.isSameAs(published))
        LIPAR_TRY(restart());
    const bool isNews = m_size == 0 || m_published.entityTag != published.entityTag;
    m_published = published;
    return isNews ? checkpoint() : Result<>{};
}

Result<> PartialFile::append(std::span<const char> bytes) {
    m_digest.add(bytes);
    while (!bytes.empty()) {
        const ssize_t count = ::write(m_descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0) {
            const int reason = errno;
            // The digest is ahead of the file now: back to what is known to be there.
            LIPAR_ASSIGN(const bool sound, reread(m_durable, "", [](std::uint64_t) {}, {}));
            (void)sound;
            LIPAR_TRY(truncate(m_durable));
            return writeFailed(partOf(m_path), reason);
        }
        m_size += std::uint64_t(count);
        bytes = bytes.subspan(std::size_t(count));
    }
    return m_size - m_durable >= kCheckpointBytes ? checkpoint() : Result<>{};
}

Result<> PartialFile::checkpoint() {
    if (::fdatasync(m_descriptor) != 0)
        return writeFailed(partOf(m_path), errno);
    LIPAR_ASSIGN(const std::string sha256, m_digest.digest());
    LIPAR_TRY(writeState(partStateOf(m_path), {m_published, m_size, sha256}));
    m_durable = m_size;
    return {};
}

Result<> PartialFile::commit(const fs::path& target) {
    if (::fsync(m_descriptor) != 0)
        return writeFailed(partOf(m_path), errno);
    if (::rename(partOf(m_path).c_str(), target.c_str()) != 0)
        return writeFailed(target, errno);
    ::unlink(partStateOf(m_path).c_str());
    syncFolder(target.parent_path());
    ::close(std::exchange(m_descriptor, -1));
    return {};
}

void PartialFile::discard() {
    ::unlink(partStateOf(m_path).c_str());
    ::unlink(partOf(m_path).c_str());
    if (m_descriptor >= 0)
        ::close(std::exchange(m_descriptor, -1));
}

}  // namespace lipar::model_store
