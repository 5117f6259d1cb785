// Runs a harness where libFuzzer is not there: over files as they are, and over copies of them damaged at random.
//
// usage: fuzz_NAME [--runs N] [--seed N] FILE|FOLDER ...
// The same seed gives the same inputs. A crash ends the program; what it was given then lies in the file
// crash-NAME-SEED-RUN, to be given again as a FILE. That file is written before each run that may crash, and removed
// after the last.
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/damager.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;
using lipar::tests::Bytes;

// Formats keep their headers at the front, and zip files at the back as well: damage there is worth more than in the
// data.
constexpr std::size_t kEnd = 4096;

struct Options {
    std::uint64_t runs = 0;
    std::uint64_t seed = 1;
    std::vector<fs::path> files;
};

std::optional<Options> parse(int count, char** words) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        if (word == "--runs" || word == "--seed") {
            std::uint64_t& target = word == "--runs" ? options.runs : options.seed;
            const std::string_view number = ++i < count ? words[i] : "";
            if (std::from_chars(number.data(), number.data() + number.size(), target).ec != std::errc{})
                return std::nullopt;
        } else if (fs::is_directory(word)) {
            for (const auto& entry : fs::recursive_directory_iterator(word))
                if (entry.is_regular_file())
                    options.files.push_back(entry.path());
        } else {
            options.files.emplace_back(word);
        }
    }
    std::ranges::sort(options.files);
    return options;
}

std::optional<Bytes> contentOf(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
        return std::nullopt;
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const auto bytes = std::as_bytes(std::span(text));
    return Bytes(bytes.begin(), bytes.end());
}

void give(const Bytes& input) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

class Mutator {
public:
    Mutator(const std::vector<Bytes>& seeds, std::uint64_t seed) : m_seeds(seeds), m_damage(seed), m_random(seed) {}

    Bytes next() {
        const Bytes& original = pick();
        switch (m_random() % 8) {
            case 0: return m_damage(original);
            case 1: return spliced(original, pick());
            case 2: {  // the end
                const std::size_t start = original.size() - std::min(original.size(), kEnd);
                return damagedPart(original, start, original.size());
            }
            default: return damagedPart(original, 0, std::min(original.size(), kEnd));
        }
    }

private:
    const Bytes& pick() { return m_seeds[m_random() % m_seeds.size()]; }

    Bytes damagedPart(const Bytes& original, std::size_t start, std::size_t end) {
        const auto begin = original.begin();
        const Bytes part = m_damage(Bytes(begin + std::ptrdiff_t(start), begin + std::ptrdiff_t(end)));
        Bytes whole(begin, begin + std::ptrdiff_t(start));
        whole.insert(whole.end(), part.begin(), part.end());
        whole.insert(whole.end(), begin + std::ptrdiff_t(end), original.end());
        whole.shrink_to_fit();  // so that an address sanitizer sees the first byte read beyond it
        return whole;
    }

    // The front of one seed and the rest of another.
    Bytes spliced(const Bytes& a, const Bytes& b) {
        const std::size_t end = m_random() % (a.size() + 1), start = m_random() % (b.size() + 1);
        Bytes whole(a.begin(), a.begin() + std::ptrdiff_t(end));
        whole.insert(whole.end(), b.begin() + std::ptrdiff_t(start), b.end());
        whole.shrink_to_fit();
        return whole;
    }

    const std::vector<Bytes>& m_seeds;
    lipar::tests::Damager m_damage;
    std::mt19937_64 m_random;
};

}  // namespace

int main(int count, char** words) {
    const std::string name = fs::path(words[0]).filename().string();
    const auto options = parse(count, words);
    if (!options || options->files.empty()) {
        std::fprintf(stderr, "usage: %s [--runs N] [--seed N] FILE|FOLDER ...\n", name.c_str());
        return 2;
    }
    std::vector<Bytes> seeds;
    for (const fs::path& file : options->files) {
        auto content = contentOf(file);
        if (!content) {
            std::fprintf(stderr, "cannot read %s\n", file.c_str());
            return 2;
        }
        give(*content);
        seeds.push_back(std::move(*content));
    }
    Mutator mutator(seeds, options->seed);
    std::uint64_t bytes = 0;
    const fs::path last = "crash-" + name + "-" + std::to_string(options->seed);
    for (std::uint64_t run = 0; run < options->runs; ++run) {
        const Bytes input = mutator.next();
        fs::remove(last);  // a new file: one that is emptied and filled again is flushed to the disk each time
        std::ofstream(last, std::ios::binary)
            .write(reinterpret_cast<const char*>(input.data()), std::streamsize(input.size()));
        give(input);
        bytes += input.size();
    }
    fs::remove(last);
    std::printf("%s: %zu seeds, %llu damaged copies, %llu bytes, nothing crashed\n", name.c_str(), seeds.size(),
                static_cast<unsigned long long>(options->runs), static_cast<unsigned long long>(bytes));
    return 0;
}
