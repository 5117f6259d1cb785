// House rules that a program can check: length and names of files, explicit source lists, READMEs, what no file may
// say.
#include <QtTest>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

constexpr int maximumLines = 650;
constexpr int maximumReadmeLines = 60;

struct TextFile {
    std::string path;  // from the root, with slashes
    std::string text;
};

const std::set<std::string, std::less<>> sourceExtensions = {".cpp", ".cu", ".cuh", ".h", ".qml"};
const std::set<std::string, std::less<>> textExtensions = {".cmake", ".cpp", ".cu", ".cuh",  ".h",   ".json", ".md",
                                                           ".py",    ".qml", ".sh", ".supp", ".svg", ".ts",   ".txt"};

fs::path root() {
    return LIPAR_SOURCE_DIR;
}

std::string readText(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool isTextFile(const fs::path& path) {
    return textExtensions.contains(path.extension().string());
}

// Every text file that belongs to the project: those at the top, and the folders' own, without what is built or cached.
std::vector<TextFile> collectTextFiles() {
    std::vector<TextFile> files;
    const auto add = [&](const fs::path& path) {
        files.push_back({fs::relative(path, root()).generic_string(), readText(path)});
    };
    for (const auto& entry : fs::directory_iterator(root())) {
        if (entry.is_regular_file() && isTextFile(entry.path()))
            add(entry.path());
    }
    for (const char* top : {"app", "engine", "packaging", "resources", "tests", "translations", "ui"}) {
        if (!fs::exists(root() / top))
            continue;
        for (const auto& entry : fs::recursive_directory_iterator(root() / top)) {
            if (entry.is_regular_file() && isTextFile(entry.path()))
                add(entry.path());
        }
    }
    return files;
}

bool isSource(const std::string& path) {
    return sourceExtensions.contains(fs::path(path).extension().string());
}

long lineCount(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

// A word that this file must not contain itself.
std::string joined(std::initializer_list<const char*> parts) {
    std::string whole;
    for (const char* part : parts)
        whole += part;
    return whole;
}

// Reports every finding, then fails.
void verifyNone(const std::vector<std::string>& findings, const char* rule) {
    for (const std::string& finding : findings)
        qWarning("%s", finding.c_str());
    QVERIFY2(findings.empty(), rule);
}

}  // namespace

class RepositoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void filesAreShort();
    void filesAreNamedAlike();
    void headersAreGuarded();
    void textIsClean();
    void sourcesAreListed();
    void foldersHaveReadmes();
    void readmesAreShort();
    void linksLeadSomewhere();
    void scriptsAreStrict();

private:
    std::vector<TextFile> m_files;
};

void RepositoryTest::initTestCase() {
    m_files = collectTextFiles();
    QVERIFY2(m_files.size() > 50, "the walk found hardly any file");
}

void RepositoryTest::filesAreShort() {
    std::vector<std::string> findings;
    for (const TextFile& file : m_files) {
        const fs::path path(file.path);
        if (!isSource(file.path) && path.extension() != ".py" && path.extension() != ".sh")
            continue;
        if (const long lines = lineCount(file.text); lines > maximumLines)
            findings.push_back(file.path + ": " + std::to_string(lines) + " lines");
    }
    verifyNone(findings, "files near 600 lines get split");
}

void RepositoryTest::filesAreNamedAlike() {
    static const std::regex snakeCase("[a-z0-9_]+\\.[a-z]+");
    static const std::regex pascalCase("[A-Z][A-Za-z0-9]*\\.qml");
    std::vector<std::string> findings;
    for (const TextFile& file : m_files) {
        if (!isSource(file.path))
            continue;
        const std::string name = fs::path(file.path).filename().string();
        // A test written in QML is found by its tst_ prefix.
        const bool isQml = name.ends_with(".qml") && !name.starts_with("tst_");
        if (!isQml && name.ends_with(".qml"))
            continue;
        if (!std::regex_match(name, isQml ? pascalCase : snakeCase))
            findings.push_back(file.path);
    }
    verifyNone(findings, "C++ files are named in snake_case, QML files in PascalCase");
}

void RepositoryTest::headersAreGuarded() {
    std::vector<std::string> findings;
    for (const TextFile& file : m_files) {
        if (!file.path.ends_with(".h") && !file.path.ends_with(".cuh"))
            continue;
        std::istringstream lines(file.text);
        std::string line;
        while (std::getline(lines, line) && (line.empty() || line.starts_with("//"))) {
        }
        if (line != "#pragma once")
            findings.push_back(file.path);
    }
    verifyNone(findings, "a header begins with its comment and #pragma once");
}

void RepositoryTest::textIsClean() {
    const std::vector<std::string> never = {
        joined({"/wo", "rk/"}), joined({"/ro", "ot/"}),  joined({"/ho", "me/"}),  joined({"TO", "DO"}),
        joined({"FIX", "ME"}),  joined({"<<<<", "<<<"}), joined({">>>>", ">>>"}),
    };
    std::vector<std::string> findings;
    for (const TextFile& file : m_files) {
        if (file.path == "CONTRIBUTING.md")
            continue;
        for (const std::string& word : never) {
            if (const std::size_t at = file.text.find(word); at != std::string::npos) {
                const long line = std::count(file.text.begin(), file.text.begin() + long(at), '\n') + 1;
                findings.push_back(file.path + ":" + std::to_string(line) + ": " + word);
            }
        }
        if (!file.path.ends_with(".json") && !file.text.empty() && file.text.back() != '\n')
            findings.push_back(file.path + ": no newline at its end");
        if (file.text.find('\r') != std::string::npos)
            findings.push_back(file.path + ": carriage returns");
        if (isSource(file.path) && file.text.find('\t') != std::string::npos)
            findings.push_back(file.path + ": tabs");
    }
    verifyNone(findings, "machine paths, unfinished work or stray characters");
}

// Source lists are explicit: a file that no CMakeLists.txt above it names is dead.
void RepositoryTest::sourcesAreListed() {
    std::vector<std::string> findings;
    for (const TextFile& file : m_files) {
        const fs::path path(file.path);
        const std::string extension = path.extension().string();
        if (extension != ".cpp" && extension != ".cu" && extension != ".qml")
            continue;
        bool isListed = false;
        for (fs::path folder = path.parent_path(); !folder.empty() && !isListed; folder = folder.parent_path()) {
            const fs::path list = root() / folder / "CMakeLists.txt";
            if (!fs::exists(list))
                continue;
            const std::string name = path.lexically_relative(folder).generic_string();
            isListed = readText(list).find(name) != std::string::npos;
        }
        // CMake lists built by loops name a test without its extension.
        if (!isListed && path.filename().string().starts_with("tst_")) {
            const fs::path list = root() / path.parent_path() / "CMakeLists.txt";
            isListed = fs::exists(list) && readText(list).find(path.stem().string()) != std::string::npos;
        }
        if (!isListed)
            findings.push_back(file.path);
    }
    verifyNone(findings, "these sources are in no CMakeLists.txt");
}

void RepositoryTest::foldersHaveReadmes() {
    std::vector<std::string> findings;
    const auto check = [&](const fs::path& folder) {
        if (fs::is_directory(folder) && !fs::exists(folder / "README.md"))
            findings.push_back(fs::relative(folder, root()).generic_string());
    };
    for (const char* top : {"app", "engine", "packaging", "resources", "tests", "translations", "ui"})
        check(root() / top);
    for (const char* top : {"app", "engine", "ui/Lipar"}) {
        if (!fs::exists(root() / top))
            continue;
        for (const auto& entry : fs::directory_iterator(root() / top)) {
            // An empty folder is none for Git.
            if (entry.is_directory() && !fs::is_empty(entry.path()))
                check(entry.path());
        }
    }
    verifyNone(findings, "these folders have no README.md");
}

void RepositoryTest::readmesAreShort() {
    std::vector<std::string> findings;
    for (const TextFile& file : m_files) {
        if (!file.path.ends_with("/README.md"))
            continue;
        if (const long lines = lineCount(file.text); lines > maximumReadmeLines)
            findings.push_back(file.path + ": " + std::to_string(lines) + " lines");
    }
    verifyNone(findings, "a folder's README is at most a screen");
}

void RepositoryTest::linksLeadSomewhere() {
    static const std::regex link(R"(\]\(([^)#:\s]+)(#[^)]*)?\))");
    std::vector<std::string> findings;
    for (const TextFile& file : m_files) {
        if (!file.path.ends_with(".md"))
            continue;
        for (auto match = std::sregex_iterator(file.text.begin(), file.text.end(), link);
             match != std::sregex_iterator(); ++match) {
            const fs::path target = root() / fs::path(file.path).parent_path() / (*match)[1].str();
            if (!fs::exists(target))
                findings.push_back(file.path + ": " + (*match)[1].str());
        }
    }
    verifyNone(findings, "these links lead nowhere");
}

void RepositoryTest::scriptsAreStrict() {
    std::vector<std::string> findings;
    for (const TextFile& file : m_files) {
        if (!file.path.ends_with(".sh"))
            continue;
        if (!file.text.starts_with("#!/usr/bin/env bash\n") ||
            file.text.find("\nset -euo pipefail\n") == std::string::npos)
            findings.push_back(file.path);
    }
    verifyNone(findings, "shell scripts start with '#!/usr/bin/env bash' and 'set -euo pipefail'");
}

QTEST_GUILESS_MAIN(RepositoryTest)
#include "tst_repository.moc"
