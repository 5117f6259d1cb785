// Linear maps in bfloat16 by cuBLASLt, which has a kernel for every tile of product_tile.h but chooses among a few of them.
#include <ATen/cuda/CUDAContext.h>
#include <cublasLt.h>

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>

#include "engine/kernels/cuda/cuda_kernels.h"
#include "engine/kernels/product_tile.h"

namespace lipar::kernels::cuda {
namespace {

constexpr std::size_t kMostPlans = 1024;  // of some hundred bytes each

void check(cublasStatus_t status) {
    if (status != CUBLAS_STATUS_SUCCESS)
        throw std::runtime_error(std::string("cuBLASLt: ") + cublasLtGetStatusString(status));
}

template <class T, cublasStatus_t (*destroy)(T)>
struct Destroyer {
    using pointer = T;
    void operator()(T handle) const { destroy(handle); }
};
using Operation = std::unique_ptr<cublasLtMatmulDesc_t, Destroyer<cublasLtMatmulDesc_t, cublasLtMatmulDescDestroy>>;
using Layout = std::unique_ptr<cublasLtMatrixLayout_t, Destroyer<cublasLtMatrixLayout_t, cublasLtMatrixLayoutDestroy>>;
using Preference = std::unique_ptr<cublasLtMatmulPreference_t, Destroyer<cublasLtMatmulPreference_t, cublasLtMatmulPreferenceDestroy>>;

template <class T>
void set(const Operation& operation, cublasLtMatmulDescAttributes_t attribute, const T& value) {
    check(cublasLtMatmulDescSetAttribute(operation.get(), attribute, &value, sizeof value));
}

// A row-major matrix [rows, width], which is a column-major one of `width` rows to cuBLAS.
Layout layoutOf(std::int64_t rows, std::int64_t width) {
    cublasLtMatrixLayout_t layout = nullptr;
    check(cublasLtMatrixLayoutCreate(&layout, CUDA_R_16BF, std::uint64_t(width), std::uint64_t(rows), width));
    return Layout(layout);
}

std::optional<cublasLtMatmulTile_t> tileOf(const ProductTile& tile) {
    // From 72 rows on, in steps of 8.
    static constexpr std::array kOuts256{
        CUBLASLT_MATMUL_TILE_256x72,  CUBLASLT_MATMUL_TILE_256x80,  CUBLASLT_MATMUL_TILE_256x88,  CUBLASLT_MATMUL_TILE_256x96,
        CUBLASLT_MATMUL_TILE_256x104, CUBLASLT_MATMUL_TILE_256x112, CUBLASLT_MATMUL_TILE_256x120, CUBLASLT_MATMUL_TILE_256x128,
        CUBLASLT_MATMUL_TILE_256x136, CUBLASLT_MATMUL_TILE_256x144, CUBLASLT_MATMUL_TILE_256x152};
    // From 128 rows on, likewise.
    static constexpr std::array kOuts128{
        CUBLASLT_MATMUL_TILE_128x128, CUBLASLT_MATMUL_TILE_128x136, CUBLASLT_MATMUL_TILE_128x144, CUBLASLT_MATMUL_TILE_128x152,
        CUBLASLT_MATMUL_TILE_128x160, CUBLASLT_MATMUL_TILE_128x168, CUBLASLT_MATMUL_TILE_128x176, CUBLASLT_MATMUL_TILE_128x184,
        CUBLASLT_MATMUL_TILE_128x192, CUBLASLT_MATMUL_TILE_128x200, CUBLASLT_MATMUL_TILE_128x208, CUBLASLT_MATMUL_TILE_128x216,
        CUBLASLT_MATMUL_TILE_128x224, CUBLASLT_MATMUL_TILE_128x232, CUBLASLT_MATMUL_TILE_128x240, CUBLASLT_MATMUL_TILE_128x248};
    const auto at = [&](const auto& tiles, int first) -> std::optional<cublasLtMatmulTile_t> {
        const int place = (tile.rows - first) / 8;
        if (tile.rows < first || tile.rows % 8 != 0 || place >= int(tiles.size()))
            return {};
        return tiles[std::size_t(place)];
    };
    return tile.outs == 128 ? at(kOuts128, 128) : tile.outs == 256 ? at(kOuts256, 72) : std::nullopt;
}

struct Plan {
    Operation operation;
    Layout weight, x, out;
    std::optional<cublasLtMatmulAlgo_t> algorithm;  // none: cuBLASLt has no such kernel
    std::size_t workspace = 0;                      // bytes that it takes
};

template <class T>
T valueOf(const cublasLtMatmulAlgo_t& algorithm, cublasLtMatmulAlgoConfigAttributes_t attribute) {
    T value{};
    check(cublasLtMatmulAlgoConfigGetAttribute(&algorithm, attribute, &value, sizeof value, nullptr));
    return value;
}

// The library's usual algorithm for such a product with another tile. None where the library does not know it.
std::optional<cublasLtMatmulAlgo_t> withTile(cublasLtHandle_t library, const cublasLtMatmulAlgo_t& usual, const ProductTile& tile) {
    const std::optional<cublasLtMatmulTile_t> name = tileOf(tile);
    cublasLtMatmulAlgo_t algorithm{};
    if (!name || cublasLtMatmulAlgoInit(library, CUBLAS_COMPUTE_32F, CUDA_R_32F, CUDA_R_16BF, CUDA_R_16BF, CUDA_R_16BF, CUDA_R_16BF,
                                        valueOf<int>(usual, CUBLASLT_ALGO_CONFIG_ID), &algorithm) != CUBLAS_STATUS_SUCCESS)
        return {};
    const auto choose = [&](cublasLtMatmulAlgoConfigAttributes_t attribute, const auto& value) {
        return cublasLtMatmulAlgoConfigSetAttribute(&algorithm, attribute, &value, sizeof value) == CUBLAS_STATUS_SUCCESS;
    };
    // The option as cuBLASLt's own choices have it for tiles of these kinds.
    const std::uint32_t option = (tile.isSmall() ? 1 : 5) + (tile.pairsInRows ? 2 : 0);
    const std::uint16_t cluster = tile.pairsInRows ? CUBLASLT_CLUSTER_SHAPE_1x2x1 : CUBLASLT_CLUSTER_SHAPE_2x1x1;
    const bool isKnown = choose(CUBLASLT_ALGO_CONFIG_TILE_ID, std::uint32_t(*name)) &&
                         choose(CUBLASLT_ALGO_CONFIG_STAGES_ID, valueOf<std::uint32_t>(usual, CUBLASLT_ALGO_CONFIG_STAGES_ID)) &&
                         choose(CUBLASLT_ALGO_CONFIG_CUSTOM_OPTION, option) && choose(CUBLASLT_ALGO_CONFIG_CLUSTER_SHAPE_ID, cluster);
    return isKnown ? std::optional(algorithm) : std::nullopt;
}

Plan planOf(cublasLtHandle_t library, const void* bias, const ProductShape& shape, const ProductTile& tile) {
    Plan plan;
    cublasLtMatmulDesc_t operation = nullptr;
    check(cublasLtMatmulDescCreate(&operation, CUBLAS_COMPUTE_32F, CUDA_R_32F));
    plan.operation.reset(operation);
    set(plan.operation, CUBLASLT_MATMUL_DESC_TRANSA, CUBLAS_OP_T);
    set(plan.operation, CUBLASLT_MATMUL_DESC_EPILOGUE, shape.gelu ? CUBLASLT_EPILOGUE_GELU_BIAS : CUBLASLT_EPILOGUE_BIAS);
    set(plan.operation, CUBLASLT_MATMUL_DESC_BIAS_POINTER, bias);
    plan.weight = layoutOf(shape.outWidth, shape.inWidth);
    plan.x = layoutOf(shape.rows, shape.inWidth);
    plan.out = layoutOf(shape.rows, shape.outWidth);

    cublasLtMatmulPreference_t created = nullptr;
    check(cublasLtMatmulPreferenceCreate(&created));
    const Preference preference(created);
    const std::size_t most = at::cuda::getCUDABlasLtWorkspaceSize();
    check(cublasLtMatmulPreferenceSetAttribute(created, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &most, sizeof most));
    cublasLtMatmulHeuristicResult_t usual{}, checked{};
    int count = 0;
    auto *const weight = plan.weight.get(), *const x = plan.x.get(), *const out = plan.out.get();
    if (cublasLtMatmulAlgoGetHeuristic(library, operation, weight, x, out, out, created, 1, &usual, &count) != CUBLAS_STATUS_SUCCESS ||
        count == 0)
        return plan;
    const std::optional<cublasLtMatmulAlgo_t> algorithm = withTile(library, usual.algo, tile);
    if (algorithm && cublasLtMatmulAlgoCheck(library, operation, weight, x, out, out, &*algorithm, &checked) == CUBLAS_STATUS_SUCCESS &&
        checked.workspaceSize <= most) {
        plan.algorithm = algorithm;
        plan.workspace = checked.workspaceSize;
    }
    return plan;
}

}  // namespace

bool linear(const void* x, const void* weight, const void* bias, void* out, const ProductShape& shape, const ProductTile& tile, void* stream) {
    const cublasLtHandle_t library = at::cuda::getCurrentCUDABlasLtHandle();
    using Key = std::tuple<cublasLtHandle_t, std::int64_t, std::int64_t, std::int64_t, bool>;
    static std::mutex mutex;
    static auto* plans = new std::map<Key, Plan>;  // outlives the CUDA context
    const std::scoped_lock lock(mutex);
    const Key key{library, shape.rows, shape.inWidth, shape.outWidth, shape.gelu};
    auto place = plans->find(key);
    if (place == plans->end()) {
        if (plans->size() >= kMostPlans)
            plans->clear();
        place = plans->emplace(key, planOf(library, bias, shape, tile)).first;
    }
    const Plan& plan = place->second;
    if (!plan.algorithm)
        return false;
    set(plan.operation, CUBLASLT_MATMUL_DESC_BIAS_POINTER, bias);
    const float one = 1, zero = 0;
    void* const workspace = plan.workspace > 0 ? at::cuda::getCUDABlasLtWorkspace() : nullptr;
    check(cublasLtMatmul(library, plan.operation.get(), &one, weight, plan.weight.get(), x, plan.x.get(), &zero, out, plan.out.get(), out,
                         plan.out.get(), &*plan.algorithm, workspace, plan.workspace, static_cast<cudaStream_t>(stream)));
    return true;
}

}  // namespace lipar::kernels::cuda
