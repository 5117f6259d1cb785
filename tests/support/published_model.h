// A model small enough to be fetched in no time, as its publisher's server gives it out, and the catalogue that names
// it.
#pragma once

#include <map>
#include <string>

#include "engine/weights/hash.h"
#include "tests/support/https_server.h"

namespace lipar::test {

// One tensor of that many pseudo-random bytes, as a safetensors file.
inline std::string safetensorsOf(std::size_t bytes, std::uint64_t seed) {
    const std::string size = std::to_string(bytes);
    std::string header = R"({"weight":{"dtype":"U8","shape":[)" + size + R"(],"data_offsets":[0,)" + size + "]}}";
    header.resize((header.size() + 7) / 8 * 8, ' ');
    std::string file(8, '\0');
    for (int i = 0; i < 8; ++i)
        file[std::size_t(i)] = char(header.size() >> (8 * i));
    file += header;
    for (std::size_t i = 0; i < bytes; ++i) {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        file += char(seed >> 56);
    }
    return file;
}

struct PublishedModel {
    static constexpr const char* name = "tiny";
    static constexpr const char* transformer = "/maker/tiny/resolve/main/dit.safetensors";
    static constexpr const char* textEncoder = "/maker/tiny/resolve/main/text.safetensors";
    static constexpr const char* tokenizer = "/maker/tiny/resolve/main/spiece.model";
    static constexpr const char* autoencoder = "/maker/tiny/resolve/main/vae.safetensors";  // optional

    explicit PublishedModel(std::size_t transformerBytes = std::size_t(5) << 20) {
        files[transformer] = safetensorsOf(transformerBytes, 1);
        files[textEncoder] = safetensorsOf(20'000, 2);
        files[tokenizer] = "\x0a" + safetensorsOf(2'000, 3);
        files[autoencoder] = safetensorsOf(30'000, 4);
    }

    [[nodiscard]] std::string digest(const std::string& path) const { return *weights::sha256OfText(files.at(path)); }
    [[nodiscard]] std::size_t requiredBytes() const {
        return files.at(transformer).size() + files.at(textEncoder).size() + files.at(tokenizer).size();
    }

    // As the hub answers: the digest and the length of the file with every answer.
    [[nodiscard]] ServerAnswer answer(const ServerRequest& request) const {
        const auto file = files.find(request.path);
        if (file == files.end())
            return {.status = 404, .body = "no such file"};
        return serveFile(request, file->second, "\"" + digest(file->first).substr(0, 32) + "\"",
                         {{"X-Linked-ETag", "\"" + digest(file->first) + "\""},
                          {"X-Linked-Size", std::to_string(file->second.size())}});
    }

    [[nodiscard]] std::string catalogue(const std::string& server) const {
        const auto file = [&](const char* part, const std::string& path, const std::string& more) {
            return R"({"part":")" + std::string(part) +
                   R"(","purpose":"Serves the test.","license":"Apache-2.0","host":"hub",)" +
                   R"("repository":"maker/tiny","revision":"main","path":")" + path.substr(path.rfind('/') + 1) +
                   R"(","bytes":)" + std::to_string(files.at(path).size()) + more + "}";
        };
        const auto tensor = [&](const std::string& path) {  // the header is 80 bytes, its length 8
            return R"(,"tensors":{"weight":[)" +
                   std::to_string(files.at(path).size() - 8 - std::size_t(std::uint8_t(files.at(path)[0]))) + "]}";
        };
        return R"({"schema":1,"version":1,"hosts":{"hub":")" + server +
               R"(/{repository}/resolve/{revision}/{path}"},"accounts":"hub","models":[)" +
               R"({"name":"tiny","title":"Tiny","summary":"It is small. It is for tests.","license":"Apache-2.0","host_bytes":1000,"files":[)" +
               file("transformer", transformer, tensor(transformer)) + "," +
               file("text-encoder", textEncoder, tensor(textEncoder)) + "," +
               file("tokenizer", tokenizer, R"(,"kind":"sentencepiece")") + "," +
               file("full-vae", autoencoder, R"(,"optional":true)" + tensor(autoencoder)) + "]," +
               R"("manifest":{"schema":1,"name":"tiny","family":"wan-causal","license":"Apache-2.0",
                "dit":{"files":["dit.safetensors"],"dim":96,"ffn_dim":128,"num_heads":2,"num_layers":2,"in_channels":16,
                       "out_channels":16,"text_dim":32,"text_len":8,"freq_dim":64},
                "text":{"kind":"umt5","files":["text.safetensors"],"tokenizer":"spiece.model"}}}]})";
    }

    std::map<std::string, std::string> files;  // by path of the request
};

}  // namespace lipar::test
