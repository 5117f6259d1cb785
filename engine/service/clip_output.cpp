#include "engine/service/clip_output.h"

#include <unistd.h>

#include <algorithm>

#include "engine/pipeline/heatmap.h"

namespace lipar::service {
namespace fs = std::filesystem;

media::WriterOptions writerOptions(const EditSettings& settings, const OutputSettings& output) {
    media::WriterOptions options;
    options.codec = output.codec;
    options.crf = output.crf;
    options.container = output.container;
    options.width = output.width;
    options.height = output.height;
    options.startSeconds = settings.startSeconds;
    options.endSeconds = settings.endSeconds;
    options.audio = output.audio == Audio::none ? media::AudioPolicy::none : output.audio == Audio::aac ? media::AudioPolicy::aac : media::AudioPolicy::copy;
    return options;
}

OutputRoom roomForOutput(const media::MediaInfo& source, const OutputSettings& output) {
    OutputRoom room;
    if (output.path.empty())
        return room;
    room.needed = std::uint64_t(std::max<std::int64_t>(0, media::estimateOutputBytes(source, writerOptions({}, output))));
    std::error_code error;
    const fs::space_info space = fs::space(output.path.has_parent_path() ? output.path.parent_path() : fs::path("."), error);
    if (!error && space.available != static_cast<std::uintmax_t>(-1))
        room.free = space.available;
    return room;
}

Result<> checkOutput(const fs::path& input, const media::MediaInfo& source, const OutputSettings& output) {
    std::error_code ignored;
    std::int64_t needed = 0;
    for (const bool isHeatmap : {false, true}) {
        const fs::path& path = isHeatmap ? output.heatmap : output.path;
        if (path.empty())
            continue;
        const std::string cannot = "cannot write " + path.string() + ": ";
        if (fs::equivalent(input, path, ignored))
            return fail(ErrorCode::invalidArgument, cannot + "it is the clip that is being read", "choose another output file");
        const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
        if (!fs::is_directory(folder, ignored))
            return fail(ErrorCode::outputFailed, cannot + "there is no folder " + folder.string(), "create it, or choose another one");
        if (fs::is_directory(path, ignored))
            return fail(ErrorCode::outputFailed, cannot + "it is a folder", "give a file name");
        if (::access(folder.c_str(), W_OK) != 0)
            return fail(ErrorCode::outputFailed, cannot + "the folder " + folder.string() + " is read-only", "choose a folder you may write to");
        const media::WriterOptions options = isHeatmap ? media::WriterOptions{} : writerOptions({}, output);
        LIPAR_TRY(media::checkWriterOptions(path, options));
        needed += media::estimateOutputBytes(source, options);
        const fs::space_info space = fs::space(folder, ignored);
        if (!ignored && space.available != static_cast<std::uintmax_t>(-1) && std::int64_t(space.available) < needed)
            return fail(ErrorCode::diskFull,
                        cannot + "about " + std::to_string((needed >> 20) + 1) + " MiB are needed and " + std::to_string(space.available >> 20) + " MiB are free",
                        "free some space or choose another folder");
    }
    if (!output.path.empty() && output.path == output.heatmap)
        return fail(ErrorCode::invalidArgument, "the clip and its heatmap cannot be the same file", "choose another --heatmap");
    return {};
}

Result<std::unique_ptr<ClipOutput>> ClipOutput::open(const media::MediaInfo& source, const EditSettings& settings, const OutputSettings& output,
                                                     int tokenColumns, int pixelsPerToken, const CancelToken& cancel) {
    std::unique_ptr<ClipOutput> clipOutput(new ClipOutput(tokenColumns, pixelsPerToken));
    if (!output.path.empty()) {
        LIPAR_ASSIGN(clipOutput->m_clip, media::ClipWriter::open(output.path, source, writerOptions(settings, output), cancel));
    }
    if (!output.heatmap.empty()) {
        media::WriterOptions options = writerOptions(settings, {});
        options.audio = media::AudioPolicy::none;
        LIPAR_ASSIGN(clipOutput->m_heatmap, media::ClipWriter::open(output.heatmap, source, options, cancel));
    }
    clipOutput->m_thread = std::thread([object = clipOutput.get()] { object->encode(); });
    return clipOutput;
}

ClipOutput::~ClipOutput() {
    m_blocks.abandon();
    if (m_thread.joinable())
        m_thread.join();
}

void ClipOutput::encode() {
    while (const auto block = m_blocks.pop()) {
        m_outcome = encodeBlock(**block);
        if (!m_outcome)
            break;
    }
    m_blocks.abandon();
}

Result<> ClipOutput::encodeBlock(const pipeline::EditedBlock& block) {
    const std::size_t tokens = block.keep.frameSize();
    for (std::size_t i = 0; i < block.source.size(); ++i) {
        const media::SourceFrame& frame = block.source[i];
        if (m_clip)
            LIPAR_TRY(m_clip->write(*block.edited[i], frame.timestamp, frame.duration));
        if (m_heatmap) {
            const auto row = std::size_t(block.latentFrameOf[i]);
            const Picture picture = pipeline::renderHeatmap(*frame.picture, {block.keep.frame(int(row)), tokens},
                                                            {block.age.data() + row * tokens, tokens}, m_tokenColumns, m_pixelsPerToken);
            LIPAR_TRY(m_heatmap->write(picture, frame.timestamp, frame.duration));
        }
    }
    return {};
}

Result<> ClipOutput::write(std::shared_ptr<const pipeline::EditedBlock> block) {
    if (m_blocks.push(std::move(block)))
        return {};
    m_thread.join();
    return m_outcome ? fail(ErrorCode::internal, "the encoder ended early") : m_outcome;
}

Result<> ClipOutput::finish() {
    m_blocks.close();
    if (m_thread.joinable())
        m_thread.join();
    LIPAR_TRY(m_outcome);
    if (m_clip)
        LIPAR_TRY(m_clip->finish());
    if (m_heatmap)
        LIPAR_TRY(m_heatmap->finish());
    return {};
}

}  // namespace lipar::service
