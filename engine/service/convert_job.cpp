// `models convert`: published files become mapped safetensors under the official names, once.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>

#include "engine/core/pending_file.h"
#include "engine/service/job.h"
#include "engine/service/model_conversion.h"
#include "engine/weights/model_source.h"
#include "engine/weights/output_file.h"
#include "engine/weights/resumable_safetensors.h"

namespace lipar::service {
namespace {
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* kTokenizer = "spiece.model";
constexpr std::int64_t kMegabyte = 1'000'000;  // progress counts these

class ModelConversion {
public:
    ModelConversion(const ModelConvertRequest& request, JobContext& context)
        : m_request(request),
          m_context(context),
          m_precision(request.precision == Precision::automatic ? Precision::bf16 : request.precision) {}

    Result<ModelConvertReport> run() {
        LIPAR_TRY(checkRequest());
        m_context.progress(Phase::loading);
        LIPAR_ASSIGN(m_source, weights::findModel(m_request.source));
        LIPAR_TRY(checkStructure(m_source));
        LIPAR_TRY(m_context.cancel.check());
        LIPAR_TRY(planFiles());
        LIPAR_TRY(checkDisk());
        LIPAR_TRY(prepareFolder());
        LIPAR_TRY(openFiles());
        m_start = Clock::now();
        for (std::size_t i = 0; i < m_files.size(); ++i)
            LIPAR_TRY(convertFile(i));
        m_context.progress(Phase::finishing);
        LIPAR_TRY(writeDescription());
        for (const FileConversion& file : m_files)
            weights::ResumableSafetensors::forget(m_request.output / file.target());
        return report();
    }

private:
    Result<> checkRequest() const {
        if (m_request.output.empty())
            return fail(ErrorCode::invalidArgument, "there is nowhere to write the converted model: no folder is named",
                        "name one with -o");
        if (m_precision != Precision::bf16 && m_precision != Precision::fp8)
            return fail(ErrorCode::invalidArgument, "a model cannot be converted to that precision",
                        "give bf16 or fp8");
        std::error_code ignored;
        if (!fs::exists(m_request.source, ignored))
            return fail(ErrorCode::modelMissing,
                        "cannot convert " + m_request.source.string() + ": there is no such file or folder",
                        "check the path");
        if (fs::exists(m_request.output / "model.json", ignored))
            return fail(ErrorCode::invalidArgument,
                        "cannot convert into " + m_request.output.string() + ": a model is there already",
                        "choose another folder or remove that model");
        return {};
    }

    Result<> planFiles() {
        std::error_code ignored;
        if (m_source.text && !m_source.text->tokenizer.empty() &&
            !fs::is_regular_file(m_source.directory / m_source.text->tokenizer, ignored))
            return fail(ErrorCode::modelMissing,
                        "cannot convert " + m_request.source.string() + ": the tokenizer " + m_source.text->tokenizer +
                            " is not there",
                        "download it as well");
        m_target = m_source;
        const auto plan = [&](std::vector<std::string>& files, const char* target, bool isTransformer) -> Result<> {
            LIPAR_ASSIGN(FileConversion file,
                         FileConversion::plan(m_source.directory, files, target, isTransformer, m_precision));
            m_files.push_back(std::move(file));
            files = {target};
            return {};
        };
        LIPAR_TRY(plan(m_target.dit.files, "dit.safetensors", true));
        if (m_target.vae)
            LIPAR_TRY(plan(m_target.vae->files, "vae.safetensors", false));
        if (m_target.text) {
            LIPAR_TRY(plan(m_target.text->files, "text.safetensors", false));
            if (!m_target.text->tokenizer.empty())
                m_target.text->tokenizer = kTokenizer;
        }
        m_target.directory = m_request.output;
        if (!fs::exists(m_source.directory / "model.json", ignored))
            m_target.name = fs::absolute(m_request.output / "", ignored).parent_path().filename().string();
        return {};
    }

    // Before anything is made. What an earlier run has left is used again, or its room is.
    Result<> checkDisk() const {
        std::error_code ignored;
        std::uint64_t needed = 16 << 20;  // headers, description, tokenizer, journals
        for (const FileConversion& file : m_files) {
            std::uint64_t there = 0;
            for (const char* const ending : {"", ".part"})
                if (const auto size = fs::file_size(m_request.output / (file.target() + ending), ignored); !ignored)
                    there += size;
            needed += file.bytes() - std::min(there, file.bytes());
        }
        fs::path folder = fs::absolute(m_request.output, ignored);
        while (!fs::exists(folder, ignored) && folder.has_relative_path())
            folder = folder.parent_path();
        std::error_code problem;
        const fs::space_info space = fs::space(folder, problem);
        if (problem || space.available >= needed)
            return {};
        const auto megabytes = [](std::uint64_t bytes) { return std::to_string(bytes / kMegabyte) + " MB"; };
        return fail(ErrorCode::diskFull,
                    "cannot convert into " + m_request.output.string() + ": " + megabytes(needed) + " are needed and " +
                        megabytes(space.available) + " are free",
                    "free some space or choose another folder");
    }

    Result<> prepareFolder() const {
        std::error_code problem;
        fs::create_directories(m_request.output, problem);
        if (problem)
            return fail(ErrorCode::outputFailed,
                        "cannot create " + m_request.output.string() + ": " + problem.message(),
                        "choose a folder you may write to");
        return {};
    }

    // Checks what an earlier run has left.
    Result<> openFiles() {
        for (const FileConversion& file : m_files) {
            LIPAR_ASSIGN(const std::string origin, file.origin());
            LIPAR_ASSIGN(weights::ResumableSafetensors output,
                         weights::ResumableSafetensors::open(m_request.output / file.target(), file.tensors(),
                                                             {{"format", "pt"}}, origin, m_context.cancel));
            m_resumedBytes += output.written() > 0 ? output.bytesWritten() : 0;
            m_totalBytes += output.bytesTotal();
            m_outputs.push_back(std::move(output));
        }
        m_doneBytes = m_resumedBytes;
        return {};
    }

    Result<> convertFile(std::size_t index) {
        FileConversion& file = m_files[index];
        weights::ResumableSafetensors& output = m_outputs[index];
        while (output.written() < output.tensors().size()) {
            LIPAR_TRY(m_context.cancel.check());
            LIPAR_ASSIGN(const std::span<const std::byte> bytes, file.convert(output.tensors()[output.written()].name));
            LIPAR_TRY(output.append(bytes, m_context.cancel));
            m_doneBytes += bytes.size();
            ++m_converted;
            emitProgress();
        }
        m_tensors += output.tensors().size();
        return output.finish();
    }

    void emitProgress() const {
        const double seconds = secondsSince(m_start);
        const double rate = double(m_doneBytes - m_resumedBytes) / std::max(seconds, 1e-3);  // bytes a second
        Progress progress{.job = m_context.id, .phase = Phase::converting};
        progress.framesDone = std::int64_t(m_doneBytes) / kMegabyte;
        progress.framesTotal = std::max<std::int64_t>(std::int64_t(m_totalBytes) / kMegabyte, 1);
        if (rate > 0)
            progress.secondsLeft = double(m_totalBytes - m_doneBytes) / rate;
        m_context.emit(progress);
    }

    // The tokenizer, and last the description, which makes the folder a model.
    Result<> writeDescription() const {
        if (m_source.text && !m_source.text->tokenizer.empty())
            LIPAR_TRY(copyTokenizer(m_source.directory / m_source.text->tokenizer, m_request.output / kTokenizer));
        const std::string text = weights::manifestText(m_target);
        const std::span<const std::byte> parts[] = {std::as_bytes(std::span(text))};
        return weights::writeWholeFile(m_request.output / "model.json", parts);
    }

    static Result<> copyTokenizer(const fs::path& from, const fs::path& to) {
        std::error_code ignored;
        if (fs::equivalent(from, to, ignored))
            return {};
        LIPAR_ASSIGN(PendingFile pending, PendingFile::create(to));
        std::error_code problem;
        fs::copy_file(from, pending.path(), fs::copy_options::overwrite_existing, problem);
        if (problem)
            return fail(ErrorCode::outputFailed, "cannot copy " + from.string() + ": " + problem.message(),
                        "check whether you may read it");
        return pending.commit();
    }

    [[nodiscard]] ModelConvertReport report() const {
        ModelConvertReport report;
        report.model = describeModel(m_target);
        report.precision = m_precision == Precision::fp8 ? "fp8" : "bf16";
        report.tensors = m_tensors;
        report.convertedTensors = m_converted;
        report.bytes = m_totalBytes;
        report.resumedBytes = m_resumedBytes;
        report.seconds = secondsSince(m_start);
        return report;
    }

    const ModelConvertRequest& m_request;
    JobContext& m_context;
    const Precision m_precision;
    weights::ModelManifest m_source;
    weights::ModelManifest m_target;
    std::vector<FileConversion> m_files;
    std::vector<weights::ResumableSafetensors> m_outputs;  // one for each file
    std::uint64_t m_totalBytes = 0;
    std::uint64_t m_resumedBytes = 0;  // that an earlier run has written
    std::uint64_t m_doneBytes = 0;
    std::uint64_t m_tensors = 0;
    std::uint64_t m_converted = 0;
    Clock::time_point m_start;
};

// What a cancelled conversion leaves is not lost.
Result<ModelConvertReport> explained(Result<ModelConvertReport> report) {
    if (!report && report.error().code == ErrorCode::cancelled)
        report.error().hint = "what was converted is kept: the same command goes on from there";
    return report;
}

}  // namespace

Result<ModelConvertReport> runModelConvert(const ModelConvertRequest& request, JobContext& context) {
    return explained(ModelConversion(request, context).run());
}

}  // namespace lipar::service
