// The models that can be had and those that are there: list, install, import, verify, repair, remove.
//
// A model is a folder of the user's models folder. Its files stand there under their official names; one that is on its
// way is called NAME.part. `.install.json` remembers their digests, `.lock` keeps two programs from working on one
// model at once, and model.json, which makes it a model, is written when every file that it needs is there. A file
// appears under its name only when it has been checked, by one rename; one that a program has open is neither replaced
// nor removed. Thread: each call is complete in itself; different objects and programs may work on one folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/cancel.h"
#include "engine/core/model_state.h"
#include "engine/core/result.h"
#include "engine/model_store/catalogue.h"
#include "engine/model_store/places.h"

namespace lipar::model_store {

using TransferSink = std::function<void(const TransferState&)>;

struct InstallResult {
    std::uint64_t receivedBytes = 0;
    std::uint64_t resumedBytes = 0;
};
struct VerifyResult {
    std::vector<ModelFileEntry> files;
    std::uint64_t tensors = 0;
};
struct RepairResult {
    std::vector<std::string> repaired;
    std::uint64_t receivedBytes = 0;
};
enum class CopyMode { automatic, copy, link, reference };
struct ImportedFile {
    std::string model;
    std::string name;
    std::filesystem::path from;
    std::string how;           // "shared", "linked", "copied", "referenced"
    std::string recognisedBy;  // "digest", "tensors", "name"
};

// Left free on the disk.
inline constexpr std::uint64_t kDiskMargin = std::uint64_t(64) << 20;

// "5.3 GiB"
[[nodiscard]] std::string readableBytes(std::uint64_t bytes);

class ModelStore {
public:
    // Without a catalogue only models that are there are known. Error: modelDamaged (the catalogue).
    [[nodiscard]] static Result<ModelStore> open(ModelFolders folders);

    [[nodiscard]] const ModelFolders& folders() const noexcept { return m_folders; }
    [[nodiscard]] const Catalogue& catalogue() const noexcept { return m_catalogue; }

    // The built-in model, the catalogue's in its order, then others that are there. ModelEntry::fit is left empty but
    // for the disk. Looks at names, sizes and headers; reads no file to its end.
    [[nodiscard]] std::vector<ModelEntry> entries() const;
    // Error: modelMissing.
    [[nodiscard]] Result<ModelEntry> entry(const std::string& name) const;

    // What install() would fetch, bytes. Errors: as install's first checks.
    [[nodiscard]] Result<std::uint64_t> plan(const std::string& name, const std::vector<std::string>& parts) const;

    // The contracts of these are those of the requests of the same name (engine/service/requests.h).
    [[nodiscard]] Result<InstallResult> install(const std::string& name, const std::vector<std::string>& parts,
                                                const DownloadSettings& settings, const TransferSink& sink,
                                                const CancelToken& cancel) const;
    [[nodiscard]] Result<std::vector<ImportedFile>> import(const std::filesystem::path& from, const std::string& name,
                                                           CopyMode mode, const TransferSink& sink,
                                                           const CancelToken& cancel) const;
    // Of a model in a models folder. What is found is written down for entries(), where that can be. Damage is not an
    // error here: see ModelFileEntry::problem. Errors: modelMissing, cancelled.
    [[nodiscard]] Result<VerifyResult> verify(const std::string& name, const TransferSink& sink,
                                              const CancelToken& cancel) const;
    [[nodiscard]] Result<RepairResult> repair(const std::string& name, const DownloadSettings& settings,
                                              const TransferSink& sink, const CancelToken& cancel) const;
    // Bytes that were freed.
    [[nodiscard]] Result<std::uint64_t> remove(const std::string& name) const;

private:
    ModelStore(ModelFolders folders, Catalogue catalogue)
        : m_folders(std::move(folders)), m_catalogue(std::move(catalogue)) {}

    [[nodiscard]] ModelEntry describe(const CatalogueModel& model) const;
    [[nodiscard]] ModelEntry describe(const std::filesystem::path& directory) const;
    // Of the catalogue, and one that can be fetched. Errors: invalidArgument.
    [[nodiscard]] Result<const CatalogueModel*> installable(const std::string& name) const;
    [[nodiscard]] std::filesystem::path directoryFor(const std::string& name) const;

    ModelFolders m_folders;
    Catalogue m_catalogue;
};

}  // namespace lipar::model_store
