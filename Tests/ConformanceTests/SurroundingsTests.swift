// Law: neither locale, time zone, umask, environment nor current directory reach the bytes. All of these belong to a
// process, so the samples are run again in a child that has changed them before it does anything else.

import Foundation
import Media
import Stages
import Tensors
import TestSupport
import Testing

@Suite struct SurroundingsLaw {
    @Test(arguments: Registered.names) func sameBytesElsewhere(_ name: String) async throws {
        let here = try Self.line(name)
        let there = await Elsewhere.lines.value
        #expect(!there.isEmpty, "the child process gave nothing")
        #expect(there[name] == here, "other bytes under another locale, time zone, umask, environment and directory")
    }

    static func line(_ name: String) throws -> String { try Sample(name).outcome().map(\.hex).joined(separator: " ") }
}

/// A process with other surroundings, started once for all types.
private enum Elsewhere {
    /// The outcome of each type there.
    static let lines = Task { () -> [String: String] in
        let scratch = Scratch()
        let path = scratch["outcomes"]
        await #expect(processExitsWith: .success) { [path = path as String] in
            let locales = Scratch()
            move(locales)
            var text = ""
            for name in Registered.names {
                let line: String
                do { line = try SurroundingsLaw.line(name) } catch { line = "failed: \(error)" }
                text += "\(name)\t\(line)\n"
            }
            try MediaWriter.write(Array(text.utf8), to: path)
        }
        guard let bytes = try? MediaReader.read(path) else { return [:] }
        let rows = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { $0.split(separator: "\t") }
        return Dictionary(uniqueKeysWithValues: rows.filter { $0.count == 2 }.map { (String($0[0]), String($0[1])) })
    }

    /// Changes all that belongs to the process.
    private static func move(_ locales: Scratch) {
        let hasComma = takeCommaLocale(locales)
        for (name, value) in [
            ("TZ", "Pacific/Chatham"), ("LANG", "de_DE.UTF-8"), ("LC_ALL", "de_DE.UTF-8"), ("HOME", "/nonexistent"),
            ("USER", "nobody"), ("COLUMNS", "7"), ("MARTLET_CACHE", "/nonexistent"), ("OMP_NUM_THREADS", "3"),
            ("PATH", ""), ("POSIXLY_CORRECT", "1"),
        ] { setenv(name, value, 1) }
        tzset()
        umask(0o077)
        chdir("/")
        if hasComma { #expect(String(cString: localeconv().pointee.decimal_point) == ",") }
    }

    /// A locale with a decimal comma: one that the machine has, or one made for the occasion; else any.
    private static func takeCommaLocale(_ scratch: Scratch) -> Bool {
        let known: [String] = ["de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "fr_FR.utf8"]
        if known.contains(where: { setlocale(LC_ALL, $0) != nil }) { return true }
        _ = setlocale(LC_ALL, "C.UTF-8")
        let source = scratch.write(
            """
            LC_CTYPE
            copy "POSIX"
            END LC_CTYPE
            LC_NUMERIC
            decimal_point ","
            thousands_sep "."
            grouping 3;3
            END LC_NUMERIC

            """, to: "comma")
        _ = system("localedef -c -i '\(source)' -f UTF-8 '\(scratch["xx_XX.UTF-8"])' >/dev/null 2>&1")
        setenv("LOCPATH", scratch.path, 1)
        return setlocale(LC_NUMERIC, "xx_XX.UTF-8") != nil
    }
}
