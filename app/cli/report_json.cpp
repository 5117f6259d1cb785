#include "app/cli/report_json.h"

#include <cmath>

namespace lipar::cli {
namespace {

// Non-finite values would be written as null anyway; said here because readers rely on it.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json numbers(const std::vector<double>& values) {
    Json array = Json::array();
    for (const double value : values)
        array.push_back(number(value));
    return array;
}

Json clip(const service::ClipInfo& info) {
    return {{"path", info.path.string()}, {"width", info.width},     {"height", info.height},
            {"frames", info.frames},      {"fps", number(info.fps)}, {"duration_s", number(info.durationSeconds)}};
}

Json device(const service::DeviceInfo& info) {
    return {{"kind", info.kind}, {"name", info.name}, {"precision", info.precision}};
}

Json promptTokens(const service::PromptTokens& tokens) {
    return {{"count", tokens.count}, {"limit", tokens.limit}, {"truncated", tokens.truncated}};
}

Json pruning(const service::PruningReport& report) {
    return {{"enabled", report.enabled},
            {"tau1", number(report.tau1)},
            {"tau2", number(report.tau2)},
            {"recovery", report.recovery},
            {"kept_ratio", number(report.keptRatio)},
            {"kept_per_latent_frame", numbers(report.keptPerLatentFrame)}};
}

Json estimate(const service::Estimate& value) {
    return {{"seconds", number(value.seconds)},
            {"fps", number(value.fps)},
            {"speedup", number(value.speedup)},
            {"peak_device_bytes", value.peakDeviceBytes},
            {"fits", value.fits}};
}

Json block(const service::BlockReport& report) {
    const Json times{{"encode", number(report.ms.encode)},
                     {"mask", number(report.ms.mask)},
                     {"steps", numbers(report.ms.steps)},
                     {"cache", number(report.ms.cache)},
                     {"decode", number(report.ms.decode)}};
    return {{"index", report.index}, {"frames", report.frames}, {"kept", report.kept},
            {"total", report.total}, {"keys", report.keys},     {"ms", times}};
}

Json model(const service::ModelInfo& info) {
    Json looks = Json::array();
    for (const auto& [name, prompt] : info.looks)
        looks.push_back({{"name", name}, {"prompt", prompt}});
    return {{"name", info.name},
            {"version", info.version},
            {"family", info.family},
            {"license", info.license},
            {"directory", info.directory.string()},
            {"sha256", info.sha256},
            {"parameters", info.parameters},
            {"bytes", info.bytes},
            {"built_in", info.builtIn},
            {"can_edit", info.canEdit},
            {"looks", looks},
            {"words", info.words},
            {"steps", info.steps},
            {"shift", number(info.shift)},
            {"limits",
             {{"most_steps", info.mostSteps},
              {"lowest_shift", number(info.lowestShift)},
              {"highest_shift", number(info.highestShift)}}},
            {"pixels_per_token", info.pixelsPerToken},
            {"tau1", number(info.tau1)},
            {"tau2", number(info.tau2)}};
}

const char* fileStateName(ModelFileState state) {
    switch (state) {
        case ModelFileState::missing: return "missing";
        case ModelFileState::partial: return "partial";
        case ModelFileState::present: return "present";
        case ModelFileState::damaged: return "damaged";
    }
    return "";
}

const char* verdictName(FitVerdict verdict) {
    switch (verdict) {
        case FitVerdict::fits: return "fits";
        case FitVerdict::tooLittleDisk: return "too-little-disk";
        case FitVerdict::tooLittleDeviceMemory: return "too-little-device-memory";
        case FitVerdict::tooLittleHostMemory: return "too-little-host-memory";
    }
    return "";
}

Json filesJson(const std::vector<ModelFileEntry>& files) {
    Json array = Json::array();
    for (const ModelFileEntry& file : files) {
        array.push_back({{"part", file.part},
                         {"purpose", file.purpose},
                         {"name", file.name},
                         {"origin", file.origin},
                         {"license", file.license},
                         {"bytes", file.bytes},
                         {"exact_size", file.exactSize},
                         {"bytes_present", file.bytesPresent},
                         {"optional", file.optional},
                         {"state", fileStateName(file.state)},
                         {"sha256", file.sha256},
                         {"problem", file.problem}});
    }
    return array;
}

Json entryJson(const ModelEntry& entry) {
    const ModelFit& fit = entry.fit;
    return {{"name", entry.name},
            {"title", entry.title},
            {"summary", entry.summary},
            {"license", entry.license},
            {"in_catalogue", entry.inCatalogue},
            {"built_in", entry.builtIn},
            {"in_use", entry.inUse},
            {"busy", entry.busy},
            {"state", stateName(entry.state)},
            {"problem", entry.problem},
            {"directory", entry.directory.string()},
            {"bytes", entry.bytes},
            {"bytes_present", entry.bytesPresent},
            {"files", filesJson(entry.files)},
            {"fit",
             {{"verdict", verdictName(fit.verdict)},
              {"words", fit.words},
              {"device", fit.device},
              {"disk_bytes", fit.diskBytes},
              {"disk_free", fit.diskFree},
              {"device_bytes", fit.deviceBytes},
              {"device_free", fit.deviceFree},
              {"host_bytes", fit.hostBytes},
              {"host_free", fit.hostFree}}}};
}

Json document(const service::EditReport& report) {
    Json blocks = Json::array();
    for (const service::BlockReport& one : report.blocks)
        blocks.push_back(block(one));
    Json result{
        {"schema", kSchema},
        {"input", clip(report.input)},
        {"output", clip(report.output)},
        {"model",
         {{"name", report.model.name}, {"sha256", report.model.sha256}, {"parameters", report.model.parameters}}},
        {"device", device(report.device)},
        {"seed", report.seed},
        {"prompt", report.prompt},
        {"unknown_words", report.unknownWords},
        {"prompt_tokens", promptTokens(report.promptTokens)},
        {"pruning", pruning(report.pruning)},
        {"blocks", blocks},
        {"fps", {{"end_to_end", number(report.fpsEndToEnd)}, {"denoise", number(report.fpsDenoise)}}},
        {"time_s", {{"load", number(report.loadSeconds)}, {"total", number(report.totalSeconds)}}},
        {"memory", {{"peak_device_bytes", report.peakDeviceBytes}, {"peak_host_bytes", report.peakHostBytes}}}};
    if (report.dryRun)
        result["estimate"] = estimate(report.estimate);
    return result;
}

Json document(const service::PlanReport& report) {
    Json result{{"schema", kSchema},
                {"input", clip(report.input)},
                {"device", device(report.device)},
                {"pruning", pruning(report.pruning)},
                {"estimate", estimate(report.estimate)}};
    if (report.promptTokens.limit > 0)
        result["prompt_tokens"] = promptTokens(report.promptTokens);
    return result;
}

Json document(const service::CompareReport& report) {
    return {{"schema", kSchema},
            {"frames", report.frames},
            {"psnr", number(report.psnr)},
            {"ssim", number(report.ssim)},
            {"warp_error", number(report.warpError)},
            {"flicker", number(report.flicker)},
            {"psnr_per_frame", numbers(report.psnrPerFrame)}};
}

Json document(const service::TraceReport& report) {
    return {{"schema", kSchema}, {"output", report.output.string()}, {"kept_ratio", number(report.keptRatio)}};
}

Json families(const std::vector<std::pair<std::string, double>>& profile) {
    Json list = Json::array();
    for (const auto& [family, milliseconds] : profile)
        list.push_back({{"family", family}, {"ms", number(milliseconds)}});
    return list;
}

Json document(const service::BenchReport& report) {
    if (report.text) {
        const service::TextBench& text = *report.text;
        return {{"schema", kSchema},
                {"config", report.config},
                {"device", device(report.device)},
                {"text_encoder",
                 {{"place", text.place},
                  {"precision", text.precision},
                  {"tokens", text.tokens},
                  {"runs", text.runs},
                  {"time_s", {{"open", number(text.openSeconds)}, {"load", number(text.loadSeconds)}}},
                  {"ms", {{"first", number(text.firstMs)}, {"encode", number(text.encodeMs)}}},
                  {"memory", {{"peak_device_bytes", text.peakDeviceBytes}, {"peak_host_bytes", text.peakHostBytes}}}}}};
    }
    Json rows = Json::array();
    for (const service::BenchRow& row : report.rows) {
        const Json times{{"block", number(row.blockMs)}, {"host", number(row.hostMs)},   {"encode", number(row.encodeMs)},
                         {"mask", number(row.maskMs)},   {"steps", numbers(row.stepMs)}, {"cache", number(row.cacheMs)},
                         {"decode", number(row.decodeMs)}, {"end_to_end", number(row.endToEndMs)},
                         {"first_picture", number(row.firstPictureMs)}, {"cancel", number(row.cancelMs)}};
        rows.push_back({{"kept", number(row.kept)},
                        {"kept_end_to_end", number(row.endToEndKept)},
                        {"keys", row.keys},
                        {"ms", times},
                        {"fps", {{"end_to_end", number(row.endToEndFps)}, {"denoise", number(row.ditFps)}}},
                        {"transformer_peak_device_bytes", row.transformerPeakBytes},
                        {"expected_peak_device_bytes", row.expectedPeakBytes},
                        {"peak_device_bytes", row.peakDeviceBytes}});
        if (!row.transformerProfile.empty())
            rows.back()["profile"] = {{"transformer", families(row.transformerProfile)}, {"editor", families(row.editorProfile)}};
    }
    return {{"schema", kSchema},     {"config", report.config}, {"device", device(report.device)},
            {"width", report.width}, {"height", report.height}, {"blocks", report.blocks},
            {"rows", rows}};
}

Json document(const service::ModelListReport& report) {
    Json models = Json::array();
    for (const service::ModelInfo& info : report.models)
        models.push_back(model(info));
    Json entries = Json::array();
    for (const ModelEntry& one : report.entries)
        entries.push_back(entryJson(one));
    return {{"schema", kSchema}, {"models", models}, {"folder", report.folder.string()}, {"catalogue", entries}};
}

Json document(const service::ModelShowReport& report) {
    Json fields = Json::object();
    for (const auto& [name, value] : report.fields)
        fields[name] = value;
    Json result{{"schema", kSchema}, {"model", model(report.model)}, {"fields", fields}};
    if (report.entry)
        result["entry"] = entryJson(*report.entry);
    return result;
}

Json document(const service::ModelVerifyReport& report) {
    return {{"schema", kSchema},
            {"model", model(report.model)},
            {"tensors", report.tensors},
            {"files", filesJson(report.files)},
            {"ok", true}};
}

Json document(const service::ModelInstallReport& report) {
    return {{"schema", kSchema},
            {"entry", entryJson(report.entry)},
            {"received_bytes", report.receivedBytes},
            {"resumed_bytes", report.resumedBytes},
            {"time_s", {{"total", number(report.seconds)}}},
            {"dry_run", report.dryRun}};
}

Json document(const service::ModelImportReport& report) {
    Json files = Json::array();
    for (const service::ModelImportReport::File& file : report.files) {
        files.push_back({{"model", file.model},
                         {"name", file.name},
                         {"from", file.from.string()},
                         {"how", file.how},
                         {"recognised_by", file.recognisedBy}});
    }
    Json entries = Json::array();
    for (const ModelEntry& one : report.entries)
        entries.push_back(entryJson(one));
    return {{"schema", kSchema}, {"files", files}, {"entries", entries}};
}

Json document(const service::ModelRepairReport& report) {
    return {{"schema", kSchema},
            {"entry", entryJson(report.entry)},
            {"repaired", report.repaired},
            {"received_bytes", report.receivedBytes}};
}

Json document(const service::ModelRemoveReport& report) {
    return {{"schema", kSchema}, {"removed", report.model}, {"freed_bytes", report.freedBytes}};
}

Json document(const service::ModelConvertReport& report) {
    return {{"schema", kSchema},
            {"model", model(report.model)},
            {"output", report.model.directory.string()},
            {"precision", report.precision},
            {"tensors", report.tensors},
            {"converted_tensors", report.convertedTensors},
            {"bytes", report.bytes},
            {"resumed_bytes", report.resumedBytes},
            {"time_s", {{"total", number(report.seconds)}}}};
}

Json document(const service::DoctorReport& report) {
    Json checks = Json::array();
    for (const service::DoctorReport::Line& line : report.lines)
        checks.push_back({{"section", line.section}, {"name", line.name}, {"value", line.value}, {"ok", line.ok}});
    return {{"schema", kSchema}, {"healthy", report.healthy}, {"checks", checks}};
}

Json document(const service::ProbeReport& report) { return {{"schema", kSchema}, {"input", clip(report.clip)}}; }

Json document(const service::MakeSampleReport& report) {
    return {{"schema", kSchema}, {"output", report.path.string()}};
}

Json document(const service::RenderReport& report) {
    Json result{{"schema", kSchema},
                {"output", clip(report.output)},
                {"device", device(report.device)},
                {"edited_frames", report.editedFrames},
                {"kept_ratio", number(report.keptRatio)},
                {"fps", {{"end_to_end", number(report.fpsEndToEnd)}}},
                {"time_s", {{"total", number(report.totalSeconds)}}},
                {"output_bytes", report.outputBytes},
                {"free_bytes", report.freeBytes}};
    if (report.dryRun)
        result["estimate"] = estimate(report.estimate);
    return result;
}

Json document(const service::JoinReport& report) { return {{"schema", kSchema}, {"output", clip(report.output)}}; }

Json document(const service::PlaybackReport& report) { return {{"schema", kSchema}, {"frames", report.frames}}; }

Json document(const service::ThumbnailsReport& report) { return {{"schema", kSchema}, {"pictures", report.count}}; }

Json document(const service::ProxyReport& report) {
    return {{"schema", kSchema}, {"needed", report.isNeeded}};
}

Json document(const service::WaveformReport& report) {
    return {{"schema", kSchema},
            {"peaks_per_second", report.peaksPerSecond},
            {"start_s", number(report.startSeconds)},
            {"peaks", report.peaks}};
}

Json document(const service::CacheLookupReport& report) {
    Json blocks = Json::array();
    for (const service::CachedBlock& cached : report.blocks) {
        blocks.push_back({{"start_s", number(cached.startSeconds)},
                          {"end_s", number(cached.endSeconds)},
                          {"exact", cached.exact},
                          {"kept_per_latent_frame", numbers(cached.keptPerLatentFrame)}});
    }
    return {{"schema", kSchema}, {"blocks", blocks}};
}

Json document(const service::ClearCacheReport& report) {
    return {{"schema", kSchema}, {"freed_bytes", report.freedBytes}};
}

}  // namespace

Json reportDocument(const service::Report& report) {
    return std::visit([](const auto& one) { return document(one); }, report);
}

Json errorDocument(const Error& error) {
    return {{"schema", kSchema},
            {"error", {{"code", error.codeName()}, {"message", error.message}, {"hint", error.hint}}}};
}

Json progressDocument(const service::Progress& progress) {
    return {{"schema", kSchema},
            {"event", "progress"},
            {"phase", phaseName(progress.phase)},
            {"frames_done", progress.framesDone},
            {"frames_total", progress.framesTotal > 0 ? Json(progress.framesTotal) : Json(nullptr)},
            {"fps", number(progress.fps)},
            {"kept_ratio", number(progress.keptRatio)},
            {"seconds_left", progress.secondsLeft >= 0 ? number(progress.secondsLeft) : Json(nullptr)}};
}

Json progressDocument(const TransferState& state) {
    return {{"schema", kSchema},
            {"event", "transfer"},
            {"phase", phaseName(state.phase)},
            {"model", state.model},
            {"file", state.file},
            {"file_bytes_done", state.fileDone},
            {"file_bytes_total", state.fileTotal > 0 ? Json(state.fileTotal) : Json(nullptr)},
            {"bytes_done", state.done},
            {"bytes_total", state.total},
            {"bytes_per_second", number(state.bytesPerSecond)},
            {"seconds_left", state.secondsLeft >= 0 ? number(state.secondsLeft) : Json(nullptr)},
            {"note", state.note}};
}

std::string toText(const Json& document, int indent) {
    return document.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

const char* phaseName(service::Phase phase) {
    switch (phase) {
        case service::Phase::loading: return "loading";
        case service::Phase::measuring: return "measuring";
        case service::Phase::editing: return "editing";
        case service::Phase::converting: return "converting";
        case service::Phase::finishing: return "finishing";
    }
    return "";
}

const char* phaseName(TransferPhase phase) {
    switch (phase) {
        case TransferPhase::connecting: return "connecting";
        case TransferPhase::rereading: return "rereading";
        case TransferPhase::receiving: return "receiving";
        case TransferPhase::waiting: return "waiting";
        case TransferPhase::checking: return "checking";
        case TransferPhase::copying: return "copying";
    }
    return "";
}

const char* stateName(ModelState state) {
    switch (state) {
        case ModelState::notInstalled: return "not-installed";
        case ModelState::partial: return "partial";
        case ModelState::installed: return "installed";
        case ModelState::damaged: return "damaged";
    }
    return "";
}

}  // namespace lipar::cli
