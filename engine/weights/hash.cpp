#include "engine/weights/hash.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <set>
#include <span>
#include <vector>

#include "engine/weights/manifest.h"
#include "engine/weights/model_files.h"

namespace lipar::weights {

struct Sha256::State {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
    bool ok = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
};

Sha256::Sha256() : m_state(std::make_unique<State>()) {}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::add(std::span<const char> bytes) {
    m_state->ok = m_state->ok && EVP_DigestUpdate(m_state->context.get(), bytes.data(), bytes.size()) == 1;
}

Result<std::string> Sha256::digest() const {
    const State copy;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (!m_state->ok || !copy.ok || EVP_MD_CTX_copy_ex(copy.context.get(), m_state->context.get()) != 1 ||
        EVP_DigestFinal_ex(copy.context.get(), digest.data(), &size) != 1)
        return fail(ErrorCode::internal, "cannot compute a SHA-256 digest: libcrypto refused");
    constexpr auto kDigits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : std::span(digest).first(size)) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

Result<std::string> sha256OfFile(const std::filesystem::path& path, const CancelToken& cancel, const std::function<void(std::uint64_t)>& onRead) {
    const auto unreadable = [&](const std::string& reason) {
        return fail(ErrorCode::modelMissing, "cannot read " + path.string() + ": " + reason, "check the path and whether you may read it");
    };
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored))
        return unreadable("it is not a regular file");
    const std::unique_ptr<std::FILE, decltype(&std::fclose)> file(std::fopen(path.c_str(), "rbe"), std::fclose);
    if (!file)
        return unreadable(std::strerror(errno));
    Sha256 digest;
    std::vector<char> buffer(std::size_t(1) << 20);
    std::uint64_t done = 0;
    for (;;) {
        LIPAR_TRY(cancel.check());
        const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), file.get());
        digest.add(std::span(buffer).first(size));
        done += size;
        if (onRead)
            onRead(done);
        if (size == buffer.size())
            continue;
        if (std::ferror(file.get()))
            return unreadable(std::strerror(errno));
        return digest.digest();
    }
}

Result<std::string> sha256OfText(std::string_view text) {
    Sha256 digest;
    digest.add(text);
    return digest.digest();
}

Result<std::string> sha256OfEnds(const std::filesystem::path& path, std::size_t bytes) {
    const std::unique_ptr<std::FILE, decltype(&std::fclose)> file(std::fopen(path.c_str(), "rbe"), std::fclose);
    if (!file || std::fseek(file.get(), 0, SEEK_END) != 0)
        return fail(ErrorCode::inputMissing, "cannot read " + path.string() + ": " + std::strerror(errno), "check the path and whether you may read it");
    const long size = std::ftell(file.get());
    const long last = std::max(long(bytes), size - long(bytes));
    Sha256 digest;
    std::vector<char> buffer(bytes);
    for (const long start : {0L, last}) {
        std::fseek(file.get(), start, SEEK_SET);
        digest.add(std::span(buffer).first(std::fread(buffer.data(), 1, buffer.size(), file.get())));
    }
    return digest.digest();
}

Result<std::string> sha256OfModel(const std::filesystem::path& directory, const CancelToken& cancel) {
    LIPAR_ASSIGN(const ModelManifest manifest, readManifest(directory));
    LIPAR_ASSIGN(const std::vector<std::string> files, filesOf(manifest));
    std::set<std::string> names(files.begin(), files.end());
    names.insert("model.json");
    if (manifest.text && !manifest.text->tokenizer.empty())
        names.insert(manifest.text->tokenizer);
    Sha256 digest;
    for (const std::string& name : names) {
        LIPAR_ASSIGN(const std::string ofFile, sha256OfFile(directory / name, cancel));
        digest.add(name + '\0' + ofFile + '\n');
    }
    return digest.digest();
}

}  // namespace lipar::weights
