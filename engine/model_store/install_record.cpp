#include "engine/model_store/install_record.h"

#include <nlohmann/json.hpp>

#include "engine/model_store/partial_file.h"
#include "engine/weights/json_fields.h"
#include "engine/weights/mapped_file.h"
#include "engine/weights/strict_json.h"

namespace lipar::model_store {
namespace {

constexpr int kSchema = 1;
constexpr double kLargestFile = 1e15;

Result<InstallRecord> parse(std::string_view text) {
    LIPAR_ASSIGN(const auto root, weights::parseStrictJson(text));
    LIPAR_ASSIGN(auto fields, weights::JsonFields::of(root, ""));
    int schema = 0;
    LIPAR_TRY(fields.integer("schema", schema, kSchema, kSchema));
    LIPAR_ASSIGN(auto files, fields.objects("files"));
    InstallRecord record;
    for (weights::JsonFields& one : files) {
        RecordedFile file;
        std::string name;
        double bytes = 0;
        LIPAR_TRY(one.text("name", name));
        LIPAR_TRY(one.number("bytes", bytes, 0, kLargestFile));
        LIPAR_TRY(one.text("sha256", file.sha256));
        LIPAR_TRY(one.text("origin", file.origin));
        LIPAR_TRY(one.boolean("vouched", file.vouched));
        LIPAR_TRY(one.text("problem", file.problem));
        file.bytes = std::uint64_t(bytes);
        record.emplace(std::move(name), std::move(file));
    }
    return record;
}

}  // namespace

InstallRecord readRecord(const std::filesystem::path& directory) {
    const auto mapped = weights::MappedFile::open(directory / kRecordName);
    if (!mapped)
        return {};
    return parse({reinterpret_cast<const char*>(mapped->bytes().data()), mapped->bytes().size()})
        .value_or(InstallRecord{});
}

Result<> writeRecord(const std::filesystem::path& directory, const InstallRecord& record) {
    nlohmann::ordered_json files = nlohmann::ordered_json::array();
    for (const auto& [name, file] : record) {
        files.push_back({{"name", name},
                         {"bytes", file.bytes},
                         {"sha256", file.sha256},
                         {"origin", file.origin},
                         {"vouched", file.vouched},
                         {"problem", file.problem}});
    }
    const nlohmann::ordered_json json{{"schema", kSchema}, {"files", files}};
    return writeTextFile(directory / kRecordName,
                         json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace lipar::model_store
