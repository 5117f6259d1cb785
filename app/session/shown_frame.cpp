#include "app/session/shown_frame.h"

namespace lipar::session {

QImage imageOf(const PicturePtr& picture) {
    if (!picture || picture->isEmpty())
        return {};
    auto* owner = new PicturePtr(picture);
    return QImage(
        picture->rgb.data(), picture->width, picture->height, qsizetype(3) * picture->width, QImage::Format_RGB888,
        [](void* p) { delete static_cast<PicturePtr*>(p); }, owner);
}

}  // namespace lipar::session
