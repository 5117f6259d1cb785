#include "engine/weights/resumable_safetensors.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/weights/hash.h"
#include "engine/weights/mapped_file.h"

namespace lipar::weights {
namespace {
namespace fs = std::filesystem;

constexpr std::string_view kJournalStart = "lipar journal 1 ";
constexpr std::size_t kAtOnce = std::size_t(16) << 20;  // between two looks at the cancel token

fs::path partOf(const fs::path& path) {
    return path.string() + ".part";
}

fs::path journalOf(const fs::path& path) {
    return path.string() + ".journal";
}

std::unexpected<Error> cannotWrite(const fs::path& path, int problem) {
    const bool full = problem == ENOSPC || problem == EDQUOT;
    return fail(full ? ErrorCode::diskFull : ErrorCode::outputFailed,
                "cannot write " + path.string() + ": " + std::strerror(problem),
                full ? "free some space and run this again: it goes on from here" : "choose a folder you may write to");
}

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int value) noexcept : m_value(value) {}
    Descriptor(Descriptor&& other) noexcept : m_value(std::exchange(other.m_value, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(m_value, other.m_value);
        return *this;
    }
    ~Descriptor() {
        if (m_value >= 0)
            ::close(m_value);
    }
    [[nodiscard]] int value() const noexcept { return m_value; }

private:
    int m_value = -1;
};

// Zero, or errno.
int writeAt(int descriptor, std::uint64_t offset, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(descriptor, bytes.data(), bytes.size(), off_t(offset));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno;
        bytes = bytes.subspan(std::size_t(written));
        offset += std::uint64_t(written);
    }
    return 0;
}

void addTo(Sha256& digest, std::span<const std::byte> bytes) {
    digest.add({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

struct ResumableSafetensors::State {
    fs::path path;
    SafetensorsPlan plan;
    std::size_t written = 0;
    bool isWhole = false;  // under its own name
    Descriptor file;
    Descriptor journal;
    std::uint64_t journalSize = 0;

    [[nodiscard]] std::uint64_t offsetOf(std::size_t tensor) const {
        return plan.head.size() + (tensor < plan.offsets.size() ? plan.offsets[tensor] : plan.dataSize);
    }
    [[nodiscard]] std::uint64_t sizeOf(std::size_t tensor) const { return offsetOf(tensor + 1) - offsetOf(tensor); }

    Result<> openJournal() {
        const fs::path name = journalOf(path);
        journal = Descriptor(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
        if (journal.value() < 0)
            return cannotWrite(name, errno);
        if (::flock(journal.value(), LOCK_EX | LOCK_NB) != 0)
            return fail(ErrorCode::outputFailed, "cannot write " + path.string() + ": another process is writing it",
                        "wait until it is done");
        return {};
    }

    Result<> record(const std::string& line) {
        if (const int problem = writeAt(journal.value(), journalSize, std::as_bytes(std::span(line))); problem != 0)
            return cannotWrite(journalOf(path), problem);
        journalSize += line.size();
        return {};
    }

    // How many tensors the journal lists, in order, whose bytes in `content` have the digest that it gives.
    Result<std::size_t> countSound(std::span<const std::byte> content, std::string_view lines,
                                   const CancelToken& cancel) const {
        std::size_t sound = 0;
        for (; sound < plan.tensors.size(); ++sound) {
            const std::size_t end = lines.find('\n');
            if (end == std::string_view::npos || offsetOf(sound + 1) > content.size())
                break;
            Sha256 digest;
            auto bytes = content.subspan(offsetOf(sound), sizeOf(sound));
            while (!bytes.empty()) {
                LIPAR_TRY(cancel.check());
                const auto part = bytes.first(std::min(bytes.size(), kAtOnce));
                addTo(digest, part);
                bytes = bytes.subspan(part.size());
            }
            LIPAR_ASSIGN(const std::string actual, digest.digest());
            if (lines.substr(0, end) != actual)
                break;
            lines.remove_prefix(end + 1);
        }
        return sound;
    }

    // Goes on where an earlier run was interrupted, if there was one of the same contents.
    Result<> resume(const std::string& firstLine, const CancelToken& cancel) {
        LIPAR_ASSIGN(const MappedFile journalFile, MappedFile::open(journalOf(path), ErrorCode::outputFailed));
        const std::string_view text(reinterpret_cast<const char*>(journalFile.bytes().data()),
                                    journalFile.bytes().size());
        if (!text.starts_with(firstLine))
            return {};
        std::error_code ignored;
        for (const bool whole : {true, false}) {
            const fs::path name = whole ? path : partOf(path);
            if (!fs::is_regular_file(name, ignored))
                continue;
            LIPAR_ASSIGN(const MappedFile content, MappedFile::open(name, ErrorCode::outputFailed));
            const auto bytes = content.bytes();
            if (bytes.size() < plan.head.size() ||
                !std::ranges::equal(bytes.first(plan.head.size()), std::as_bytes(std::span(plan.head))))
                continue;
            LIPAR_ASSIGN(const std::size_t sound, countSound(bytes, text.substr(firstLine.size()), cancel));
            if (whole && (sound < plan.tensors.size() || bytes.size() != offsetOf(sound)))
                continue;
            isWhole = whole;
            written = sound;
            constexpr std::size_t kLine = 65;  // a digest and the end of its line
            journalSize = firstLine.size() + sound * kLine;
            return {};
        }
        return {};
    }

    Result<> openFile(const std::string& firstLine) {
        const fs::path name = partOf(path);
        file = Descriptor(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
        if (file.value() < 0)
            return cannotWrite(name, errno);
        if (journalSize == 0) {
            if (const int problem = writeAt(file.value(), 0, std::as_bytes(std::span(plan.head))); problem != 0)
                return cannotWrite(name, problem);
        }
        // What follows the last sound tensor is of no use.
        if (::ftruncate(file.value(), off_t(offsetOf(written))) != 0)
            return cannotWrite(name, errno);
        if (::ftruncate(journal.value(), off_t(journalSize)) != 0)
            return cannotWrite(journalOf(path), errno);
        return journalSize == 0 ? record(firstLine) : Result<>();
    }
};

ResumableSafetensors::ResumableSafetensors(std::unique_ptr<State> state) : m_state(std::move(state)) {}
ResumableSafetensors::ResumableSafetensors(ResumableSafetensors&&) noexcept = default;
ResumableSafetensors& ResumableSafetensors::operator=(ResumableSafetensors&&) noexcept = default;
ResumableSafetensors::~ResumableSafetensors() = default;

Result<ResumableSafetensors> ResumableSafetensors::open(const fs::path& path, std::vector<TensorSpec> tensors,
                                                        const std::map<std::string, std::string>& metadata,
                                                        const std::string& origin, const CancelToken& cancel) {
    auto state = std::make_unique<State>();
    state->path = path;
    auto plan = planSafetensors(std::move(tensors), metadata);
    if (!plan)
        return fail(ErrorCode::invalidArgument, "cannot write " + path.string() + ": " + plan.error().message);
    state->plan = *std::move(plan);
    LIPAR_TRY(state->openJournal());
    LIPAR_ASSIGN(const std::string contents, sha256OfText(origin + '\0' + state->plan.head));
    const std::string firstLine = std::string(kJournalStart) + contents + '\n';
    LIPAR_TRY(state->resume(firstLine, cancel));
    if (!state->isWhole)
        LIPAR_TRY(state->openFile(firstLine));
    return ResumableSafetensors(std::move(state));
}

const std::vector<TensorSpec>& ResumableSafetensors::tensors() const noexcept {
    return m_state->plan.tensors;
}

std::size_t ResumableSafetensors::written() const noexcept {
    return m_state->written;
}

std::uint64_t ResumableSafetensors::bytesWritten() const noexcept {
    return m_state->offsetOf(m_state->written);
}

std::uint64_t ResumableSafetensors::bytesTotal() const noexcept {
    return m_state->offsetOf(m_state->plan.tensors.size());
}

Result<> ResumableSafetensors::append(std::span<const std::byte> bytes, const CancelToken& cancel) {
    State& state = *m_state;
    if (state.written == state.plan.tensors.size() || bytes.size() != state.sizeOf(state.written))
        return fail(ErrorCode::internal,
                    "cannot write " + state.path.string() + ": a tensor has another size than announced");
    Sha256 digest;
    std::uint64_t offset = state.offsetOf(state.written);
    while (!bytes.empty()) {
        LIPAR_TRY(cancel.check());
        const auto part = bytes.first(std::min(bytes.size(), kAtOnce));
        if (const int problem = writeAt(state.file.value(), offset, part); problem != 0)
            return cannotWrite(partOf(state.path), problem);
        addTo(digest, part);
        offset += part.size();
        bytes = bytes.subspan(part.size());
    }
    LIPAR_ASSIGN(const std::string line, digest.digest());
    LIPAR_TRY(state.record(line + '\n'));
    ++state.written;
    return {};
}

Result<> ResumableSafetensors::finish() {
    State& state = *m_state;
    if (state.isWhole)
        return {};
    if (state.written != state.plan.tensors.size())
        return fail(ErrorCode::internal, "cannot finish " + state.path.string() + ": tensors are missing");
    if (::fsync(state.file.value()) != 0 || ::rename(partOf(state.path).c_str(), state.path.c_str()) != 0)
        return cannotWrite(state.path, errno);
    state.isWhole = true;
    return {};
}

void ResumableSafetensors::forget(const fs::path& path) {
    std::error_code ignored;
    fs::remove(journalOf(path), ignored);
}

}  // namespace lipar::weights
