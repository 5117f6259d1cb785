#include "engine/models/text/vocabulary.h"

#include <set>

#include "engine/models/text/utf8.h"

namespace lipar::models {
namespace {

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
        const CodePoint c = decodeUtf8(text.substr(at));
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
    result.wanted = 1;
    for (const std::string& written : splitWords(prompt)) {
        std::string word = lowerCase(written);
        const auto known = m_ids.find(word);
        if (known == m_ids.end()) {
            if (reported.insert(std::move(word)).second)
                result.unknownWords.push_back(written);
        } else if (++result.wanted <= length) {
            result.tokens.push_back(known->second);
            result.knownWords.push_back(std::move(word));
        }
    }
    result.tokens.push_back(kEnd);
    result.tokens.resize(std::size_t(length), kPad);
    return result;
}

}  // namespace lipar::models
