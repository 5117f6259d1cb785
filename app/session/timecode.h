// Times as people read them.
#pragma once

#include <QString>

namespace lipar::session {

// "01:02.34": minutes, seconds and hundredths; with hours in front from one hour on. Rounds down.
[[nodiscard]] QString timecodeOf(double seconds);

}  // namespace lipar::session
