#include "app/project/json_reader.h"

#include <algorithm>
#include <charconv>

namespace lipar::project {
namespace {

std::string placeInText(std::string_view text, std::size_t byte) {
    const std::string_view before = text.substr(0, byte == 0 ? 0 : byte - 1);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t lineStart = before.rfind('\n') + 1;  // npos + 1 == 0
    return "line " + std::to_string(line) + ", column " + std::to_string(before.size() - lineStart + 1);
}

std::optional<std::int64_t> wholeNumber(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value == std::numeric_limits<std::int64_t>::min())
        return std::nullopt;
    return value;
}

std::optional<Rational> fraction(const Json& field) {
    if (field.is_number_integer() && !(field.is_number_unsigned() && !std::in_range<std::int64_t>(field.get<std::uint64_t>())))
        return field.get<std::int64_t>() == std::numeric_limits<std::int64_t>::min()
                   ? std::nullopt
                   : std::optional(Rational{field.get<std::int64_t>(), 1});
    if (!field.is_string())
        return std::nullopt;
    const std::string_view text = field.get_ref<const std::string&>();
    const std::size_t slash = text.find('/');
    const auto num = wholeNumber(text.substr(0, slash));
    const auto den = slash == text.npos ? std::optional<std::int64_t>(1) : wholeNumber(text.substr(slash + 1));
    if (!num || !den || *den <= 0)
        return std::nullopt;
    return Rational{*num, *den} * Rational{1, 1};  // in lowest terms
}

}  // namespace

Result<Json> parseJson(std::string_view text) {
    try {
        return Json::parse(text.begin(), text.end());
    } catch (const Json::parse_error& error) {
        return fail(ErrorCode::inputDamaged, "it is not valid JSON (" + placeInText(text, error.byte) + ")",
                    "open an older copy of it");
    } catch (const Json::exception&) {  // a number beyond every range
        return fail(ErrorCode::inputDamaged, "it holds a number that is too large", "open an older copy of it");
    }
}

JsonReader::JsonReader(const Json& object, std::string place) : m_object(object), m_place(std::move(place)) {
    if (!m_object.is_object())
        m_error = Error{ErrorCode::inputDamaged, (m_place.empty() ? "it" : m_place) + " is not an object", "open an older copy of it"};
}

const Json* JsonReader::find(const char* name) const {
    if (!m_object.is_object())
        return nullptr;
    const auto field = m_object.find(name);
    return field == m_object.end() ? nullptr : &*field;
}

void JsonReader::refuse(const char* name, const std::string& expected) {
    if (!m_error)
        m_error = Error{ErrorCode::inputDamaged, placeOf(name) + " is not " + expected, "open an older copy of it"};
}

void JsonReader::read(const char* name, bool& value) {
    if (const Json* const field = find(name); field != nullptr) {
        if (field->is_boolean())
            value = field->get<bool>();
        else
            refuse(name, "true or false");
    }
}

void JsonReader::read(const char* name, std::string& value) {
    if (const Json* const field = find(name); field != nullptr) {
        if (field->is_string())
            value = field->get<std::string>();
        else
            refuse(name, "a text");
    }
}

void JsonReader::read(const char* name, double& value) {
    if (const Json* const field = find(name); field != nullptr) {
        if (field->is_number() && std::isfinite(field->get<double>()))
            value = field->get<double>();
        else
            refuse(name, "a number");
    }
}

void JsonReader::read(const char* name, std::optional<double>& value) {
    if (double number = 0; has(name)) {
        read(name, number);
        value = number;
    }
}

void JsonReader::read(const char* name, Rational& value) {
    if (const Json* const field = find(name); field != nullptr) {
        if (const auto read = fraction(*field))
            value = *read;
        else
            refuse(name, "a fraction such as \"1001/30000\"");
    }
}

}  // namespace lipar::project
