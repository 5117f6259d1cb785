#include "app/cli/report_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/cli/human_text.h"
#include "app/cli/model_text.h"

namespace lipar::cli {
namespace {

std::string clipText(const service::ClipInfo& clip) {
    std::string text = fmt::format("{}x{}, {} frames", clip.width, clip.height, clip.frames);
    if (clip.fps > 0)
        text += fmt::format(", {:.4g} fps{}", clip.fps, clip.variableRate ? " (variable)" : "");
    if (clip.durationSeconds > 0)
        text += ", " + humanDuration(clip.durationSeconds);
    if (!clip.note.empty())
        text += ", " + clip.note;
    return text;
}

std::string deviceText(const service::DeviceInfo& device) {
    std::string text = device.kind;
    for (const std::string& part : {device.name, device.precision})
        text += part.empty() ? "" : ", " + part;
    return text;
}

std::string pruningText(const service::PruningReport& pruning) {
    if (!pruning.enabled)
        return "off";
    return fmt::format("{} of the tokens computed (tau1 {:.4g}, tau2 {:.4g}, recovery {})",
                       humanPercent(pruning.keptRatio), pruning.tau1, pruning.tau2, pruning.recovery);
}

std::string estimateText(const service::Estimate& estimate) {
    std::string text = fmt::format("{} at {:.1f} FPS", humanDuration(estimate.seconds), estimate.fps);
    if (estimate.speedup > 0)
        text += fmt::format(", {:.2f} times as fast as without pruning", estimate.speedup);
    if (estimate.peakDeviceBytes > 0)
        text += fmt::format(", {} of memory", humanBytes(estimate.peakDeviceBytes));
    return text + (estimate.fits ? " (fits)" : " (does not fit this device)");
}

std::string keptTable(const std::vector<double>& kept) {
    constexpr std::size_t kColumns = 12;
    std::string text = "kept per latent frame, in %:\n";
    for (std::size_t row = 0; row < kept.size(); row += kColumns) {
        text += fmt::format("{:>6}:", row);
        for (std::size_t i = row; i < std::min(row + kColumns, kept.size()); ++i)
            text += fmt::format(" {:>4.0f}", kept[i] * 100);
        text += "\n";
    }
    return text;
}

std::string lineText(const char* name, const std::string& value) { return fmt::format("{:<11}{}\n", name, value); }

std::string text(const service::EditReport& report) {
    if (report.dryRun) {
        const std::string ignored = fmt::format("{}", fmt::join(report.unknownWords, ", "));
        return lineText("clip", clipText(report.input)) + lineText("model", report.model.name) +
               lineText("device", deviceText(report.device)) +
               lineText("size", fmt::format("{}x{}", report.processingWidth, report.processingHeight)) +
               (ignored.empty() ? "" : lineText("ignored", "words that the model does not know: " + ignored)) +
               lineText("estimate", estimateText(report.estimate)) + "nothing was written (--dry-run)\n";
    }
    std::string summary = fmt::format("edited {} frames in {}: {:.1f} FPS, ", report.output.frames,
                                      humanDuration(report.totalSeconds), report.fpsEndToEnd);
    summary +=
        report.pruning.enabled ? humanPercent(report.pruning.keptRatio) + " of the tokens computed" : "pruning off";
    summary += fmt::format(" ({}, seed {})\n", deviceText(report.device), report.seed);
    if (report.damagedFrames > 0) {
        summary += fmt::format("{} damaged {} of the source could not be decoded; the frame before stands in\n",
                               report.damagedFrames, report.damagedFrames == 1 ? "frame" : "frames");
    }
    return summary + fmt::format("wrote {} ({})\n", report.output.path.string(), clipText(report.output));
}

std::string text(const service::PlanReport& report) {
    std::string lines;
    if (!report.input.path.empty())
        lines += lineText("clip", report.input.path.string() + ", " + clipText(report.input));
    lines += lineText("device", deviceText(report.device));
    lines += lineText("pruning", pruningText(report.pruning));
    lines += lineText("estimate", estimateText(report.estimate));
    if (!report.pruning.keptPerLatentFrame.empty())
        lines += keptTable(report.pruning.keptPerLatentFrame);
    return lines;
}

std::string text(const service::CompareReport& report) {
    const std::string psnr =
        std::isfinite(report.psnr) ? fmt::format("{:.2f} dB", report.psnr) : "equal (no difference)";
    return lineText("frames", fmt::format("{}", report.frames)) + lineText("PSNR", psnr) +
           lineText("SSIM", fmt::format("{:.4f}", report.ssim)) +
           lineText("warp error", fmt::format("{:.3f} (x 1e-4)", report.warpError)) +
           lineText("flicker", fmt::format("{:.3f} (x 1e-3)", report.flicker));
}

std::string text(const service::TraceReport& report) {
    return fmt::format("wrote {}, {} of the tokens kept\n", report.output.string(), humanPercent(report.keptRatio));
}

std::string text(const service::TextBench& bench) {
    return lineText("place", fmt::format("{}, {}", bench.place, bench.precision)) +
           lineText("opened in", fmt::format("{:.2f} s", bench.openSeconds)) +
           lineText("loaded in", fmt::format("{:.2f} s", bench.loadSeconds)) +
           lineText("a prompt", fmt::format("{:.0f} ms, the first {:.0f} ms ({} tokens, median of {})", bench.encodeMs,
                                            bench.firstMs, bench.tokens, bench.runs)) +
           lineText("memory", fmt::format("{} of the GPU's, {} of the host's, mapped files included",
                                          humanBytes(bench.peakDeviceBytes), humanBytes(bench.peakHostBytes)));
}

std::string text(const service::BenchReport& report) {
    if (report.text)
        return fmt::format("text encoder of {} on {}\n", report.config, deviceText(report.device)) + text(*report.text);
    std::string table = fmt::format("{} on {}, {}x{}, median of {} blocks, milliseconds a block\n\n", report.config,
                                    deviceText(report.device), report.width, report.height, report.blocks);
    table += fmt::format("{:>6} {:>8} {:>9} {:>9} {:>9} {:>7} {:>9} {:>9} {:>7} {:>9} {:>11} {:>9} {:>10}\n", "kept", "keys", "block",
                         "steps", "cache", "host", "DiT FPS", "encode", "mask", "decode", "end to end", "FPS", "memory");
    for (const service::BenchRow& row : report.rows) {
        const double steps = std::accumulate(row.stepMs.begin(), row.stepMs.end(), 0.0);
        table += fmt::format("{:>6.2f} {:>8} {:>9.1f} {:>9.1f} {:>9.1f} {:>7.1f} {:>9.2f} ", row.kept, row.keys, row.blockMs, steps,
                             row.cacheMs, row.hostMs, row.ditFps);
        if (row.endToEndFps > 0)
            table += fmt::format("{:>9.1f} {:>7.1f} {:>9.1f} {:>11.1f} {:>9.2f}", row.encodeMs, row.maskMs, row.decodeMs, row.endToEndMs,
                                 row.endToEndFps);
        else
            table += fmt::format("{:>9} {:>7} {:>9} {:>11} {:>9}", "-", "-", "-", "-", "-");
        table += fmt::format(" {:>10}\n", humanBytes(row.peakDeviceBytes));
    }
    for (const service::BenchRow& row : report.rows)
        if (row.endToEndFps > 0)
            table += fmt::format("\nkept {:.2f}, end to end at {:.3f}: first picture after {:.0f} ms, cancelled within {:.0f} ms; memory {} expected, {} of the transformer alone",
                                 row.kept, row.endToEndKept, row.firstPictureMs, row.cancelMs, humanBytes(row.expectedPeakBytes),
                                 humanBytes(row.transformerPeakBytes));
    table += "\n";
    for (const service::BenchRow& row : report.rows)
        for (const auto& [part, profile] : {std::pair("transformer", &row.transformerProfile), std::pair("editor", &row.editorProfile)})
            if (!profile->empty()) {
                table += fmt::format("\nkept {:.2f}, {:<15}{:>10}\n", row.kept, part, "ms a block");
                for (const auto& [family, milliseconds] : *profile)
                    table += fmt::format("  {:<24}{:>10.2f}\n", family, milliseconds);
            }
    return table;
}

std::string text(const service::ModelListReport& report) { return modelListText(report); }

std::string text(const service::ModelShowReport& report) { return modelShowText(report); }

std::string text(const service::ModelVerifyReport& report) { return modelVerifyText(report); }

std::string text(const service::ModelInstallReport& report) { return modelInstallText(report); }

std::string text(const service::ModelImportReport& report) { return modelImportText(report); }

std::string text(const service::ModelRepairReport& report) { return modelRepairText(report); }

std::string text(const service::ModelRemoveReport& report) { return modelRemoveText(report); }

std::string text(const service::ModelConvertReport& report) {
    std::string line = fmt::format("converted {} to {}: {} tensors, {} in {}", report.model.name, report.precision,
                                   report.tensors, humanBytes(report.bytes), humanDuration(report.seconds));
    if (report.resumedBytes > 0)
        line += fmt::format(", {} were there from an earlier run", humanBytes(report.resumedBytes));
    return line + fmt::format("\nwrote {}\n", report.model.directory.string());
}

std::string text(const service::DoctorReport& report) {
    std::vector<std::string> sections;  // in the order of their first line
    for (const service::DoctorReport::Line& line : report.lines) {
        if (std::ranges::find(sections, line.section) == sections.end())
            sections.push_back(line.section);
    }
    std::string lines;
    for (const std::string& section : sections) {
        lines += section + "\n";
        for (const service::DoctorReport::Line& line : report.lines) {
            if (line.section == section)
                lines += fmt::format("  {:<6}  {:<30} {}\n", line.ok ? "ok" : "not ok", line.name, line.value);
        }
        lines += "\n";
    }
    return lines + (report.healthy ? "everything needed is there\n" : "not everything that is needed is there\n");
}

std::string text(const service::ProbeReport& report) { return clipText(report.clip) + "\n"; }

std::string text(const service::MakeSampleReport& report) { return fmt::format("wrote {}\n", report.path.string()); }

std::string text(const service::RenderReport& report) {
    if (report.dryRun) {
        return lineText("timeline", clipText(report.output)) +
               lineText("to edit", fmt::format("{} frames", report.editedFrames)) +
               lineText("device", deviceText(report.device)) + lineText("estimate", estimateText(report.estimate)) +
               lineText("disk", fmt::format("about {} of {} free", humanBytes(report.outputBytes),
                                            humanBytes(report.freeBytes))) +
               "nothing was written (--dry-run)\n";
    }
    std::string summary = fmt::format("rendered {} frames in {}: {:.1f} FPS", report.output.frames,
                                      humanDuration(report.totalSeconds), report.fpsEndToEnd);
    if (report.editedFrames > 0) {
        summary += fmt::format(", {} edited, {} of the tokens computed ({})", report.editedFrames,
                               humanPercent(report.keptRatio), deviceText(report.device));
    }
    return summary + fmt::format("\nwrote {} ({})\n", report.output.path.string(), clipText(report.output));
}

std::string text(const service::JoinReport& report) {
    return fmt::format("wrote {} ({})\n", report.output.path.string(), clipText(report.output));
}

std::string text(const service::PlaybackReport& report) { return fmt::format("played {} frames\n", report.frames); }

std::string text(const service::ThumbnailsReport& report) { return fmt::format("drew {} pictures\n", report.count); }

std::string text(const service::ProxyReport& report) {
    return report.isNeeded ? "the proxy is made\n" : "any frame is reached quickly: no proxy is needed\n";
}

std::string text(const service::WaveformReport& report) {
    return fmt::format("{} peaks, {} a second\n", report.peaks.size(), report.peaksPerSecond);
}

std::string text(const service::CacheLookupReport& report) {
    return fmt::format("{} edited blocks are in the cache\n", report.blocks.size());
}

std::string text(const service::ClearCacheReport& report) {
    return fmt::format("freed {}\n", humanBytes(report.freedBytes));
}

}  // namespace

std::string reportText(const service::Report& report) {
    return std::visit([](const auto& one) { return text(one); }, report);
}

}  // namespace lipar::cli
