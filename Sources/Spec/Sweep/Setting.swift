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

    /// `--set`: the value stands in the place of the one in the spec. An address that the spec sweeps, in whichever block
    /// and form, is swept no more.
    mutating func set(_ settings: [Setting]) {
        for (index, setting) in settings.enumerated() {
            guard let (place, value, keyRange) = read(setting, "--set", line: index + 1) else { continue }
            if let outer = sweptAround(place) {
                errors.add(
                    "\(setting.address) lies in \(outer), which is swept: its values would replace this one",
                    at: keyRange, advice: "set \(outer), or sweep it otherwise: --sweep \(outer)=[…]")
                continue
            }
            let (_, substitution) = Check.outline(of: root)
            root = root.replacing(place.path[...], with: value, open: substitution.open)
            editBlocks { Self.without(setting.address, $0) }
        }
    }

    /// `--sweep`: the address joins the grid of every block; where it is in a grid already, its values are
    /// replaced in place, and in whichever other form the spec sweeps it, it is swept no more.
    mutating func sweep(_ settings: [Setting]) {
        for (index, setting) in settings.enumerated() {
            guard let (_, value, keyRange) = read(setting, "--sweep", line: index + 1) else { continue }
            let entry = Located.Entry(key: setting.address, keyRange: keyRange, value: value)
            if root["sweep"]?.isNull ?? true {
                root = root.replacing([.key("sweep")], with: Located(.mapping([]), keyRange)) { $0 }
            }
            editBlocks { Self.joined(entry, $0) }
        }
    }

    // MARK: Blocks

    /// Changes each block of the sweep that is a map; what is wrong with others is told by the reader of sweeps.
    private mutating func editBlocks(_ edit: ([Located.Entry]) -> [Located.Entry]) {
        guard let sweep = root["sweep"] else { return }
        func edited(_ block: Located) -> Located {
            guard let entries = block.entries else { return block }
            return Located(.mapping(edit(entries)), block.range)
        }
        let result: Located
        if let elements = sweep.elements {
            result = Located(.sequence(elements.map { SweepReader.isWhere($0) ? $0 : edited($0) }), sweep.range)
        } else {
            result = edited(sweep)
        }
        root = root.replacing([.key("sweep")], with: result) { $0 }
    }

    /// The keys of `random` that are no addresses: its seed is not the spec's.
    private static let ownOfRandom = ["n", "seed"]

    /// A block that does not sweep an address; a form that is left with none is left out.
    private static func without(
        _ address: String, _ block: [Located.Entry], from forms: [String] = SweepReader.forms
    ) -> [Located.Entry] {
        block.compactMap { entry in
            guard forms.contains(entry.key) else { return entry }
            var entry = entry
            if let points = entry.value.elements {
                if !points.contains(where: { $0[address] != nil }) { return entry }
                entry.value = Located(.sequence(points.map { $0.without(address) }), entry.value.range)
            } else if entry.value[address] != nil, entry.key != "random" || !ownOfRandom.contains(address) {
                entry.value = entry.value.without(address)
                let rest = entry.value.entries?.filter { entry.key != "random" || !ownOfRandom.contains($0.key) }
                if rest?.isEmpty ?? true, entry.key != "grid" { return nil }
            }
            return entry
        }
    }

    /// A block with an address in its grid.
    private static func joined(_ new: Located.Entry, _ block: [Located.Entry]) -> [Located.Entry] {
        var block = without(new.key, block, from: SweepReader.forms.filter { $0 != "grid" })
        let position = block.firstIndex { $0.key == "grid" }
        if let position, !block[position].value.isNull, block[position].value.entries == nil { return block }
        var grid = position.flatMap { block[$0].value.entries } ?? []
        if let place = grid.firstIndex(where: { $0.key == new.key }) { grid[place] = new } else { grid.append(new) }
        let value = Located(.mapping(grid), position.map { block[$0].value.range } ?? new.keyRange)
        if let position {
            block[position].value = value
        } else {
            block.append(Located.Entry(key: "grid", keyRange: new.keyRange, value: value))
        }
        return block
    }

    /// The address of a swept structure that a place lies in.
    private func sweptAround(_ place: Place) -> String? {
        guard let sweep = root["sweep"] else { return nil }
        let (outline, _) = Check.outline(of: root)
        let book = AddressBook(outline: outline, catalogue: catalogue)
        for block in sweep.elements ?? [sweep] {
            for form in block.entries ?? [] where SweepReader.forms.contains(form.key) {
                for entry in (form.value.elements ?? [form.value]).flatMap({ $0.entries ?? [] }) {
                    guard place.address.hasPrefix(entry.key + "."), let outer = try? book.find(entry.key) else {
                        continue
                    }
                    if outer.kind != .pick, place.path.starts(with: outer.path) { return entry.key }
                }
            }
        }
        return nil
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
}

extension Located {
    /// A map without a key.
    fileprivate func without(_ key: String) -> Located {
        guard let entries else { return self }
        return Located(.mapping(entries.filter { $0.key != key }), range)
    }
}
