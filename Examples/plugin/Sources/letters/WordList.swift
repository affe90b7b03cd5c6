// words.list: a source.

import Media
import Stages
import Tensors

struct WordList: SourceStage {
    struct Parameters: ParameterSet {
        var path = ""

        static var fields: [Field<Self>] {
            [Field("path", \.path, as: .file, isRequired: true, "a text file, a word and its language a line")]
        }
    }

    static let declaration = Declaration(
        "words.list", revision: 1, kind: .source,
        summary: "Words of a text file, with the language that each is from.",
        documentation: """
            A line is a word and a language with a space between them; empty lines are passed over. The id is the word, \
            and the value is its bytes in UTF-8. The column `language` can be the target. A line of another form, and \
            a word that is there twice, are errors that name the line.
            """,
        output: "uint8 (letter), one item a word")

    let parameters: Parameters

    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { .tensor(.uint8, [Axis("letter")]) }

    func list() throws -> Listing {
        var items = [String: ListedItem]()
        for (number, line) in try text().split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty { continue }
            let place = "\(parameters.path):\(number + 1)"
            let parts = line.split(separator: " ").map(String.init)
            guard parts.count == 2 else {
                throw Failure("\(place): expected a word and a language, got \"\(line)\"")
            }
            let item = ListedItem(
                id: parts[0], columns: ["language": .string(parts[1])], origin: .value(Self.value(of: parts[0])),
                path: place)
            if items.updateValue(item, forKey: item.id) != nil {
                throw Failure("\(place): the word \(item.id) is there already", advice: "keep one of the lines")
            }
        }
        return Listing(items: Array(items.values), signature: .tensor(.uint8, [Axis("letter")]))
    }

    static func value(of word: String) -> Value {
        .tensor(Tensor(.uint8(Array(word.utf8)), shape: [word.utf8.count], axes: ["letter"]))
    }

    private func text() throws -> String {
        do throws(MediaError) {
            return String(decoding: try MediaReader.read(absolutePath(parameters.path)), as: UTF8.self)
        } catch {
            throw Failure(error.cause, advice: error.advice)
        }
    }
}
