// JSON out of files nobody vouches for: every value is looked at before it is taken, and what is wrong is told with its place.
#pragma once

#include <nlohmann/json.hpp>

#include <cmath>
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "engine/core/rational.h"
#include "engine/core/result.h"

namespace lipar::project {

using Json = nlohmann::ordered_json;

// Error: inputDamaged with the line and column of the first mistake.
[[nodiscard]] Result<Json> parseJson(std::string_view text);

// Reads the fields of one object. The first thing that is wrong stays in error(); what is read afterwards does not count, so
// a reader is asked once, at the end.
class JsonReader {
public:
    // `place`: "tracks[0].clips[3]"; empty for the whole.
    JsonReader(const Json& object, std::string place);

    [[nodiscard]] const std::optional<Error>& error() const noexcept { return m_error; }
    [[nodiscard]] Result<> result() const { return m_error ? Result<>(std::unexpected(*m_error)) : Result<>{}; }
    [[nodiscard]] bool has(const char* name) const { return find(name) != nullptr; }
    [[nodiscard]] std::string placeOf(const char* name) const { return m_place.empty() ? name : m_place + "." + name; }
    void refuse(const char* name, const std::string& expected);

    // A field that is not there leaves the value as it is; with `need` it is an error.
    void read(const char* name, bool& value);
    void read(const char* name, std::string& value);
    void read(const char* name, double& value);
    void read(const char* name, std::optional<double>& value);
    void read(const char* name, Rational& value);  // "1001/30000" or "2", or a whole number
    template <std::integral Number>
    void read(const char* name, Number& value);
    template <class Value>
    void need(const char* name, Value& value) {
        if (!has(name))
            refuse(name, "a value");
        read(name, value);
    }

    // A nested object, if it is there; `read` takes a JsonReader.
    template <class Read>
    void readObject(const char* name, Read&& read);
    // `read` takes each element's JSON value and its place, and returns Result<>.
    template <class Read>
    void readEach(const char* name, Read&& read);

private:
    [[nodiscard]] const Json* find(const char* name) const;

    const Json& m_object;
    std::string m_place;
    std::optional<Error> m_error;
};

template <std::integral Number>
void JsonReader::read(const char* name, Number& value) {
    const Json* const field = find(name);
    if (field == nullptr)
        return;
    // Unsigned comes first: a number that fits no signed type is one.
    const bool fits = field->is_number_unsigned() ? std::in_range<Number>(field->get<std::uint64_t>())
                      : field->is_number_integer() ? std::in_range<Number>(field->get<std::int64_t>())
                                                   : false;
    if (!fits)
        refuse(name, "a whole number in range");
    else
        value = field->is_number_unsigned() ? static_cast<Number>(field->get<std::uint64_t>())
                                            : static_cast<Number>(field->get<std::int64_t>());
}

template <class Read>
void JsonReader::readObject(const char* name, Read&& read) {
    const Json* const field = find(name);
    if (field == nullptr)
        return;
    if (!field->is_object())
        return refuse(name, "an object");
    JsonReader nested(*field, placeOf(name));
    read(nested);
    if (!m_error)
        m_error = nested.error();
}

template <class Read>
void JsonReader::readEach(const char* name, Read&& read) {
    const Json* const field = find(name);
    if (field == nullptr)
        return;
    if (!field->is_array())
        return refuse(name, "a list");
    for (std::size_t i = 0; i < field->size() && !m_error; ++i) {
        const Result<> taken = read((*field)[i], placeOf(name) + "[" + std::to_string(i) + "]");
        if (!taken)
            m_error = taken.error();
    }
}

}  // namespace lipar::project
