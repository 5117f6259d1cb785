#include "engine/model_store/tokens.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "engine/model_store/partial_file.h"
#include "engine/weights/json_fields.h"
#include "engine/weights/mapped_file.h"
#include "engine/weights/strict_json.h"

extern char** environ;

namespace lipar::model_store {
namespace fs = std::filesystem;

namespace {

// A keyring that is locked asks its owner; long enough to type a password.
constexpr std::chrono::seconds kKeyringPatience{60};

class Pipe {
public:
    Pipe() {
        if (::pipe2(m_ends.data(), O_CLOEXEC) != 0)
            m_ends = {-1, -1};
    }
    ~Pipe() {
        closeEnd(0);
        closeEnd(1);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    [[nodiscard]] int end(std::size_t which) const { return m_ends[which]; }
    void closeEnd(std::size_t which) {
        if (m_ends[which] >= 0)
            ::close(m_ends[which]);
        m_ends[which] = -1;
    }

private:
    std::array<int, 2> m_ends{};
};

std::string readAll(int descriptor, std::chrono::steady_clock::time_point end) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
        pollfd wanted{descriptor, POLLIN, 0};
        if (left <= 0 || ::poll(&wanted, 1, int(left)) <= 0)
            return text;
        const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
        if (count <= 0 || text.size() > 65536)
            return text;
        text.append(buffer.data(), std::size_t(count));
    }
}

// Runs secret-tool with the secret on its standard input. Empty: it is not there, or failed.
std::optional<std::string> secretTool(std::vector<std::string> arguments, const std::string& input) {
    Pipe in, out;
    if (in.end(0) < 0 || out.end(0) < 0)
        return std::nullopt;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.end(0), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out.end(1), STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    arguments.insert(arguments.begin(), "secret-tool");
    std::vector<char*> words;
    for (std::string& word : arguments)
        words.push_back(word.data());
    words.push_back(nullptr);
    pid_t process = 0;
    const int problem = ::posix_spawnp(&process, "secret-tool", &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (problem != 0)
        return std::nullopt;
    in.closeEnd(0);
    out.closeEnd(1);
    // Shorter than a pipe holds, so that this never waits. A tool that has ended already must not end us.
    sigset_t pipeSignal, before;
    sigemptyset(&pipeSignal);
    sigaddset(&pipeSignal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipeSignal, &before);
    const bool written = input.empty() || ::write(in.end(1), input.data(), input.size()) == ssize_t(input.size());
    const timespec now{};
    if (!written)
        sigtimedwait(&pipeSignal, nullptr, &now);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    in.closeEnd(1);
    const auto end = std::chrono::steady_clock::now() + kKeyringPatience;
    std::string output = readAll(out.end(0), end);
    if (std::chrono::steady_clock::now() >= end)
        ::kill(process, SIGKILL);
    int status = 0;
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    if (!written || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return std::nullopt;
    return output;
}

fs::path tokenFile() {
    if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && fs::path(config).is_absolute())
        return fs::path(config) / "lipar-studio/tokens.json";
    const char* const home = std::getenv("HOME");
    return home != nullptr && *home != '\0' ? fs::path(home) / ".config/lipar-studio/tokens.json" : fs::path();
}

std::map<std::string, std::string> readTokens(const fs::path& path) {
    std::map<std::string, std::string> tokens;
    const auto mapped = weights::MappedFile::open(path);
    if (!mapped)
        return tokens;
    const auto root =
        weights::parseStrictJson({reinterpret_cast<const char*>(mapped->bytes().data()), mapped->bytes().size()});
    if (!root)
        return tokens;
    if (auto fields = weights::JsonFields::of(*root, ""))
        (void)fields->namedTexts("tokens", tokens);
    return tokens;
}

Result<> writeTokens(const fs::path& path, const std::map<std::string, std::string>& tokens) {
    std::error_code ignored;
    fs::create_directories(path.parent_path(), ignored);
    const fs::path temporary = fs::path(path) += ".new";
    ::unlink(temporary.c_str());
    // Its owner's alone from the first moment.
    const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return writeFailed(path, errno);
    const std::string text = nlohmann::json{{"schema", 1}, {"tokens", tokens}}.dump(1) + "\n";
    const bool written =
        ::write(descriptor, text.data(), text.size()) == ssize_t(text.size()) && ::fsync(descriptor) == 0;
    const int reason = errno;
    ::close(descriptor);
    if (!written || ::rename(temporary.c_str(), path.c_str()) != 0) {
        ::unlink(temporary.c_str());
        return writeFailed(path, written ? errno : reason);
    }
    return {};
}

}  // namespace

Result<> checkToken(const std::string& token) {
    if (token.empty() || token.size() > 4096 ||
        std::ranges::any_of(token, [](unsigned char c) { return c <= 0x20 || c >= 0x7f; }))
        return fail(ErrorCode::invalidArgument,
                    "this is no token: it is empty, or holds other things than letters, digits and signs",
                    "copy it once more from the account's page");
    return {};
}

std::string keptToken(const std::string& host) {
    if (auto secret = secretTool({"lookup", "application", "lipar-studio", "host", host}, "")) {
        while (!secret->empty() && (secret->back() == '\n' || secret->back() == '\r'))
            secret->pop_back();
        if (checkToken(*secret))
            return *secret;
    }
    const auto tokens = readTokens(tokenFile());
    const auto found = tokens.find(host);
    return found != tokens.end() && checkToken(found->second) ? found->second : std::string();
}

Result<std::string> keepToken(const std::string& host, const std::string& token) {
    LIPAR_TRY(checkToken(token));
    const fs::path path = tokenFile();
    auto tokens = readTokens(path);
    if (secretTool({"store", "--label=LIPAR Studio: " + host, "application", "lipar-studio", "host", host}, token)) {
        if (tokens.erase(host) > 0)
            LIPAR_TRY(writeTokens(path, tokens));
        return "keyring";
    }
    if (path.empty())
        return fail(ErrorCode::outputFailed, "cannot keep the token: there is no keyring and no home folder",
                    "give it each time");
    tokens[host] = token;
    LIPAR_TRY(writeTokens(path, tokens));
    return "file";
}

}  // namespace lipar::model_store
