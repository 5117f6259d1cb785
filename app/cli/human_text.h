// Quantities as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace lipar::cli {

[[nodiscard]] std::string humanBytes(std::uint64_t bytes);  // "512 B", "3.4 MiB"
[[nodiscard]] std::string humanDuration(double seconds);    // "8.4 s", "2 min 05 s", "1 h 02 min"
[[nodiscard]] std::string humanClock(double seconds);       // "0:04", "12:30", "1:02:03"
[[nodiscard]] std::string humanCount(std::uint64_t count);  // "950", "18.2 million", "1.3 billion"
[[nodiscard]] std::string humanPercent(double fraction);    // "68 %", below ten "3.2 %"

}  // namespace lipar::cli
