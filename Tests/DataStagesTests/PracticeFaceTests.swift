import Media
import Stages
import Tensors
import TestSupport
import Testing

@testable import DataStages

@Suite struct PracticeFaceTests {
    private let clip = PracticeSpeech.Clip(emotion: 5, intensity: 2, statement: 1, repetition: 1, actor: 3)

    private func small() throws -> PracticeVideo { try #require(PracticeVideo(width: 160, height: 90)) }

    private func clip(_ emotion: Int, actor: Int = 3) -> PracticeSpeech.Clip {
        PracticeSpeech.Clip(emotion: emotion, intensity: 2, statement: 1, repetition: 1, actor: actor)
    }

    /// The bits are promised for every processor: another digest means that practice faces have changed for everyone.
    @Test func theBitsOfTheFramesArePinned() throws {
        let frames = try small().frames(of: clip, seed: 0)
        #expect(Digest(of: frames).hex == "718743ffa0d849014c15c657a67bad3956e69fa1cfce2dccc8191b3d6e12d33f")
    }

    @Test func framesDependOnTheNameTheSeedAndTheSizeAlone() throws {
        let frames = try small().frames(of: clip, seed: 0)
        #expect(try small().frames(of: clip, seed: 0) == frames)
        #expect(try small().frames(of: clip, seed: 1) != frames)
        #expect(try small().frames(of: clip(3), seed: 0) != frames)
        #expect(try small().frames(of: clip(5, actor: 4), seed: 0) != frames)
    }

    @Test func thereAreAsManyFramesAsTheVoiceLasts() throws {
        for (width, height) in [(64, 36), (320, 180), (1280, 720)] {
            let video = try #require(PracticeVideo(width: width, height: height))
            let frames = video.frames(of: clip, seed: 0)
            #expect(frames.count % (width * height * 3) == 0)
            let count = Double(frames.count / (width * height * 3))
            let samples = Double(PracticeSpeech.samples(of: clip, seed: 0).count)
            let length = samples * Double(PracticeVideo.rate) / Double(PracticeSpeech.sampleRate)
            #expect(count >= length && count < length + 1.01)
        }
    }

    @Test func sizesAreEvenAndInRange() {
        #expect(PracticeVideo(size: "320x180") == PracticeVideo(width: 320, height: 180))
        #expect(PracticeVideo(size: "1280x720") != nil && PracticeVideo(size: "64x36") != nil)
        for wrong in [
            "", "x", "320", "320x", "320x180x3", "321x180", "320x181", "62x36", "1282x720", "1280x722", "-320x180",
            "320 x 180", "99999999999999999999x180",
        ] { #expect(PracticeVideo(size: wrong) == nil, "\(wrong)") }
    }

    /// Loudness and the opening of the mouth go up and down together.
    @Test func theMouthOpensWithTheVoice() throws {
        for actor in 1...4 {
            for emotion in [1, 3, 5, 8] {
                let clip = clip(emotion, actor: actor)
                let performance = Performance(of: clip, seed: 0)
                let (_, motion) = PracticeVideo.motion(of: clip, performance, seed: 0)
                let samples = PracticeSpeech.samples(of: clip, seed: 0).map(Double.init)
                let step = PracticeSpeech.sampleRate / PracticeVideo.rate
                var (loudness, opening) = ([Double](), [Double]())
                for frame in 0..<samples.count / step {
                    let part = samples[frame * step..<(frame + 1) * step]
                    loudness.append((part.map { $0 * $0 }.reduce(0, +) / Double(step)).squareRoot())
                    opening.append(motion.pose(at: (Double(frame) + 0.5) / Double(PracticeVideo.rate)).opening)
                }
                #expect(correlation(loudness, opening) > 0.3, "\(clip.name)")
                #expect(motion.pose(at: 0).opening == 0 && motion.pose(at: 60).opening == 0)
            }
        }
    }

    /// What is dark in the middle of the face below the nose, at the loudest moment and before the first syllable.
    @Test func anOpenMouthIsSeen() throws {
        let video = try #require(PracticeVideo(width: 320, height: 180))
        let frames = video.frames(of: clip, seed: 0)
        let size = 320 * 180 * 3
        let dark = (0..<frames.count / size).map { frame in
            (95..<150).reduce(0) { sum, row in
                sum + (130..<190).count { frames[frame * size + 3 * (row * 320 + $0) + 1] < 40 }
            }
        }
        #expect((dark.max() ?? 0) > dark[0] + 40)
    }

    @Test func emotionsMoveTheFaceAsTheirActionUnitsSay() throws {
        func pose(_ emotion: Int) -> FaceExpression {
            // The mean of many, since none turns out like another.
            var sum: FaceExpression = [:]
            for actor in 1...24 {
                let clip = clip(emotion, actor: actor)
                let (_, motion) = PracticeVideo.motion(of: clip, Performance(of: clip, seed: 0), seed: 0)
                sum = sum.plus(motion.pose(at: 0.7).expression.scaled(1 / 24))
            }
            return sum
        }
        let (neutral, happy, sad, angry) = (pose(1), pose(3), pose(4), pose(5))
        let (fearful, disgusted, surprised) = (pose(6), pose(7), pose(8))
        #expect(happy[.lipCorner] > neutral[.lipCorner] + 0.5 && happy[.cheek] > neutral[.cheek] + 0.4)
        #expect(sad[.lipCorner] < neutral[.lipCorner] - 0.3 && sad[.innerBrow] > neutral[.innerBrow] + 0.3)
        #expect(angry[.browLowerer] > neutral[.browLowerer] + 0.5 && angry[.lipPressor] > neutral[.lipPressor] + 0.3)
        #expect(fearful[.lipStretcher] > 0.4 && fearful[.upperLid] > 0.3)
        #expect(disgusted[.noseWrinkler] > 0.5 && disgusted[.upperLip] > 0.3)
        #expect(surprised[.jaw] > 0.3 && surprised[.outerBrow] > 0.5)
    }

    @Test func anActorLooksTheSameInEveryClipAndUnlikeOthers() throws {
        func background(_ clip: PracticeSpeech.Clip) throws -> ArraySlice<UInt8> {
            try small().frames(of: clip, seed: 0)[..<30]
        }
        #expect(try background(clip(2)) == background(clip(7)))
        let walls = try Set((1...8).map { try Array(background(clip(2, actor: $0))) })
        #expect(walls.count == 8)
    }

    private func correlation(_ x: [Double], _ y: [Double]) -> Double {
        let (a, b) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
        let products = zip(x, y).map { ($0 - a) * ($1 - b) }.reduce(0, +)
        let squares = x.map { ($0 - a) * ($0 - a) }.reduce(0, +) * y.map { ($0 - b) * ($0 - b) }.reduce(0, +)
        return products / squares.squareRoot()
    }
}

@Suite struct CanvasTests {
    private let white = Colour(255, 255, 255)

    private func rectangle(_ left: Float, _ top: Float, _ right: Float, _ bottom: Float) -> [PicturePoint] {
        [
            PicturePoint(left, top), PicturePoint(right, top), PicturePoint(right, bottom), PicturePoint(left, bottom),
        ]
    }

    private func filled(_ points: [PicturePoint], width: Int = 12, height: Int = 4, opacity: Float = 1) -> [Int] {
        var canvas = Canvas(width: width, height: height)
        canvas.fill(points, white, opacity: opacity)
        return stride(from: 0, to: canvas.bytes.count, by: 3).map { Int(canvas.bytes[$0]) }
    }

    @Test func aPixelGetsTheShareThatIsCovered() {
        let picture = filled(rectangle(1.5, 0.25, 3.25, 1))
        #expect(picture[0..<5] == [0, 96, 191, 48, 0])
        #expect(picture[12...].allSatisfy { $0 == 0 })
        #expect(filled(rectangle(0, 0, 12, 4)).allSatisfy { $0 == 255 })
        #expect(filled(rectangle(0, 0, 12, 4), opacity: 0.5).allSatisfy { $0 == 128 })
        // Below a diagonal.
        let corner = filled(
            [PicturePoint(0, 0), PicturePoint(4, 4), PicturePoint(0, 4)], width: 4, height: 4)
        for row in 0..<4 {
            for column in 0..<4 { #expect(corner[4 * row + column] == (column < row ? 255 : column == row ? 128 : 0)) }
        }
    }

    @Test func whicheverWayAPolygonTurnsItIsFilled() {
        let points = ellipse(PicturePoint(6, 2), PicturePoint(5, 1.8))
        #expect(filled(points) == filled(points.reversed()))
    }

    /// The area that is seen is that of the polygon, wherever it lies: a part of it beyond the border changes nothing.
    @Test func whatLiesOutsideIsCutOff() {
        for shift: Float in [-30, -9, -4, -0.5, 0, 0.3, 5, 9, 30] {
            let points = ellipse(PicturePoint(20 + shift, 20 + shift / 2), PicturePoint(9, 7), points: 40)
            let large = filled(points, width: 40, height: 40)
            let part = filled(points.map { $0 - PicturePoint(14, 15) }, width: 12, height: 10)
            for row in 0..<10 {
                for column in 0..<12 {
                    #expect(abs(part[12 * row + column] - large[40 * (row + 15) + column + 14]) <= 1)
                }
            }
        }
    }

    /// Differences of one fill are gone before the next.
    @Test func aFillLeavesNothingBehind() {
        var canvas = Canvas(width: 33, height: 17)
        for shift in 0..<60 {
            let centre = PicturePoint(Float(shift) - 12, Float(shift % 23) - 3)
            canvas.fill(ellipse(centre, PicturePoint(7.3, 5.1)), white, opacity: 0)
            canvas.stroke(
                [centre, centre + PicturePoint(9, 4), centre + PicturePoint(30, -9)], width: (0.5, 3, 1), white,
                opacity: 0)
        }
        #expect(canvas.bytes.allSatisfy { $0 == 0 })
        canvas.fill(rectangle(0, 0, 1, 1), white)
        #expect(canvas.bytes.count { $0 != 0 } == 3)
    }

    @Test func clippingKeepsWhatIsInside() {
        let square = rectangle(0, 0, 10, 10)
        let inside = clipped(rectangle(5, 5, 20, 20), to: square)
        #expect(Set(inside) == Set(rectangle(5, 5, 10, 10)))
        #expect(Set(clipped(rectangle(5, 5, 20, 20), to: square.reversed())) == Set(rectangle(5, 5, 10, 10)))
        #expect(clipped(rectangle(11, 0, 12, 1), to: square).isEmpty)
        #expect(clipped([], to: square).isEmpty)
    }
}
