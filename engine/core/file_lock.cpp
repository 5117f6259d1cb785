#include "engine/core/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>
#include <utility>

namespace lipar {
namespace {

// A named pipe must not hold us up.
constexpr int kFlags = O_CLOEXEC | O_NONBLOCK;

bool isTaken(int descriptor, int operation) {
    int result = 0;
    do
        result = ::flock(descriptor, operation | LOCK_NB);
    while (result != 0 && errno == EINTR);
    return result != 0 && errno == EWOULDBLOCK;
}

// isHeld() looks in for a moment; that alone must turn nobody away.
bool isTakenForLong(int descriptor, int operation, int attempts, std::chrono::milliseconds wait) {
    for (int attempt = 0; attempt < attempts; ++attempt) {
        if (!isTaken(descriptor, operation))
            return false;
        std::this_thread::sleep_for(wait);
    }
    return true;
}

}  // namespace

FileLock::FileLock(FileLock&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

FileLock::~FileLock() {
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

FileLock FileLock::share(const std::filesystem::path& file) {
    using namespace std::chrono_literals;
    FileLock lock(::open(file.c_str(), O_RDONLY | kFlags));
    if (lock.m_descriptor >= 0 && isTakenForLong(lock.m_descriptor, LOCK_SH, 5, 2ms))
        return {};
    return lock;
}

Result<FileLock> FileLock::own(const std::filesystem::path& file) {
    using namespace std::chrono_literals;
    FileLock lock(::open(file.c_str(), O_RDONLY | kFlags));
    if (lock.m_descriptor < 0)
        return fail(ErrorCode::modelMissing, "cannot open " + file.string() + ": " + std::strerror(errno),
                    "check the path and whether you may read it");
    if (!isTakenForLong(lock.m_descriptor, LOCK_EX, 20, 50ms))
        return lock;
    return fail(ErrorCode::inUse, file.string() + " is in use: a program has it open",
                "close the programs that work with this model, then try again");
}

Result<FileLock> FileLock::claim(const std::filesystem::path& file) {
    using namespace std::chrono_literals;
    for (;;) {
        FileLock lock(::open(file.c_str(), O_RDWR | O_CREAT | kFlags, 0644));
        if (lock.m_descriptor < 0)
            return fail(ErrorCode::outputFailed, "cannot write " + file.string() + ": " + std::strerror(errno),
                        "choose a folder you may write to");
        if (isTakenForLong(lock.m_descriptor, LOCK_EX, 20, 5ms))
            return fail(ErrorCode::inUse, file.string() + " is held: another program is at work there",
                        "wait until it has finished");
        // Its last holder may have removed the file, so that another one has its name now.
        struct stat held {
        }, named{};
        if (::fstat(lock.m_descriptor, &held) == 0 && ::stat(file.c_str(), &named) == 0 && held.st_ino == named.st_ino)
            return lock;
    }
}

bool FileLock::isHeld(const std::filesystem::path& file) {
    const FileLock lock(::open(file.c_str(), O_RDONLY | kFlags));
    return lock.m_descriptor >= 0 && isTaken(lock.m_descriptor, LOCK_EX);
}

}  // namespace lipar
