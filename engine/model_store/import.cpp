// Models out of files that are on this machine already.
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <set>

#include "engine/model_store/model_folder.h"
#include "engine/model_store/partial_file.h"
#include "engine/weights/hash.h"
#include "engine/weights/tensor_file.h"

namespace lipar::model_store {
namespace fs = std::filesystem;

namespace {

constexpr int kDeepest = 8;
constexpr std::size_t kMostFiles = 20'000;
constexpr std::uint64_t kSmallest = 1024;
constexpr double kSizeTolerance = 0.1;  // of the catalogue's approximate sizes

struct Candidate {
    fs::path path;
    std::uint64_t bytes = 0;
};

Result<std::vector<Candidate>> filesBelow(const fs::path& from, const CancelToken& cancel) {
    std::vector<Candidate> files;
    std::error_code problem;
    const auto add = [&](const fs::path& path) {
        std::error_code unreadable;
        const auto size = fs::file_size(path, unreadable);
        if (!unreadable && size >= kSmallest && fs::is_regular_file(path, unreadable))
            files.push_back({fs::absolute(path, unreadable), size});
    };
    if (fs::is_regular_file(from, problem)) {
        add(from);
        return files;
    }
    fs::recursive_directory_iterator folder(from, fs::directory_options::skip_permission_denied, problem);
    if (problem)
        return fail(ErrorCode::inputMissing, "cannot look into " + from.string() + ": " + problem.message(),
                    "check the path and whether you may read it");
    for (const fs::recursive_directory_iterator end; folder != end && files.size() < kMostFiles;
         folder.increment(problem)) {
        LIPAR_TRY(cancel.check());
        if (problem)
            break;
        if (folder.depth() >= kDeepest)
            folder.disable_recursion_pending();
        add(folder->path());
    }
    std::ranges::sort(files, {}, &Candidate::path);
    return files;
}

// A torch archive under a name that promises safetensors would mislead people, and the other way round.
bool isArchive(const fs::path& path) {
    const std::string extension = path.extension().string();
    return extension == ".pt" || extension == ".pth" || extension == ".ckpt" || extension == ".bin";
}

bool hasTensors(const CatalogueFile& file, const Candidate& candidate) {
    if (file.tensors.empty() || isArchive(file.name) != isArchive(candidate.path))
        return false;
    const auto tensors = weights::TensorFile::open(candidate.path);
    if (!tensors)
        return false;
    return std::ranges::all_of(file.tensors, [&](const auto& wanted) {
        const weights::TensorView* const tensor = tensors->find(wanted.first);
        return tensor != nullptr && tensor->shape == wanted.second;
    });
}

bool hasLikelySize(const CatalogueFile& file, std::uint64_t bytes) {
    const double difference = std::abs(double(bytes) - double(file.bytes));
    return file.exactSize ? difference == 0 : difference <= kSizeTolerance * double(file.bytes);
}

struct Match {
    const CatalogueFile* file = nullptr;
    Candidate candidate;
    std::string sha256;
    std::string recognisedBy;
};

// Moves bytes of one file to a model's folder, or names them there.
class Importer {
public:
    Importer(CopyMode mode, TransferMeter& meter, const CancelToken& cancel)
        : m_mode(mode), m_meter(meter), m_cancel(cancel) {}

    // Puts the file at `part`. Returns how.
    Result<std::string> bring(const Match& match, const fs::path& part);

private:
    static bool shareBlocks(const fs::path& from, const fs::path& to);
    Result<std::string> copy(const Match& match, const fs::path& part);

    const CopyMode m_mode;
    TransferMeter& m_meter;
    const CancelToken& m_cancel;
};

bool Importer::shareBlocks(const fs::path& from, const fs::path& to) {
    const int source = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
    const int target = ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    const bool shared = source >= 0 && target >= 0 && ::ioctl(target, FICLONE, source) == 0;
    for (const int descriptor : {source, target})
        if (descriptor >= 0)
            ::close(descriptor);
    if (!shared)
        ::unlink(to.c_str());
    return shared;
}

Result<std::string> Importer::copy(const Match& match, const fs::path& part) {
    const Candidate& source = match.candidate;
    LIPAR_TRY(checkRoom(part.parent_path(), source.bytes));
    const int from = ::open(source.path.c_str(), O_RDONLY | O_CLOEXEC);
    const int to = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    Result<> result;
    std::vector<char> buffer(std::size_t(1) << 20);
    std::uint64_t done = 0;
    weights::Sha256 digest;
    if (from < 0)
        result = fail(ErrorCode::inputMissing, "cannot read " + source.path.string(), "check whether you may read it");
    else if (to < 0)
        result = writeFailed(part, errno);
    while (result) {
        if (result = m_cancel.check(); !result)
            break;
        const ssize_t count = ::read(from, buffer.data(), buffer.size());
        if (count == 0)
            break;
        if (count < 0) {
            result = fail(ErrorCode::inputDamaged, "cannot read " + source.path.string() + " to its end",
                          "try another copy of it");
            break;
        }
        digest.add(std::span(buffer).first(std::size_t(count)));
        for (ssize_t at = 0; at < count && result;) {
            const ssize_t written = ::write(to, buffer.data() + at, std::size_t(count - at));
            if (written < 0)
                result = writeFailed(part, errno);
            at += std::max<ssize_t>(written, 0);
        }
        done += std::uint64_t(count);
        m_meter.show(TransferPhase::copying, done, source.bytes);
    }
    if (result && ::fsync(to) != 0)
        result = writeFailed(part, errno);
    if (result && digest.digest() != match.sha256)
        result = fail(ErrorCode::inputDamaged, source.path.string() + " has changed while it was copied",
                      "import it again when nothing writes to it");
    for (const int descriptor : {from, to})
        if (descriptor >= 0)
            ::close(descriptor);
    if (!result) {
        ::unlink(part.c_str());
        return std::unexpected(result.error());
    }
    return "copied";
}

Result<std::string> Importer::bring(const Match& match, const fs::path& part) {
    const Candidate& source = match.candidate;
    ::unlink(part.c_str());
    std::error_code problem;
    const auto refused = [&](const char* what) {
        return fail(ErrorCode::outputFailed,
                    "cannot " + std::string(what) + " " + source.path.string() + " in " + part.parent_path().string() +
                        ": " + problem.message(),
                    "leave the mode to the program");
    };
    if (m_mode == CopyMode::reference) {
        fs::create_symlink(source.path, part, problem);
        return problem ? Result<std::string>(refused("refer to")) : "referenced";
    }
    if (m_mode != CopyMode::link && shareBlocks(source.path, part))
        return "shared";
    if (m_mode != CopyMode::copy) {
        // The file itself, not a link to it.
        fs::create_hard_link(fs::canonical(source.path, problem), part, problem);
        if (!problem)
            return "linked";
        if (m_mode == CopyMode::link)
            return refused("link");
    }
    return copy(match, part);
}

// The digest that tells a file for sure; empty: none is known.
std::string knownDigest(const CatalogueFile& file, const InstallRecord& record) {
    if (!file.sha256.empty())
        return file.sha256;
    const auto recorded = record.find(file.name);
    return recorded != record.end() && recorded->second.vouched ? recorded->second.sha256 : std::string();
}

// The first of the candidates that is this file of the catalogue.
Result<std::optional<Match>> findMatch(const CatalogueFile& file, const std::string& digest,
                                       std::vector<Candidate> candidates, TransferMeter& meter,
                                       const CancelToken& cancel) {
    const auto isOfficialName = [&](const Candidate& candidate) { return candidate.path.filename() == file.name; };
    std::ranges::stable_partition(candidates, isOfficialName);
    for (Candidate& candidate : candidates) {
        LIPAR_TRY(cancel.check());
        std::string recognisedBy;
        if (!digest.empty() && hasLikelySize(file, candidate.bytes))
            recognisedBy = "digest";
        else if (digest.empty() && hasTensors(file, candidate))
            recognisedBy = "tensors";
        else if (digest.empty() && file.kind == FileKind::sentencePiece && isOfficialName(candidate) &&
                 hasLikelySize(file, candidate.bytes))
            recognisedBy = "name";
        else
            continue;
        meter.begin(0, candidate.bytes);
        meter.beginFile(file.name, candidate.bytes);
        const auto onRead = [&](std::uint64_t done) { meter.show(TransferPhase::checking, done, candidate.bytes); };
        LIPAR_ASSIGN(std::string sha256, weights::sha256OfFile(candidate.path, cancel, onRead));
        if (digest.empty() || sha256 == digest)
            return Match{&file, std::move(candidate), std::move(sha256), std::move(recognisedBy)};
    }
    return std::nullopt;
}

// Gives a file its place in the model's folder. Returns how.
Result<std::string> place(const Match& match, ModelFolder& folder, Importer importer) {
    const fs::path target = folder.directory() / match.file->name;
    const fs::path part = fs::path(target) += kImportSuffix;
    LIPAR_TRY(checkNotInUse(target));
    LIPAR_ASSIGN(std::string how, importer.bring(match, part));
    RecordedFile recorded{.bytes = match.candidate.bytes,
                          .sha256 = match.sha256,
                          .origin = match.file->origin(),
                          .vouched = match.recognisedBy == "digest",
                          .problem = {}};
    const auto rename = [&]() -> Result<> {
        if (::rename(part.c_str(), target.c_str()) != 0)
            return writeFailed(target, errno);
        ::unlink(partOf(target).c_str());  // of a download that is no longer wanted
        ::unlink(partStateOf(target).c_str());
        syncFolder(target.parent_path());
        return {};
    };
    if (const auto placed = folder.place(match.file->name, std::move(recorded), rename); !placed) {
        ::unlink(part.c_str());
        return std::unexpected(placed.error());
    }
    return how;
}

// Every file of one model that is among the candidates and not in its place yet. `known` becomes true where any is its.
Result<std::vector<ImportedFile>> importModel(const CatalogueModel& model, const fs::path& directory,
                                              const std::vector<Candidate>& candidates, CopyMode mode,
                                              const TransferSink& sink, const CancelToken& cancel, bool& known) {
    TransferMeter meter(model.name, sink);
    const InstallRecord record = readRecord(directory);
    std::vector<Match> matches;
    std::uint64_t total = 0;
    for (const CatalogueFile& file : model.files) {
        LIPAR_ASSIGN(auto match, findMatch(file, knownDigest(file, record), candidates, meter, cancel));
        known = known || match;
        if (!match || describeFile(file, directory, record).state == ModelFileState::present)
            continue;
        total += match->candidate.bytes;
        matches.push_back(std::move(*match));
    }
    std::vector<ImportedFile> imported;
    if (matches.empty())
        return imported;
    LIPAR_ASSIGN(ModelFolder folder, ModelFolder::claim(directory));
    meter.begin(0, total);
    for (const Match& match : matches) {
        meter.beginFile(match.file->name, match.candidate.bytes);
        LIPAR_ASSIGN(std::string how, place(match, folder, Importer(mode, meter, cancel)));
        meter.endFile(match.candidate.bytes);
        imported.push_back({model.name, match.file->name, match.candidate.path, std::move(how), match.recognisedBy});
    }
    LIPAR_TRY(folder.complete(model));
    return imported;
}

}  // namespace

Result<std::vector<ImportedFile>> ModelStore::import(const fs::path& from, const std::string& name, CopyMode mode,
                                                     const TransferSink& sink, const CancelToken& cancel) const {
    if (!name.empty())
        LIPAR_TRY(installable(name));
    LIPAR_ASSIGN(const std::vector<Candidate> candidates, filesBelow(from, cancel));
    std::vector<ImportedFile> imported;
    bool known = false;
    for (const CatalogueModel& model : m_catalogue.models) {
        if (model.builtIn || (!name.empty() && model.name != name))
            continue;
        LIPAR_ASSIGN(const auto files,
                     importModel(model, directoryFor(model.name), candidates, mode, sink, cancel, known));
        imported.insert(imported.end(), files.begin(), files.end());
    }
    if (!known)
        return fail(ErrorCode::inputUnsupported,
                    "nothing to import from " + from.string() + ": none of its files is one of " +
                        (name.empty() ? "a model of the catalogue" : "model " + name),
                    "see `lipar models show` for the files that a model has");
    return imported;
}

}  // namespace lipar::model_store
