#include "engine/models/text/prompt_cleaning.h"

#include "engine/models/text/html_entities.h"
#include "engine/models/text/utf8.h"

namespace lipar::models {
namespace {

bool isWhiteSpace(char32_t c) {
    return (c >= 0x09 && c <= 0x0D && c != 0x0B) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool isRemoved(char32_t c) {
    return (c < 0x20 && !isWhiteSpace(c)) || c == 0x7F || (c >= 0x206A && c <= 0x206F) || c == 0xFEFF ||
           (c >= 0xFFF9 && c <= 0xFFFC);
}

char32_t straightQuote(char32_t c) {
    if (c == 0x02BC || (c >= 0x2018 && c <= 0x201B))
        return '\'';
    return c >= 0x201C && c <= 0x201F ? '"' : c;
}

// Surrogates and what lies past Unicode's end have a spelling in UTF-8's pattern but no meaning.
char32_t validCodePoint(char32_t c) {
    return c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) ? 0xFFFD : c;
}

// Bytes of a terminal's escape sequence at the start of `text`: ESC [ numbers letter. 0: none is there.
std::size_t terminalEscape(std::string_view text) {
    if (!text.starts_with("\x1b["))
        return 0;
    const std::size_t end = text.find_first_not_of("0123456789;", 2);
    const bool ends = end != std::string_view::npos &&
                      ((text[end] >= 'A' && text[end] <= 'Z') || (text[end] >= 'a' && text[end] <= 'z'));
    return ends ? end + 1 : 0;
}

}  // namespace

std::string cleanPrompt(std::string_view prompt) {
    const std::string unescaped = unescapeHtml(unescapeHtml(prompt));
    std::string clean;
    bool spaceBefore = false;
    for (std::string_view rest = unescaped; !rest.empty();) {
        if (const std::size_t escape = terminalEscape(rest)) {
            rest.remove_prefix(escape);
            continue;
        }
        const CodePoint read = decodeUtf8(rest);
        rest.remove_prefix(read.bytes);
        // U+0085 is a line's end and white space, whatever Windows-1252 makes of it.
        const char32_t c =
            isWhiteSpace(read.value) ? read.value : straightQuote(windows1252(validCodePoint(read.value)));
        if (isWhiteSpace(c)) {
            spaceBefore = true;
        } else if (!isRemoved(c)) {
            if (spaceBefore && !clean.empty())
                clean += ' ';
            spaceBefore = false;
            clean += encodeUtf8(c);
        }
    }
    return clean;
}

}  // namespace lipar::models
