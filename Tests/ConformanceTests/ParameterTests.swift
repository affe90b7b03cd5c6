// Law: parameters round-trip through their canonical form, and what is wrong with one is a problem that names it and
// says what was expected and what was given.

import Stages
import Tensors
import Testing

@Suite struct ParameterLaw {
    @Test(arguments: Registered.names) func canonicalFormRoundTrips(_ name: String) throws {
        let sample = try Sample(name)
        let canonical = sample.stage.canonicalParameters
        #expect(Set(canonical.keys) == Set(sample.type.parameterDescriptions.map(\.name)))
        let again = try sample.type.init(given: canonical).canonicalParameters
        #expect(again == canonical)
        #expect(Canonical.map(again).encoded() == Canonical.map(canonical).encoded())
        for (parameter, value) in sample.given where canonical[parameter] != value {
            let kind = sample.type.parameterDescriptions.first { $0.name == parameter }?.kind
            #expect(try kind?.convert(value) == canonical[parameter], "\(parameter) was changed on its way")
        }
    }

    @Test(arguments: Registered.names) func outOfRangeIsLocated(_ name: String) throws {
        for parameter in try Registered.type(name).parameterDescriptions {
            for wrong in WrongValue.outOfRange(of: parameter.kind) {
                try Self.expectProblem(name, parameter.name, wrong)
            }
        }
    }

    @Test(arguments: Registered.names) func wrongTypeIsLocated(_ name: String) throws {
        for parameter in try Registered.type(name).parameterDescriptions {
            for wrong in WrongValue.wrongType(for: parameter.kind) {
                try Self.expectProblem(name, parameter.name, wrong)
            }
        }
    }

    @Test(arguments: Registered.names) func unknownParameterIsSuggested(_ name: String) throws {
        let sample = try Sample(name)
        let known = sample.type.parameterDescriptions.map(\.name)
        var cases = [("qqqqqqqq", String?.none)]
        if let longest = known.max(by: { $0.count < $1.count }) { cases.append((longest + "s", longest)) }
        for (unknown, meant) in cases {
            guard let problem = problem(name, unknown, .int(1)) else {
                Issue.record("\(unknown) is taken, though there is no such parameter")
                continue
            }
            #expect(problem.path == [unknown])
            #expect(problem.message.contains(unknown))
            if let meant { #expect(problem.advice?.contains(meant) == true, "no suggestion for \(unknown)") }
        }
    }

    @Test(arguments: Registered.names) func requiredIsRequired(_ name: String) throws {
        let sample = try Sample(name)
        for parameter in sample.type.parameterDescriptions where parameter.defaultValue == nil {
            let rest = sample.given.filter { $0.key != parameter.name }
            do {
                _ = try sample.type.init(given: rest)
                Issue.record("\(parameter.name) is required, and can be left out")
            } catch {
                #expect(error.message.contains(parameter.name))
                #expect(error.advice?.contains(parameter.name) == true)
            }
        }
    }

    private static func expectProblem(_ name: String, _ parameter: String, _ wrong: WrongValue) throws {
        guard let problem = problem(name, parameter, wrong.value) else {
            Issue.record("\(parameter) takes \(wrong.value.phrase)")
            return
        }
        #expect(problem.path == [parameter] + wrong.path, "for \(parameter): \(wrong.value.phrase)")
        // Where a name stands for a part, what is known is what was expected.
        let isWhole = problem.message.contains("expected") && problem.message.contains("got")
        #expect(isWhole || problem.message.contains("known are"), "\(problem.message)")
    }
}

/// What is wrong with a stage of the sample's parameters when one has that value; nil when nothing is.
private func problem(_ name: String, _ parameter: String, _ value: Canonical) -> Problem? {
    do {
        _ = try Sample(name, settings: [parameter: value])
        return nil
    } catch let problem as Problem {
        return problem
    } catch {
        return Problem("\(error)")
    }
}
