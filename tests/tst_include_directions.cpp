// Checks every #include of the tree against the dependency rule (engine/README.md, CONTRIBUTING.md): which folder may
// see which, where torch may be seen, and that the engine knows nothing of Qt.
#include <QtTest>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace fs = std::filesystem;

namespace {

using Folders = std::set<std::string, std::less<>>;

// Folder -> the folders it may include, besides itself. A folder of ui/ inherits the rule of ui/.
const std::map<std::string, Folders, std::less<>> allowedFolders = {
    {"engine/core", {}},
    {"engine/media", {"engine/core"}},
    {"engine/weights", {"engine/core"}},
    {"engine/model_store", {"engine/core", "engine/weights"}},
    {"engine/kernels", {"engine/core"}},
    {"engine/models", {"engine/core", "engine/kernels", "engine/weights"}},
    {"engine/lipar", {"engine/core", "engine/kernels", "engine/models"}},
    {"engine/pipeline",
     {"engine/core", "engine/kernels", "engine/lipar", "engine/media", "engine/models", "engine/weights"}},
    {"engine/training",
     {"engine/core", "engine/kernels", "engine/lipar", "engine/media", "engine/models", "engine/pipeline",
      "engine/weights"}},
    {"engine/service",
     {"engine/core", "engine/kernels", "engine/lipar", "engine/media", "engine/model_store", "engine/models",
      "engine/pipeline", "engine/weights"}},
    {"app/project", {"engine/core"}},
    {"app/settings", {"engine/core"}},
    {"app/commands", {"engine/core", "app/project"}},
    {"app/jobs", {"engine/core", "engine/service", "app/project", "app/settings"}},
    {"app/session", {"engine/core", "engine/service", "app/commands", "app/jobs", "app/project", "app/settings"}},
    {"app/cli", {"engine/core", "engine/service", "app/jobs", "app/project"}},
    {"app/main",
     {"engine/core", "engine/service", "app/commands", "app/jobs", "app/project", "app/session", "app/settings", "ui"}},
    {"ui", {"app/commands", "app/jobs", "app/project", "app/session", "app/settings", "engine/core"}},
};

// The folders below which torch may be seen; the public headers of the service are not among them.
const Folders torchFolders = {"engine/kernels",  "engine/lipar",   "engine/models",
                              "engine/pipeline", "engine/service", "engine/training"};
const Folders torchFreeFiles = {"engine/service/engine.h", "engine/service/events.h", "engine/service/requests.h"};

// "engine/models" of "engine/models/dit/attention.h", "ui" of "ui/Lipar/Main/window.h". Empty for a path of another
// kind.
std::string folderOf(std::string_view path) {
    if (path.starts_with("ui/"))
        return "ui";
    if (!path.starts_with("engine/") && !path.starts_with("app/"))
        return {};
    const std::size_t end = path.find('/', path.find('/') + 1);
    return end == std::string_view::npos ? std::string() : std::string(path.substr(0, end));
}

bool isTorchHeader(std::string_view header) {
    static constexpr std::array<std::string_view, 6> roots = {"ATen/", "c10/", "torch/", "caffe2/", "at/", "torch.h"};
    for (const std::string_view root : roots) {
        if (header.starts_with(root))
            return true;
    }
    return false;
}

bool isQtHeader(std::string_view header) {
    static const std::regex qt("^(Q[A-Z].*|Qt.*/.*|q[a-z]+(_[a-z]+)?\\.h)$");
    return std::regex_match(header.begin(), header.end(), qt);
}

// What is wrong with the includes of one file, a line each. `path` is relative to the root, with slashes.
std::vector<std::string> includeViolations(const std::string& path, std::istream& source) {
    static const std::regex includeLine(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"].*)");
    std::vector<std::string> violations;
    const std::string folder = folderOf(path);
    const auto rule = allowedFolders.find(folder);
    if (rule == allowedFolders.end())
        return {path + ": the folder is not in the table of the dependency rule"};

    std::string line;
    for (int number = 1; std::getline(source, line); ++number) {
        std::smatch match;
        if (!std::regex_match(line, match, includeLine))
            continue;
        const std::string header = match[2];
        const auto report = [&](const std::string& reason) {
            violations.push_back(path + ":" + std::to_string(number) + ": " + header + ": " + reason);
        };
        const std::string target = folderOf(header);
        if (!target.empty() && target != folder && !rule->second.contains(target))
            report(folder + " may not use " + target);
        if (target.empty() && match[1] == "\"" && !isTorchHeader(header) && !header.ends_with(".moc") &&
            !isQtHeader(header))
            report("headers of the project are named from the root of the tree");
        if (header.starts_with("tests/"))
            report("the product may not use its tests");
        if (isTorchHeader(header)) {
            if (path.ends_with(".cu"))
                report("a .cu file takes raw pointers, no torch header");
            else if (!torchFolders.contains(folder) || torchFreeFiles.contains(path))
                report("torch is not seen here");
        }
        if (isQtHeader(header) && path.starts_with("engine/"))
            report("the engine does not know Qt");
    }
    return violations;
}

bool isSource(const fs::path& path) {
    static const Folders extensions = {".c", ".cc", ".cpp", ".cu", ".cuh", ".h", ".hpp"};
    return extensions.contains(path.extension().string());
}

}  // namespace

class IncludeDirectionsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void treeObeysTheRule();
    void tableHasNoCycle();
    void plantedInclude_data();
    void plantedInclude();
    void linksNoQtIntoTheEngine();
};

void IncludeDirectionsTest::treeObeysTheRule() {
    const fs::path root = LIPAR_SOURCE_DIR;
    int files = 0;
    std::vector<std::string> violations;
    for (const char* top : {"engine", "app", "ui"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            if (!entry.is_regular_file() || !isSource(entry.path()))
                continue;
            std::ifstream source(entry.path());
            QVERIFY2(source.good(), entry.path().c_str());
            const std::vector<std::string> found =
                includeViolations(fs::relative(entry.path(), root).generic_string(), source);
            violations.insert(violations.end(), found.begin(), found.end());
            ++files;
        }
    }
    for (const std::string& violation : violations)
        qWarning("%s", violation.c_str());
    QVERIFY2(violations.empty(), "the includes listed above break the dependency rule");
    QVERIFY2(files > 20, "the walk found hardly any source");
}

// A folder that may use another may not be used by it, at any distance.
void IncludeDirectionsTest::tableHasNoCycle() {
    for (const auto& [folder, allowed] : allowedFolders) {
        Folders reached = allowed;
        for (bool grew = true; grew;) {
            grew = false;
            for (const std::string& step : Folders(reached)) {
                QVERIFY2(allowedFolders.contains(step), step.c_str());
                for (const std::string& next : allowedFolders.at(step))
                    grew = reached.insert(next).second || grew;
            }
        }
        QVERIFY2(!reached.contains(folder), folder.c_str());
    }
}

void IncludeDirectionsTest::plantedInclude_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("line");
    QTest::addColumn<bool>("allowed");

    QTest::newRow("down") << "engine/pipeline/editor.cpp"
                          << "#include \"engine/lipar/mask.h\"" << true;
    QTest::newRow("itself") << "engine/lipar/mask.cpp"
                            << "#include \"engine/lipar/mask.h\"" << true;
    QTest::newRow("standard") << "engine/core/log.cpp"
                              << "#include <vector>" << true;
    QTest::newRow("torch in the method") << "engine/lipar/mask.h"
                                         << "#include <ATen/ATen.h>" << true;
    QTest::newRow("Qt in the window") << "ui/Lipar/Main/window.h"
                                      << "#include <QQuickWindow>" << true;
    QTest::newRow("own moc file") << "app/jobs/queue.cpp"
                                  << "#include \"queue.moc\"" << true;

    QTest::newRow("up") << "engine/core/log.cpp"
                        << "#include \"engine/media/probe.h\"" << false;
    QTest::newRow("sideways") << "engine/media/probe.cpp"
                              << "#include \"engine/weights/npy.h\"" << false;
    QTest::newRow("with spaces") << "engine/core/log.cpp"
                                 << "  #  include  \"engine/media/probe.h\"  // why" << false;
    QTest::newRow("angle brackets") << "engine/core/log.cpp"
                                    << "#include <engine/media/probe.h>" << false;
    QTest::newRow("engine to app") << "engine/service/engine.cpp"
                                   << "#include \"app/jobs/queue.h\"" << false;
    QTest::newRow("command line past the service") << "app/cli/run.cpp"
                                                   << "#include \"engine/pipeline/editor.h\"" << false;
    QTest::newRow("window past the jobs") << "ui/Lipar/Main/window.cpp"
                                          << "#include \"engine/service/engine.h\"" << false;
    QTest::newRow("project to jobs") << "app/project/timeline.cpp"
                                     << "#include \"app/jobs/queue.h\"" << false;
    QTest::newRow("torch in the window") << "ui/Lipar/Main/window.cpp"
                                         << "#include <torch/torch.h>" << false;
    QTest::newRow("torch in weights") << "engine/weights/npy.h"
                                      << "#include <c10/util/Half.h>" << false;
    QTest::newRow("torch in the public face") << "engine/service/events.h"
                                              << "#include <ATen/core/Tensor.h>" << false;
    QTest::newRow("torch in a .cu file") << "engine/kernels/cuda/rope_kernel.cu"
                                         << "#include <ATen/ATen.h>" << false;
    QTest::newRow("Qt in the engine") << "engine/service/engine.cpp"
                                      << "#include <QObject>" << false;
    QTest::newRow("Qt in the engine, by module") << "engine/core/log.h"
                                                 << "#include <QtCore/qglobal.h>" << false;
    QTest::newRow("Qt in the engine, by file") << "engine/core/log.h"
                                               << "#include \"qstring.h\"" << false;
    QTest::newRow("not from the root") << "engine/lipar/mask.cpp"
                                       << "#include \"mask.h\"" << false;
    QTest::newRow("a test's helper") << "engine/lipar/mask.cpp"
                                     << "#include \"tests/support/fake_model.h\"" << false;
    QTest::newRow("unknown folder") << "engine/misc/thing.cpp"
                                    << "#include <vector>" << false;
}

void IncludeDirectionsTest::plantedInclude() {
    QFETCH(const QString, path);
    QFETCH(const QString, line);
    QFETCH(const bool, allowed);
    std::istringstream source("#pragma once\n\n" + line.toStdString() + "\n");
    const std::vector<std::string> violations = includeViolations(path.toStdString(), source);
    QCOMPARE(violations.empty(), allowed);
}

// The link list is the permission to include: no target of the engine links Qt.
void IncludeDirectionsTest::linksNoQtIntoTheEngine() {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(LIPAR_SOURCE_DIR) / "engine")) {
        if (entry.path().filename() != "CMakeLists.txt")
            continue;
        std::ifstream file(entry.path());
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        QVERIFY2(text.find("Qt6") == std::string::npos, entry.path().c_str());
    }
}

QTEST_GUILESS_MAIN(IncludeDirectionsTest)
#include "tst_include_directions.moc"
