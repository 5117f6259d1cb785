// File names between Qt and the standard library, without a detour through the locale's 8-bit encoding.
#pragma once

#include <filesystem>

#include <QDir>
#include <QString>

namespace lipar::session {

[[nodiscard]] inline std::filesystem::path toPath(const QString& name) {
    return std::filesystem::path(name.toStdU16String());
}

// With the platform's separators, as shown to people.
[[nodiscard]] inline QString toNative(const std::filesystem::path& path) {
    return QDir::toNativeSeparators(QString::fromStdU16String(path.u16string()));
}

}  // namespace lipar::session
