// The one entry point for edits: applies a command to a project, remembers how to take it back.
//
// An error means that nothing changed. Undo and redo restore the project exactly, byte for byte of its file. What is
// remembered is the difference a command made (values before and after), so memory does not grow with the project.
// Thread: one object, one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "app/commands/command.h"

namespace lipar::commands {

// What a command, an undo or a redo touched: enough for views to update only that.
struct Touched {
    std::vector<Id> sources;  // added, changed or removed
    std::vector<Id> clips;
    std::vector<Id> tracks;   // their order, switches or membership
    bool markers = false;
    bool format = false;      // also the name
    std::vector<Id> added;    // of any kind, in the order they were made: what a window selects next
};

class History {
public:
    explicit History(project::Project start = project::newProject());
    ~History();
    History(History&&) noexcept;
    History& operator=(History&&) noexcept;

    [[nodiscard]] const project::Project& project() const noexcept;

    // `mergeKey`: commands in a row with the same key that is not empty are one step of undo (a slider that is dragged).
    // Errors: invalidArgument.
    [[nodiscard]] Result<Touched> perform(const Command& command, const std::string& mergeKey = {});
    // Several commands as one step; all or none.
    [[nodiscard]] Result<Touched> performAll(const std::vector<Command>& commands, const std::string& name);
    // Ends a merge: the next command starts a step of its own.
    void endMerge();

    [[nodiscard]] bool canUndo() const noexcept;
    [[nodiscard]] bool canRedo() const noexcept;
    // What would be undone or redone, as an English key for translation ("Split clip"); empty when there is nothing.
    [[nodiscard]] std::string undoName() const;
    [[nodiscard]] std::string redoName() const;
    // canUndo() and canRedo() must hold.
    Touched undo();
    Touched redo();

    // Counts changes of the project, undo and redo included.
    [[nodiscard]] std::uint64_t revision() const noexcept;
    // Names the project's value: undo and redo come back to the same number, every edit makes a new one. What has been
    // saved is told by it.
    [[nodiscard]] std::uint64_t state() const noexcept;
    static constexpr std::size_t stepLimit = 1000;  // the oldest steps are forgotten

private:
    struct State;
    std::unique_ptr<State> m_state;
};

// "Split clip", "Move clips": an English key for translation.
[[nodiscard]] std::string nameOf(const Command& command);

}  // namespace lipar::commands
