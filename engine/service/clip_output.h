// Private to engine/service: the files an edit writes, encoded on a thread of their own beside the engine.
#pragma once

#include <memory>
#include <optional>

#include "engine/core/bounded_queue.h"
#include "engine/media/clip_writer.h"
#include "engine/media/media_info.h"
#include "engine/pipeline/block_editor.h"
#include "engine/service/requests.h"

#include <thread>

namespace lipar::service {

// Ownership: removes everything it began unless finish() succeeded. Thread: one object, one thread.
class ClipOutput {
public:
    // Either path may be empty. Errors: those of media::ClipWriter.
    [[nodiscard]] static Result<std::unique_ptr<ClipOutput>> open(const media::MediaInfo& source, const EditSettings& settings,
                                                                  const OutputSettings& output, int tokenColumns, int pixelsPerToken,
                                                                  const CancelToken& cancel);
    ~ClipOutput();

    // Queues a block; waits while the encoders are far behind. Error: what went wrong with an earlier one.
    [[nodiscard]] Result<> write(std::shared_ptr<const pipeline::EditedBlock> block);
    [[nodiscard]] Result<> finish();

private:
    ClipOutput(int tokenColumns, int pixelsPerToken) : m_tokenColumns(tokenColumns), m_pixelsPerToken(pixelsPerToken) {}
    void encode();
    [[nodiscard]] Result<> encodeBlock(const pipeline::EditedBlock& block);

    const int m_tokenColumns;
    const int m_pixelsPerToken;
    std::optional<media::ClipWriter> m_clip;
    std::optional<media::ClipWriter> m_heatmap;
    BoundedQueue<std::shared_ptr<const pipeline::EditedBlock>> m_blocks{3};
    Result<> m_outcome;  // of the thread; read after it has ended
    std::thread m_thread;
};

// Expected size of the written clip without its heatmap, and the room on its disk; 0 and 0 where none is written.
struct OutputRoom {
    std::uint64_t needed = 0;
    std::uint64_t free = 0;
};
[[nodiscard]] OutputRoom roomForOutput(const media::MediaInfo& source, const OutputSettings& output);
// The checks that need no work: paths, folders, formats and free space. Errors as in cli.md.
[[nodiscard]] Result<> checkOutput(const std::filesystem::path& input, const media::MediaInfo& source, const OutputSettings& output);

[[nodiscard]] media::WriterOptions writerOptions(const EditSettings& settings, const OutputSettings& output);

}  // namespace lipar::service
