#include "engine/media/sample_scene.h"

#include <array>

namespace lipar::media {
namespace {

using namespace scene;

constexpr float kTurn = 6.2831853F;

// Sparkles in the sun's path: each lights up and fades with a rhythm of its own.
void paintGlitter(Canvas& canvas, float seconds) {
    for (int i = 0; i < 90; ++i) {
        const float depth = 3 + 92 * hash(i, 1, 301) * hash(i, 1, 301);
        const float y = horizon + depth;
        const float x = sun.x + (hash(i, 2, 301) + hash(i, 3, 301) - 1) * (16 + depth * 0.9F);
        if (y > shore(x) - 4)
            continue;
        const float beat = std::sin(kTurn * (seconds * (0.4F + 0.6F * hash(i, 4, 301)) + hash(i, 5, 301)));
        const float bright = smoothStep(0.1F, 1.0F, beat);
        const float half = 1.5F + depth * 0.055F;
        canvas.line({x - half, y}, {x + half, y}, 1.0F + depth * 0.012F, rgb(255, 240, 200), bright * 0.85F);
    }
}

void paintSails(Canvas& canvas, Point deck, float lean, float mirror, float opacity) {
    // `mirror` is 1 upright, -1 for the reflection.
    const auto at = [&](float x, float up) { return Point{deck.x + x + lean * up, deck.y - up * mirror}; };
    canvas.polygon({at(-19, 0), at(20, 0), at(15, -8), at(-14, -8)}, rgb(132, 66, 50), opacity);
    canvas.polygon({at(-19, 0), at(20, 0), at(19.4F, -1.8F), at(-18.4F, -1.8F)}, rgb(246, 206, 168), opacity);
    canvas.line(at(0, 0), at(0, 58), 1.8F, rgb(78, 52, 48), opacity);
    canvas.polygon({at(2, 5), at(2, 56), at(23, 7)}, rgb(250, 232, 208), opacity);
    canvas.polygon({at(2, 5), at(2, 56), at(9, 6)}, rgb(226, 186, 166), opacity);
    canvas.polygon({at(-2, 5), at(-2, 49), at(-17, 6)}, rgb(232, 106, 76), opacity);
    canvas.polygon({at(-2, 5), at(-2, 49), at(-8, 5)}, rgb(196, 78, 66), opacity);
    canvas.line(at(0, 58), at(7, 55), 2.2F, rgb(214, 60, 56), opacity);
}

void paintBoat(Canvas& canvas, float seconds) {
    const float bob = 0.8F * std::sin(kTurn * seconds * 0.45F);
    const float lean = 0.05F * std::sin(kTurn * seconds * 0.3F + 0.7F) + 0.03F;
    const Point deck{396, 318 + bob};  // at anchor
    paintSails(canvas, {deck.x, deck.y + 17 - bob * 2}, lean, -0.62F, 0.30F);
    paintSails(canvas, deck, lean, 1, 1);
    // The bow wave and the wake.
    for (int i = 0; i < 5; ++i) {
        const float back = float(i) * 9;
        canvas.line({deck.x - 20 - back, deck.y + 8.5F + float(i) * 0.7F},
                    {deck.x - 12 - back, deck.y + 8.5F + float(i) * 0.7F}, 1.2F, rgb(255, 226, 196),
                    0.55F - float(i) * 0.1F);
    }
    canvas.line({deck.x + 13, deck.y + 8}, {deck.x + 22, deck.y + 9.2F}, 1.5F, rgb(255, 238, 214), 0.8F);
}

void paintBalloon(Canvas& canvas, float seconds) {
    const Point centre{270 + 34.0F * seconds, 108 - 9.0F * seconds + 1.5F * std::sin(kTurn * seconds * 0.2F)};
    constexpr float radius = 47;
    const float mouth = centre.y + radius * 1.5F;
    // Half the width of the envelope at a height: a ball above, a tapering skirt below.
    const auto halfWidth = [&](float y) {
        const float v = (y - centre.y) / radius;
        if (v < -1 || v > 1.5F)
            return -1.0F;
        if (v < 0.35F)
            return radius * std::sqrt(std::max(0.0F, 1 - v * v));
        const float t = (v - 0.35F) / 1.15F;
        return radius * (0.9367F * (1 - t) + 0.17F * t - 0.13F * t * (1 - t));
    };
    canvas.paint({centre.x - radius - 2, centre.y - radius - 2, centre.x + radius + 2, mouth + 1}, [&](Point p,
                                                                                                       Color& pixel) {
        const float half = halfWidth(std::clamp(p.y, centre.y - radius, mouth));
        const float sideways = std::abs(p.x - centre.x) - half;
        const float upwards = discDistance(p, centre, radius);
        const float distance = p.y < centre.y ? upwards : std::max(sideways * 0.92F, p.y - mouth);
        const float inside = coverage(distance);
        if (inside <= 0)
            return;
        constexpr std::array<Color, 4> gores{rgb(214, 58, 54), rgb(250, 226, 186), rgb(240, 156, 58), rgb(44, 92, 142)};
        const float across = std::clamp((p.x - centre.x) / std::max(half, 1.0F), -1.0F, 1.0F);
        const float longitude = std::asin(across) / 3.1416F + 0.5F;  // 0..1 over the visible half
        const float gore = longitude * 9;
        const int index = int(gore);
        Color color = gores[std::size_t(index % 4)];
        // Bands of a second colour, and the seams.
        const float v = (p.y - centre.y) / radius;
        color =
            mix(color, gores[std::size_t((index + 2) % 4)], smoothStep(0.06F, 0.09F, v) - smoothStep(0.30F, 0.33F, v));
        const float seam = std::abs(gore - std::round(gore)) * half * 0.34F * std::sqrt(1 - across * across + 0.02F);
        color = color * (1 - 0.32F * coverage(seam - 0.2F));
        const float light = 0.62F + 0.42F * across - 0.16F * v + 0.16F * (1 - across * across);
        color =
            mix(color * std::clamp(light, 0.34F, 1.2F), rgb(255, 196, 140), 0.26F * smoothStep(0.45F, 1.0F, across));
        pixel = mix(pixel, color, inside);
    });
    // Burner, ropes and basket.
    const float flame = 0.5F + 0.5F * std::sin(kTurn * seconds * 1.1F);
    canvas.paint({centre.x - 14, mouth - 12, centre.x + 14, mouth + 16}, [&](Point p, Color& pixel) {
        pixel = pixel + rgb(255, 176, 80) *
                            (0.75F * flame * std::exp(-std::hypot(p.x - centre.x, (p.y - mouth - 2) * 0.7F) / 4.2F));
    });
    const float basketTop = mouth + 15;
    for (const float side : {-1.0F, 1.0F}) {
        canvas.line({centre.x + side * 7.5F, mouth - 0.5F}, {centre.x + side * 6.5F, basketTop}, 1.1F, rgb(60, 44, 50));
        canvas.line({centre.x + side * 2.6F, mouth}, {centre.x + side * 2.4F, basketTop}, 1.0F, rgb(60, 44, 50), 0.8F);
    }
    canvas.polygon({{centre.x - 8, basketTop},
                    {centre.x + 8, basketTop},
                    {centre.x + 6.5F, basketTop + 12},
                    {centre.x - 6.5F, basketTop + 12}},
                   rgb(142, 94, 58));
    for (int i = 0; i < 3; ++i)
        canvas.line({centre.x - 7, basketTop + 3 + float(i) * 3.2F}, {centre.x + 7, basketTop + 3 + float(i) * 3.2F}, 1,
                    rgb(88, 54, 40));
    canvas.line({centre.x - 8.5F, basketTop}, {centre.x + 8.5F, basketTop}, 2.4F, rgb(216, 154, 96));
}

// Puffs leave the chimney one after the other, grow and fade.
void paintSmoke(Canvas& canvas, float seconds) {
    constexpr int puffs = 11;
    constexpr float life = 4.4F;
    for (int i = 0; i < puffs; ++i) {
        const float born = (float(i) + 0.3F * hash(i, 1, 401)) * life / puffs;
        const float age = std::fmod(seconds + born, life) / life;
        const float radius = 3 + 15 * age;
        const Point centre{chimneyTop.x + 3 + 36 * age * age + 5 * std::sin(age * 6 + float(i)),
                           chimneyTop.y - 4 - 74 * age};
        const float opacity = 0.8F * smoothStep(0, 0.1F, age) * (1 - smoothStep(0.45F, 1.0F, age));
        canvas.paint(
            {centre.x - radius, centre.y - radius, centre.x + radius, centre.y + radius}, [&](Point p, Color& pixel) {
                const float out = std::min(1.0F, discDistance(p, centre, 0) / radius);
                const float lump = 0.75F + 0.5F * noise((p.x - centre.x) / 5 + float(i) * 7, (p.y - centre.y) / 5, 402);
                const Color color =
                    mix(rgb(190, 164, 178), rgb(255, 228, 200), unit(0.5F + (p.x - centre.x) / radius * 0.5F));
                pixel = mix(pixel, color, opacity * (1 - out * out) * (1 - out * out) * unit(lump));
            });
    }
}

void paintBirds(Canvas& canvas, float seconds) {
    for (int i = 0; i < 6; ++i) {
        const float x = 452 + 15 * float(i % 2 ? i : -i) * 0.9F + 60 * seconds;
        const float y = 132 + 7 * float(i) - 4 * seconds + 2 * std::sin(seconds * 2 + float(i));
        const float flap = std::sin(kTurn * (seconds * 1.7F + hash(i, 1, 501)));
        const float span = 8.5F - 0.55F * float(i);
        for (const float side : {-1.0F, 1.0F}) {
            const Point elbow{x + side * span * 0.5F, y - 2.6F - 2.4F * flap};
            canvas.line({x, y}, elbow, 1.7F, rgb(48, 36, 62));
            canvas.line(elbow, {x + side * span, y - 0.6F + 2.8F * flap}, 1.3F, rgb(48, 36, 62));
        }
    }
}

}  // namespace

void paintActors(Canvas& canvas, float seconds) {
    paintGlitter(canvas, seconds);
    paintBoat(canvas, seconds);
    paintBirds(canvas, seconds);
    paintBalloon(canvas, seconds);
    paintSmoke(canvas, seconds);
}

}  // namespace lipar::media
