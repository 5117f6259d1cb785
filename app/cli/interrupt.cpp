#include "app/cli/interrupt.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>

#include "app/cli/exit_codes.h"

namespace lipar::cli {
namespace {

std::atomic<CancelSource*> g_source{nullptr};
std::atomic<bool> g_interrupted{false};

static_assert(std::atomic<CancelSource*>::is_always_lock_free && std::atomic<bool>::is_always_lock_free,
              "a signal handler may only touch lock-free atomics");

extern "C" void onInterrupt(int) {
    if (g_interrupted.exchange(true))
        ::_exit(exitCancelled);
    g_source.load()->cancel();
}

}  // namespace

void installInterruptHandlers(CancelSource& source) {
    g_source = &source;
    struct sigaction action {};
    action.sa_handler = onInterrupt;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction inherited {};
        sigaction(signal, nullptr, &inherited);
        const bool startedByNohup = signal == SIGHUP && inherited.sa_handler == SIG_IGN;
        if (!startedByNohup)
            sigaction(signal, &action, nullptr);
    }
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

void ensureStandardStreams() {
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
        if (::fcntl(descriptor, F_GETFD) < 0)
            ::open("/dev/null", O_RDWR);  // takes the lowest free number: this one
    }
}

}  // namespace lipar::cli
