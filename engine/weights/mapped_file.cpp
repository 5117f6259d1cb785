#include "engine/weights/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace lipar::weights {
namespace {

class Descriptor {
public:
    // O_NONBLOCK: a named pipe must not hold us up; it changes nothing for regular files.
    explicit Descriptor(const std::filesystem::path& path) : m_value(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (m_value >= 0)
            ::close(m_value);
    }
    [[nodiscard]] int value() const noexcept { return m_value; }

private:
    const int m_value;
};

}  // namespace

Result<MappedFile> MappedFile::open(const std::filesystem::path& path, ErrorCode missing) {
    const auto unreadable = [&](const std::string& reason) {
        return fail(missing, "cannot open " + path.string() + ": " + reason, "check the path and whether you may read it");
    };
    const Descriptor descriptor(path);
    if (descriptor.value() < 0)
        return unreadable(std::strerror(errno));
    struct stat status {};
    if (::fstat(descriptor.value(), &status) != 0)
        return unreadable(std::strerror(errno));
    if (S_ISDIR(status.st_mode))
        return unreadable("it is a folder");
    if (!S_ISREG(status.st_mode))
        return unreadable("it is not a regular file");
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0)
        return MappedFile();
    void* const address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor.value(), 0);
    if (address == MAP_FAILED)
        return unreadable(std::strerror(errno));
    return MappedFile(std::span(static_cast<const std::byte*>(address), size), FileLock::share(path));
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_bytes(std::exchange(other.m_bytes, {})), m_lock(std::move(other.m_lock)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(m_bytes, other.m_bytes);
    std::swap(m_lock, other.m_lock);
    return *this;
}

MappedFile::~MappedFile() {
    if (!m_bytes.empty())
        ::munmap(const_cast<std::byte*>(m_bytes.data()), m_bytes.size());
}

}  // namespace lipar::weights
