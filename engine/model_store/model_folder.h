// Private to engine/model_store: one model's folder, held by one program, and what the store knows of files in it.
#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <string>
#include <utility>

#include "engine/core/file_lock.h"
#include "engine/core/result.h"
#include "engine/model_store/catalogue.h"
#include "engine/model_store/install_record.h"
#include "engine/model_store/model_store.h"

namespace lipar::model_store {

inline constexpr const char* kImportSuffix = ".import";  // of a file that is being copied or linked

// A folder that is being changed. Ownership: the lock goes with the object.
class ModelFolder {
public:
    // Makes the folder where it is missing, and removes what an ended program left of small files. Errors: inUse,
    // outputFailed.
    [[nodiscard]] static Result<ModelFolder> claim(const std::filesystem::path& directory);
    ModelFolder(ModelFolder&&) noexcept = default;
    ModelFolder& operator=(ModelFolder&&) noexcept = default;
    ~ModelFolder();  // a folder in which nothing is left goes too

    [[nodiscard]] const std::filesystem::path& directory() const noexcept { return m_directory; }
    [[nodiscard]] const InstallRecord& record() const noexcept { return m_record; }

    // Remembers a file, and then calls `rename`, which gives it its name. Errors: inUse (an older one of that name is
    // open), those of `rename`, diskFull, outputFailed.
    [[nodiscard]] Result<> place(const std::string& name, RecordedFile file, const std::function<Result<>()>& rename);
    [[nodiscard]] Result<> remember(InstallRecord record);
    // Writes model.json when every file that the model needs is there.
    [[nodiscard]] Result<> complete(const CatalogueModel& model);

private:
    ModelFolder(std::filesystem::path directory, FileLock lock)
        : m_directory(std::move(directory)), m_lock(std::move(lock)) {}

    std::filesystem::path m_directory;
    FileLock m_lock;
    InstallRecord m_record;
};

// The entry of one file as it lies in `directory`.
[[nodiscard]] ModelFileEntry describeFile(const CatalogueFile& file, const std::filesystem::path& directory,
                                          const InstallRecord& record);
// Errors: inUse. A file that is not there is not in use.
[[nodiscard]] Result<> checkNotInUse(const std::filesystem::path& file);
// Room of the disk that `directory`, which may not be there yet, would lie on. 0: not known.
[[nodiscard]] std::uint64_t freeBytes(std::filesystem::path directory);
// Error: diskFull, with figures.
[[nodiscard]] Result<> checkRoom(const std::filesystem::path& directory, std::uint64_t bytes);

// Turns bytes of single files into the progress of a job: totals, rate over the last seconds, time left; calls the sink
// a few times a second. Thread: one at a time.
class TransferMeter {
public:
    TransferMeter(std::string model, const TransferSink& sink) : m_sink(sink) { m_state.model = std::move(model); }

    void begin(std::uint64_t done, std::uint64_t total) {
        m_state.done = m_before = done;
        m_state.total = total;
    }
    // `expected` is what begin() counted for this file.
    void beginFile(const std::string& name, std::uint64_t expected);
    void show(TransferPhase phase, std::uint64_t done, std::uint64_t total, const std::string& note = {});
    // The file has `bytes`, all there.
    void endFile(std::uint64_t bytes);

private:
    using Clock = std::chrono::steady_clock;
    void measure(Clock::time_point now);

    const TransferSink& m_sink;
    TransferState m_state;
    std::uint64_t m_before = 0;    // of the files before this one
    std::uint64_t m_expected = 0;  // of this one, as counted in the total
    std::deque<std::pair<Clock::time_point, std::uint64_t>> m_recent;
    Clock::time_point m_shown;
    bool m_isNews = true;
};

}  // namespace lipar::model_store
