// What a prompt goes through before a SentencePiece model cuts it, so that pasted text means what was meant.
#pragma once

#include <string>
#include <string_view>

namespace lipar::models {

// In this order: bytes that are not UTF-8 become U+FFFD; HTML's character references are replaced, twice; terminal
// colours and control characters go (C0 but white space, byte order marks, U+206A to U+206F, U+FFF9 to U+FFFC); C1
// controls become what Windows-1252 means by them; curly quotes become straight; white space in Unicode's sense is
// collapsed to one space and cut off at both ends.
//
// Ligatures, full-width forms and composition (NFKC) are left to the SentencePiece model, whose own normaliser does
// them. Not done: text that was decoded in the wrong encoding is not repaired.
[[nodiscard]] std::string cleanPrompt(std::string_view prompt);

}  // namespace lipar::models
