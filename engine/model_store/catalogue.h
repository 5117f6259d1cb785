// The models that can be had, and where their files are published: resources/models/catalogue.json, read strictly.
//
// A file is addressed by repository, revision and name; a host's template makes an address of them. Sizes are what the
// publisher shows, give or take, unless marked exact. A digest is there only where it is known for sure; else the one
// that the publisher's server announces for the file is what the bytes are checked against. Thread: values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/core/result.h"

namespace lipar::model_store {

enum class FileKind { tensors, sentencePiece };

struct CatalogueFile {
    std::string part;  // see ModelFileEntry::part
    std::string purpose;
    std::string license;
    std::string repository;  // "OWNER/NAME"
    std::string revision;
    std::string path;         // in the repository
    std::string name;         // below the model's folder: the last component of `path`
    std::string url;          // where it is published
    bool takesToken = false;  // its host has accounts: a token may be sent there
    std::uint64_t bytes = 0;
    bool exactSize = false;
    std::string sha256;  // empty: not known beforehand
    bool optional = false;
    FileKind kind = FileKind::tensors;
    std::map<std::string, std::vector<std::int64_t>>
        tensors;  // names and shapes that tell the file from others; may be empty

    [[nodiscard]] std::string origin() const { return repository + "/" + path; }
    // BASE/REPOSITORY/resolve/REVISION/PATH.
    [[nodiscard]] std::string mirroredUrl(std::string base) const;
};

struct CatalogueModel {
    std::string name;
    std::string title;
    std::string summary;
    std::string license;
    bool builtIn = false;
    std::uint64_t hostBytes = 0;  // see ModelFit::hostBytes
    std::vector<CatalogueFile> files;
    std::string manifest;  // what model.json will hold; empty for the built-in model

    [[nodiscard]] const CatalogueFile* find(const std::string& part) const;
};

struct Catalogue {
    int version = 0;
    std::vector<CatalogueModel> models;

    [[nodiscard]] const CatalogueModel* find(const std::string& name) const;
};

// Errors: modelMissing (no such file), modelDamaged.
[[nodiscard]] Result<Catalogue> readCatalogue(const std::filesystem::path& file);
// $LIPAR_MODEL_CATALOGUE, else catalogue.json in the shipped models folder.
[[nodiscard]] std::filesystem::path findCatalogue(const std::filesystem::path& shippedModels);

}  // namespace lipar::model_store
