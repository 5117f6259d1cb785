// Composition root of the command line: the engine, the terminal and the signals meet here and nowhere else.
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "app/cli/interrupt.h"
#include "app/cli/run.h"
#include "engine/service/engine.h"

namespace {

int terminalColumns() {
    winsize size{};
    const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

// A terminal that understands "erase to the end of the line".
bool messagesOnTerminal() {
    const char* const kind = std::getenv("TERM");
    return ::isatty(STDERR_FILENO) != 0 && kind != nullptr && std::string_view(kind) != "dumb";
}

}  // namespace

int main(int argc, char** argv) {
    lipar::service::limitThreadSpinning(argv);
    lipar::cli::ensureStandardStreams();
    static lipar::CancelSource interruption;
    lipar::cli::installInterruptHandlers(interruption);

    lipar::cli::Environment environment;
    environment.runJob = [](lipar::service::Request request, const lipar::service::Engine::EventSink& sink,
                            const lipar::CancelToken& cancel) {
        return lipar::service::runJob(std::move(request), sink, cancel);
    };
    environment.version = lipar::service::versionString();
    environment.messagesOnTerminal = messagesOnTerminal();
    environment.columns = terminalColumns;
    environment.cancel = interruption.token();
    return lipar::cli::run({argv + 1, argv + argc}, environment);
}
