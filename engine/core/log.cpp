#include "engine/core/log.h"

#include <cstdio>
#include <mutex>
#include <utility>

namespace lipar {
namespace {

void writeToStandardError(LogLevel level, std::string_view line) {
    if (level < LogLevel::warning)
        return;
    std::fprintf(stderr, "%s: %.*s\n", level == LogLevel::error ? "error" : "warning", int(line.size()), line.data());
}

std::mutex& sinkMutex() {
    static std::mutex mutex;
    return mutex;
}

LogSink& currentSink() {
    static LogSink sink = writeToStandardError;
    return sink;
}

}  // namespace

void setLogSink(LogSink sink) {
    const std::scoped_lock lock(sinkMutex());
    currentSink() = sink ? std::move(sink) : LogSink(writeToStandardError);
}

void log(LogLevel level, std::string_view line) {
    const std::scoped_lock lock(sinkMutex());
    currentSink()(level, line);
}

}  // namespace lipar
