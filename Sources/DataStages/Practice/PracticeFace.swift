// Whose face, and how it moves: actors differ in shape, colours and liveliness, emotions in the action units of the Facial
// Action Coding System (Ekman and Friesen 1978; which units go with which emotion: Ekman, Friesen and Hager 2002). The
// directions are theirs; the distances are chosen so that emotions can be told apart for a new actor often, and not always.

internal import Tensors

/// What a face can do.
enum ActionUnit: Int, CaseIterable {
    /// AU 1, the inner brow raised.
    case innerBrow
    /// AU 2, the outer brow raised.
    case outerBrow
    /// AU 4, the brows lowered and drawn together.
    case browLowerer
    /// AU 5, the upper lid raised; below 0 it droops (AU 43).
    case upperLid
    /// AU 6, the cheek raised.
    case cheek
    /// AU 7, the lids tightened.
    case lidTightener
    /// AU 9, the nose wrinkled.
    case noseWrinkler
    /// AU 10, the upper lip raised.
    case upperLip
    /// AU 12, the corners of the lips pulled up; below 0 down (AU 15).
    case lipCorner
    /// AU 20, the lips stretched.
    case lipStretcher
    /// AU 24, the lips pressed together.
    case lipPressor
    /// AU 26, the jaw dropped, apart from speaking.
    case jaw
    /// AU 53, the head up; below 0 down (AU 54).
    case headUp

    /// What only contracts does not go below 0.
    var isTwoSided: Bool { self == .upperLid || self == .lipCorner || self == .headUp }
}

/// How far each action unit is moved: 0 is at rest, 1 about as far as it goes.
struct FaceExpression: ExpressibleByDictionaryLiteral {
    private var lanes = SIMD16<Double>()

    init(dictionaryLiteral elements: (ActionUnit, Double)...) {
        for (unit, extent) in elements { self[unit] = extent }
    }

    subscript(unit: ActionUnit) -> Double {
        get { lanes[unit.rawValue] }
        set { lanes[unit.rawValue] = newValue }
    }

    /// In the order of RAVDESS's emotions.
    static let emotions: [FaceExpression] = [
        [:],
        [.innerBrow: 0.08, .upperLid: -0.25, .lipCorner: 0.25],
        [.outerBrow: 0.1, .cheek: 0.75, .lidTightener: 0.15, .upperLip: 0.2, .lipCorner: 0.8, .jaw: 0.15],
        [.innerBrow: 0.6, .browLowerer: 0.25, .upperLid: -0.3, .lipCorner: -0.55, .headUp: -0.5],
        [
            .browLowerer: 0.85, .upperLid: 0.25, .lidTightener: 0.5, .noseWrinkler: 0.15, .lipCorner: -0.15,
            .lipPressor: 0.55, .headUp: -0.15,
        ],
        [
            .innerBrow: 0.7, .outerBrow: 0.35, .browLowerer: 0.35, .upperLid: 0.6, .lidTightener: 0.15,
            .lipStretcher: 0.65, .jaw: 0.2, .headUp: 0.05,
        ],
        [
            .browLowerer: 0.4, .lidTightener: 0.4, .noseWrinkler: 0.8, .upperLip: 0.6, .lipCorner: -0.3, .headUp: 0.2,
        ],
        [.innerBrow: 0.75, .outerBrow: 0.8, .upperLid: 0.55, .jaw: 0.55, .headUp: 0.25],
    ]

    /// The expression, that much stronger.
    func scaled(_ factor: Double) -> FaceExpression {
        var copy = self
        copy.lanes *= factor
        return copy
    }

    /// Each unit is added.
    func plus(_ other: FaceExpression) -> FaceExpression {
        var copy = self
        copy.lanes += other.lanes
        return copy
    }

    /// The expression as this once turned out: no one makes a face twice alike.
    func varied(by amount: Double, _ stream: inout RandomStream) -> FaceExpression {
        var copy = self
        for unit in ActionUnit.allCases {
            let strength = powerOfTwo(0.9 * amount * stream.bell())
            copy[unit] = self[unit] * strength + 0.3 * amount * stream.bell()
        }
        return copy
    }

    /// As far as a face can do it.
    var possible: FaceExpression {
        var copy = self
        for unit in ActionUnit.allCases { copy[unit] = min(max(self[unit], unit.isTwoSided ? -1.2 : 0), 1.2) }
        return copy
    }
}

/// An actor's looks and habits. Lengths are in halves of the face's height, from the chin to the top of the head.
struct PracticeFace {
    enum Hair: Int { case bald, short, parted, long }

    /// Half the face's height, in heights of the picture.
    let size: Double
    /// Where the face is, in heights of the picture from its centre.
    let place: SIMD2<Double>
    let width: Double
    /// How much narrower the jaw is than the temples.
    let taper: Double
    let hairline: Double
    let hair: Hair
    let skin: Colour
    let hairColour: Colour
    let iris: Colour
    let lips: Colour
    let clothes: Colour
    let background: (top: Colour, bottom: Colour)
    let browHeight: Double
    let browThickness: Double
    /// How much higher the outer end of the brow is than the inner one.
    let browTilt: Double
    let eyeDistance: Double
    let eyeWidth: Double
    let eyeHeight: Double
    let noseLength: Double
    let noseWidth: Double
    let mouthWidth: Double
    let mouthHeight: Double
    let lipFullness: Double
    /// 0 for none.
    let beard: Float
    let hasGlasses: Bool
    /// How the face looks at rest.
    let rest: FaceExpression
    /// How far the emotions move this face.
    let liveliness: Double
    /// How far the head moves.
    let restlessness: Double

    /// Actors with odd numbers are men, as in RAVDESS.
    init(actor: Int, _ stream: inout RandomStream) {
        let isMale = actor % 2 == 1
        // Spread evenly over the actors, so that a few already differ; each thing by a ratio of its own.
        func spread(by ratio: Double, _ stream: inout RandomStream) -> Double {
            let place = ratio * Double(actor) + stream.uniform() * 0.3
            return place - place.rounded(.down)
        }
        func between(_ colours: [Colour], at place: Double) -> Colour {
            let first = min(Int(place * Double(colours.count - 1)), colours.count - 2)
            return colours[first].mixed(colours[first + 1], Float(place * Double(colours.count - 1) - Double(first)))
        }
        size = 0.34 * powerOfTwo(0.025 * stream.bell())
        place = SIMD2(0.006 * stream.bell(), 0.006 * stream.bell() - 0.03)
        width = (isMale ? 0.74 : 0.71) * powerOfTwo(0.05 * stream.bell())
        taper = (isMale ? 0.2 : 0.28) + 0.05 * stream.bell()
        hairline = -0.62 + 0.05 * stream.bell()
        let styles: [Hair] = isMale ? [.short, .parted, .short, .bald] : [.long, .parted, .long]
        hair = styles[min(Int(spread(by: 0.755, &stream) * Double(styles.count)), styles.count - 1)]
        let darkness = spread(by: 0.618, &stream)
        skin = between(
            [Colour(243, 208, 184), Colour(222, 176, 142), Colour(176, 125, 90), Colour(108, 72, 52)], at: darkness)
        hairColour = between(
            [Colour(190, 160, 104), Colour(150, 104, 58), Colour(84, 56, 38), Colour(36, 28, 26)],
            at: max(darkness, spread(by: 0.57, &stream)))
        iris = between(
            [Colour(88, 128, 160), Colour(84, 96, 62), Colour(74, 50, 34)],
            at: max(darkness, spread(by: 0.71, &stream)))
        lips = skin.mixed(Colour(176, 62, 66), Float(isMale ? 0.32 : 0.5))
        clothes = between(
            [Colour(40, 44, 60), Colour(96, 44, 48), Colour(58, 84, 74), Colour(120, 122, 130)],
            at: spread(by: 0.82, &stream))
        let wall = between(
            [Colour(236, 236, 232), Colour(198, 208, 216), Colour(150, 168, 160)], at: spread(by: 0.43, &stream))
        background = (wall, wall.times(Float(0.82 + 0.05 * stream.bell())))
        browHeight = -0.27 + 0.02 * stream.bell()
        browThickness = (isMale ? 0.062 : 0.045) * powerOfTwo(0.2 * stream.bell())
        browTilt = 0.02 + 0.02 * stream.bell()
        eyeDistance = 0.32 + 0.012 * stream.bell()
        eyeWidth = 0.155 * powerOfTwo(0.06 * stream.bell())
        eyeHeight = 0.07 * powerOfTwo(0.1 * stream.bell())
        noseLength = 0.42 + 0.02 * stream.bell()
        noseWidth = (isMale ? 0.145 : 0.125) * powerOfTwo(0.1 * stream.bell())
        mouthWidth = 0.26 * powerOfTwo(0.07 * stream.bell())
        mouthHeight = 0.6 + 0.018 * stream.bell()
        lipFullness = (isMale ? 0.055 : 0.07) * powerOfTwo(0.15 * stream.bell())
        beard = isMale && spread(by: 0.38, &stream) < 0.35 ? Float(0.4 + 0.4 * stream.uniform()) : 0
        hasGlasses = spread(by: 0.91, &stream) < 0.2
        rest = FaceExpression.emotions[0].varied(by: 0.2, &stream)
        liveliness = powerOfTwo(0.14 * stream.bell())
        restlessness = powerOfTwo(0.35 * stream.bell())
    }
}
