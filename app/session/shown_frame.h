// One frame as the viewer draws it.
#pragma once

#include <cstdint>
#include <vector>

#include <QImage>
#include <QtQmlIntegration>

#include "engine/core/picture.h"

namespace lipar::session {

// Which tokens of the frame's latent frame were computed, and how stale the reused ones are. Row-major.
struct TokenRow {
    int rows = 0;
    int columns = 0;
    std::vector<std::uint8_t> keep;  // 1 = kept, 0 = pruned
    std::vector<std::uint16_t> age;  // latent frames since the token was last computed; empty = not known
};

class ShownFrame {
    Q_GADGET
    QML_VALUE_TYPE(shownFrame)
    Q_PROPERTY(bool hasSource READ hasSource)
    Q_PROPERTY(bool hasEdited READ hasEdited)
    Q_PROPERTY(bool hasTokens READ hasTokens)

public:
    [[nodiscard]] bool hasSource() const { return source && !source->isEmpty(); }
    [[nodiscard]] bool hasEdited() const { return edited && !edited->isEmpty(); }
    [[nodiscard]] bool hasTokens() const { return tokens && !tokens->keep.empty(); }

    std::int64_t index = -1;  // frame number on the timeline
    double seconds = 0;       // presentation time from the clip's first frame
    PicturePtr source;
    PicturePtr edited;
    std::shared_ptr<const TokenRow> tokens;  // shared by the frames of one latent frame

    friend bool operator==(const ShownFrame& a, const ShownFrame& b) {
        return a.index == b.index && a.source == b.source && a.edited == b.edited && a.tokens == b.tokens;
    }
};

// The picture's memory as an image, shared and not copied. Null for an empty picture.
[[nodiscard]] QImage imageOf(const PicturePtr& picture);

}  // namespace lipar::session
