#include "engine/service/model_fit.h"

#include "engine/service/memory_account.h"

namespace lipar::service {
namespace {

using model_store::readableBytes;

constexpr pipeline::PixelSize kGpuSize{832, 480};
constexpr pipeline::PixelSize kCpuSize{320, 192};

std::string words(const ModelFit& fit, bool onGpu) {
    const auto figures = [](std::uint64_t wanted, std::uint64_t free) {
        return readableBytes(wanted) + " wanted, " + readableBytes(free) + " free";
    };
    switch (fit.verdict) {
        case FitVerdict::tooLittleDisk:
            return "does not fit here: the disk has too little room (" + figures(fit.diskBytes, fit.diskFree) + ")";
        case FitVerdict::tooLittleDeviceMemory:
            return std::string("does not fit here: ") + (onGpu ? "the GPU" : "the machine") +
                   " has too little memory (" + figures(fit.deviceBytes, fit.deviceFree) + ")";
        case FitVerdict::tooLittleHostMemory:
            return "does not fit here: the machine has too little memory for the text encoder (" +
                   figures(fit.hostBytes, fit.hostFree) + ")";
        case FitVerdict::fits: break;
    }
    if (fit.deviceBytes == 0)
        return "";
    return "fits here: an edit takes about " + readableBytes(fit.deviceBytes) +
           (onGpu ? " of the GPU's memory" : " of memory") +
           (onGpu && fit.hostBytes > 0 ? " and " + readableBytes(fit.hostBytes) + " of the machine's" : "");
}

void judge(ModelEntry& entry, const model_store::ModelStore& store, const Result<Device>& device) {
    if (!device)
        return;
    if (const auto installed = weights::readManifest(entry.directory)) {
        judgeFit(entry, &*installed, *device);
        return;
    }
    const model_store::CatalogueModel* const model = store.catalogue().find(entry.name);
    const auto planned = weights::parseManifest(model != nullptr ? model->manifest : "", entry.name);
    judgeFit(entry, planned ? &*planned : nullptr, *device);
}

}  // namespace

void judgeFit(ModelEntry& entry, const weights::ModelManifest* manifest, const Device& device) {
    ModelFit& fit = entry.fit;
    const bool onGpu = device.device.is_cuda();
    fit.device = device.info.name;
    fit.deviceFree = device.info.memoryFree;
    fit.hostFree = freeMemory(at::kCPU);
    if (manifest != nullptr)
        fit.deviceBytes = totalBytes(memoryOfEdit(*manifest, onGpu ? kGpuSize : kCpuSize, device));
    if (!onGpu)  // one memory for all of it
        fit.deviceBytes += fit.hostBytes;
    const auto lacks = [](std::uint64_t wanted, std::uint64_t free) { return free != 0 && wanted > free; };
    if (fit.diskBytes > 0 && lacks(fit.diskBytes + model_store::kDiskMargin, fit.diskFree))
        fit.verdict = FitVerdict::tooLittleDisk;
    else if (lacks(fit.deviceBytes, fit.deviceFree))
        fit.verdict = FitVerdict::tooLittleDeviceMemory;
    else if (lacks(fit.hostBytes, fit.hostFree))
        fit.verdict = FitVerdict::tooLittleHostMemory;
    fit.words = words(fit, onGpu);
}

std::vector<ModelEntry> entriesWithFit(const model_store::ModelStore& store) {
    std::vector<ModelEntry> entries = store.entries();
    const auto device = chooseDevice("auto", Precision::automatic);
    for (ModelEntry& entry : entries)
        judge(entry, store, device);
    return entries;
}

Result<ModelEntry> entryWithFit(const model_store::ModelStore& store, const std::string& name) {
    LIPAR_ASSIGN(ModelEntry entry, store.entry(name));
    judge(entry, store, chooseDevice("auto", Precision::automatic));
    return entry;
}

}  // namespace lipar::service
