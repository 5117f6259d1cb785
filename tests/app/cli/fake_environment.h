// An Environment whose job and streams are under the test's control.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/run.h"

namespace lipar::cli::test {

// Collects what is written to a FILE*.
class CapturedStream {
public:
    CapturedStream() : m_stream(::open_memstream(&m_data, &m_size)) {}
    ~CapturedStream() {
        std::fclose(m_stream);
        std::free(m_data);
    }
    CapturedStream(const CapturedStream&) = delete;
    CapturedStream& operator=(const CapturedStream&) = delete;

    [[nodiscard]] std::FILE* file() const { return m_stream; }
    [[nodiscard]] std::string text() const {
        std::fflush(m_stream);
        return {m_data, m_size};
    }

private:
    char* m_data = nullptr;
    std::size_t m_size = 0;
    std::FILE* m_stream;
};

// Runs `lipar` with a job that sends `events` and ends with `outcome`.
struct FakeProgram {
    std::vector<service::Event> events;
    Result<service::Report> outcome = service::DoctorReport{};
    bool terminal = false;
    CancelToken cancel;

    std::optional<service::Request> request;  // what the job was asked to do
    std::string output;
    std::string messages;

    int run(const std::vector<std::string>& arguments) {
        CapturedStream out;
        CapturedStream err;
        Environment environment;
        environment.runJob = [this](service::Request asked, const std::function<void(const service::Event&)>& sink,
                                    const CancelToken&) -> Result<service::Report> {
            request = std::move(asked);
            for (const service::Event& event : events)
                sink(event);
            return outcome;
        };
        environment.version = "1.2.3";
        environment.output = out.file();
        environment.messages = err.file();
        environment.messagesOnTerminal = terminal;
        environment.cancel = cancel;
        const int code = cli::run(arguments, environment);
        output = out.text();
        messages = err.text();
        return code;
    }
};

}  // namespace lipar::cli::test
