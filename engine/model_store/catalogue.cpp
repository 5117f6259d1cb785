#include "engine/model_store/catalogue.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "engine/model_store/http.h"
#include "engine/weights/damage.h"
#include "engine/weights/json_fields.h"
#include "engine/weights/manifest.h"
#include "engine/weights/mapped_file.h"
#include "engine/weights/strict_json.h"

namespace lipar::model_store {
namespace {

using weights::JsonFields;
using weights::Presence;

constexpr int kSchema = 1;
constexpr int kLargestSide = 2'000'000'000;
constexpr double kLargestFile = 1e15;

bool isPlainName(const std::string& name, bool slashes) {
    const auto isAllowed = [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
               c == '-' || (slashes && c == '/');
    };
    return !name.empty() && name.front() != '.' && name.front() != '/' && name.back() != '/' &&
           name.find("..") == std::string::npos && name.find("//") == std::string::npos &&
           std::ranges::all_of(name, isAllowed);
}

Result<> readName(JsonFields& fields, std::string_view field, std::string& target, bool slashes) {
    LIPAR_TRY(fields.text(field, target));
    if (!isPlainName(target, slashes))
        return weights::damaged(fields.pathOf(field) + " is \"" + weights::shown(target) + "\", not a plain name");
    return {};
}

Result<std::uint64_t> readBytes(JsonFields& fields, std::string_view field, Presence presence = Presence::required) {
    double bytes = 0;
    LIPAR_TRY(fields.number(field, bytes, 0, kLargestFile, presence));
    return std::uint64_t(bytes);
}

Result<> readTensors(JsonFields& fields, CatalogueFile& file) {
    LIPAR_ASSIGN(const auto* object, fields.object("tensors", Presence::optional));
    if (!object)
        return {};
    LIPAR_ASSIGN(JsonFields tensors, JsonFields::of(*object, fields.pathOf("tensors")));
    for (const auto& [name, value] : object->items()) {
        std::vector<int> shape;
        LIPAR_TRY(tensors.integers(name, shape, 0, kLargestSide));
        file.tensors.emplace(name, std::vector<std::int64_t>(shape.begin(), shape.end()));
    }
    return {};
}

std::string filled(std::string text, const std::string& field, const std::string& value) {
    const std::string mark = "{" + field + "}";
    if (const std::size_t at = text.find(mark); at != std::string::npos)
        text.replace(at, mark.size(), value);
    return text;
}

// Addresses by name of the host, and which of these has accounts.
struct Hosts {
    std::map<std::string, std::string> addresses;
    std::string withAccounts;
};

Result<CatalogueFile> readFile(JsonFields fields, const Hosts& hosts) {
    CatalogueFile file;
    std::string host, kind = "tensors";
    LIPAR_TRY(readName(fields, "part", file.part, false));
    LIPAR_TRY(fields.text("purpose", file.purpose));
    LIPAR_TRY(fields.text("license", file.license));
    LIPAR_TRY(fields.text("host", host));
    LIPAR_TRY(readName(fields, "repository", file.repository, true));
    LIPAR_TRY(readName(fields, "revision", file.revision, false));
    LIPAR_TRY(readName(fields, "path", file.path, true));
    LIPAR_ASSIGN(file.bytes, readBytes(fields, "bytes"));
    LIPAR_TRY(fields.boolean("exact_size", file.exactSize, Presence::optional));
    LIPAR_TRY(fields.text("sha256", file.sha256, Presence::optional));
    LIPAR_TRY(fields.boolean("optional", file.optional, Presence::optional));
    LIPAR_TRY(fields.text("kind", kind, Presence::optional));
    LIPAR_TRY(readTensors(fields, file));
    LIPAR_TRY(fields.finish());
    if (kind != "tensors" && kind != "sentencepiece")
        return weights::damaged(fields.pathOf("kind") + " is " + weights::shown(kind) +
                                ", not tensors or sentencepiece");
    file.kind = kind == "tensors" ? FileKind::tensors : FileKind::sentencePiece;
    if (!file.sha256.empty() &&
        (file.sha256.size() != 64 || file.sha256.find_first_not_of("0123456789abcdef") != std::string::npos))
        return weights::damaged(fields.pathOf("sha256") + " is no SHA-256 in lower-case hexadecimal");
    const auto address = hosts.addresses.find(host);
    if (address == hosts.addresses.end())
        return weights::damaged(fields.pathOf("host") + " is " + weights::shown(host) + ", which hosts does not have");
    file.url = filled(filled(filled(address->second, "repository", file.repository), "revision", file.revision), "path",
                      file.path);
    if (hostOf(file.url).empty())
        return weights::damaged("hosts." + weights::shown(host) + " makes no https address");
    file.takesToken = host == hosts.withAccounts;
    file.name = std::filesystem::path(file.path).filename().string();
    return file;
}

Result<CatalogueModel> readModel(JsonFields fields, const Hosts& hosts) {
    CatalogueModel model;
    LIPAR_TRY(readName(fields, "name", model.name, false));
    LIPAR_TRY(fields.text("title", model.title));
    LIPAR_TRY(fields.text("summary", model.summary));
    LIPAR_TRY(fields.text("license", model.license));
    LIPAR_TRY(fields.boolean("built_in", model.builtIn, Presence::optional));
    LIPAR_ASSIGN(model.hostBytes, readBytes(fields, "host_bytes", Presence::optional));
    LIPAR_ASSIGN(const auto files, fields.objects("files", Presence::optional));
    std::set<std::string> seen;
    for (const JsonFields& one : files) {
        LIPAR_ASSIGN(CatalogueFile file, readFile(one, hosts));
        if (!seen.insert(file.part).second || !seen.insert("/" + file.name).second)
            return weights::damaged(one.pathOf("part") + " or its file's name stands there a second time");
        model.files.push_back(std::move(file));
    }
    LIPAR_ASSIGN(const auto* manifest, fields.object("manifest", Presence::optional));
    LIPAR_TRY(fields.finish());
    if (model.builtIn)
        return model;
    if (!manifest || model.files.empty())
        return weights::damaged(fields.pathOf("manifest") + " or files is missing");
    model.manifest = manifest->dump(1) + "\n";
    const auto parsed = weights::parseManifest(model.manifest, fields.pathOf("manifest"));
    if (!parsed)
        return std::unexpected(parsed.error());
    if (parsed->name != model.name)
        return weights::damaged(fields.pathOf("manifest") + ".name is not the model's");
    return model;
}

Result<Catalogue> readRoot(const nlohmann::json& root) {
    LIPAR_ASSIGN(JsonFields fields, JsonFields::of(root, ""));
    int schema = 0;
    Catalogue catalogue;
    Hosts hosts;
    LIPAR_TRY(fields.integer("schema", schema, 1, 1'000'000));
    if (schema != kSchema)
        return weights::damaged(
            "schema is " + std::to_string(schema) + ", and this program knows " + std::to_string(kSchema),
            "update the program");
    LIPAR_TRY(fields.integer("version", catalogue.version, 1, 1'000'000));
    LIPAR_TRY(fields.namedTexts("hosts", hosts.addresses));
    LIPAR_TRY(fields.text("accounts", hosts.withAccounts, Presence::optional));
    LIPAR_ASSIGN(const auto models, fields.objects("models"));
    for (const JsonFields& one : models) {
        LIPAR_ASSIGN(CatalogueModel model, readModel(one, hosts));
        if (catalogue.find(model.name))
            return weights::damaged(one.pathOf("name") + " is " + model.name + " a second time");
        catalogue.models.push_back(std::move(model));
    }
    LIPAR_TRY(fields.finish());
    return catalogue;
}

}  // namespace

std::string CatalogueFile::mirroredUrl(std::string base) const {
    while (base.ends_with('/'))
        base.pop_back();
    return base + "/" + repository + "/resolve/" + revision + "/" + path;
}

const CatalogueFile* CatalogueModel::find(const std::string& part) const {
    const auto found = std::ranges::find(files, part, &CatalogueFile::part);
    return found == files.end() ? nullptr : &*found;
}

const CatalogueModel* Catalogue::find(const std::string& name) const {
    const auto found = std::ranges::find(models, name, &CatalogueModel::name);
    return found == models.end() ? nullptr : &*found;
}

Result<Catalogue> readCatalogue(const std::filesystem::path& file) {
    LIPAR_ASSIGN(const weights::MappedFile mapped, weights::MappedFile::open(file));
    const std::string_view text(reinterpret_cast<const char*>(mapped.bytes().data()), mapped.bytes().size());
    const auto named = [&](Error error) {
        error.message = "cannot read the catalogue of models " + file.string() + ": " + error.message;
        error.hint = "update the program, or install it again";
        return std::unexpected(std::move(error));
    };
    auto root = weights::parseStrictJson(text);
    if (!root)
        return named(std::move(root).error());
    auto catalogue = readRoot(*root);
    if (!catalogue)
        return named(std::move(catalogue).error());
    return catalogue;
}

std::filesystem::path findCatalogue(const std::filesystem::path& shippedModels) {
    if (const char* chosen = std::getenv("LIPAR_MODEL_CATALOGUE"); chosen && *chosen)
        return chosen;
    return shippedModels / "catalogue.json";
}

}  // namespace lipar::model_store
