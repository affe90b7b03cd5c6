// The whole command line of Martlet, with four more stage types.

import Martlet
import Stages

Martlet.main(adding: Catalogue([WordList.self, LetterShares.self, NearestMean.self, Mistakes.self]))
