import TestSupport
import Testing

@Suite struct CompletionTests {
    @Test(arguments: ["bash", "zsh", "fish"]) func scriptsAreMade(_ shell: String) {
        let result = Binary.run(["--generate-completion-script", shell], in: "/")
        #expect(result.status == 0 && result.messages.isEmpty)
        #expect(result.output.contains("yaml") && result.output.contains("stages"))
    }

    @Test func stageTypesAreCompleted() {
        let result = Binary.run(["---completion", "stages", "--", "positional@0", "0", "0", ""], in: "/")
        #expect(result.status == 0)
        #expect(result.output.split(separator: "\n").contains("audio.mfcc"), "\(result)")
    }
}
