// table.csv

internal import Media
internal import Stages
internal import Tensors

struct TableCsv: SourceStage {
    struct Parameters: ParameterSet {
        var path = ""
        var id: String?
        var features: [String]?
        var columns = [String]()

        static var fields: [Field<Self>] {
            [
                Field("path", \.path, as: .file, isRequired: true, "a CSV file whose first line names the columns"),
                Field("id", \.id, "the column with the rows' ids; null for row_0, row_1 …"),
                Field(
                    "features", \.features,
                    "the columns that make the value, in this order; null for all numeric ones that are not named here"),
                Field("columns", \.columns, "columns that are labels and no features, though they may be numeric"),
            ]
        }
    }

    static let declaration = Declaration(
        "table.csv", revision: 1, kind: .source,
        summary: "Rows of a CSV file: features as a value, the rest as columns.",
        documentation: """
            RFC 4180 in UTF-8: cells in double quotes may hold commas, doubled quotes and line breaks; a byte order mark \
            and both kinds of line ends are taken. The value of a row is a float64 tensor over `feature`, labelled with \
            the columns' names.

            A column is a feature or a column, never both. So a numeric target has to be named in `columns`, unless \
            `features` lists the features: left among them it could not be used as a target at all. Columns are ints, \
            floats or true/false where all their cells are, text otherwise; an empty cell is missing.

            With `features: []` rows have columns and no value: what a `samples.join` looks up.

            Errors name the line: a row of another length, a feature that is empty or no finite number, an id that is \
            empty or there twice.
            """,
        output: "float64 (feature), one item a row")

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        let features = parameters.features ?? []
        for (position, name) in features.enumerated() {
            if parameters.columns.contains(name) || parameters.id == name || features[..<position].contains(name) {
                throw Problem(
                    "\(name) is named twice; a column has one part to play", at: ["features", String(position)])
            }
        }
        self.parameters = parameters
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        parameters.features == [] ? .nothing : .tensor(.float64, [Axis("feature", labels: parameters.features)])
    }

    func list() throws -> Listing {
        let csv = try Csv(contents(of: parameters.path), path: absolutePath(parameters.path))
        guard !csv.rows.isEmpty else { throw Failure("\(csv.path) has a first line with names, and no rows") }
        let id = try parameters.id.map { name throws(Failure) in try csv.position(of: name) }
        let features = try self.features(of: csv, id: id)
        let names = features.map { csv.header[$0] }
        let labels = csv.header.indices.filter { $0 != id && !features.contains($0) }
        let columns = labels.map { (csv.header[$0], typed(csv.cells($0))) }
        let ids = try id.map { position throws(Failure) in try self.ids(of: csv, position) } ?? rowIds(csv.rows.count)
        var items = [ListedItem]()
        for (number, row) in csv.rows.enumerated() {
            var values = [Double]()
            for position in features {
                guard let value = DataStages.number(row.cells[position]) else {
                    throw Self.notANumber(row.cells[position], csv, row.line, csv.header[position])
                }
                values.append(value)
            }
            let tensor = Tensor(.float64(values), shape: [values.count], axes: ["feature"], labels: ["feature": names])
            let scalars = Dictionary(uniqueKeysWithValues: columns.map { ($0.0, $0.1[number]) })
            items.append(
                ListedItem(
                    id: ids[number], columns: scalars, origin: .value(names.isEmpty ? .nothing : .tensor(tensor)),
                    path: (parameters.path.split(separator: "/").last.map(String.init) ?? "") + ":\(row.line)"))
        }
        items.sort { precedes($0.id, $1.id) }
        return Listing(
            items: items, signature: names.isEmpty ? .nothing : .tensor(.float64, [Axis("feature", labels: names)]))
    }

    private func features(of csv: Csv, id: Int?) throws(Failure) -> [Int] {
        var named = [Int]()
        for name in parameters.columns { named.append(try csv.position(of: name)) }
        if let features = parameters.features {
            var positions = [Int]()
            for name in features { positions.append(try csv.position(of: name)) }
            return positions
        }
        // A column in which any cell is a number is meant as numeric: a stray "n/a" in it is an error, and not a reason
        // to leave the column out in silence.
        let positions = csv.header.indices.filter { position in
            position != id && !named.contains(position) && csv.rows.contains { number($0.cells[position]) != nil }
        }
        guard !positions.isEmpty else {
            throw .because(
                "\(csv.path) has no numeric column that could be a feature",
                "list them: features: [NAME, …], or write features: [] for columns alone")
        }
        return positions
    }

    private func ids(of csv: Csv, _ position: Int) throws(Failure) -> [String] {
        var lines = [String: Int]()
        for row in csv.rows {
            let id = row.cells[position]
            if id.isEmpty {
                throw .because("\(csv.path):\(row.line): the id is empty", "give every row an id, or set id: null")
            }
            if let first = lines.updateValue(row.line, forKey: id) {
                throw .because(
                    "\(csv.path):\(row.line): the id \(id) is there already, in line \(first)",
                    "make ids unique, or set id: null")
            }
        }
        return csv.cells(position)
    }

    private static func notANumber(_ cell: String, _ csv: Csv, _ line: Int, _ column: String) -> Failure {
        Failure(
            "\(csv.path):\(line): the feature \(column) "
                + (cell.isEmpty ? "is empty" : "is \"\(cell)\", which is no finite number"),
            advice: "fill it in, leave the row out, or name the column in columns")
    }
}
