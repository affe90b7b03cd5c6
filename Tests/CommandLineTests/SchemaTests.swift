import Foundation
import TestSupport
import Testing

@Suite struct SchemaTests {
    @Test func isPrintedAsJSON() throws {
        let result = Binary.run(["schema"], in: Binary.root)
        #expect(result.status == 0 && result.messages.isEmpty)
        let parsed = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        #expect(parsed?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        #expect(Binary.run(["schema"], in: Binary.root).output == result.output)
    }
}
