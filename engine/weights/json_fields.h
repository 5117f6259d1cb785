// Reads a JSON object field by field into a config struct, with the field's path in every error, and notices fields
// that nobody asked for.
#pragma once

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace lipar::weights {

// An optional field that is absent leaves the target as it is.
enum class Presence { required, optional };

// Refers to the JSON it reads: that must outlive it. Every error is modelDamaged with a bare reason such as
// "dit.dim is 0, not a whole number from 1 to 65536".
class JsonFields {
public:
    // `path` is empty for the outermost object. Error: `object` is not an object.
    [[nodiscard]] static Result<JsonFields> of(const nlohmann::json& object, std::string path);

    [[nodiscard]] Result<> integer(std::string_view name, int& target, int low, int high, Presence presence = Presence::required);
    // null empties the target.
    [[nodiscard]] Result<> nullableInteger(std::string_view name, std::optional<int>& target, int low, int high);
    [[nodiscard]] Result<> integers(std::string_view name, std::vector<int>& target, int low, int high, Presence presence = Presence::required);
    [[nodiscard]] Result<> number(std::string_view name, double& target, double low, double high, Presence presence = Presence::required);
    [[nodiscard]] Result<> boolean(std::string_view name, bool& target, Presence presence = Presence::required);
    [[nodiscard]] Result<> text(std::string_view name, std::string& target, Presence presence = Presence::required);
    [[nodiscard]] Result<> texts(std::string_view name, std::vector<std::string>& target, Presence presence = Presence::required);
    [[nodiscard]] Result<> namedTexts(std::string_view name, std::map<std::string, std::string>& target, Presence presence = Presence::required);
    [[nodiscard]] Result<> namedNumbers(std::string_view name, std::map<std::string, double>& target, double low, double high,
                                        Presence presence = Presence::required);
    // Empty when an optional section is absent.
    [[nodiscard]] Result<std::optional<JsonFields>> section(std::string_view name, Presence presence = Presence::required);

    // The objects of a list, in order. Empty when an optional one is absent.
    [[nodiscard]] Result<std::vector<JsonFields>> objects(std::string_view name, Presence presence = Presence::required);
    // The object as it stands, unread. nullptr when an optional one is absent.
    [[nodiscard]] Result<const nlohmann::json*> object(std::string_view name, Presence presence = Presence::required);

    // To be called last: a field that was not asked for is an error that names it.
    [[nodiscard]] Result<> finish() const;

    // "dit.dim"
    [[nodiscard]] std::string pathOf(std::string_view name) const;

private:
    JsonFields(const nlohmann::json& object, std::string path) : m_object(&object), m_path(std::move(path)) {}
    // nullptr when an optional field is absent.
    Result<const nlohmann::json*> find(std::string_view name, Presence presence);

    const nlohmann::json* m_object;
    std::string m_path;
    std::set<std::string, std::less<>> m_known;
};

}  // namespace lipar::weights
