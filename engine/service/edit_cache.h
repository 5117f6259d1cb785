// Private to engine/service: edited blocks on disk, shared by all engines and processes that name the folder.
//
// Layout:
//     FOLDER/KEY/BEGIN-END/INDEX.block
// KEY is the edit (EditIdentity::key, 64 hexadecimal digits), BEGIN-END the run in microseconds of the source, INDEX the
// number of the block in the run, eight digits. Nothing else is kept: what the folder holds is found by listing it. A block's
// modification time is when it was used last. Files are written beside and renamed, so a kill at any moment leaves whole
// blocks and perhaps a hidden temporary file, which is removed an hour later. Other files in the folder are left alone.
// Thread: any; the disk is the only state.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/service/edit_block_file.h"
#include "engine/service/edit_identity.h"
#include "engine/service/requests.h"

namespace lipar::service {

class EditCache {
public:
    explicit EditCache(EditCacheSettings settings) : m_settings(std::move(settings)) {}

    [[nodiscard]] bool isEnabled() const noexcept { return !m_settings.folder.empty(); }
    [[nodiscard]] std::filesystem::path folderOf(const std::string& key) const { return m_settings.folder / key; }
    [[nodiscard]] std::filesystem::path folderOf(const std::string& key, const EditRange& run) const;
    [[nodiscard]] std::filesystem::path fileOf(const std::string& key, const EditRange& run, int index) const;

    // Runs of an edit, in no order.
    [[nodiscard]] std::vector<EditRange> runs(const std::string& key) const;
    // Numbers of the blocks of a run, ascending. They need not be whole.
    [[nodiscard]] std::vector<int> blocks(const std::string& key, const EditRange& run) const;

    // Errors: diskFull, outputFailed.
    [[nodiscard]] Result<> write(const std::string& key, const EditRange& run, BlockHeader header, const std::vector<PicturePtr>& pictures) const;
    // The whole block; it counts as used now. A damaged one is removed. Error: decodeFailed.
    [[nodiscard]] Result<StoredBlock> read(const std::string& key, const EditRange& run, int index) const;
    [[nodiscard]] Result<BlockHeader> readHeader(const std::string& key, const EditRange& run, int index) const;

    // Removes the blocks that were used longest ago until the limit holds, but none used at or after `keepFrom`.
    void enforceLimit(std::filesystem::file_time_type keepFrom = std::filesystem::file_time_type::max()) const;
    // Removes every block. Returns the bytes freed.
    std::uint64_t clear() const;

private:
    EditCacheSettings m_settings;
};

}  // namespace lipar::service
