#include "engine/media/sample_scene.h"

#include <array>

namespace lipar::media {
namespace {

using namespace scene;

constexpr Color kNight = rgb(33, 44, 92);
constexpr Color kMauve = rgb(134, 92, 142);
constexpr Color kRose = rgb(238, 138, 112);
constexpr Color kGold = rgb(255, 206, 132);

Color skyGradient(float y) {
    const float t = y / horizon;
    if (t < 0.45F)
        return mix(kNight, kMauve, smoothStep(0.0F, 0.45F, t));
    if (t < 0.78F)
        return mix(kMauve, kRose, smoothStep(0.45F, 0.78F, t));
    return mix(kRose, kGold, smoothStep(0.78F, 1.0F, t));
}

void paintSky(Canvas& canvas) {
    canvas.paint({0, 0, float(canvas.width()), horizon + 2}, [](Point p, Color& pixel) {
        const float fromSun = std::hypot((p.x - sun.x) * 0.8F, p.y - sun.y);
        Color color = skyGradient(p.y);
        color = mix(color, rgb(255, 226, 158), 0.85F * std::exp(-fromSun / 74));
        // Long clouds, dark above and lit from below by the low sun.
        const auto density = [](float x, float y) {
            return fractalNoise(x / 150 + 0.004F * y, y / 30, 5, 11) + 0.10F * fractalNoise(x / 19, y / 9, 3, 31);
        };
        const float here = density(p.x, p.y);
        const float below = density(p.x, p.y + 5);
        const float cloud = smoothStep(0.53F, 0.78F, here) * (1 - smoothStep(200, 282, p.y));
        const float lit = unit(0.35F + (here - below) * 5.5F + 0.35F * std::exp(-fromSun / 210));
        const Color shade = mix(mix(rgb(66, 58, 104), rgb(142, 88, 118), p.y / horizon), rgb(255, 182, 126), lit);
        color = mix(color, shade, cloud * 0.88F);
        // A few early stars.
        const int cellX = int(p.x / 23), cellY = int(p.y / 19);
        const Point star{(float(cellX) + hash(cellX, cellY, 5)) * 23, (float(cellY) + hash(cellX, cellY, 6)) * 19};
        const float glow = std::exp(-1.6F * ((p.x - star.x) * (p.x - star.x) + (p.y - star.y) * (p.y - star.y)));
        color = color + rgb(255, 246, 230) *
                            (glow * hash(cellX, cellY, 7) * (1 - smoothStep(30, 110, p.y)) * (1 - cloud) * 0.8F);
        pixel = color;
    });
    canvas.disc(sun, 25, rgb(255, 244, 206));
}

// One range of mountains: a ridge from noise, slopes lit where they face the sun, haze towards the foot.
void paintMountains(Canvas& canvas, float base, float height, float scale, int seed, Color lit, Color dark,
                    Color haze) {
    const auto ridge = [=](float x) {
        const float peaks = 1 - std::abs(2 * fractalNoise(x / scale, 0.5F, 5, seed) - 1) * 1.5F;
        const float pass = (x - sun.x) / 92;  // the sun stands over a pass
        return base - height * std::max(0.08F, 0.25F + 0.75F * peaks) * (1 - 0.80F * std::exp(-pass * pass));
    };
    canvas.paint({0, base - height * 1.1F, float(canvas.width()), base + 8}, [&](Point p, Color& pixel) {
        const float top = ridge(p.x);
        const float inside = coverage(top - p.y);
        if (inside <= 0)
            return;
        // Gullies run down the slope; their sides catch the light or not.
        const float depth = (p.y - top) / height;
        const auto relief = [&](float x) {
            const float skewed = x + (p.y - top) * 0.7F * (2 * noise(x / 55, 1.5F, seed + 7) - 1);
            return fractalNoise(skewed / (scale * 0.13F) + depth, p.y / (scale * 0.24F), 4, seed + 40);
        };
        const float towardsSun = p.x < sun.x ? 1.0F : -1.0F;
        const float slope = (relief(p.x) - relief(p.x + towardsSun * 3)) * 4.6F +
                            (ridge(p.x - 6) - ridge(p.x + 6)) * -0.042F * towardsSun;
        Color color = mix(dark, lit, unit(0.4F + slope));
        color = mix(color, haze, smoothStep(0.1F, 1.0F, (p.y - (base - height)) / height) * 0.75F);
        color = mix(color, rgb(255, 214, 150), 0.45F * std::exp(-std::hypot(p.x - sun.x, p.y - sun.y) / 60));
        pixel = mix(pixel, color, inside);
    });
}

// A conifer as a stack of ragged skirts.
void paintPine(Canvas& canvas, Point foot, float height, Color dark, Color light, int seed) {
    const float half = height * 0.21F;
    canvas.rectangle({foot.x - height * 0.022F, foot.y - height * 0.12F, foot.x + height * 0.022F, foot.y + 2},
                     rgb(52, 36, 34));
    canvas.paint({foot.x - half, foot.y - height, foot.x + half, foot.y - height * 0.06F}, [&](Point p, Color& pixel) {
        const float up = (foot.y - p.y) / height;  // 0 at the foot, 1 at the tip
        const float tier = std::fmod(up * 8.0F + 0.15F, 1.0F);
        const float ragged = noise(p.x * 0.55F, p.y * 0.55F, seed) - 0.5F;
        const float reach = half * (1 - up) * (1.08F - 0.42F * tier) + ragged * 3.2F * (1 - up);
        const float inside = coverage(std::abs(p.x - foot.x) - reach) * smoothStep(0.05F, 0.09F, up);
        if (inside <= 0)
            return;
        const float light01 = unit(0.3F + 0.55F * (p.x - foot.x) / (half + 1) + (0.5F - tier) * 0.5F +
                                   (fractalNoise(p.x * 0.5F, p.y * 0.22F, 2, seed + 9) - 0.5F) * 1.1F);
        pixel = mix(pixel, mix(dark, light, light01), inside);
    });
}

void paintFarShore(Canvas& canvas) {
    for (int i = 0; i < 150; ++i) {
        const float x = (float(i) + hash(i, 1, 3)) * 5.7F - 8;
        const float height = 9 + 15 * hash(i, 2, 3) * (0.4F + fractalNoise(x / 90, 2.5F, 2, 8));
        const Color light = mix(rgb(120, 78, 88), rgb(224, 142, 96), std::exp(-std::abs(x - sun.x) / 120));
        paintPine(canvas, {x, horizon + 2}, height, rgb(58, 48, 78), light, i);
    }
}

void paintLake(Canvas& canvas) {
    const Canvas above = canvas;
    canvas.paint({0, horizon, float(canvas.width()), 470}, [&](Point p, Color& pixel) {
        const float depth = p.y - horizon;
        const float inside = coverage(horizon - p.y);
        // The mirror image, torn by waves that grow towards the viewer.
        const float wave = fractalNoise(p.x / (14 + depth * 0.35F), p.y / (1.4F + depth * 0.035F), 3, 61) - 0.5F;
        const Color mirrored =
            above.sample(p.x + wave * (5 + depth * 0.40F), horizon - depth * 1.25F + wave * (8 + depth * 0.75F));
        Color color = mix(mirrored * 0.82F, rgb(56, 66, 112), 0.22F + 0.16F * smoothStep(0, 120, depth));
        const float crest = smoothStep(0.60F, 0.78F, wave + 0.5F);
        color = mix(color, mix(rgb(255, 186, 140), rgb(164, 130, 164), smoothStep(20, 130, depth)), crest * 0.30F);
        const float path = std::exp(-std::abs(p.x - sun.x) / (13 + depth * 0.42F));
        color = mix(color, rgb(255, 214, 146), unit(path * (0.72F + wave * 1.7F)));
        pixel = mix(pixel, color, inside);
    });
}

void paintMeadow(Canvas& canvas) {
    canvas.paint({0, 300, float(canvas.width()), float(canvas.height())}, [](Point p, Color& pixel) {
        const float edge = shore(p.x) + (noise(p.x * 0.35F, 3.5F, 71) - 0.5F) * 3.5F;
        const float inside = coverage(edge - p.y);
        if (inside <= 0)
            return;
        const float near = smoothStep(330, 480, p.y);
        // Tufts lean with a slow wind pattern; nearer ones are longer.
        const float length = 5 + 13 * near;
        const float blades = fractalNoise(p.x / (1.7F + 1.3F * near) + p.y * 0.12F, p.y / length, 3, 81);
        const float patches = fractalNoise(p.x / 75, p.y / 30, 4, 91);
        Color color = mix(rgb(46, 62, 44), rgb(128, 136, 62), unit(patches * 1.5F - 0.3F));
        color = mix(color, rgb(214, 172, 88), 0.42F * unit(patches * 2 - 0.85F) * (1 - 0.5F * near));
        color = color * (0.62F + 0.76F * blades) * (1.06F - 0.38F * near);
        // Light along the water's edge, wet sand below it.
        color = mix(color, rgb(232, 178, 120), 0.5F * (1 - smoothStep(0, 5, p.y - edge)));
        pixel = mix(pixel, color, inside);
    });
    // A path from the door to the water.
    canvas.paint({150, 380, 470, 480}, [](Point p, Color& pixel) {
        const float t = (p.y - 386) / 94;
        if (t < 0)
            return;
        const float centre = 214 + 150 * t * t + 26 * std::sin(t * 4.2F);
        const float half = 7 + 24 * t;
        const float ragged = (noise(p.x * 0.3F, p.y * 0.3F, 17) - 0.5F) * 7;
        const float inside = coverage((std::abs(p.x - centre) - half + ragged) * 0.5F);
        const float stones = fractalNoise(p.x / 7, p.y / 4, 3, 19);
        pixel = mix(pixel, mix(rgb(112, 84, 72), rgb(226, 178, 132), stones), inside * 0.9F);
    });
    // Flowers, in drifts.
    for (int i = 0; i < 420; ++i) {
        const float x = hash(i, 4, 1) * 832, y = 350 + 128 * std::sqrt(hash(i, 5, 1));
        const float size = 0.9F + 1.7F * smoothStep(350, 480, y) * (0.5F + hash(i, 6, 1));
        if (y < shore(x) + 9 || fractalNoise(x / 60, y / 28, 2, 23) < 0.5F)
            continue;
        constexpr std::array<Color, 4> petals{rgb(250, 226, 214), rgb(244, 126, 128), rgb(250, 196, 84),
                                              rgb(178, 134, 214)};
        canvas.disc({x, y}, size, petals[std::size_t(hash(i, 7, 1) * 4)], 0.92F);
        canvas.disc({x, y}, size * 0.4F, rgb(120, 70, 40), 0.8F);
    }
}

void paintWindow(Canvas& canvas, const Box& box) {
    canvas.rectangle({box.left - 2.5F, box.top - 2.5F, box.right + 2.5F, box.bottom + 2.5F}, rgb(74, 50, 48));
    canvas.paint(box, [&](Point p, Color& pixel) {
        const float inside = coverage(boxDistance(p, box.left, box.top, box.right, box.bottom));
        const float x = (p.x - box.left) / (box.right - box.left) - 0.5F, y = (p.y - box.top) / (box.bottom - box.top);
        const Color glow = mix(rgb(255, 236, 158), rgb(246, 158, 62), unit(1.3F * std::hypot(x, y - 0.6F)));
        pixel = mix(pixel, glow, inside);
    });
    const float middle = (box.left + box.right) / 2, sash = (box.top + box.bottom) / 2;
    canvas.line({middle, box.top}, {middle, box.bottom}, 1.6F, rgb(74, 50, 48));
    canvas.line({box.left, sash}, {box.right, sash}, 1.6F, rgb(74, 50, 48));
    canvas.rectangle({box.left - 4, box.bottom + 2, box.right + 4, box.bottom + 4.5F}, rgb(226, 196, 168));
}

void paintHouse(Canvas& canvas) {
    constexpr float left = 132, right = 272, wallTop = 336, foot = 392;
    // Shadow on the grass, away from the sun.
    canvas.polygon({{left - 62, foot + 6},
                    {left + 6, foot - 8},
                    {right, foot + 1},
                    {right - 14, foot + 9},
                    {left - 20, foot + 13}},
                   rgb(22, 30, 34), 0.5F);
    canvas.paint({left, wallTop - 8, right, foot}, [](Point p, Color& pixel) {
        const float inside = coverage(boxDistance(p, left, wallTop - 8, right, foot));
        const float board = std::fmod(p.y, 6.0F);
        const float shade = (board < 1.1F ? 0.72F : 1.0F) * (0.9F + 0.2F * fractalNoise(p.x / 24, p.y / 3, 3, 27));
        pixel = mix(pixel, mix(rgb(158, 118, 116), rgb(248, 206, 160), (p.x - left) / (right - left)) * shade, inside);
    });
    canvas.rectangle({left - 2, foot - 5, right + 2, foot + 3}, rgb(96, 84, 92));
    // Chimney, then the roof in front of it.
    canvas.paint({chimneyTop.x - 8, chimneyTop.y, chimneyTop.x + 8, 326}, [](Point p, Color& pixel) {
        const float inside = coverage(boxDistance(p, chimneyTop.x - 8, chimneyTop.y, chimneyTop.x + 8, 326));
        const int row = int(p.y / 4);
        const bool joint = std::fmod(p.y, 4.0F) < 0.9F || std::fmod(p.x + float(row % 2) * 4, 8.0F) < 0.9F;
        const Color brick = mix(rgb(116, 56, 52), rgb(214, 112, 80), (p.x - chimneyTop.x + 8) / 16);
        pixel = mix(pixel, joint ? brick * 0.68F : brick, inside);
    });
    canvas.rectangle({chimneyTop.x - 10, chimneyTop.y - 3, chimneyTop.x + 10, chimneyTop.y + 2}, rgb(84, 52, 54));
    const std::array<Point, 4> roof{
        {{left - 14, wallTop + 3}, {left + 22, 294}, {right - 22, 294}, {right + 14, wallTop + 3}}};
    canvas.paint({left - 14, 292, right + 14, wallTop + 4}, [&](Point p, Color& pixel) {
        const float inside = coverage(polygonDistance(p, roof.data(), roof.size()));
        if (inside <= 0)
            return;
        const int row = int(p.y / 5.5F);
        const float across = std::fmod(p.x + float(row % 2) * 4.5F, 9.0F), down = std::fmod(p.y, 5.5F);
        const int tile = int((p.x + float(row % 2) * 4.5F) / 9);
        const float round = 0.82F + 0.3F * std::sin(across / 9 * 3.1416F) - (down > 4.3F ? 0.3F : 0.0F);
        const Color clay = mix(rgb(122, 48, 50), rgb(218, 104, 66),
                               unit((p.x - left) / (right - left) * 0.8F + 0.25F * hash(tile, row, 2)));
        pixel = mix(pixel, clay * round, inside);
    });
    canvas.line({left + 22, 294}, {right - 22, 294}, 3, rgb(96, 42, 46));
    canvas.line({left - 14, wallTop + 3}, {right + 14, wallTop + 3}, 2.4F, rgb(70, 42, 46));
    paintWindow(canvas, {148, 350, 170, 372});
    paintWindow(canvas, {236, 350, 258, 372});
    // Door, step and a lamp beside it.
    canvas.rectangle({191, 345, 217, foot}, rgb(70, 44, 46));
    canvas.rectangle({194, 348, 214, foot}, rgb(58, 104, 108));
    for (const float x : {199.5F, 204.0F, 208.5F})
        canvas.line({x, 350}, {x, foot - 2}, 1, rgb(38, 74, 80));
    canvas.disc({210.5F, 371}, 1.6F, rgb(250, 214, 120));
    canvas.rectangle({187, foot - 2, 221, foot + 5}, rgb(150, 130, 126));
    canvas.paint({206, 330, 246, 380}, [](Point p, Color& pixel) {
        pixel = pixel + rgb(255, 190, 100) * (0.5F * std::exp(-discDistance(p, {225, 352}, 0) / 6.5F));
    });
    canvas.disc({225, 352}, 2.6F, rgb(255, 244, 196));
}

void paintFence(Canvas& canvas) {
    const auto ground = [](float x) { return 402 + (x - 280) * 0.12F + 3 * std::sin(x / 40); };
    for (const float rail : {-16.0F, -8.0F})
        for (float x = 284; x < 440; x += 4)
            canvas.line({x, ground(x) + rail}, {x + 4, ground(x + 4) + rail}, 2.4F, rgb(118, 88, 82));
    for (float x = 286; x < 446; x += 19) {
        canvas.line({x, ground(x) - 22}, {x, ground(x) + 2}, 4, rgb(86, 62, 64));
        canvas.line({x + 1.2F, ground(x) - 21}, {x + 1.2F, ground(x) + 1}, 1.4F, rgb(222, 164, 120));
    }
}

void paintJetty(Canvas& canvas) {
    for (const float x : {470.0F, 500.0F, 530.0F, 556.0F}) {
        const float y = 371 - (x - 470) * 0.12F;
        canvas.line({x, y}, {x, y + 22}, 4.4F, rgb(58, 42, 50));
        canvas.line({x + 1.4F, y}, {x + 1.4F, y + 20}, 1.2F, rgb(206, 138, 98));
        canvas.line({x, y + 24}, {x - 1, y + 38}, 4, rgb(50, 44, 66), 0.45F);
    }
    canvas.polygon({{436, 380}, {560, 362}, {566, 368}, {440, 391}}, rgb(110, 78, 72));
    for (int i = 0; i < 25; ++i) {
        const float x = 440 + float(i) * 5;
        canvas.line({x, 381 - (x - 436) * 0.145F}, {x + 3.4F, 389 - (x - 436) * 0.165F}, 1.1F, rgb(58, 40, 44));
    }
    canvas.line({436, 380}, {560, 362}, 1.6F, rgb(244, 184, 128));
}

// A broad tree: trunk, boughs, and leaves as many small discs, brighter towards the sun.
void paintOak(Canvas& canvas, Point foot) {
    const Point crown{foot.x + 4, foot.y - 168};
    canvas.polygon({{foot.x - 17, foot.y + 6},
                    {foot.x - 9, foot.y - 40},
                    {foot.x - 8, foot.y - 110},
                    {foot.x + 8, foot.y - 110},
                    {foot.x + 10, foot.y - 40},
                    {foot.x + 21, foot.y + 6}},
                   rgb(66, 46, 46));
    for (const Point tip : {Point{foot.x - 58, foot.y - 168}, Point{foot.x - 24, foot.y - 205},
                            Point{foot.x + 30, foot.y - 200}, Point{foot.x + 62, foot.y - 160}})
        canvas.line({foot.x, foot.y - 96}, tip, 7, rgb(66, 46, 46));
    for (int i = 0; i < 16; ++i) {
        const float x = foot.x - 10 + float(i % 5) * 4.4F + hash(i, 1, 44) * 2;
        const float y = foot.y - 100 + float(i) * 6.2F;
        canvas.line({x, y}, {x + 1, y + 12}, 1.2F, i % 5 < 2 ? rgb(206, 128, 84) : rgb(40, 28, 34), 0.8F);
    }
    constexpr int leaves = 4200;
    for (int i = 0; i < leaves; ++i) {
        const float angle = hash(i, 2, 44) * 6.2832F, out = std::sqrt(hash(i, 3, 44));
        const float lumps = 0.66F + 0.46F * noise(angle * 2.4F, 0.5F, 45);
        const Point leaf{crown.x + std::cos(angle) * out * 98 * lumps, crown.y + std::sin(angle) * out * 80 * lumps};
        // Later leaves lie in front; clumps shade one another.
        const float front = float(i) / leaves;
        const float clump =
            fractalNoise(leaf.x / 27, leaf.y / 21, 2, 46) - fractalNoise(leaf.x / 27 + 0.2F, leaf.y / 21 + 0.3F, 2, 46);
        const float facing = unit(0.40F - (leaf.x - crown.x) / 190 - (leaf.y - crown.y) / 300 + clump * 2.6F);
        const Color shade = mix(rgb(34, 38, 42), rgb(84, 88, 44), front);
        const Color color = mix(shade, mix(rgb(214, 122, 52), rgb(252, 190, 92), hash(i, 5, 44)),
                                facing * smoothStep(0.1F, 0.7F, front));
        canvas.disc(leaf, 1.5F + 2.2F * hash(i, 4, 44) + 2 * (1 - front), color, 0.92F);
    }
    canvas.polygon(
        {{foot.x - 26, foot.y + 9}, {foot.x + 8, foot.y + 2}, {foot.x + 118, foot.y + 22}, {foot.x + 60, foot.y + 28}},
        rgb(20, 28, 30), 0.42F);
}

void paintReeds(Canvas& canvas) {
    for (int i = 0; i < 70; ++i) {
        const float x = i < 40 ? 588 + hash(i, 1, 55) * 96 : 424 + hash(i, 1, 55) * 30;
        const float foot = shore(x) + 4, height = 16 + 26 * hash(i, 2, 55), lean = (hash(i, 3, 55) - 0.4F) * 12;
        canvas.line({x, foot}, {x + lean, foot - height}, 1.5F,
                    mix(rgb(64, 74, 48), rgb(206, 150, 82), hash(i, 4, 55)));
        if (i % 3 == 0)
            canvas.line({x + lean * 0.86F, foot - height * 0.86F}, {x + lean, foot - height}, 3.4F, rgb(92, 52, 40));
    }
}

// Corners a little darker, as a lens makes them.
void paintVignette(Canvas& canvas) {
    canvas.paint({0, 0, float(canvas.width()), float(canvas.height())}, [&](Point p, Color& pixel) {
        const float x = p.x / float(canvas.width()) - 0.5F, y = p.y / float(canvas.height()) - 0.5F;
        pixel = pixel * (1.02F - 0.42F * (x * x + y * y));
    });
}

}  // namespace

float scene::shore(float x) noexcept {
    const float left = 352 + 34 * smoothStep(60, 420, x) + 60 * smoothStep(380, 540, x);
    const float right = 446 - 74 * smoothStep(560, 832, x);
    return std::min(left, right) + 4 * std::sin(x / 46) + 2.2F * std::sin(x / 17 + 1);
}

Canvas paintBackdrop(int width, int height) {
    Canvas canvas(width, height);
    paintSky(canvas);
    paintMountains(canvas, horizon + 2, 128, 190, 101, rgb(196, 128, 148), rgb(92, 78, 128), rgb(226, 146, 134));
    paintMountains(canvas, horizon + 2, 74, 120, 131, rgb(196, 110, 110), rgb(72, 60, 102), rgb(190, 118, 122));
    paintFarShore(canvas);
    paintLake(canvas);
    paintMeadow(canvas);
    for (int i = 0; i < 9; ++i) {
        const float x = -6 + float(i) * 15 + 8 * hash(i, 8, 2);
        paintPine(canvas, {x, shore(x) + 8 + 9 * hash(i, 9, 2)}, 120 + 92 * hash(i, 3, 2) - float(i) * 6,
                  rgb(24, 34, 42), rgb(126, 104, 66), 200 + i);
    }
    paintHouse(canvas);
    paintFence(canvas);
    paintJetty(canvas);
    paintReeds(canvas);
    paintOak(canvas, {744, 418});
    paintVignette(canvas);
    return canvas;
}

SampleScene::SampleScene() : m_backdrop(paintBackdrop(width, height)) {}

Picture SampleScene::at(double seconds) const {
    Canvas canvas = m_backdrop;
    paintActors(canvas, float(seconds));
    return canvas.picture();
}

}  // namespace lipar::media
