// Fetching: install and repair.
#include <algorithm>
#include <cstdlib>
#include <optional>

#include "engine/core/log.h"
#include "engine/model_store/download.h"
#include "engine/model_store/model_folder.h"
#include "engine/model_store/partial_file.h"
#include "engine/model_store/tokens.h"
#include "engine/weights/tensor_file.h"

namespace lipar::model_store {
namespace fs = std::filesystem;

namespace {

std::string orEnvironment(const std::string& chosen, const char* name) {
    if (!chosen.empty())
        return chosen;
    const char* const value = std::getenv(name);
    return value != nullptr ? value : "";
}

// Where nobody vouched for the bytes, that they are a file of the right kind is all that can be asked: not a page of a
// portal.
Result<> checkContents(const CatalogueFile& file, const fs::path& path) {
    if (file.kind != FileKind::tensors)
        return {};
    const auto tensors = weights::TensorFile::open(path);
    if (!tensors)
        return fail(ErrorCode::modelDamaged,
                    "what was received as " + file.origin() + " holds no tensors: " + tensors.error().message,
                    "check who answers in place of the server, or choose another mirror");
    return {};
}

class Fetcher {
public:
    Fetcher(const DownloadSettings& settings, TransferMeter& meter, const CancelToken& cancel)
        : m_settings(settings),
          m_mirror(orEnvironment(settings.mirror, "LIPAR_MODEL_MIRROR")),
          m_token(orEnvironment(settings.token, "LIPAR_MODEL_TOKEN")),
          m_client({.proxy = settings.proxy,
                    .caFile = orEnvironment(settings.caFile.string(), "LIPAR_CA_FILE"),
                    .stallSeconds = std::max(settings.stallSeconds, 1),
                    .bytesPerSecond = settings.bytesPerSecond}),
          m_meter(meter),
          m_cancel(cancel) {}

    // Errors: invalidArgument.
    Result<> checkSettings() const {
        if (!m_token.empty())
            LIPAR_TRY(checkToken(m_token));
        if (!m_mirror.empty() && hostOf(m_mirror).empty())
            return fail(ErrorCode::invalidArgument,
                        "the mirror " + m_mirror + " cannot be used: it is no https address",
                        "give an address that begins with https://");
        return {};
    }

    Result<InstallResult> fetch(const CatalogueFile& file, ModelFolder& folder);

private:
    Result<Downloaded> receive(const CatalogueFile& file, const fs::path& directory, PartialFile& part);
    [[nodiscard]] std::string tokenFor(const CatalogueFile& file) const {
        return file.takesToken || !m_mirror.empty() ? m_token : std::string();
    }

    const DownloadSettings& m_settings;
    const std::string m_mirror;
    std::string m_token;
    HttpClient m_client;
    TransferMeter& m_meter;
    const CancelToken& m_cancel;
    bool m_isKept = false;
};

Result<Downloaded> Fetcher::receive(const CatalogueFile& file, const fs::path& directory, PartialFile& part) {
    const RemoteFile remote{.url = m_mirror.empty() ? file.url : file.mirroredUrl(m_mirror),
                            .origin = file.origin(),
                            .sha256 = file.sha256};
    const DownloadEvents events{[this](TransferPhase phase, std::uint64_t done, std::uint64_t total,
                                       const std::string& note) { m_meter.show(phase, done, total, note); },
                                [&](std::uint64_t remaining) { return checkRoom(directory, remaining); }};
    const RetryRule rule{m_settings.retries, m_settings.retryWaitSeconds};
    std::string token = tokenFor(file);
    auto done = download(m_client, remote, token, rule, part, events, m_cancel);
    const bool mayAsk = token.empty() && (file.takesToken || !m_mirror.empty());
    // The keyring is asked only when it must be: it may want a password.
    if (!done && done.error().code == ErrorCode::accessDenied && mayAsk) {
        token = keptToken(hostOf(remote.url));
        if (!token.empty()) {
            m_token = token;
            return download(m_client, remote, token, rule, part, events, m_cancel);
        }
    }
    if (done && m_settings.keepToken && !m_settings.token.empty() && !token.empty() && !m_isKept) {
        m_isKept = true;
        if (const auto kept = keepToken(hostOf(remote.url), token); !kept)
            log(LogLevel::warning, kept.error().sentence());
    }
    return done;
}

Result<InstallResult> Fetcher::fetch(const CatalogueFile& file, ModelFolder& folder) {
    const fs::path target = folder.directory() / file.name;
    LIPAR_TRY(checkNotInUse(target));
    m_meter.beginFile(file.name, file.bytes);
    const std::uint64_t expected = partialBytes(target);
    const auto onReread = [&](std::uint64_t done) {
        m_meter.show(TransferPhase::rereading, done, std::max(expected, file.bytes));
    };
    LIPAR_ASSIGN(PartialFile part, PartialFile::open(target, onReread, m_cancel));
    auto done = receive(file, folder.directory(), part);
    if (done && !done->announced) {
        if (const auto sound = checkContents(file, partOf(target)); !sound)
            done = std::unexpected(sound.error());
    }
    if (!done) {
        // Nothing of use is left of bytes that were wrong, or of a file that is not given out.
        if (part.size() == 0 || done.error().code == ErrorCode::modelDamaged)
            part.discard();
        return std::unexpected(std::move(done).error());
    }
    const std::uint64_t size = part.size();
    RecordedFile recorded{
        .bytes = size, .sha256 = done->sha256, .origin = file.origin(), .vouched = done->announced, .problem = {}};
    LIPAR_TRY(folder.place(file.name, std::move(recorded), [&] { return part.commit(target); }));
    m_meter.endFile(size);
    return InstallResult{done->received, done->resumed};
}

bool isWanted(const ModelFileEntry& file, const std::vector<std::string>& parts) {
    return !file.optional || std::ranges::find(parts, file.part) != parts.end();
}

Result<> checkParts(const CatalogueModel& model, const std::vector<std::string>& parts) {
    for (const std::string& part : parts) {
        if (model.find(part) != nullptr)
            continue;
        std::string known;
        for (const CatalogueFile& file : model.files)
            known += (known.empty() ? "" : ", ") + file.part;
        return fail(ErrorCode::invalidArgument, "model " + model.name + " has no part " + part, "it has " + known);
    }
    return {};
}

std::uint64_t missingBytes(const ModelFileEntry& file) {
    if (file.state == ModelFileState::present)
        return 0;
    return file.bytes > file.bytesPresent ? file.bytes - file.bytesPresent : 0;
}

// Fetches those files of a model that `isDue` names, and makes a model of them.
Result<InstallResult> fetchFiles(const CatalogueModel& model, const std::vector<ModelFileEntry>& files,
                                 const std::function<bool(const ModelFileEntry&)>& isDue, ModelFolder& folder,
                                 Fetcher& fetcher, TransferMeter& meter, const CancelToken& cancel) {
    std::uint64_t total = 0, done = 0, missing = 0;
    for (const ModelFileEntry& file : files) {
        if (isDue(file))
            missing += missingBytes(file);
        else if (file.state == ModelFileState::present)
            done += file.bytes;
        total += isDue(file) || file.state == ModelFileState::present ? file.bytes : 0;
    }
    LIPAR_TRY(checkRoom(folder.directory(), missing));
    meter.begin(done, total);
    InstallResult result;
    for (const ModelFileEntry& file : files) {
        if (!isDue(file))
            continue;
        LIPAR_TRY(cancel.check());
        LIPAR_ASSIGN(const InstallResult fetched, fetcher.fetch(*model.find(file.part), folder));
        result.receivedBytes += fetched.receivedBytes;
        result.resumedBytes += fetched.resumedBytes;
    }
    LIPAR_TRY(folder.complete(model));
    return result;
}

}  // namespace

Result<const CatalogueModel*> ModelStore::installable(const std::string& name) const {
    const CatalogueModel* const model = m_catalogue.find(name);
    if (model == nullptr) {
        std::string known;
        for (const CatalogueModel& one : m_catalogue.models)
            if (!one.builtIn)
                known += (known.empty() ? "" : ", ") + one.name;
        return fail(ErrorCode::invalidArgument, "cannot fetch model " + name + ": it is not in the catalogue",
                    known.empty() ? "the catalogue is empty" : "the catalogue has " + known);
    }
    if (model->builtIn)
        return fail(ErrorCode::invalidArgument, "cannot fetch model " + name + ": it comes with the program",
                    "install the program again if it is damaged");
    if (m_folders.user.empty())
        return fail(ErrorCode::outputFailed, "there is no folder for models: neither LIPAR_MODELS nor HOME is set",
                    "set LIPAR_MODELS");
    return model;
}

Result<std::uint64_t> ModelStore::plan(const std::string& name, const std::vector<std::string>& parts) const {
    LIPAR_ASSIGN(const CatalogueModel* const model, installable(name));
    LIPAR_TRY(checkParts(*model, parts));
    const ModelEntry entry = describe(*model);
    std::uint64_t missing = 0;
    for (const ModelFileEntry& file : entry.files)
        missing += isWanted(file, parts) ? missingBytes(file) : 0;
    LIPAR_TRY(checkRoom(entry.directory, missing));
    return missing;
}

Result<InstallResult> ModelStore::install(const std::string& name, const std::vector<std::string>& parts,
                                          const DownloadSettings& settings, const TransferSink& sink,
                                          const CancelToken& cancel) const {
    LIPAR_ASSIGN(const CatalogueModel* const model, installable(name));
    LIPAR_TRY(checkParts(*model, parts));
    TransferMeter meter(name, sink);
    Fetcher fetcher(settings, meter, cancel);
    LIPAR_TRY(fetcher.checkSettings());
    const fs::path directory = directoryFor(name);
    LIPAR_ASSIGN(ModelFolder folder, ModelFolder::claim(directory));
    const auto isDue = [&](const ModelFileEntry& file) {
        return isWanted(file, parts) && file.state != ModelFileState::present;
    };
    return fetchFiles(*model, describe(*model).files, isDue, folder, fetcher, meter, cancel);
}

Result<RepairResult> ModelStore::repair(const std::string& name, const DownloadSettings& settings,
                                        const TransferSink& sink, const CancelToken& cancel) const {
    LIPAR_ASSIGN(const VerifyResult verified, verify(name, sink, cancel));
    const auto isDue = [](const ModelFileEntry& file) {
        return file.state == ModelFileState::damaged || (!file.optional && file.state != ModelFileState::present);
    };
    RepairResult result;
    for (const ModelFileEntry& file : verified.files)
        if (isDue(file))
            result.repaired.push_back(file.name);
    LIPAR_ASSIGN(const ModelEntry entry, this->entry(name));
    if (result.repaired.empty() && entry.state == ModelState::installed)
        return result;
    LIPAR_ASSIGN(const CatalogueModel* const model, installable(name));
    TransferMeter meter(name, sink);
    Fetcher fetcher(settings, meter, cancel);
    LIPAR_TRY(fetcher.checkSettings());
    LIPAR_ASSIGN(ModelFolder folder, ModelFolder::claim(entry.directory));
    LIPAR_TRY(checkNotInUse(entry.directory / "model.json"));
    if (!entry.problem.empty()) {  // model.json itself
        result.repaired.emplace_back("model.json");
        LIPAR_TRY(writeTextFile(entry.directory / "model.json", model->manifest));
    }
    LIPAR_ASSIGN(const InstallResult fetched,
                 fetchFiles(*model, verified.files, isDue, folder, fetcher, meter, cancel));
    result.receivedBytes = fetched.receivedBytes;
    return result;
}

}  // namespace lipar::model_store
