#include "engine/service/edit_cache_writer.h"

#include "engine/core/log.h"

namespace lipar::service {
namespace {

constexpr int kBlocksBetweenChecks = 16;  // of the size limit

}  // namespace

BlockHeader headerOf(const pipeline::EditedBlock& block, Rational timeBase) {
    BlockHeader header;
    header.index = block.index;
    header.firstFrame = block.source.front().index;
    header.width = block.edited.front()->width;
    header.height = block.edited.front()->height;
    for (const media::SourceFrame& frame : block.source)
        header.frames.push_back({frame.timestamp, frame.duration, frame.seconds});
    const media::SourceFrame& last = block.source.back();
    header.endSeconds = last.seconds + (Rational{last.duration, 1} * timeBase).value();
    header.keep = block.keep;
    header.age = block.age;
    header.latentFrameOf = block.latentFrameOf;
    header.kept = block.kept;
    header.total = block.total;
    header.keys = block.keys;
    return header;
}

EditCacheWriter::EditCacheWriter(EditCache cache, EditIdentity identity, Rational timeBase, OnError onError, std::filesystem::file_time_type keepFrom)
    : m_cache(std::move(cache)), m_identity(std::move(identity)), m_timeBase(timeBase), m_onError(onError), m_keepFrom(keepFrom) {
    for (const int index : m_cache.blocks(m_identity.key, m_identity.range))
        m_present.insert(index);
    m_thread = std::thread([this] { work(); });
}

EditCacheWriter::~EditCacheWriter() { end(); }

void EditCacheWriter::end() {
    m_blocks.close();
    if (m_thread.joinable())
        m_thread.join();
}

void EditCacheWriter::work() {
    while (const auto block = m_blocks.pop()) {
        m_outcome = store(**block, false);
        if (!m_outcome)
            break;
    }
    m_blocks.abandon();
}

Result<> EditCacheWriter::store(const pipeline::EditedBlock& block, bool isLast) {
    if (m_sinceCheck++ % kBlocksBetweenChecks == 0)
        m_cache.enforceLimit(m_keepFrom);
    BlockHeader header = headerOf(block, m_timeBase);
    header.isLast = isLast;
    const Result<> written = m_cache.write(m_identity.key, m_identity.range, std::move(header), block.edited);
    if (!written && m_onError == OnError::warn)
        log(LogLevel::warning, written.error().message + "; the edit goes on, but its pictures are not kept");
    return written;
}

Result<> EditCacheWriter::write(std::shared_ptr<const pipeline::EditedBlock> block) {
    m_last = block;
    if (m_present.contains(block->index) || m_blocks.push(std::move(block)))
        return {};
    end();
    return m_onError == OnError::fail ? m_outcome : Result<>{};
}

Result<> EditCacheWriter::finish(bool isWhole) {
    end();
    if (m_outcome && isWhole && m_last)
        m_outcome = store(*m_last, true);
    if (m_outcome)
        m_cache.enforceLimit(m_keepFrom);
    return m_onError == OnError::fail ? m_outcome : Result<>{};
}

}  // namespace lipar::service
