// Law: a declaration is whole and in the house's form, so that lists, help and schemas can be made of it.

import Martlet
import Stages
import Tensors
import Testing

@Suite struct DeclarationLaw {
    @Test func namesAreUnique() {
        #expect(Set(Registered.names).count == Registered.names.count)
    }

    @Test(arguments: Registered.names) func declarationIsWhole(_ name: String) throws {
        let type = try Registered.type(name)
        let declaration = type.declaration
        let words = declaration.name.split(separator: ".", omittingEmptySubsequences: false)
        #expect(words.count >= 2, "a name is dotted: library.stage")
        for word in words {
            #expect(word.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, "\(word) is not a lowercase word")
        }
        #expect(declaration.revision >= 1)
        #expect(!declaration.summary.contains("\n") && declaration.summary.count <= 110, "the summary is one line")
        #expect(declaration.summary.hasSuffix("."), "the summary ends with a full stop")
        #expect(!declaration.output.isEmpty)
        #expect(!declaration.documentation.isEmpty)
        #expect(declaration.inputs.isEmpty == (declaration.kind == .source), "all kinds but sources have inputs")
        #expect(Set(declaration.inputs.map(\.name)).count == declaration.inputs.count)
        for port in declaration.inputs {
            #expect(!port.help.isEmpty, "the port \(port.name) has no help")
            if let axes = port.axes { #expect(Set(axes).count == axes.count) }
            if !port.types.isEmpty { #expect(port.accepts.isEmpty || port.accepts.contains(.tensor)) }
        }
    }

    @Test(arguments: Registered.names) func kindIsWhatItIs(_ name: String) throws {
        let type = try Registered.type(name)
        let kinds = Registered.kinds(of: type)
        #expect(kinds.contains(type.declaration.kind), "the declared kind is not that of the protocol")
        #expect(try Sample(name).stage.kind == Registered.kind(name))
        for library in type.declaration.arithmetic {
            #expect(
                builtInStages.profile(of: [library])[library.rawValue] != "not known",
                "the catalogue cannot tell the version of \(library.rawValue)")
        }
    }

    /// What other processors compute otherwise is compared within a tolerance, and nothing else is.
    @Test(arguments: Registered.names) func toleranceGoesWithArithmetic(_ name: String) throws {
        let declaration = try Registered.type(name).declaration
        guard let tolerance = declaration.tolerance else {
            #expect(declaration.arithmetic.isEmpty, "it uses numeric libraries: declare a tolerance")
            return
        }
        #expect(!declaration.arithmetic.isEmpty, "the same bits come out on every processor: declare no tolerance")
        // Of bytes, one step is the least that can differ.
        let most = declaration.output.hasPrefix("uint8") ? 2.0 / 255 + 1e-3 : 1e-3
        #expect(tolerance > 0 && tolerance <= most, "a tolerance of \(tolerance) would hide a mistake")
    }

    @Test(arguments: Registered.names) func parametersAreDescribed(_ name: String) throws {
        let parameters = try Registered.type(name).parameterDescriptions
        #expect(Set(parameters.map(\.name)).count == parameters.count, "a parameter is declared twice")
        for parameter in parameters {
            #expect(
                parameter.name.wholeMatch(of: /[A-Za-z][A-Za-z0-9_]*/) != nil, "\(parameter.name) is no snake_case name"
            )
            #expect(!parameter.help.isEmpty, "\(parameter.name) has no help")
            #expect(!parameter.help.contains("\n"), "the help of \(parameter.name) is one line")
            guard let value = parameter.defaultValue else { continue }
            let converted = try? parameter.kind.convert(value)
            #expect(converted == value, "the default of \(parameter.name) is not in its own type and range")
        }
    }

    /// Composites too: each of their parts is a stage that a run records.
    @Test(arguments: Registered.maps) func partsAreInOrder(_ name: String) throws {
        guard let composite = try Sample(name).stage as? any CompositeStage else { return }
        let expansion = try composite.expand()
        var known = Set<String>()
        for part in expansion.parts {
            for input in part.inputs {
                switch input {
                case .port(let index): #expect(type(of: composite).declaration.inputs.indices.contains(index))
                case .part(let other): #expect(known.contains(other), "\(part.name) takes \(other), which comes later")
                }
            }
            #expect(known.insert(part.name).inserted, "two parts are called \(part.name)")
            // The nodes of a plan are the parts; a composite that tells libraries of its own tells all.
            let (whole, own) = (type(of: composite).declaration.arithmetic, type(of: part.stage).declaration.arithmetic)
            #expect(
                whole.isEmpty || own.isSubset(of: whole),
                "the part \(part.name) uses libraries that the composite does not declare")
        }
        #expect(known.contains(expansion.output))
    }
}
