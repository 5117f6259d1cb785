// Where models lie: the folder that the user's are installed into, and the one that came with the program, which may be
// read-only.
#pragma once

#include <filesystem>
#include <vector>

namespace lipar::model_store {

inline constexpr const char* kBuiltInModel = "lipar-mini";

struct ModelFolders {
    std::filesystem::path user;     // need not exist yet; may be the same as `shipped`
    std::filesystem::path shipped;  // empty: none was found

    // Both, the user's first, each once.
    [[nodiscard]] std::vector<std::filesystem::path> all() const;
    // The folder of a model by its name: one that holds a model.json before one that does not. Empty: neither has it.
    [[nodiscard]] std::filesystem::path directoryOf(const std::filesystem::path& name) const;
    // Folders of models that can be used (with a model.json), sorted by name; of two with one name the user's.
    [[nodiscard]] std::vector<std::filesystem::path> installed() const;
};

// The user's: $LIPAR_MODELS, else $XDG_DATA_HOME/lipar-studio/models, else below ~/.local/share. The shipped one:
// resources/models beside, or share/lipar-studio/models under the prefix of, the running program.
[[nodiscard]] ModelFolders findModelFolders();

}  // namespace lipar::model_store
