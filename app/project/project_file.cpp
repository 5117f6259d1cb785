#include "app/project/project_file.h"

#include "app/project/text_file.h"

namespace lipar::project {
namespace fs = std::filesystem;
namespace {

fs::path folderOf(const fs::path& file) {
    std::error_code ignored;
    return fs::absolute(file, ignored).lexically_normal().parent_path();
}

}  // namespace

Result<Project> loadProject(const fs::path& file) {
    LIPAR_ASSIGN(const std::string text, readTextFile(file));
    auto project = fromJson(text, folderOf(file));
    if (!project)
        return std::unexpected(aboutFile(file, project.error()));
    return project;
}

Result<> saveProject(const Project& project, const fs::path& file) {
    return writeTextFile(file, toJson(project, folderOf(file)));
}

}  // namespace lipar::project
