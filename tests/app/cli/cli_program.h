// The real `lipar`, run in a folder of its own.
#pragma once

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <functional>

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/types.h>

namespace lipar::cli::test {

struct Outcome {
    int code = -1;  // -1: it crashed or did not start
    QByteArray output;
    QByteArray messages;

    // Const, for in Qt 6.4 only values of const objects can be looked into by name.
    [[nodiscard]] const QJsonObject json() const { return QJsonDocument::fromJson(output).object(); }
    [[nodiscard]] int errorLines() const {
        int count = 0;
        for (const QByteArray& line : messages.split('\n'))
            count += line.startsWith("error: ") ? 1 : 0;
        return count;
    }
    [[nodiscard]] QByteArray report() const {
        return "code " + QByteArray::number(code) + "\n" + messages + output.left(2000);
    }
};

// A model config small enough to measure in no time; it has no autoencoder.
inline constexpr const char* kTinyConfig = R"({"schema":1, "name":"tiny", "family":"wan-causal", "license":"none",
    "dit":{"files":[], "dim":96, "ffn_dim":128, "num_heads":2, "num_layers":2, "in_channels":16, "out_channels":16,
           "text_dim":32, "text_len":8, "freq_dim":64, "patch":[1,2,2], "eps":1e-6,
           "block_frames":3, "sink_frames":1, "window_frames":6, "rope_max_frames":21},
    "sampling":{"steps":[400,250], "shift":5.0}, "pruning":{"tau1":0.15, "tau2":0.3}})";

// A temporary folder, the program's current folder.
class CliProgram {
public:
    [[nodiscard]] bool isValid() const { return m_folder.isValid(); }
    [[nodiscard]] QString folder() const { return m_folder.path(); }
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    // Names of everything in the folder and the folders below.
    [[nodiscard]] QStringList entries() const {
        QStringList names =
            QDir(folder()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
        for (const QString& name : QStringList(names)) {
            const QDir below(path(name));
            if (below.exists() && !QFileInfo(path(name)).isSymLink()) {
                for (const QString& inner :
                     below.entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name))
                    names << name + "/" + inner;
            }
        }
        return names;
    }

    // From now on permissions of files bind the programs that are run, which they do not the superuser's otherwise. False
    // where that cannot be had.
    [[nodiscard]] bool obeyPermissions() {
        m_obeysPermissions = true;
        write("probe", "a");
        QFile::setPermissions(path("probe"), {});
        const bool isBound = runProgram("cat", {"probe"}).code > 0;
        QFile::remove(path("probe"));
        return isBound;
    }

    // For every program that is run from now on.
    void setVariable(const QString& name, const QString& value) { m_variables.insert(name, value); }

    void prepare(QProcess& process) const {
        if (m_obeysPermissions)
            process.setChildProcessModifier([] {
                // Fails for ordinary users, who have no such right to give up.
                ::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0);
                ::prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH, 0, 0, 0);
            });
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("LIPAR_MODELS", LIPAR_SOURCE_DIR "/resources/models");
        environment.insert("OMP_NUM_THREADS", "1");  // clips this small gain nothing from more
        environment.insert(m_variables);
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(folder());
    }

    [[nodiscard]] Outcome runProgram(const QString& program, const QStringList& arguments) const {
        QProcess process;
        prepare(process);
        process.start(program, arguments);
        return finish(process);
    }
    [[nodiscard]] Outcome run(const QStringList& arguments) const { return runProgram(LIPAR_PROGRAM, arguments); }
    // Calls `then` once a line of progress has made `isTime` true of all that was said until then, and waits for the end.
    [[nodiscard]] Outcome runUntil(const QStringList& arguments, const std::function<bool(const QByteArray&)>& isTime,
                                   const std::function<void(pid_t)>& then) const {
        QProcess process;
        prepare(process);
        process.start(LIPAR_PROGRAM, arguments + QStringList{"--progress", "json"});
        process.setReadChannel(QProcess::StandardError);
        QByteArray seen;
        while (!isTime(seen) && (process.bytesAvailable() > 0 || process.waitForReadyRead(-1)))
            seen += process.readAllStandardError();
        then(pid_t(process.processId()));
        Outcome outcome = finish(process);
        outcome.messages.prepend(seen);
        return outcome;
    }
    // A line for `sh`, in which $LIPAR is the program.
    [[nodiscard]] Outcome runShell(const QString& line) const {
        QProcess process;
        prepare(process);
        QProcessEnvironment environment = process.processEnvironment();
        environment.insert("LIPAR", LIPAR_PROGRAM);
        process.setProcessEnvironment(environment);
        process.start("sh", {"-c", line});
        return finish(process);
    }

    static Outcome finish(QProcess& process) {
        process.waitForFinished(-1);
        Outcome outcome;
        if (process.error() != QProcess::FailedToStart && process.exitStatus() == QProcess::NormalExit)
            outcome.code = process.exitCode();
        outcome.output = process.readAllStandardOutput();
        outcome.messages = process.readAllStandardError();
        return outcome;
    }

    void write(const QString& name, const QByteArray& bytes) const {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(name));
    }
    [[nodiscard]] QByteArray read(const QString& name) const {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    // A clip of one of FFmpeg's test pictures (testsrc2 moves, smptebars stands still) and a tone, 12 frames a second.
    // False without the ffmpeg program.
    [[nodiscard]] bool makeClip(const QString& name, int width, int height, int frames,
                                const QString& picture = "testsrc2") const {
        const QString seconds = QString::number(frames / 12.0);
        QStringList arguments{"-v",        "error",
                              "-f",        "lavfi",
                              "-i",        QString("%1=size=%2x%3:rate=12").arg(picture).arg(width).arg(height),
                              "-f",        "lavfi",
                              "-i",        "sine=frequency=440",
                              "-frames:v", QString::number(frames),
                              "-t",        seconds,
                              "-pix_fmt",  "yuv420p"};
        return runProgram("ffmpeg", arguments << name).code == 0;
    }

    // What ffprobe says of the first stream of a kind: its entries joined by commas, such as "h264,26".
    [[nodiscard]] QByteArray probe(const QString& name, const QString& stream, const QString& entries) const {
        return runProgram("ffprobe", {"-v", "error", "-count_frames", "-select_streams", stream, "-show_entries",
                                      "stream=" + entries, "-of", "csv=p=0", name})
            .output.trimmed();
    }

private:
    QTemporaryDir m_folder;
    bool m_obeysPermissions = false;
    QProcessEnvironment m_variables;
};

}  // namespace lipar::cli::test
