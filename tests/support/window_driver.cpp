#include "tests/support/window_driver.h"

#include <algorithm>
#include <array>
#include <utility>

#include <QAccessible>
#include <QCoreApplication>
#include <QDateTime>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QMimeData>
#include <QMutex>
#include <QTest>
#include <QTimer>
#include <QWheelEvent>

namespace lipar::testing {

namespace {

QMutex warningsLock;
QStringList warnings;
QtMessageHandler handlerBefore = nullptr;

// Said of machines without a configured locale, a session of a desktop or an input method.
constexpr std::array aboutTheMachine{"Detected locale", "XDG_RUNTIME_DIR"};

bool isAboutUs(const QString& message) {
    return std::ranges::none_of(aboutTheMachine, [&](const char* part) { return message.contains(part); });
}

void hear(QtMsgType type, const QMessageLogContext& context, const QString& message) {
    if (type != QtDebugMsg && type != QtInfoMsg && isAboutUs(message)) {
        const QMutexLocker locker(&warningsLock);
        warnings << message;
    }
    handlerBefore(type, context, message);
}

void moveMouse(QQuickWindow& window, QPointF at) {
    QTest::mouseMove(&window, at.toPoint());
}

}  // namespace

void WarningLog::install() {
    if (!handlerBefore)
        handlerBefore = qInstallMessageHandler(hear);
    QAccessible::setActive(true);
}

QStringList WarningLog::take() {
    const QMutexLocker locker(&warningsLock);
    return std::exchange(warnings, {});
}

QQuickItem* WindowDriver::find(const QString& objectName) const {
    QQuickItem* found = nullptr;  // what a Loader has made is nobody's QObject child
    visitItems([&](QQuickItem* each) {
        if (!found && each->objectName() == objectName)
            found = each;
    });
    return found;
}

QQuickItem* WindowDriver::item(const QString& objectName) const {
    auto* found = find(objectName);
    if (!found)
        qFatal("no item is called %s", qPrintable(objectName));
    return found;
}

QString WindowDriver::textOf(const QString& objectName) const {
    return item(objectName)->property("text").toString();
}

QQuickItem* WindowDriver::findNamed(const QString& name) const {
    QQuickItem* found = nullptr;
    visitItems([&](QQuickItem* each) {
        if (!found && each->isVisible() && accessibleName(each) == name)
            found = each;
    });
    return found;
}

QQuickItem* WindowDriver::named(const QString& name) const {
    auto* found = findNamed(name);
    if (!found)
        qFatal("no visible item has the name \"%s\"", qPrintable(name));
    return found;
}

QStringList WindowDriver::namesWith(const QString& start) const {
    QStringList names;
    visitItems([&](QQuickItem* each) {
        if (const auto name = each->isVisible() ? accessibleName(each) : QString(); name.startsWith(start))
            names << name;
    });
    return names;
}

QString WindowDriver::accessibleName(QObject* object) {
    auto* interface = QAccessible::queryAccessibleInterface(object);
    return interface ? interface->text(QAccessible::Name) : QString();
}

QPointF WindowDriver::middleOf(QQuickItem* item) {
    return item->mapToScene({item->width() / 2, item->height() / 2});
}

void WindowDriver::settle() const {
    int frames = 0;
    const auto shown = QObject::connect(&m_window, &QQuickWindow::frameSwapped, &m_window, [&] {
        ++frames;
        m_window.update();
    });
    m_window.update();
    const bool isDrawn = waitFor([&] { return frames >= 2; });
    QObject::disconnect(shown);
    if (!isDrawn)
        qFatal("the window shows nothing any more");
}

void WindowDriver::click(QQuickItem* target) const {
    auto* scroller = target->parentItem();
    while (scroller && !scroller->inherits("QQuickFlickable"))
        scroller = scroller->parentItem();
    for (int turns = 0; scroller && turns < 100; ++turns) {
        const auto seen = scroller->mapRectToScene(scroller->boundingRect());
        const auto at = middleOf(target);
        if (at.y() > seen.top() + 4 && at.y() < seen.bottom() - 4)
            break;
        turnWheel(seen.center(), at.y() > seen.center().y() ? -1 : 1);
        [[maybe_unused]] const bool rests =
            waitFor([&] { return !scroller->property("moving").toBool(); }, 2000);  // it glides
    }
    clickAt(middleOf(target));
}

void WindowDriver::clickAt(QPointF at, Qt::KeyboardModifiers modifiers) const {
    QTest::mouseClick(&m_window, Qt::LeftButton, modifiers, at.toPoint());
}

void WindowDriver::drag(QPointF from, QPointF to, Qt::KeyboardModifiers modifiers) const {
    moveMouse(m_window, from);
    QTest::mousePress(&m_window, Qt::LeftButton, modifiers, from.toPoint());
    for (const double share : {0.25, 0.5, 0.75, 1.0})
        moveMouse(m_window, from + (to - from) * share);
    QTest::mouseRelease(&m_window, Qt::LeftButton, modifiers, to.toPoint());
}

void WindowDriver::drop(const QMimeData& data, QPointF at) const {
    QDragEnterEvent enter(at.toPoint(), Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(&m_window, &enter);
    QDragMoveEvent move(at.toPoint(), Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(&m_window, &move);
    QDropEvent drop(at, Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(&m_window, &drop);
}

void WindowDriver::drop(const QList<QUrl>& files, QPointF at) const {
    QMimeData data;
    data.setUrls(files);
    drop(data, at);
}

void WindowDriver::turnWheel(QPointF at, int notches) const {
    QWheelEvent event(at, m_window.mapToGlobal(at), {}, {0, 120 * notches}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
    event.setTimestamp(quint64(QDateTime::currentMSecsSinceEpoch()));  // without one nothing scrolls
    QCoreApplication::sendEvent(&m_window, &event);
}

void WindowDriver::press(int key, Qt::KeyboardModifiers modifiers) const {
    QTest::keyClick(&m_window, Qt::Key(key), modifiers);
}

void WindowDriver::type(const QString& text) const {
    for (const auto character : text)
        QTest::keyClick(&m_window, character.toLatin1());
}

bool WindowDriver::waitFor(const std::function<bool()>& done, int timeoutMs) {
    QElapsedTimer clock;
    clock.start();
    QEventLoop loop;
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (done() || clock.elapsed() > timeoutMs)
            loop.quit();
    });
    look.start(5);
    if (!done())
        loop.exec();
    return done();
}

QStringList WindowDriver::cutTexts() const {
    QStringList cut;
    visitItems([&](QQuickItem* each) {
        if (each->isVisible() && each->inherits("QQuickText") && each->property("truncated").toBool() &&
            each->property("elide").toInt() != int(Qt::ElideMiddle))
            cut << each->property("text").toString();
    });
    return cut;
}

QStringList WindowDriver::namelessControls(int& controls) const {
    QStringList nameless;
    controls = 0;
    visitItems([&](QQuickItem* each) {
        const bool isControl = each->activeFocusOnTab() || each->inherits("QQuickAbstractButton") ||
                               each->inherits("QQuickTextInput") || each->inherits("QQuickSlider") ||
                               each->inherits("QQuickComboBox") || each->inherits("QQuickSpinBox");
        if (!isControl)
            return;
        ++controls;
        if (accessibleName(each).isEmpty())
            nameless << QString("%1 in %2")
                            .arg(each->metaObject()->className(), each->parentItem()->metaObject()->className());
    });
    return nameless;
}

}  // namespace lipar::testing
