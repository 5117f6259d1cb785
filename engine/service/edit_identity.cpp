#include "engine/service/edit_identity.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <sstream>

#include "engine/core/pending_file.h"
#include "engine/service/engine.h"
#include "engine/weights/hash.h"

namespace lipar::service {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t kEnd = std::size_t(1) << 20;

// Digests of files and folders, by path and by what their times and sizes were. Thread: any.
class RememberedDigests {
public:
    Result<std::string> of(const std::string& name, const std::string& stamp, const std::function<Result<std::string>()>& compute) {
        const std::scoped_lock lock(m_mutex);  // held while computing: two lanes would compute the same
        auto& entry = m_entries[name];
        if (entry.stamp != stamp || entry.digest.empty()) {
            LIPAR_ASSIGN(entry.digest, compute());
            entry.stamp = stamp;
        }
        return entry.digest;
    }

private:
    struct Entry {
        std::string stamp, digest;
    };
    std::mutex m_mutex;
    std::map<std::string, Entry> m_entries;
};

RememberedDigests& remembered() {
    static RememberedDigests digests;
    return digests;
}

std::string stampOf(const fs::path& file) {
    std::error_code ignored;
    const auto time = fs::last_write_time(file, ignored).time_since_epoch().count();
    return std::to_string(fs::file_size(file, ignored)) + ":" + std::to_string(time);
}

Result<std::string> digestOfEnds(const fs::path& file) {
    return remembered().of("ends:" + file.string(), stampOf(file), [&] { return weights::sha256OfEnds(file, kEnd); });
}

Result<std::string> digestOfFile(const fs::path& file) {
    if (file.empty())
        return std::string("none");
    return remembered().of("file:" + file.string(), stampOf(file), [&] { return weights::sha256OfFile(file); });
}

// Digests of models that take seconds to read are kept from one start of the program to the next, one file for each
// state of a folder.
constexpr std::uintmax_t kWorthKeeping = std::uintmax_t(256) << 20;

fs::path fileOfDigest(const std::string& state) {
    const fs::path cache = findCacheFolder();
    const auto name = weights::sha256OfText(state);
    return cache.empty() || !name ? fs::path() : cache / "digests" / *name;
}

// Empty where there is none.
std::string readDigest(const fs::path& path) {
    std::ifstream file(path);
    std::string digest;
    std::getline(file, digest);
    const bool isWhole = digest.size() == 64 && digest.find_first_not_of("0123456789abcdef") == std::string::npos;
    return isWhole ? digest : std::string();
}

// A disk that refuses costs the next start some time and is no error.
void writeDigest(const fs::path& path, const std::string& digest) {
    std::error_code ignored;
    fs::create_directories(path.parent_path(), ignored);
    auto file = path.empty() ? Result<PendingFile>(std::unexpected(Error())) : PendingFile::create(path);
    if (!file)
        return;
    std::ofstream(file->path()) << digest << '\n';
    static_cast<void>(file->commit());
}

std::int64_t micros(double seconds) { return std::llround(seconds * 1e6); }

}  // namespace

Result<std::string> digestOfModel(const fs::path& directory, const CancelToken& cancel) {
    std::vector<std::string> files;
    std::error_code ignored;
    std::uintmax_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(directory, ignored)) {
        files.push_back(entry.path().lexically_relative(directory).string() + "=" + stampOf(entry.path()));
        const auto size = entry.file_size(ignored);
        bytes += ignored ? 0 : size;
    }
    std::ranges::sort(files);
    std::string stamp;
    for (const std::string& file : files)
        stamp += file + ";";
    return remembered().of("model:" + directory.string(), stamp, [&]() -> Result<std::string> {
        if (bytes < kWorthKeeping)
            return weights::sha256OfModel(directory, cancel);
        const fs::path kept = fileOfDigest(fs::absolute(directory, ignored).string() + "\n" + stamp);
        if (std::string digest = readDigest(kept); !digest.empty())
            return digest;
        LIPAR_ASSIGN(std::string digest, weights::sha256OfModel(directory, cancel));
        writeDigest(kept, digest);
        return digest;
    });
}

Result<EditIdentity> identityOf(const EditBasis& basis, const EditSettings& settings, const CancelToken& cancel) {
    const fs::path& input = basis.media.path;
    std::error_code ignored;
    LIPAR_ASSIGN(const std::string source, digestOfEnds(input));
    LIPAR_ASSIGN(const std::string model, digestOfModel(basis.manifest.directory, cancel));
    LIPAR_ASSIGN(const std::string protectedRegion, digestOfFile(settings.protectMask));
    LIPAR_ASSIGN(const std::string alwaysEdited, digestOfFile(settings.alwaysEditMask));
    LIPAR_ASSIGN(const std::string maskIn, digestOfFile(settings.maskIn));
    // A line each; texts with their length, so that no text can pass for another line. Numbers to their last bit.
    std::ostringstream text;
    text << std::hexfloat;
    text << "edit 1\nsource " << fs::file_size(input, ignored) << ":" << source << "\nmodel " << model << "\ndevice " << basis.device.info.kind << " "
         << basis.device.info.precision << "\nsize " << basis.size.width << "x" << basis.size.height << "\n";
    if (basis.manifest.vae->isFull())
        text << "vae " << basis.manifest.vae->kind << "\n";
    text << "prompt " << settings.prompt.size() << ":" << settings.prompt << "\n";
    auto changes = settings.promptChanges;
    std::ranges::stable_sort(changes, {}, &std::pair<double, std::string>::first);
    for (const auto& [seconds, prompt] : changes)
        text << "at " << micros(seconds) << " " << prompt.size() << ":" << prompt << "\n";
    text << "seed " << settings.seed << "\nsteps";
    for (const int step : basis.steps)
        text << " " << step;
    text << "\nshift " << basis.manifest.sampling.shift << "\n";
    if (settings.pruning)
        text << "pruning " << basis.tau1 << " " << basis.tau2 << " " << settings.minKept.value_or(0) << " " << settings.targetFps.value_or(0) << " "
             << recoveryName(settings.recovery) << "\n";
    text << "keys " << int(settings.keys) << "\nregions " << protectedRegion << " " << alwaysEdited << " " << maskIn << "\n";

    EditIdentity identity;
    LIPAR_ASSIGN(identity.key, weights::sha256OfText(text.str()));
    const double duration = basis.media.video.durationSeconds > 0 ? basis.media.video.durationSeconds : basis.media.durationSeconds;
    if (basis.media.video.averageRate.isValid())
        identity.frameSeconds = 1.0 / basis.media.video.averageRate.value();
    identity.range.begin = micros(std::max(0.0, settings.startSeconds.value_or(0)));
    // An end at or past the source's is no end: different roundings of a clip's duration name one run.
    const double end = settings.endSeconds.value_or(duration);
    identity.reachesEnd = duration <= 0 || end > duration - 0.5 * identity.frameSeconds;
    identity.range.end = identity.reachesEnd ? micros(duration) : micros(end);
    return identity;
}

}  // namespace lipar::service
