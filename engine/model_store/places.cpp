#include "engine/model_store/places.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <system_error>

namespace lipar::model_store {
namespace fs = std::filesystem;

namespace {

std::string_view environment(const char* name) {
    const char* const value = std::getenv(name);
    return value != nullptr ? value : "";
}

fs::path userFolder() {
    if (const auto chosen = environment("LIPAR_MODELS"); !chosen.empty())
        return chosen;
    if (const fs::path data = environment("XDG_DATA_HOME"); data.is_absolute())
        return data / "lipar-studio/models";
    if (const auto home = environment("HOME"); !home.empty())
        return fs::path(home) / ".local/share/lipar-studio/models";
    return {};
}

fs::path shippedFolder() {
    std::error_code ignored;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    // An installed tree, then the source tree that build/PRESET/bin lies in.
    for (const fs::path& candidate : {program / "../share/lipar-studio/models", program / "../../../resources/models"})
        if (fs::is_directory(candidate, ignored))
            return fs::weakly_canonical(candidate, ignored);
    return {};
}

bool isModel(const fs::path& directory) {
    std::error_code ignored;
    return fs::exists(directory / "model.json", ignored);
}

}  // namespace

ModelFolders findModelFolders() {
    return {userFolder(), shippedFolder()};
}

std::vector<fs::path> ModelFolders::all() const {
    std::vector<fs::path> folders;
    std::error_code ignored;
    if (!user.empty())
        folders.push_back(user);
    if (!shipped.empty() && (user.empty() || !fs::equivalent(user, shipped, ignored)))
        folders.push_back(shipped);
    return folders;
}

fs::path ModelFolders::directoryOf(const fs::path& name) const {
    if (name.empty() || name.has_parent_path() || name == "." || name == "..")
        return {};
    fs::path found;
    for (const fs::path& folder : all()) {
        std::error_code ignored;
        if (!fs::is_directory(folder / name, ignored))
            continue;
        if (isModel(folder / name))
            return folder / name;
        if (found.empty())
            found = folder / name;
    }
    return found;
}

std::vector<fs::path> ModelFolders::installed() const {
    std::vector<fs::path> found;
    for (const fs::path& folder : all()) {
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(folder, ignored)) {
            const auto isNamesake = [&](const fs::path& other) { return other.filename() == entry.path().filename(); };
            if (isModel(entry.path()) && std::ranges::none_of(found, isNamesake))
                found.push_back(entry.path());
        }
    }
    std::ranges::sort(found, {}, [](const fs::path& directory) { return directory.filename(); });
    return found;
}

}  // namespace lipar::model_store
