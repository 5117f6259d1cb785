// Character references of HTML in a text that somebody pasted.
#pragma once

#include <string>
#include <string_view>

namespace lipar::models {

// `text` with &amp;, &eacute;, &#233;, &#xE9; replaced by what they stand for, once. Known: the names of HTML 4.01 and
// &apos;; those of Latin-1 also without their semicolon, as in browsers. What is not known stays as it is.
[[nodiscard]] std::string unescapeHtml(std::string_view text);

// What the Windows-1252 byte of this value means where it stands for a control character U+0080 to U+009F; others as
// they are.
[[nodiscard]] char32_t windows1252(char32_t value) noexcept;

}  // namespace lipar::models
