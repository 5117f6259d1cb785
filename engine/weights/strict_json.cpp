#include "engine/weights/strict_json.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "engine/weights/damage.h"

namespace lipar::weights {
namespace {

// Watches nlohmann's parser and makes it keep nothing more from the first offence on. The parser itself does not recurse.
class Watcher {
public:
    explicit Watcher(JsonLimits limits) : m_limits(limits) {}

    bool operator()(int depth, nlohmann::json::parse_event_t event, const nlohmann::json& parsed) {
        using Event = nlohmann::json::parse_event_t;
        if (!m_offence.empty())
            return false;
        if (++m_values > m_limits.values)
            m_offence = "its description holds too many values";
        else if ((event == Event::object_start || event == Event::array_start) && std::size_t(depth) >= m_limits.depth)
            m_offence = "its description is nested too deeply";
        else if (event == Event::object_start)
            m_names.emplace_back();
        else if (event == Event::object_end)
            m_names.pop_back();
        else if (event == Event::key && !m_names.back().insert(parsed.get<std::string>()).second)
            m_offence = "the name " + shown(parsed.get_ref<const std::string&>()) + " occurs twice";
        return m_offence.empty();
    }

    [[nodiscard]] const std::string& offence() const noexcept { return m_offence; }

private:
    const JsonLimits m_limits;
    std::size_t m_values = 0;
    std::vector<std::set<std::string>> m_names;  // of the objects that are open
    std::string m_offence;
};

std::string placeOf(std::string_view text, std::size_t byte) {
    const std::string_view before = text.substr(0, byte == 0 ? 0 : byte - 1);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t lineStart = before.rfind('\n') + 1;  // npos + 1 == 0
    return "line " + std::to_string(line) + ", column " + std::to_string(before.size() - lineStart + 1);
}

}  // namespace

Result<nlohmann::json> parseStrictJson(std::string_view text, JsonLimits limits) {
    Watcher watcher(limits);
    try {
        const auto watch = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) { return watcher(depth, event, parsed); };
        nlohmann::json value = nlohmann::json::parse(text.begin(), text.end(), watch);
        if (!watcher.offence().empty())
            return damaged(watcher.offence());
        return value;
    } catch (const nlohmann::json::parse_error& error) {
        return damaged("its description is not valid JSON (" + placeOf(text, error.byte) + ")");
    } catch (const nlohmann::json::exception&) {  // a number beyond every range
        return damaged("its description holds a number that is too large");
    }
}

}  // namespace lipar::weights
