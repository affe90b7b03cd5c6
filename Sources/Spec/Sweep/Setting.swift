// `--set ADDRESS=VALUE` and `--sweep ADDRESS=[V, …]`: values given beside the spec. They are put into its tree, each with
// its place in a text of its own, so that whatever is wrong with one of them points at the command line.

internal import Stages
internal import Tensors

/// A value for an address, given on the command line.
public struct Setting: Sendable, Hashable {
    public let address: String
    /// A YAML value.
    public let text: String

    public init(address: String, text: String) {
        self.address = address
        self.text = text
    }
}

/// Puts settings into a spec.
struct SettingReader {
    let catalogue: Catalogue
    private(set) var root: Located
    private(set) var sources = [Source]()
    private(set) var errors = ErrorList()

    init(_ root: Located, catalogue: Catalogue) {
        self.root = root
        self.catalogue = catalogue
    }

    /// `--set`: the value stands in the place of the one in the spec. An address that the spec sweeps is swept no more.
    mutating func set(_ settings: [Setting]) {
        for (index, setting) in settings.enumerated() {
            guard let (place, value, _) = read(setting, "--set", line: index + 1) else { continue }
            let (_, substitution) = Check.outline(of: root)
            root = root.replacing(place.path[...], with: value, open: substitution.open)
            removeFromGrid(setting.address)
        }
    }

    /// `--sweep`: the address joins the grid, or its values there are replaced.
    mutating func sweep(_ settings: [Setting]) {
        for (index, setting) in settings.enumerated() {
            guard let (_, value, keyRange) = read(setting, "--sweep", line: index + 1) else { continue }
            if let sweep = root["sweep"], !sweep.isNull, sweep.entries == nil { continue }
            if let grid = root["sweep"]?["grid"], !grid.isNull, grid.entries == nil { continue }
            var entries = root["sweep"]?["grid"]?.entries ?? []
            let entry = Located.Entry(key: setting.address, keyRange: keyRange, value: value)
            if let position = entries.firstIndex(where: { $0.key == setting.address }) {
                entries[position] = entry
            } else {
                entries.append(entry)
            }
            let grid = Located(.mapping(entries), root["sweep"]?["grid"]?.range ?? keyRange)
            root = root.replacing([.key("sweep"), .key("grid")], with: grid) { $0 }
        }
    }

    private mutating func read(_ setting: Setting, _ file: String, line: Int) -> (Place, Located, SourceRange)? {
        let address = setting.address
        let source = Source(name: file, bytes: Array((address + "=" + setting.text).utf8), firstLine: line)
        sources.append(source)
        let start = SourcePosition(line: line, column: 1)
        let end = SourcePosition(line: line, column: 1 + address.unicodeScalars.count)
        let keyRange = SourceRange(file: file, start: start, end: end)
        if (address + setting.text).contains(where: \.isNewline) {
            errors.add("expected one line", at: keyRange)
            return nil
        }
        let place: Place
        let (outline, _) = Check.outline(of: root)
        do throws(Misaddress) { place = try AddressBook(outline: outline, catalogue: catalogue).find(address) } catch {
            if !error.isConsequence { errors.add(error.message, at: keyRange, advice: error.advice) }
            return nil
        }
        do throws(SpecError) {
            return (place, try YamlReader.read(source, from: address.utf8.count + 1), keyRange)
        } catch {
            errors.add(error)
            return nil
        }
    }

    private mutating func removeFromGrid(_ address: String) {
        guard let grid = root["sweep"]?["grid"], let entries = grid.entries,
            entries.contains(where: { $0.key == address })
        else { return }
        let rest = Located(.mapping(entries.filter { $0.key != address }), grid.range)
        root = root.replacing([.key("sweep"), .key("grid")], with: rest) { $0 }
    }
}
