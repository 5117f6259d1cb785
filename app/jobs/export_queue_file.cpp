#include "app/jobs/export_queue_file.h"

#include <array>
#include <fstream>

#include <nlohmann/json.hpp>

#include "engine/core/pending_file.h"

namespace lipar::jobs {

namespace {

using nlohmann::json;

constexpr std::array<const char*, 6> stateNames{"queued", "running", "paused", "done", "failed", "cancelled"};

std::string toText(const std::filesystem::path& path) {
    const auto text = path.u8string();
    return {text.begin(), text.end()};
}

std::filesystem::path toPath(const std::string& text) {
    return std::u8string(text.begin(), text.end());
}

json toJson(const ExportItem& item) {
    const auto& settings = item.settings;
    json out{{"id", item.id},
             {"state", stateNames[std::size_t(item.state)]},
             {"added", item.added.toString(Qt::ISODate).toStdString()},
             {"file", toText(settings.file)},
             {"codec", settings.codec},
             {"container", settings.container},
             {"width", settings.width},
             {"height", settings.height},
             {"rate", {settings.rate.num, settings.rate.den}},
             {"sound", settings.sound},
             {"firstFrame", settings.firstFrame},
             {"endFrame", settings.endFrame},
             {"keepSource", settings.keepSource},
             {"outputBytes", item.outputBytes},
             {"seconds", item.seconds}};
    if (settings.crf)
        out["crf"] = *settings.crf;
    if (settings.bitRate)
        out["bitRate"] = *settings.bitRate;
    if (item.state == ExportState::failed)
        out["error"] = {{"code", int(item.error.code)}, {"message", item.error.message}, {"hint", item.error.hint}};
    return out;
}

ExportItem itemFromJson(const json& in) {
    ExportItem item;
    item.id = in.at("id");
    const auto state = in.at("state").get<std::string>();
    for (std::size_t i = 0; i < stateNames.size(); ++i)
        if (state == stateNames[i])
            item.state = ExportState(i);
    if (item.state == ExportState::running || item.state == ExportState::paused)
        item.state = ExportState::queued;
    item.added = QDateTime::fromString(QString::fromStdString(in.value("added", std::string())), Qt::ISODate);
    auto& settings = item.settings;
    settings.file = toPath(in.at("file"));
    settings.codec = in.at("codec");
    settings.container = in.at("container");
    settings.width = in.at("width");
    settings.height = in.at("height");
    settings.rate = {in.at("rate").at(0), in.at("rate").at(1)};
    settings.sound = in.at("sound");
    settings.firstFrame = in.at("firstFrame");
    settings.endFrame = in.at("endFrame");
    settings.keepSource = in.at("keepSource");
    if (in.contains("crf"))
        settings.crf = in.at("crf").get<int>();
    if (in.contains("bitRate"))
        settings.bitRate = in.at("bitRate").get<std::int64_t>();
    item.outputBytes = in.value("outputBytes", std::uint64_t(0));
    item.seconds = in.value("seconds", 0.0);
    if (in.contains("error"))
        item.error = {ErrorCode(in["error"].at("code").get<int>()), in["error"].at("message"), in["error"].at("hint")};
    return item;
}

}  // namespace

std::string toJson(const std::vector<ExportItem>& items, bool paused) {
    json out{{"version", exportQueueFileVersion}, {"paused", paused}, {"items", json::array()}};
    for (const auto& item : items)
        out["items"].push_back(toJson(item));
    return out.dump(1);
}

Result<StoredQueue> queueFromJson(std::string_view text) {
    try {
        const auto in = json::parse(text);
        if (in.at("version").get<int>() > exportQueueFileVersion)
            return lipar::fail(ErrorCode::inputUnsupported,
                               "the export queue could not be read: a newer LIPAR Studio has written it",
                               "install the newer version again");
        StoredQueue queue;
        queue.paused = in.value("paused", false);
        for (const auto& item : in.at("items"))
            queue.items.push_back(itemFromJson(item));
        return queue;
    } catch (const json::exception& error) {
        return lipar::fail(ErrorCode::inputDamaged,
                           std::string("the export queue could not be read: its file is damaged: ") + error.what(),
                           "add the exports again");
    }
}

Result<> writeWhole(const std::filesystem::path& file, std::string_view text) {
    std::error_code ignored;  // creating the file says what is wrong
    std::filesystem::create_directories(file.parent_path(), ignored);
    LIPAR_ASSIGN(auto pending, PendingFile::create(file));
    {
        std::ofstream out(pending.path(), std::ios::binary | std::ios::trunc);
        out.write(text.data(), std::streamsize(text.size()));
        out.flush();
        if (!out)
            return lipar::fail(ErrorCode::diskFull, "the export queue could not be written: the disk is full",
                               "free some space");
    }
    return pending.commit();
}

}  // namespace lipar::jobs
