// Commands as a user with no plan would give them: most can be done, some cannot.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "app/commands/command.h"

namespace lipar::commands::test {

class RandomCommands {
public:
    explicit RandomCommands(unsigned seed) : m_random(seed) {}

    [[nodiscard]] int number(int below) { return below <= 0 ? 0 : int(m_random() % unsigned(below)); }
    [[nodiscard]] bool chance(int percent) { return number(100) < percent; }

    [[nodiscard]] project::Source source() {
        static const Rational rates[] = {{25, 1}, {24000, 1001}, {30000, 1001}, {50, 1}, {30, 1}, {1234567, 45678}};
        project::Source source;
        source.path = "/media/clip" + std::to_string(number(1000)) + ".mp4";
        source.fileBytes = std::uint64_t(number(1 << 30));
        const int kind = number(4);  // sound alone, pictures alone, both
        source.hasSound = kind != 1;
        if (kind != 0) {
            source.width = 16 + number(2000);
            source.height = 16 + number(1100);
            source.rate = rates[number(6)];
            source.frames = 1 + number(300);
            source.duration = Rational{source.frames, 1} / source.rate;
            source.variableRate = chance(20);
        } else {
            source.duration = {1 + number(500'000), 48000};
        }
        return source;
    }

    [[nodiscard]] project::ClipEdit edit() {
        project::ClipEdit edit;
        edit.enabled = chance(70);
        edit.prompt = chance(50) ? "oil painting" : "pencil sketch";
        edit.seed = std::uint64_t(number(5));
        if (chance(50))
            edit.strength = number(101) / 100.0;
        if (chance(30))
            edit.shift = 1 + number(10);
        Rational time{0, 1};
        for (int i = number(4); i > 0; --i) {
            time += {1 + number(100), 60};
            edit.promptKeyframes.push_back({time, "prompt " + std::to_string(i)});
        }
        return edit;
    }

    [[nodiscard]] Command next(const project::Project& project) {
        collect(project);
        if (m_sources.empty() || chance(4))
            return ImportSources{{source(), source()}};
        if (m_clips.empty() || chance(12))
            return addClip();
        switch (number(22)) {
            case 0: return TrimClip{clip(), Edge::start, time(), chance(40), chance(20)};
            case 1: return TrimClip{clip(), Edge::end, time(), chance(40), chance(20)};
            case 2: return TrimClip{clip(), chance(50) ? Edge::start : Edge::end, near(project), chance(40), false};
            case 3: return SplitClips{{}, near(project)};
            case 4: return SplitClips{{clip()}, near(project)};
            case 5: return DeleteClips{clips(2), chance(50), chance(20)};
            case 6: return RollCut{clip(), near(project)};
            case 7: return SlipClip{clip(), Rational{number(200) - 100, 30}};
            case 8: return SetSpeed{clip(), Rational{1 + number(30), 1 + number(15)}, chance(60)};
            case 9: return SetCrossFade{clip(), Rational{number(60), 25}};
            case 10: return RenameClip{clip(), "name " + std::to_string(number(9))};
            case 11: return SetEdit{clips(3), edit()};
            case 12: return SetSound{clips(3), {number(72) - 60.0, chance(20), {number(50), 25}, {number(50), 30}}};
            case 13: return track(project);
            case 14: return marker(project);
            case 15: return MoveClips{clips(3), near(project) - time(), number(3) - 1, chance(20)};
            case 16: return SplitClips{{clip()}, middle(project)};
            case 17: return SetCrossFade{clip(), Rational{1 + number(30), 25}};
            case 18: return format(project);
            case 19: return MoveClips{clips(2), {number(100) - 50, 25}, 0, false};
            case 20: return RollCut{clip(), middle(project)};
            default: return addClip();
        }
    }

private:
    void collect(const project::Project& project) {
        m_sources.clear();
        m_clips.clear();
        m_tracks.clear();
        for (const auto& each : project.sources)
            m_sources.push_back(each.id);
        for (const auto& each : project.tracks) {
            m_tracks.push_back(each.id);
            for (const auto& clip : each.clips)
                m_clips.push_back(clip.id);
        }
    }
    [[nodiscard]] Id any(const std::vector<Id>& ids) { return ids.empty() ? 999'999 : ids[std::size_t(number(int(ids.size())))]; }
    [[nodiscard]] Id clip() { return chance(2) ? 999'999 : any(m_clips); }
    [[nodiscard]] std::vector<Id> clips(int most) {
        std::vector<Id> ids;
        for (int i = 1 + number(most); i > 0; --i)
            ids.push_back(clip());
        return ids;
    }
    [[nodiscard]] Rational time() { return {number(3000), 1 + number(60)}; }
    // An edge of some clip, or a little beside it.
    [[nodiscard]] Rational near(const project::Project& project) {
        const project::Clip* const found = project::findClip(project, any(m_clips));
        if (found == nullptr)
            return time();
        return (chance(50) ? found->start : found->end()) + Rational{number(40) - 20, chance(50) ? 25 : 24};
    }
    [[nodiscard]] Rational middle(const project::Project& project) {
        const project::Clip* const found = project::findClip(project, any(m_clips));
        return found == nullptr ? time() : found->start + found->duration * Rational{1 + number(9), 10};
    }
    [[nodiscard]] Command addClip() {
        AddClip command{any(m_sources), chance(60) ? 0 : any(m_tracks), time(), {}, {}, chance(30), edit()};
        if (chance(40))
            command.sourceStart = Rational{number(40), 30};
        if (chance(40))
            command.sourceEnd = command.sourceStart.value_or(Rational{}) + Rational{1 + number(60), 24};
        return command;
    }
    [[nodiscard]] Command track(const project::Project& project) {
        const auto kind = chance(50) ? project::TrackKind::video : project::TrackKind::audio;
        switch (number(6)) {
            case 0: return AddTrack{kind, {}};
            case 1: return project.tracks.size() > 4 ? Command(RemoveTrack{any(m_tracks)}) : Command(AddTrack{kind, "extra"});
            case 2: return SetTrack{any(m_tracks), {}, {}, {}, chance(25)};
            case 3: return RenameProject{"project " + std::to_string(number(5))};
            case 4: return project.sources.size() > 6 ? Command(RemoveSource{any(m_sources)}) : Command(ImportSources{{source()}});
            default: return SetTrack{any(m_tracks), "track", chance(50), chance(50), {}};
        }
    }
    [[nodiscard]] Command marker(const project::Project& project) {
        if (project.markers.empty() || chance(40))
            return AddMarker{time(), "marker", "#00ff88"};
        const project::Marker chosen = project.markers[std::size_t(number(int(project.markers.size())))];
        return chance(50) ? Command(RemoveMarker{chosen.id}) : Command(ChangeMarker{{chosen.id, time(), "moved", "#123456"}});
    }
    [[nodiscard]] Command format(const project::Project& project) {
        static const Rational rates[] = {{25, 1}, {24000, 1001}, {30000, 1001}, {60, 1}};
        if (chance(70))
            return RelinkSource{any(m_sources), source()};
        project::Format format = project.format;
        format.rate = rates[number(4)];
        format.width = 16 + 2 * number(900);
        return SetFormat{format};
    }

    std::mt19937 m_random;
    std::vector<Id> m_sources;
    std::vector<Id> m_clips;
    std::vector<Id> m_tracks;
};

}  // namespace lipar::commands::test
