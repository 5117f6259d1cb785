// Private to engine/media: the picture of the sample clip, a lake at sunset seen by a camera that stands still.
// Only a balloon, smoke, birds and the glitter on the water move, so most of it need not be recomputed.
#pragma once

#include "engine/core/picture.h"
#include "engine/media/sample_canvas.h"

namespace lipar::media {

class SampleScene {
public:
    static constexpr int width = 832;
    static constexpr int height = 480;

    SampleScene();
    // The scene at a time, the same for the same time.
    [[nodiscard]] Picture at(double seconds) const;

private:
    Canvas m_backdrop;
};

// What stands still: sky, mountains, lake, shores, house and trees.
[[nodiscard]] Canvas paintBackdrop(int width, int height);
// What moves, painted over a copy of the backdrop.
void paintActors(Canvas& canvas, float seconds);

// Where things are that both need to know, in pixels.
namespace scene {
inline constexpr float horizon = 288;
inline constexpr Point sun{566, 236};
inline constexpr Point chimneyTop{243, 283};
// Height of the near shore's edge at x; larger y is land.
[[nodiscard]] float shore(float x) noexcept;
}  // namespace scene

}  // namespace lipar::media
