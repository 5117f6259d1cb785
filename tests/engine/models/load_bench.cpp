// How long a transformer takes from its files to its device, for developers.
//
// usage: load_bench MODEL [fp32|bf16|fp8] [DEVICE] [RUNS]
// MODEL is what `lipar models convert` takes. The first run may read the disk; those after it find the file in the page
// cache.
#include <c10/core/GradMode.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "engine/kernels/cuda_module.h"
#include "engine/models/dit/wan_dit.h"
#include "engine/weights/model_files.h"
#include "engine/weights/model_source.h"

using namespace lipar;

int main(int count, char** words) {
    const std::string precision = count > 2 ? words[2] : "bf16", device = count > 3 ? words[3] : "cpu";
    const int runs = count > 4 ? std::atoi(words[4]) : 3;
    const c10::NoGradGuard noGradients;
    if (device != "cpu")
        if (const auto opened = kernels::openCudaModule(); !opened) {
            std::fprintf(stderr, "%s\n", opened.error().sentence().c_str());
            return 1;
        }
    const auto manifest = weights::findModel(count > 1 ? words[1] : "");
    if (!manifest) {
        std::fprintf(stderr, "%s\n", manifest.error().sentence().c_str());
        return 1;
    }
    std::uint64_t bytes = 0;
    for (const std::string& name : manifest->dit.files)
        for (const std::string& file :
             weights::filesBehind(manifest->directory, name).value_or(std::vector<std::string>()))
            bytes += std::filesystem::file_size(manifest->directory / file);
    for (int run = 0; run < runs; ++run) {
        const auto start = std::chrono::steady_clock::now();
        const auto dit =
            models::WanDit::load(*manifest, precision == "fp32" ? at::kFloat : at::kBFloat16, at::Device(device),
                                 precision == "fp8" ? models::WideProducts::fp8 : models::WideProducts::dtype);
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        if (!dit) {
            std::fprintf(stderr, "%s\n", dit.error().sentence().c_str());
            return 1;
        }
        std::printf("%s on %s: %.2f s, %.2f GB of files at %.2f GB/s, %.2f billion parameters\n", precision.c_str(),
                    device.c_str(), seconds, double(bytes) / 1e9, double(bytes) / 1e9 / seconds,
                    double(dit->parameterCount()) / 1e9);
    }
    return 0;
}
