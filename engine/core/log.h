// Log lines of the engine. The program that hosts the engine chooses where they go.
// Thread: log() may be called from any thread; the sink is called under a lock, one line at a time.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace lipar {

enum class LogLevel { debug, info, warning, error };

using LogSink = std::function<void(LogLevel, std::string_view)>;

// Replaces the sink; the default writes warnings and errors to standard error.
void setLogSink(LogSink sink);
void log(LogLevel level, std::string_view line);

}  // namespace lipar
