#include "engine/model_store/model_folder.h"

#include <signal.h>
#include <sys/types.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "engine/model_store/partial_file.h"
#include "engine/weights/tensor_file.h"

namespace lipar::model_store {
namespace fs = std::filesystem;

namespace {

using namespace std::chrono_literals;

constexpr auto kShowEvery = 200ms;
constexpr auto kRateOver = 5s;

// ".NAME.part-PID-N.json", as PendingFile calls what it writes: of a program that is no more.
bool isOfAnEndedProgram(const std::string& name) {
    const std::size_t at = name.rfind(".part-");
    if (!name.starts_with('.') || !name.ends_with(".json") || at == std::string::npos)
        return false;
    const long process = std::strtol(name.c_str() + at + 6, nullptr, 10);
    return process > 0 && ::kill(pid_t(process), 0) != 0 && errno == ESRCH;
}

// What a killed program left of descriptions and imports, and states of parts that have their name already.
void sweep(const fs::path& directory) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(directory, ignored)) {
        const std::string name = entry.path().filename().string();
        const bool isState =
            name.ends_with(".part.json") && !fs::exists(fs::path(entry.path()).replace_extension(), ignored);
        if (isState || name.ends_with(kImportSuffix) || isOfAnEndedProgram(name))
            fs::remove(entry.path(), ignored);
    }
}

}  // namespace

Result<ModelFolder> ModelFolder::claim(const fs::path& directory) {
    std::error_code problem;
    fs::create_directories(directory, problem);
    if (problem)
        return fail(ErrorCode::outputFailed, "cannot make the folder " + directory.string() + ": " + problem.message(),
                    "choose another models folder (LIPAR_MODELS)");
    auto lock = FileLock::claim(directory / kLockName);
    if (!lock && lock.error().code == ErrorCode::inUse)
        return fail(ErrorCode::inUse,
                    "model " + directory.filename().string() + " is being changed: another program is at work on it",
                    "wait until it has finished");
    if (!lock)
        return std::unexpected(lock.error());
    ModelFolder folder(directory, std::move(*lock));
    sweep(directory);
    folder.m_record = readRecord(directory);
    return folder;
}

ModelFolder::~ModelFolder() {
    if (!m_lock.holds())
        return;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(m_directory, ignored))
        if (entry.path().filename() != kLockName)
            return;
    fs::remove(m_directory / kLockName, ignored);
    fs::remove(m_directory, ignored);
}

Result<> ModelFolder::place(const std::string& name, RecordedFile file, const std::function<Result<>()>& rename) {
    const fs::path target = m_directory / name;
    std::error_code ignored;
    FileLock lock;
    if (fs::exists(target, ignored)) {
        LIPAR_ASSIGN(lock, FileLock::own(target));
    }
    // The record first: a file without one would be somebody else's.
    InstallRecord record = m_record;
    record[name] = std::move(file);
    LIPAR_TRY(remember(std::move(record)));
    return rename();
}

Result<> ModelFolder::remember(InstallRecord record) {
    LIPAR_TRY(writeRecord(m_directory, record));
    m_record = std::move(record);
    return {};
}

Result<> ModelFolder::complete(const CatalogueModel& model) {
    for (const CatalogueFile& file : model.files)
        if (!file.optional && describeFile(file, m_directory, m_record).state != ModelFileState::present)
            return {};
    std::error_code ignored;
    if (fs::exists(m_directory / "model.json", ignored))
        return {};
    LIPAR_TRY(writeTextFile(m_directory / "model.json", model.manifest));
    syncFolder(m_directory);
    return {};
}

ModelFileEntry describeFile(const CatalogueFile& file, const fs::path& directory, const InstallRecord& record) {
    ModelFileEntry entry;
    entry.part = file.part;
    entry.purpose = file.purpose;
    entry.name = file.name;
    entry.origin = file.origin();
    entry.license = file.license;
    entry.bytes = file.bytes;
    entry.exactSize = file.exactSize;
    entry.optional = file.optional;
    const fs::path path = directory / file.name;
    const auto recorded = record.find(file.name);
    if (recorded != record.end()) {
        entry.sha256 = recorded->second.sha256;
        entry.bytes = recorded->second.bytes;
        entry.exactSize = true;
    }
    std::error_code missing;
    const auto size = fs::file_size(path, missing);
    if (missing && fs::is_symlink(fs::symlink_status(path, missing))) {
        entry.state = ModelFileState::damaged;
        entry.problem = "the file that it refers to is gone";
        return entry;
    }
    entry.bytesPresent = partialBytes(path);
    entry.state = entry.bytesPresent > 0 ? ModelFileState::partial : ModelFileState::missing;
    if (missing)
        return entry;
    if (entry.exactSize && size != entry.bytes)
        entry.problem = "it has " + std::to_string(size) + " bytes, not " + std::to_string(entry.bytes);
    else if (recorded != record.end())
        entry.problem = recorded->second.problem;
    else if (const auto tensors = weights::TensorFile::open(path); file.kind == FileKind::tensors && !tensors)
        entry.problem = tensors.error().message;
    entry.state = entry.problem.empty() ? ModelFileState::present : ModelFileState::damaged;
    if (!entry.problem.empty())
        return entry;
    entry.bytes = entry.bytesPresent = size;
    entry.exactSize = true;
    return entry;
}

Result<> checkNotInUse(const fs::path& file) {
    std::error_code ignored;
    if (!fs::exists(file, ignored))
        return {};
    LIPAR_ASSIGN(const FileLock lock, FileLock::own(file));
    return {};
}

std::uint64_t freeBytes(fs::path directory) {
    std::error_code ignored;
    directory = fs::absolute(directory, ignored);
    while (!fs::exists(directory, ignored) && directory.has_relative_path())
        directory = directory.parent_path();
    const fs::space_info space = fs::space(directory, ignored);
    return ignored ? 0 : space.available;
}

Result<> checkRoom(const fs::path& directory, std::uint64_t bytes) {
    const std::uint64_t free = freeBytes(directory);
    if (bytes == 0 || free == 0 || free >= bytes + kDiskMargin)
        return {};
    return fail(ErrorCode::diskFull,
                "there is no room for the model in " + directory.string() + ": " + readableBytes(bytes) +
                    " are wanted and " + readableBytes(free) + " free",
                "free some space, or choose another models folder (LIPAR_MODELS)");
}

std::string readableBytes(std::uint64_t bytes) {
    constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
    auto value = double(bytes);
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit)
        value /= 1024;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), unit == 0 || value >= 99.95 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
    return text.data();
}

void TransferMeter::beginFile(const std::string& name, std::uint64_t expected) {
    m_state.file = name;
    m_state.fileDone = 0;
    m_state.fileTotal = m_expected = expected;
    m_isNews = true;
}

void TransferMeter::show(TransferPhase phase, std::uint64_t done, std::uint64_t total, const std::string& note) {
    const auto now = Clock::now();
    m_isNews = m_isNews || phase != m_state.phase;
    if (phase != m_state.phase)
        m_recent.clear();
    if (total != 0 && total != m_expected) {  // the catalogue's size was approximate
        m_state.total = m_state.total - m_expected + total;
        m_expected = total;
    }
    m_state.phase = phase;
    m_state.fileDone = done;
    m_state.fileTotal = m_expected;
    m_state.done = m_before + done;
    m_state.note = note;
    measure(now);
    const bool isEnd = m_expected != 0 && done == m_expected;
    if (!m_isNews && !isEnd && now - m_shown < kShowEvery)
        return;
    m_isNews = false;
    m_shown = now;
    if (m_sink)
        m_sink(m_state);
}

void TransferMeter::endFile(std::uint64_t bytes) {
    m_state.total = m_state.total - m_expected + bytes;
    m_expected = 0;
    m_before += bytes;
    m_state.done = m_before;
}

void TransferMeter::measure(Clock::time_point now) {
    if (m_recent.empty() || now - m_recent.back().first >= 100ms)
        m_recent.emplace_back(now, m_state.done);
    while (m_recent.size() > 2 && now - m_recent.front().first > kRateOver)
        m_recent.pop_front();
    const double seconds = std::chrono::duration<double>(now - m_recent.front().first).count();
    const bool isKnown =
        seconds > 0.5 && m_state.done >= m_recent.front().second && m_state.phase != TransferPhase::waiting;
    m_state.bytesPerSecond = isKnown ? double(m_state.done - m_recent.front().second) / seconds : 0;
    m_state.secondsLeft = m_state.bytesPerSecond > 0 && m_state.total >= m_state.done
                              ? double(m_state.total - m_state.done) / m_state.bytesPerSecond
                              : -1;
}

}  // namespace lipar::model_store
