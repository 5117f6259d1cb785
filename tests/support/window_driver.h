// Hands and eyes for tests of a window: finds what is on it, presses and types, and hears what Qt and QML complain
// about.
#pragma once

#include <functional>

#include <QList>
#include <QPointF>
#include <QQuickItem>
#include <QQuickWindow>
#include <QString>
#include <QStringList>
#include <QUrl>

class QMimeData;

namespace lipar::testing {

// Warnings that Qt and QML have logged. Thread: install() and take() on the main thread; warnings may come from any.
class WarningLog {
public:
    // Once a program; also switches accessibility on, so that items have their names.
    static void install();
    // Those since the last call. What is about the machine and not about us is left out.
    [[nodiscard]] static QStringList take();
};

// Thread: UI thread. `window` must outlive this object. Places are in pixels of the window.
class WindowDriver {
public:
    explicit WindowDriver(QQuickWindow& window) : m_window(window) {}

    [[nodiscard]] QQuickWindow& window() const { return m_window; }

    // Calls visit(item) for every item, also for those in popups and of loaders, parents first.
    template <class Visit>
    static void visitItems(QQuickItem* from, const Visit& visit) {
        visit(from);
        const auto children = from->childItems();
        for (auto* child : children)
            visitItems(child, visit);
    }
    template <class Visit>
    void visitItems(const Visit& visit) const {
        visitItems(m_window.contentItem(), visit);
    }

    // By objectName. Null where there is none; item() ends the program then.
    [[nodiscard]] QQuickItem* find(const QString& objectName) const;
    [[nodiscard]] QQuickItem* item(const QString& objectName) const;
    [[nodiscard]] QString textOf(const QString& objectName) const;
    // The first visible item with this accessible name; null or the end of the program as above.
    [[nodiscard]] QQuickItem* findNamed(const QString& accessibleName) const;
    [[nodiscard]] QQuickItem* named(const QString& accessibleName) const;
    // Accessible names of visible items that begin like this.
    [[nodiscard]] QStringList namesWith(const QString& start) const;
    [[nodiscard]] static QString accessibleName(QObject* object);
    [[nodiscard]] static QPointF middleOf(QQuickItem* item);

    // Scrolled into sight first where it lies in something that scrolls.
    void click(QQuickItem* target) const;
    void clickAt(QPointF at, Qt::KeyboardModifiers modifiers = {}) const;
    // Press, a few moves, release.
    void drag(QPointF from, QPointF to, Qt::KeyboardModifiers modifiers = {}) const;
    // As the system lets go of something that was dragged here. (Its platform without a screen has no drags of its
    // own.)
    void drop(const QMimeData& data, QPointF at) const;
    void drop(const QList<QUrl>& files, QPointF at) const;
    // One notch of the wheel; negative: down.
    void turnWheel(QPointF at, int notches) const;
    void press(int key, Qt::KeyboardModifiers modifiers = {}) const;
    void type(const QString& text) const;

    // Until the window was drawn twice: what has changed is then in its place.
    void settle() const;

    // The event loop runs until `done` holds; false: it did not for as long as this.
    [[nodiscard]] static bool waitFor(const std::function<bool()>& done, int timeoutMs = 120'000);

    // Visible texts that do not fit and do not say so: what is shortened in the middle is a file's name or a note.
    [[nodiscard]] QStringList cutTexts() const;
    // Controls without an accessible name; counts all controls.
    [[nodiscard]] QStringList namelessControls(int& controls) const;

private:
    QQuickWindow& m_window;
};

}  // namespace lipar::testing
