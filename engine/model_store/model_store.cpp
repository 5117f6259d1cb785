#include "engine/model_store/model_store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/model_store/model_folder.h"
#include "engine/model_store/partial_file.h"
#include "engine/weights/hash.h"
#include "engine/weights/manifest.h"
#include "engine/weights/mapped_file.h"
#include "engine/weights/tensor_file.h"

namespace lipar::model_store {
namespace fs = std::filesystem;

namespace {

// Names of the files of a model that is there, with the part that each is.
std::vector<std::pair<std::string, std::string>> namedFiles(const weights::ModelManifest& manifest) {
    std::vector<std::pair<std::string, std::string>> files;
    for (const std::string& name : manifest.dit.files)
        files.emplace_back("transformer", name);
    for (const auto& [part, vae] : {std::pair("vae", &manifest.vae), std::pair("full-vae", &manifest.vaeFull)})
        if (*vae)
            for (const std::string& name : (*vae)->files)
                files.emplace_back(part, name);
    if (manifest.text) {
        for (const std::string& name : manifest.text->files)
            files.emplace_back("text-encoder", name);
        if (!manifest.text->tokenizer.empty())
            files.emplace_back("tokenizer", manifest.text->tokenizer);
    }
    return files;
}

// A model that does not have the catalogue's model.json is somebody's own making, whatever its name.
bool isOfCatalogue(const CatalogueModel& model, const fs::path& directory) {
    const auto mapped = weights::MappedFile::open(directory / "model.json");
    if (!mapped)
        return true;
    const std::string_view text(reinterpret_cast<const char*>(mapped->bytes().data()), mapped->bytes().size());
    const auto manifest = weights::parseManifest(std::string(text), "model.json");
    const auto ours = weights::parseManifest(model.manifest, "catalogue");
    return !manifest || !ours || namedFiles(*manifest) == namedFiles(*ours);
}

std::uint64_t sizeOf(const fs::path& path) {
    std::error_code missing;
    const auto size = fs::file_size(path, missing);
    return missing ? 0 : size;
}

void sumUp(ModelEntry& entry) {
    bool all = true, some = false, damaged = !entry.problem.empty();
    for (const ModelFileEntry& file : entry.files) {
        damaged = damaged || file.state == ModelFileState::damaged;
        some = some || file.bytesPresent > 0;
        entry.inUse = entry.inUse || FileLock::isHeld(entry.directory / file.name);
        if (file.optional)
            continue;
        all = all && file.state == ModelFileState::present;
        entry.bytes += file.bytes;
        entry.bytesPresent += std::min(file.bytesPresent, file.bytes);
    }
    std::error_code ignored;
    entry.inUse = entry.inUse || FileLock::isHeld(entry.directory / "model.json");  // an engine has it in memory
    const bool isModel = fs::exists(entry.directory / "model.json", ignored);
    entry.state = damaged          ? ModelState::damaged
                  : all && isModel ? ModelState::installed
                  : some           ? ModelState::partial
                                   : ModelState::notInstalled;
    entry.busy = FileLock::isHeld(entry.directory / kLockName);
    entry.fit.diskBytes = entry.bytes - entry.bytesPresent;
    entry.fit.diskFree = freeBytes(entry.directory);
}

}  // namespace

Result<ModelStore> ModelStore::open(ModelFolders folders) {
    const fs::path file = findCatalogue(folders.shipped);
    std::error_code ignored;
    if (!fs::exists(file, ignored))
        return ModelStore(std::move(folders), {});
    LIPAR_ASSIGN(Catalogue catalogue, readCatalogue(file));
    return ModelStore(std::move(folders), std::move(catalogue));
}

fs::path ModelStore::directoryFor(const std::string& name) const {
    const fs::path found = m_folders.directoryOf(name);
    return found.empty() ? m_folders.user / name : found;
}

ModelEntry ModelStore::describe(const CatalogueModel& model) const {
    const fs::path directory = directoryFor(model.name);
    ModelEntry entry;
    if (model.builtIn || !isOfCatalogue(model, directory)) {
        entry = describe(directory);
    } else {
        entry.directory = directory;
        const InstallRecord record = readRecord(directory);
        for (const CatalogueFile& file : model.files)
            entry.files.push_back(describeFile(file, directory, record));
        if (const auto manifest = weights::readManifest(directory);
            !manifest && manifest.error().code == ErrorCode::modelDamaged)
            entry.problem = manifest.error().message;
        sumUp(entry);
    }
    entry.name = model.name;
    entry.title = model.title;
    entry.summary = model.summary;
    entry.license = model.license;
    entry.inCatalogue = true;
    entry.builtIn = model.builtIn;
    entry.fit.hostBytes = model.hostBytes;
    return entry;
}

ModelEntry ModelStore::describe(const fs::path& directory) const {
    ModelEntry entry;
    entry.name = entry.title = directory.filename().string();
    entry.directory = directory;
    entry.builtIn = entry.name == kBuiltInModel;
    const auto manifest = weights::readManifest(directory);
    if (!manifest) {
        entry.problem = manifest.error().message;
        sumUp(entry);
        return entry;
    }
    entry.title = manifest->name;
    entry.license = manifest->license;
    const InstallRecord record = readRecord(directory);
    for (const auto& [part, name] : namedFiles(*manifest)) {
        CatalogueFile file;
        file.part = part;
        file.name = name;
        file.kind = part == "tokenizer" ? FileKind::sentencePiece : FileKind::tensors;
        ModelFileEntry described = describeFile(file, directory, record);
        described.origin.clear();
        if (described.state == ModelFileState::missing) {
            described.state = ModelFileState::damaged;
            described.problem = "it is missing";
        }
        entry.files.push_back(std::move(described));
    }
    sumUp(entry);
    return entry;
}

std::vector<ModelEntry> ModelStore::entries() const {
    std::vector<ModelEntry> entries;
    for (const CatalogueModel& model : m_catalogue.models)
        entries.push_back(describe(model));
    for (const fs::path& directory : m_folders.installed())
        if (!m_catalogue.find(directory.filename().string()))
            entries.push_back(describe(directory));
    std::ranges::stable_partition(entries, &ModelEntry::builtIn);
    return entries;
}

Result<ModelEntry> ModelStore::entry(const std::string& name) const {
    if (const CatalogueModel* const model = m_catalogue.find(name))
        return describe(*model);
    const fs::path directory = m_folders.directoryOf(name);
    if (directory.empty())
        return fail(
            ErrorCode::modelMissing,
            "model " + name + " was not found: it is neither in the catalogue nor in " + m_folders.user.string(),
            "see `lipar models list`");
    return describe(directory);
}

Result<VerifyResult> ModelStore::verify(const std::string& name, const TransferSink& sink,
                                        const CancelToken& cancel) const {
    LIPAR_ASSIGN(const ModelEntry entry, this->entry(name));
    if (entry.state == ModelState::notInstalled)
        return fail(ErrorCode::modelMissing, "model " + name + " is not installed",
                    "install it with `lipar models install " + name + "`");
    // Where the folder cannot be written to, or is being changed, what is found is told and not written down; nor is it
    // for the model that belongs to the program.
    auto folder = entry.builtIn ? Result<ModelFolder>(std::unexpected(Error{})) : ModelFolder::claim(entry.directory);
    InstallRecord record = readRecord(entry.directory);
    VerifyResult result{.files = entry.files, .tensors = 0};
    TransferMeter meter(name, sink);
    std::uint64_t total = 0;
    const auto isThere = [&](const ModelFileEntry& file) {
        std::error_code ignored;
        return fs::is_regular_file(entry.directory / file.name, ignored);
    };
    for (const ModelFileEntry& file : result.files)
        total += isThere(file) ? sizeOf(entry.directory / file.name) : 0;
    meter.begin(0, total);
    for (ModelFileEntry& file : result.files) {
        if (!isThere(file))
            continue;
        const fs::path path = entry.directory / file.name;
        const std::uint64_t size = sizeOf(path);
        meter.beginFile(file.name, size);
        const auto onRead = [&](std::uint64_t done) { meter.show(TransferPhase::checking, done, size); };
        LIPAR_ASSIGN(const std::string sha256, weights::sha256OfFile(path, cancel, onRead));
        meter.endFile(size);
        RecordedFile& recorded = record[file.name];
        recorded.problem.clear();
        if (recorded.sha256.empty())  // nobody vouches for it, so that from now on it shall stay as it is
            recorded = {.bytes = size, .sha256 = sha256, .origin = file.origin, .vouched = false, .problem = {}};
        else if (recorded.sha256 != sha256)
            recorded.problem = size != recorded.bytes
                                   ? "it has " + std::to_string(size) + " bytes, not " + std::to_string(recorded.bytes)
                                   : "its bytes are not those that were installed (SHA-256 " + sha256 + ", not " +
                                         recorded.sha256 + ")";
        if (file.part != "tokenizer") {
            const auto tensors = weights::TensorFile::open(path);
            if (tensors)
                result.tensors += tensors->tensors().size();
            else if (recorded.problem.empty())
                recorded.problem = tensors.error().message;
        }
        file.problem = recorded.problem;
        file.sha256 = recorded.sha256;
        file.state = recorded.problem.empty() ? ModelFileState::present : ModelFileState::damaged;
    }
    if (folder)
        (void)folder->remember(std::move(record));
    return result;
}

Result<std::uint64_t> ModelStore::remove(const std::string& name) const {
    LIPAR_ASSIGN(const ModelEntry entry, this->entry(name));
    std::error_code ignored;
    if (entry.builtIn)
        return fail(ErrorCode::invalidArgument,
                    "model " + name + " cannot be removed: it is the one that came with the program");
    if (!fs::is_directory(entry.directory, ignored))
        return fail(ErrorCode::modelMissing, "model " + name + " is not installed: there is nothing to remove");
    if (!m_folders.shipped.empty() && fs::equivalent(entry.directory.parent_path(), m_folders.shipped, ignored) &&
        !fs::equivalent(m_folders.user, m_folders.shipped, ignored))
        return fail(ErrorCode::invalidArgument, "model " + name + " cannot be removed: it came with the program");
    LIPAR_ASSIGN(const ModelFolder folder, ModelFolder::claim(entry.directory));
    LIPAR_TRY(checkNotInUse(entry.directory / "model.json"));
    std::set<fs::path> files{"model.json", kRecordName};
    for (const ModelFileEntry& file : entry.files) {
        LIPAR_TRY(checkNotInUse(entry.directory / file.name));
        files.insert({file.name, partOf(file.name), partStateOf(file.name)});
    }
    for (const auto& [recorded, details] : folder.record())
        files.insert({recorded, partOf(recorded), partStateOf(recorded)});
    std::uint64_t freed = 0;
    const auto removeFile = [&](const fs::path& path) -> Result<> {
        std::error_code problem;
        // Of a link, hard or symbolic, the bytes stay where they came from.
        const bool isOwn =
            fs::is_regular_file(fs::symlink_status(path, problem)) && fs::hard_link_count(path, problem) == 1;
        freed += isOwn ? fs::file_size(path, problem) : 0;
        fs::remove(path, problem);
        if (problem)
            return fail(ErrorCode::outputFailed, "cannot remove " + path.string() + ": " + problem.message(),
                        "check whether you may write there");
        return {};
    };
    // No longer a model first, so that nobody finds half of one.
    LIPAR_TRY(removeFile(entry.directory / "model.json"));
    for (const fs::path& file : files)
        LIPAR_TRY(removeFile(entry.directory / file));
    return freed;
}

}  // namespace lipar::model_store
