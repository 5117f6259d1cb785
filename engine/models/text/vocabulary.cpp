#include "engine/models/text/vocabulary.h"

#include <set>

namespace lipar::models {
namespace {

struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 1;
};

// The code point at the start of `text`. Bytes that do not decode come out one by one as U+FFFD.
CodePoint decode(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    if (length == 1)
        return {lead, 1};
    if (length == 0 || text.size() < length)
        return {0xFFFD, 1};
    char32_t value = lead & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return {0xFFFD, 1};
        value = value << 6 | (byte(i) & 0x3Fu);
    }
    return {value, length};
}

bool separatesWords(char32_t c) {
    const bool letterOrDigit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return (c < 0x80 && !letterOrDigit) || (c >= 0x80 && c <= 0xBF)  // ASCII and Latin-1 controls, spaces, punctuation
           || (c >= 0x2000 && c <= 0x206F)                           // general punctuation and spaces
           || (c >= 0x3000 && c <= 0x303F)                           // CJK punctuation
           || (c >= 0xFF01 && c <= 0xFF0F) || c == 0xFF1A || c == 0xFF1B || c == 0xFF1F || c == 0xFEFF;
}

}  // namespace

std::vector<std::string> splitWords(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint c = decode(text.substr(at));
        if (!separatesWords(c.value)) {
            word.append(text.substr(at, c.bytes));
        } else if (!word.empty()) {
            words.push_back(std::move(word));
            word.clear();
        }
        at += c.bytes;
    }
    if (!word.empty())
        words.push_back(std::move(word));
    return words;
}

std::string lowerCase(std::string_view word) {
    std::string lower(word);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = char(c - 'A' + 'a');
    return lower;
}

Vocabulary::Vocabulary(const std::vector<std::string>& words) {
    for (std::size_t id = kEnd + 1; id < words.size(); ++id)
        m_ids.emplace(words[id], std::int64_t(id));
}

TokenizedPrompt Vocabulary::tokenize(std::string_view prompt, std::int64_t length) const {
    TokenizedPrompt result;
    std::set<std::string> reported;
    for (const std::string& written : splitWords(prompt)) {
        std::string word = lowerCase(written);
        const auto known = m_ids.find(word);
        if (known == m_ids.end()) {
            if (reported.insert(std::move(word)).second)
                result.unknownWords.push_back(written);
        } else if (std::int64_t(result.tokens.size()) < length - 1) {
            result.tokens.push_back(known->second);
            result.knownWords.push_back(std::move(word));
        }
    }
    result.tokens.push_back(kEnd);
    result.tokens.resize(std::size_t(length), kPad);
    return result;
}

}  // namespace lipar::models
