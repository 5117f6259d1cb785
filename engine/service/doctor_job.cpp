// `doctor`: what a bug report needs.
#include <ATen/Version.h>
#include <ATen/Parallel.h>
#include <torch/headeronly/version.h>
#include <unistd.h>

#include <thread>

#include "engine/kernels/cuda_module.h"
#include "engine/media/codecs.h"
#include "engine/media/hardware_decoding.h"
#include "engine/service/device.h"
#include "engine/service/job.h"
#include "engine/service/memory_account.h"

namespace lipar::service {
namespace fs = std::filesystem;

namespace {

std::string mebibytes(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

// What a CUDA device decodes of sources, or why nothing: never a fault, for the CPU does then.
std::string decodersOf(int cudaDevice) {
    const auto codecs = media::hardwareDecoders(cudaDevice);
    if (!codecs)
        return "not used: " + codecs.error().message;
    std::string list;
    for (const std::string& codec : *codecs)
        list += (list.empty() ? "" : ", ") + codec;
    return list.empty() ? "not used: this FFmpeg has no decoder for it" : list;
}

class Doctor {
public:
    explicit Doctor(JobContext& context) : m_context(context) {}

    void versions() {
        add("versions", "LIPAR Studio", versionString());
        add("versions", "LibTorch", TORCH_VERSION);
        add("versions", "FFmpeg", media::ffmpegVersion());
    }

    void devices() {
        if (const auto cpu = chooseDevice("cpu", Precision::automatic)) {
            m_devices.push_back("cpu");
            add("devices", "cpu", cpu->info.name + ", " + std::to_string(std::thread::hardware_concurrency()) + " threads, " + cpu->info.precision);
            add("memory", "host", mebibytes(cpu->info.memoryFree) + " free of " + mebibytes(cpu->info.memoryTotal), cpu->info.memoryFree > (1ULL << 30));
        }
        const Result<> opened = kernels::openCudaModule();
        if (!opened) {
            add("devices", "cuda", "not used: " + opened.error().message);  // not a fault: the CPU does
            return;
        }
        for (int index = 0;; ++index) {
            const auto gpu = chooseDevice("cuda:" + std::to_string(index), Precision::automatic);
            if (!gpu)
                break;
            m_devices.push_back("cuda:" + std::to_string(index));
            add("devices", "cuda:" + std::to_string(index), gpu->info.name + ", " + gpu->info.precision);
            add("devices", "cuda:" + std::to_string(index) + " video decoding", decodersOf(index));
            add("memory", "cuda:" + std::to_string(index), mebibytes(gpu->info.memoryFree) + " free of " + mebibytes(gpu->info.memoryTotal));
        }
    }

    void codecs() {
        for (const media::CodecSupport& codec : media::supportedCodecs())
            add("codecs", codec.name, codec.available ? "encodes with " + codec.encoder : "no encoder in this FFmpeg", codec.available || codec.name != "h264");
    }

    void models() {
        const std::vector<fs::path> folders = m_context.models.folders().all();
        if (folders.empty())
            add("models", "folder", "none found", false);
        for (const fs::path& folder : folders)
            add("models", "folder", folder.string());
        for (const fs::path& directory : m_context.models.folders().installed()) {
            const auto manifest = weights::readManifest(directory);
            add("models", directory.filename().string(), manifest ? manifest->name + " " + manifest->version + ", " + manifest->license : manifest.error().message,
                manifest.has_value());
        }
    }

    // Of the built-in model and every other one that can edit, at the size that a wide clip is processed at on the device.
    void memory() {
        for (const std::string& name : m_devices) {
            const auto device = chooseDevice(name, Precision::automatic);
            if (!device)
                continue;
            const pipeline::PixelSize size = device->device.is_cuda() ? pipeline::PixelSize{832, 480} : pipeline::PixelSize{320, 192};
            std::vector<weights::ModelManifest> manifests;
            for (const fs::path& directory : m_context.models.folders().installed())
                if (auto manifest = weights::readManifest(directory))
                    manifests.push_back(*std::move(manifest));
            manifests.push_back(weights::wan21Manifest());
            manifests.push_back(weights::wan21LargeManifest());
            manifests.push_back(weights::wan22Manifest());
            // A model with two autoencoders counts twice.
            for (std::size_t i = 0; i < manifests.size(); ++i) {
                if (!manifests[i].vaeFull)
                    continue;
                if (auto full = weights::withFullVae(manifests[i])) {
                    full->name += " with --vae full";
                    manifests.insert(manifests.begin() + std::ptrdiff_t(i) + 1, *std::move(full));
                }
            }
            for (const weights::ModelManifest& manifest : manifests) {
                const std::vector<MemoryPart> parts = memoryOfEdit(manifest, size, *device);
                const std::string section = "memory of an edit: " + manifest.name + ", " + std::to_string(size.width) + "x" + std::to_string(size.height) + ", " + name +
                                            ", " + device->info.precision;
                for (const MemoryPart& part : parts)
                    add(section, part.name, mebibytes(part.bytes));
                add(section, "in all", mebibytes(totalBytes(parts)) + (totalBytes(parts) <= device->info.memoryFree ? ", fits" : ", more than is free"));
            }
        }
    }

    void files() {
        std::error_code ignored;
        for (const auto& [name, path] : {std::pair<const char*, fs::path>{"current folder", fs::current_path(ignored)}, {"temporary folder", fs::temp_directory_path(ignored)}}) {
            const bool writable = ::access(path.c_str(), W_OK) == 0;
            const fs::space_info space = fs::space(path, ignored);
            add("files", name, path.string() + (writable ? ", writable, " : ", read-only, ") + mebibytes(space.available) + " free", writable);
        }
    }

    [[nodiscard]] DoctorReport take() { return std::move(m_report); }

private:
    void add(std::string section, std::string name, std::string value, bool ok = true) {
        m_report.healthy = m_report.healthy && ok;
        m_report.lines.push_back({std::move(section), std::move(name), std::move(value), ok});
    }
    JobContext& m_context;
    std::vector<std::string> m_devices;
    DoctorReport m_report;
};

}  // namespace

Result<DoctorReport> runDoctor(const DoctorRequest& request, JobContext& context) {
    Doctor doctor(context);
    doctor.versions();
    doctor.devices();
    doctor.codecs();
    doctor.models();
    doctor.files();
    if (request.memory)
        doctor.memory();
    return doctor.take();
}

}  // namespace lipar::service
