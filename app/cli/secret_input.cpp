#include "app/cli/secret_input.h"

#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace lipar::cli {
namespace {

// What is typed is not shown for as long as it lives.
class HiddenTyping {
public:
    HiddenTyping() : m_isTerminal(::tcgetattr(STDIN_FILENO, &m_before) == 0) {
        if (!m_isTerminal)
            return;
        termios hidden = m_before;
        hidden.c_lflag &= ~tcflag_t(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    ~HiddenTyping() {
        if (!m_isTerminal)
            return;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
        std::fputc('\n', stderr);
    }
    HiddenTyping(const HiddenTyping&) = delete;
    HiddenTyping& operator=(const HiddenTyping&) = delete;
    [[nodiscard]] bool isTerminal() const noexcept { return m_isTerminal; }

private:
    termios m_before{};
    const bool m_isTerminal;
};

}  // namespace

Result<std::string> readSecret(const std::string& prompt) {
    constexpr std::size_t kLongest = 8192;
    const HiddenTyping hidden;
    if (hidden.isTerminal())
        std::fputs(prompt.c_str(), stderr);
    std::string line;
    char next = 0;
    while (line.size() < kLongest) {
        const ssize_t count = ::read(STDIN_FILENO, &next, 1);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0 || next == '\n')
            break;
        line += next;
    }
    while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
        line.pop_back();
    if (line.empty())
        return fail(ErrorCode::invalidArgument, "wrong argument --token: standard input held none",
                    "pipe the token in, or type it when asked");
    return line;
}

}  // namespace lipar::cli
