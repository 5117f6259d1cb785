#include "engine/weights/json_fields.h"

#include <cstdint>
#include <utility>

#include "engine/weights/damage.h"

namespace lipar::weights {
namespace {

using nlohmann::json;

// The value as it stands in the file, short enough for a sentence.
std::string shownValue(const json& value) {
    if (value.is_object())
        return "an object";
    if (value.is_array())
        return "a list";
    return shown(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

std::string shownNumber(double value) {
    return json(value).dump();
}

std::unexpected<Error> misshapen(const std::string& path, const json& value, const std::string& expected) {
    return damaged(path + " is " + shownValue(value) + ", not " + expected);
}

Result<int> integerOf(const json& value, const std::string& path, int low, int high) {
    const bool fits = value.is_number_integer() && (!value.is_number_unsigned() || value.get<std::uint64_t>() <= std::uint64_t(INT64_MAX));
    if (!fits || value.get<std::int64_t>() < low || value.get<std::int64_t>() > high)
        return misshapen(path, value, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    return value.get<int>();
}

Result<double> numberOf(const json& value, const std::string& path, double low, double high) {
    if (!value.is_number() || !(value.get<double>() >= low && value.get<double>() <= high))
        return misshapen(path, value, "a number from " + shownNumber(low) + " to " + shownNumber(high));
    return value.get<double>();
}

Result<std::string> textOf(const json& value, const std::string& path) {
    if (!value.is_string())
        return misshapen(path, value, "text");
    return value.get<std::string>();
}

}  // namespace

Result<JsonFields> JsonFields::of(const json& object, std::string path) {
    if (!object.is_object())
        return misshapen(path.empty() ? "the outermost value" : path, object, "an object");
    return JsonFields(object, std::move(path));
}

std::string JsonFields::pathOf(std::string_view name) const {
    return m_path.empty() ? shown(name) : m_path + "." + shown(name);
}

Result<const json*> JsonFields::find(std::string_view name, Presence presence) {
    m_known.emplace(name);
    const auto found = m_object->find(name);
    if (found != m_object->end())
        return &*found;
    if (presence == Presence::required)
        return damaged(pathOf(name) + " is missing");
    return nullptr;
}

Result<> JsonFields::integer(std::string_view name, int& target, int low, int high, Presence presence) {
    LIPAR_ASSIGN(const json* value, find(name, presence));
    if (!value)
        return {};
    LIPAR_ASSIGN(target, integerOf(*value, pathOf(name), low, high));
    return {};
}

Result<> JsonFields::nullableInteger(std::string_view name, std::optional<int>& target, int low, int high) {
    LIPAR_ASSIGN(const json* value, find(name, Presence::optional));
    if (!value)
        return {};
    if (value->is_null()) {
        target.reset();
        return {};
    }
    LIPAR_ASSIGN(target, integerOf(*value, pathOf(name), low, high));
    return {};
}

Result<> JsonFields::integers(std::string_view name, std::vector<int>& target, int low, int high, Presence presence) {
    LIPAR_ASSIGN(const json* value, find(name, presence));
    if (!value)
        return {};
    if (!value->is_array())
        return misshapen(pathOf(name), *value, "a list of whole numbers");
    std::vector<int> values;
    for (std::size_t i = 0; i < value->size(); ++i) {
        LIPAR_ASSIGN(const int item, integerOf((*value)[i], pathOf(name) + "[" + std::to_string(i) + "]", low, high));
        values.push_back(item);
    }
    target = std::move(values);
    return {};
}

Result<> JsonFields::number(std::string_view name, double& target, double low, double high, Presence presence) {
    LIPAR_ASSIGN(const json* value, find(name, presence));
    if (!value)
        return {};
    LIPAR_ASSIGN(target, numberOf(*value, pathOf(name), low, high));
    return {};
}

Result<> JsonFields::boolean(std::string_view name, bool& target, Presence presence) {
    LIPAR_ASSIGN(const json* value, find(name, presence));
    if (!value)
        return {};
    if (!value->is_boolean())
        return misshapen(pathOf(name), *value, "true or false");
    target = value->get<bool>();
    return {};
}

Result<> JsonFields::text(std::string_view name, std::string& target, Presence presence) {
    LIPAR_ASSIGN(const json* value, find(name, presence));
    if (!value)
        return {};
    LIPAR_ASSIGN(target, textOf(*value, pathOf(name)));
    return {};
}

Result<> JsonFields::texts(std::string_view name, std::vector<std::string>& target, Presence presence) {
    LIPAR_ASSIGN(const json* value, find(name, presence));
    if (!value)
        return {};
    if (!value->is_array())
        return misshapen(pathOf(name), *value, "a list of texts");
    std::vector<std::string> values;
    for (std::size_t i = 0; i < value->size(); ++i) {
        LIPAR_ASSIGN(std::string item, textOf((*value)[i], pathOf(name) + "[" + std::to_string(i) + "]"));
        values.push_back(std::move(item));
    }
    target = std::move(values);
    return {};
}

Result<> JsonFields::namedTexts(std::string_view name, std::map<std::string, std::string>& target, Presence presence) {
    LIPAR_ASSIGN(const json* value, find(name, presence));
    if (!value)
        return {};
    if (!value->is_object())
        return misshapen(pathOf(name), *value, "an object of texts");
    std::map<std::string, std::string> values;
    for (const auto& [key, item] : value->items()) {
        LIPAR_ASSIGN(std::string itemText, textOf(item, pathOf(name) + "." + shown(key)));
        values.emplace(key, std::move(itemText));
    }
    target = std::move(values);
    return {};
}

Result<> JsonFields::namedNumbers(std::string_view name, std::map<std::string, double>& target, double low, double high, Presence presence) {
    LIPAR_ASSIGN(const json* value, find(name, presence));
    if (!value)
        return {};
    if (!value->is_object())
        return misshapen(pathOf(name), *value, "an object of numbers");
    std::map<std::string, double> values;
    for (const auto& [key, item] : value->items()) {
        LIPAR_ASSIGN(const double itemNumber, numberOf(item, pathOf(name) + "." + shown(key), low, high));
        values.emplace(key, itemNumber);
    }
    target = std::move(values);
    return {};
}

Result<std::optional<JsonFields>> JsonFields::section(std::string_view name, Presence presence) {
    LIPAR_ASSIGN(const json* value, find(name, presence));
    if (!value)
        return std::nullopt;
    LIPAR_ASSIGN(JsonFields fields, of(*value, pathOf(name)));
    return fields;
}

Result<std::vector<JsonFields>> JsonFields::objects(std::string_view name, Presence presence) {
    std::vector<JsonFields> objects;
    LIPAR_ASSIGN(const json* value, find(name, presence));
    if (!value)
        return objects;
    if (!value->is_array())
        return misshapen(pathOf(name), *value, "a list of objects");
    for (std::size_t i = 0; i < value->size(); ++i) {
        LIPAR_ASSIGN(JsonFields fields, of((*value)[i], pathOf(name) + "[" + std::to_string(i) + "]"));
        objects.push_back(std::move(fields));
    }
    return objects;
}

Result<const json*> JsonFields::object(std::string_view name, Presence presence) {
    LIPAR_ASSIGN(const json* value, find(name, presence));
    if (value && !value->is_object())
        return misshapen(pathOf(name), *value, "an object");
    return value;
}

Result<> JsonFields::finish() const {
    for (const auto& [name, value] : m_object->items())
        if (!m_known.contains(name))
            return damaged("unknown field " + pathOf(name), "this model may need a newer version of the program");
    return {};
}

}  // namespace lipar::weights
