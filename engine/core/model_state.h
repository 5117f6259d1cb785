// What the model store says of models, and how it is told to fetch them: plain data that crosses the engine's border.
// Sizes are bytes. Thread: values, no shared state.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lipar {

enum class ModelFileState {
    missing,
    partial,  // some of it was received; an install goes on from there
    present,
    damaged,  // its bytes are not those that were installed, or no tensors can be read from it
};

// One file of a model, there or not.
struct ModelFileEntry {
    std::string part;     // stable name: "transformer", "text-encoder", "tokenizer", "tiny-vae", "full-vae"
    std::string purpose;  // a sentence in English
    std::string name;     // below the model's folder
    std::string origin;   // "REPOSITORY/FILE" where it is published; empty for a model that is not in the catalogue
    std::string license;
    std::uint64_t bytes = 0;         // as published; of a file that is there: its size
    bool exactSize = false;          // false: `bytes` is what the catalogue expects, give or take
    std::uint64_t bytesPresent = 0;  // that an install need not fetch again
    bool optional = false;           // fetched only when asked for by its part
    ModelFileState state = ModelFileState::missing;
    std::string sha256;   // remembered from the install; empty: not known
    std::string problem;  // damaged: what is wrong
};

enum class ModelState {
    notInstalled,
    partial,    // some files, not all that it needs
    installed,  // every file that it needs is there
    damaged,    // a file is not what it should be; see ModelFileEntry::problem and ModelEntry::problem
};

enum class FitVerdict {
    fits,
    tooLittleDisk,          // for what is still to be fetched
    tooLittleDeviceMemory,  // the GPU's, or the machine's where the CPU computes
    tooLittleHostMemory,    // beside a GPU
};

// Whether a model can be had and used on this machine. Free sizes are of the moment; 0 = not known.
struct ModelFit {
    FitVerdict verdict = FitVerdict::fits;
    std::string words;            // the verdict in a sentence of English, with figures
    std::string device;           // "NVIDIA H200", "AMD EPYC ..."
    std::uint64_t diskBytes = 0;  // still to be fetched
    std::uint64_t diskFree = 0;
    std::uint64_t deviceBytes = 0;  // an edit's, at the size that the device would work at
    std::uint64_t deviceFree = 0;
    std::uint64_t hostBytes = 0;  // the text encoder's, which works in the machine's memory, and the program's own
    std::uint64_t hostFree = 0;
};

// A model that can be had, or one that is there.
struct ModelEntry {
    std::string name;     // what --model takes, and its folder below the models folder
    std::string title;    // for people
    std::string summary;  // two sentences in English
    std::string license;  // of all its files: "Apache-2.0, MIT"
    bool inCatalogue = false;
    bool builtIn = false;  // shipped with the program: never removed
    bool inUse = false;    // a program has one of its files open: neither removed nor repaired now
    bool busy = false;     // it is being installed, repaired or removed, here or by another program
    ModelState state = ModelState::notInstalled;
    std::string problem;              // damaged: what is wrong with the model as a whole
    std::filesystem::path directory;  // where it is or would be
    std::uint64_t bytes = 0;          // of all files that it needs
    std::uint64_t bytesPresent = 0;   // of those
    std::vector<ModelFileEntry> files;
    ModelFit fit;
};

// How files are fetched. What is left empty comes from the environment, then from the catalogue.
struct DownloadSettings {
    // Base of another place that serves BASE/REPOSITORY/resolve/REVISION/FILE for every file of the catalogue. https
    // only. Empty: $LIPAR_MODEL_MIRROR, else where the files are published.
    std::string mirror;
    // "http://host:port", "socks5h://host:port". Empty: $https_proxy, $all_proxy and $no_proxy.
    std::string proxy;
    // Certificates to trust besides the system's, PEM. Empty: $LIPAR_CA_FILE.
    std::filesystem::path caFile;
    // For files that need an account. Sent to the host that the first address names, to no other, and never logged.
    // Empty: $LIPAR_MODEL_TOKEN, else the one kept for that host.
    std::string token;
    bool keepToken =
        false;  // keep it for the next time: in the system's keyring, or where there is none in a file of mode 0600
    int stallSeconds = 30;             // without a byte: the connection is given up and made anew
    int retries = 5;                   // in a row without any progress
    double retryWaitSeconds = 1;       // before the first of them; doubles each time, to a minute at most
    std::uint64_t bytesPerSecond = 0;  // at most; 0 = as fast as it goes
};

enum class TransferPhase {
    connecting,
    rereading,  // what an earlier run received, to know that it is sound
    receiving,
    waiting,   // before another try; `note` says why
    checking,  // reading a file that is there
    copying,   // import
};

struct TransferState {
    std::string model;
    std::string file;  // name below the model's folder
    TransferPhase phase = TransferPhase::connecting;
    std::uint64_t fileDone = 0;
    std::uint64_t fileTotal = 0;  // 0 = not known
    std::uint64_t done = 0;       // over all files of the job
    std::uint64_t total = 0;
    double bytesPerSecond = 0;  // over the last seconds
    double secondsLeft = -1;    // negative = not known
    std::string note;           // waiting: the reason, a sentence
};

}  // namespace lipar
