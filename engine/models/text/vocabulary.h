// The closed vocabulary of the built-in model: from a prompt to token ids.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lipar::models {

// The words of a text as written, in order: what stands between white space and punctuation (ASCII, Latin-1 and
// general Unicode punctuation). Bytes that are not UTF-8 count as letters.
[[nodiscard]] std::vector<std::string> splitWords(std::string_view text);
// ASCII letters lower-cased; the vocabulary has no others.
[[nodiscard]] std::string lowerCase(std::string_view word);

struct TokenizedPrompt {
    std::vector<std::int64_t> tokens;       // words, <end>, then <pad> up to the fixed length
    std::vector<std::string> knownWords;    // lower-cased words that became tokens
    std::vector<std::string> unknownWords;  // dropped words as written, in order, each once
    std::int64_t wanted = 0;                // tokens that all known words and the end would take
};

class Vocabulary {
public:
    static constexpr std::int64_t kPad = 0;
    static constexpr std::int64_t kEnd = 1;

    // words[i] has id i; words[0] and words[1] stand for padding and end and are never matched.
    explicit Vocabulary(const std::vector<std::string>& words);

    // `length` tokens. Known words after the first length - 1 have no place; `wanted` tells.
    [[nodiscard]] TokenizedPrompt tokenize(std::string_view prompt, std::int64_t length) const;

private:
    std::unordered_map<std::string, std::int64_t> m_ids;
};

}  // namespace lipar::models
