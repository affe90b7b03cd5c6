// The pinned digests: what each revision of each type gives for its sample. `MARTLET_PINS=1 swift test --filter PinLaw`
// prints the lines of this table as they are now; a line is added for a new revision or profile, never changed.

/// A digest that a revision of a type is held to.
struct Pin {
    let type: String
    let revision: Int
    /// The versions and kernels of the numeric libraries; empty for types that are portable.
    let profile: String
    let digest: String

    init(_ type: String, _ revision: Int, _ profile: String, _ digest: String) {
        (self.type, self.revision, self.profile, self.digest) = (type, revision, profile, digest)
    }

    static let all: [Pin] = [
        Pin("audio.add_noise", 1, "", "4162f5aa2beb6d16a8cd200167519762fed8bee8fb3cdc0dd61322479914c62d"),
        Pin(
            "audio.amplitude_to_db", 1, "libm glibc 2.36 on avx2 fma",
            "7cf9b64f9d4db9ab47d2dc278df72f31874b38e70d004197f414be75427396f3"),
        Pin(
            "audio.band_pass", 1, "libm glibc 2.36 on avx2 fma",
            "76fa528d4b33c4f795629fc7c21e765bd2d59a9971aaed5d7572baf2a0c357e4"),
        Pin(
            "audio.chroma_stft", 1,
            "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma, openblas 0.3.21 Zen",
            "24b2f7185b614f686a99336cf577fdc0176e88bf33e73e5515e570f4ba86ae77"),
        Pin("audio.columns", 1, "", "9f63ad73de58369dc451ee7d9ea733544d679f642812db3f5efe497281557d1b"),
        Pin("audio.delta", 1, "", "8eb9a144d03e273716768fa6695ad955b1c254647a1fe785a8eeb4b48cff0f8a"),
        Pin(
            "audio.features", 1,
            "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma, openblas 0.3.21 Zen",
            "a3517f952b110d94cb37bae57e73a0f462badcd3d44714daa47f0b0e1f47a762"),
        Pin(
            "audio.features", 1, "fftw fftw-3.3.10-sse2-avx on avx512f avx2 fma, libm glibc 2.36 on avx512f avx2 fma",
            "a3517f952b110d94cb37bae57e73a0f462badcd3d44714daa47f0b0e1f47a762"),
        Pin("audio.fix_length", 1, "", "6d969f8f1c3532ab22852aacd078710910b23a92e0a977093bda8f5afb657adf"),
        Pin(
            "audio.gain", 1, "libm glibc 2.36 on avx2 fma",
            "fd3d114c2bb285df1780f2cbb7218b207e711b6535b9075b7e1104b8c79aa228"),
        Pin(
            "audio.istft", 1, "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma",
            "62ec0a24c4eb200232162cb8952f2d0ccab993ac3f4c369d68868fc5c5e68087"),
        Pin(
            "audio.load", 1, "sndfile libsndfile-1.2.0, soxr libsoxr-0.1.3 cr32s",
            "2fc52b09e1052233de97592b20d03c24308a210413008362b1752b49d6b3453b"),
        Pin(
            "audio.mel_spectrogram", 1, "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma",
            "b96cd8c015316dd66e2ded8a76d3b90f53be51a1b6c612179f29b950c1be7be8"),
        Pin(
            "audio.mfcc", 1, "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma",
            "a3517f952b110d94cb37bae57e73a0f462badcd3d44714daa47f0b0e1f47a762"),
        Pin(
            "audio.mfcc", 1, "fftw fftw-3.3.10-sse2-avx on avx512f avx2 fma, libm glibc 2.36 on avx512f avx2 fma",
            "a3517f952b110d94cb37bae57e73a0f462badcd3d44714daa47f0b0e1f47a762"),
        Pin(
            "audio.mix_noise", 1, "libm glibc 2.36 on avx2 fma, sndfile libsndfile-1.2.0, soxr libsoxr-0.1.3 cr32s",
            "3cff1a0990dacde569292d67e3634334b5f8aff3d2c3d5b968dc510135957f52"),
        Pin("audio.mono", 1, "", "886e9cf3b39e7a5d1e489f251e6921634932cfb80645add8db78f401a726fa16"),
        Pin("audio.pad", 1, "", "a5d5040ee48471cc922bda25741c2d8ce78566008f6621efcf85532111ffaf1c"),
        Pin(
            "audio.phase_steps", 1, "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma",
            "ba7e2aacd61006d9eb0ee38741f629ff7bca8e60283ca9dbd8d537951b4d629f"),
        Pin(
            "audio.phase_steps.pitch_shift", 1,
            "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma, soxr libsoxr-0.1.3 cr32s",
            "9b1f45bbd8c31753b8e2eb0098a58766fc679f1db6d2c8ec1cf0a61dcc2c1c7c"),
        Pin(
            "audio.phase_steps.time_stretch", 1, "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma",
            "176dbfe0144e18b87c931c94689e3870ea934ac0a3799308eb85dcdba969a0cc"),
        Pin(
            "audio.phase_vocoder", 1, "libm glibc 2.36 on avx2 fma",
            "d1024db27e7ca09eafd6f06a2d87f51bf0b4e54173aaecda7b7d80288b8cd721"),
        Pin(
            "audio.pitch", 1, "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma",
            "434c103685d6df5273049b3864ee6f25bc103593433e3ffbabaa56421b05d58e"),
        Pin(
            "audio.pitch_shift", 1,
            "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma, soxr libsoxr-0.1.3 cr32s",
            "9b1f45bbd8c31753b8e2eb0098a58766fc679f1db6d2c8ec1cf0a61dcc2c1c7c"),
        Pin(
            "audio.poly_features", 1,
            "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma, openblas 0.3.21 Zen",
            "0fd7874e270ae0c47c4e443897864671e4cb7d34095aa0b5552832f15afc91e6"),
        Pin(
            "audio.power_to_db", 1, "libm glibc 2.36 on avx2 fma",
            "84a6f35dca994471a9d307dcec0fdeb0fc4ceb8582553feb5eb124a4346f29b5"),
        Pin("audio.pre_emphasis", 1, "", "5a1f319ce5fa3b513f6ac1c0e8ac668086cf18f3b22ad82c9c51609de0bc0b1b"),
        Pin(
            "audio.resample", 1, "soxr libsoxr-0.1.3 cr32s",
            "be30f7f0ef399a0551c275a69ec81198535ce11c3b642f238fa7bbb437826bf5"),
        Pin("audio.rms", 1, "", "d39aab4f89554845a7eb3fcc32fc33774c2375f5bd88e7b269cc511fc0acf95a"),
        Pin("audio.spec_augment", 1, "", "5f5eef4ccccb03fec0169bd19177d59deee1abbec955d0a1be12087e90e33053"),
        Pin(
            "audio.spectral_bandwidth", 1, "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma",
            "58c00f26077205ca2d8ad02288cac9da5731e0aad8ac55671b821e513876e9f2"),
        Pin(
            "audio.spectral_centroid", 1, "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma",
            "e5f8d13153fa289c3552c3a04c9ba46534cb39e84e430ee04b9c11d9f5363710"),
        Pin(
            "audio.spectral_contrast", 1, "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma",
            "c942c064d9b4ca15836afeb10667d8986231421e4f29d4442b09b204ea16a218"),
        Pin(
            "audio.spectral_flatness", 1, "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma",
            "f0ae18ca2ae18aa3629be26dbd7a53b4adb93c1f90c36832398dc93a6746291b"),
        Pin(
            "audio.spectral_rolloff", 1, "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma",
            "84c13e13755fdf82a17147d06f59556d75a61000f5127d4be30bbf0f4e9f7a4c"),
        Pin(
            "audio.spectrogram", 1, "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma",
            "c77957f6f6380132ff4cd42fa7ba515f0e58fd863ca5c3245115faddbafb8d25"),
        Pin(
            "audio.spectrum.chroma_stft", 1, "libm glibc 2.36 on avx2 fma, openblas 0.3.21 Zen",
            "9c71762d57b0f1ef72c804cc63c66420e3fc9f57419bb94b095b139cb8b1e58c"),
        Pin(
            "audio.spectrum.magnitude", 1, "libm glibc 2.36 on avx2 fma",
            "d1345fa9db97e4557e00bd1a1b74d4f5dfa18d33d1c460a44db22591f13eded4"),
        Pin(
            "audio.spectrum.mel_spectrogram", 1, "libm glibc 2.36 on avx2 fma",
            "22b739d82156b2929b4fc74586d0b64e6822dfeef9bd5c683650fa1107603ec4"),
        Pin(
            "audio.spectrum.mfcc", 1, "libm glibc 2.36 on avx2 fma",
            "3339c6d9afd76aa294a341ac3bf77e9c2df19773ec3cf665a27c29e7e5d8edfe"),
        Pin(
            "audio.spectrum.mfcc", 1, "libm glibc 2.36 on avx512f avx2 fma",
            "3339c6d9afd76aa294a341ac3bf77e9c2df19773ec3cf665a27c29e7e5d8edfe"),
        Pin(
            "audio.spectrum.poly_features", 1, "openblas 0.3.21 Zen",
            "eaa1deae76a5e6cddd8c344d2ceacd395ade21f35bfaa0f6a87e114536cb66d6"),
        Pin("audio.spectrum.rms", 1, "", "ef1679bf13ac732b57110d6a3106610bdfb9074b48c7abab803db695eb4b1c6d"),
        Pin(
            "audio.spectrum.spectral_bandwidth", 1, "libm glibc 2.36 on avx2 fma",
            "297c19703b88a2e45920665a2d79bd60a810846d7a1f5ef63cb5af6f202b9727"),
        Pin(
            "audio.spectrum.spectral_centroid", 1, "",
            "1039eae5dcb18faeacd44ef07d99cf2f4b6dd7ce2ac3c9c444a4b82bc2c656d7"),
        Pin(
            "audio.spectrum.spectral_contrast", 1, "libm glibc 2.36 on avx2 fma",
            "043d840c86516c98273c79a867e1f1bea26faecb336001da8d60c50e2e45a80d"),
        Pin(
            "audio.spectrum.spectral_flatness", 1, "libm glibc 2.36 on avx2 fma",
            "d20f18315db66228bd3e32c6e484206e3972bc1b2041d3ea19566126942feb12"),
        Pin(
            "audio.spectrum.spectral_rolloff", 1, "", "b34a31dd209114c921c0bb27f24ec7a8be7d7b583a9e565b3323ca328f15de77"
        ),
        Pin(
            "audio.stft", 1, "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma",
            "ac019c04458b19ec82b93aebfe90d3127a714c2a92451e573d31003e2b6782f8"),
        Pin(
            "audio.stft", 1, "fftw fftw-3.3.10-sse2-avx on avx512f avx2 fma, libm glibc 2.36 on avx512f avx2 fma",
            "ac019c04458b19ec82b93aebfe90d3127a714c2a92451e573d31003e2b6782f8"),
        Pin("audio.time_shift", 1, "", "ad6bfd0ab93f1c8d05a9f69b6d76334fd2a25c05243c4c9a8cbe5e7154e287fd"),
        Pin(
            "audio.time_stretch", 1, "fftw fftw-3.3.10-sse2-avx on avx2 fma, libm glibc 2.36 on avx2 fma",
            "176dbfe0144e18b87c931c94689e3870ea934ac0a3799308eb85dcdba969a0cc"),
        Pin(
            "audio.tonnetz", 1, "libm glibc 2.36 on avx2 fma",
            "1b5cf79ecedd0548e73a4b6d12321f47972866ece41625ca2442da43cb06d24a"),
        Pin(
            "audio.trim", 1, "libm glibc 2.36 on avx2 fma",
            "71b7654e271fd438541fdcc936599bd3cee8429ab3be79180b7e53dbef5699d6"),
        Pin("audio.zero_crossing_rate", 1, "", "975070fd913699101901c4fd783b4c263c9651ce93f397b10ca80d5aadd23ad0"),
        Pin("classify.decision_tree", 1, "", "673b99c15acf1e1afb9056fa7dceacced426545f1f189ca1e850d3bb30de3b48"),
        Pin("classify.dummy", 1, "", "02754078f32f6ea5833997140c9e4e9333a28f8962d6d48e874cd3c693e571e1"),
        Pin("classify.extra_trees", 1, "", "d48d150a08156660f7ffe2805edc75711665593dd8c9a088869623b1e081ea50"),
        Pin("classify.gradient_boosting", 1, "", "da423f88e9237e184feaa8c5a38445d3f8de68869c05dfed8bb637e1137a9587"),
        Pin(
            "classify.linear_svm", 1, "openblas 0.3.21 Zen",
            "8871fa8163cbc0ab17aeb5338c355cf2210eac04fb5882a333cb1efb132bb391"),
        Pin(
            "classify.knn", 1, "openblas 0.3.21 Zen", "a59125868e65a265ee2534d76512a11608adeae028490c01005d89e406bac113"
        ),
        Pin(
            "classify.lda", 1, "libm glibc 2.36 on avx2 fma, openblas 0.3.21 Zen",
            "fe26fdfbc7fd6a636fa0d42fe1eb90bdd2c9ebbc72b167eb40a2752063f16081"),
        Pin(
            "classify.logistic_regression", 1, "libm glibc 2.36 on avx2 fma, openblas 0.3.21 Zen",
            "398879522018bcfd82d38e3b247d8712088b77417104651ee109f12b0f8e0a05"),
        Pin(
            "classify.logistic_regression", 1, "libm glibc 2.36 on avx512f avx2 fma, openblas 0.3.21 Cooperlake",
            "6e0bdf1b7c20ca8a244f48b727fe0f84049994f7c9ecba15cd3525c1439dbe2d"),
        Pin(
            "classify.mlp", 1, "libm glibc 2.36 on avx2 fma, openblas 0.3.21 Zen",
            "bf895216eb9a4ef58858e312b72ae5a74aadd1e8825153e29846699dda576f9e"),
        Pin(
            "classify.stack", 1, "libm glibc 2.36 on avx2 fma, openblas 0.3.21 Zen",
            "290c7b5039d4b391ef449e61a7efee65174054abfd04bbf39bb785e4e511d124"),
        Pin("classify.vote", 1, "", "c27910ec5db7ee3962ec7ccbfb0b0aaaf893bd8cbdea3afe70bbd02edef7c9d3"),
        Pin(
            "evaluate.compare", 1, "libm glibc 2.36 on avx2 fma",
            "420a3371365414f0eef5176b3a4712bd20d3250fc963d57d0660be8248a997d7"),
        Pin("evaluate.importance", 1, "", "17968aaf29384eccc39d36484cdd969967fe6b2ee7f2bc26d0de2c013e5c3fa4"),
        Pin("classify.random_forest", 1, "", "71d67de4161f9b09b6a93ac7782f2e7b715746a5ce5e1541d1182ca23abc0095"),
        Pin(
            "classify.svm", 1, "libm glibc 2.36 on avx2 fma, libsvm 3.24, openblas 0.3.21 Zen",
            "01c6e8428380422c906774cf47fc89cf8bdc180eba883ad7c26f9ddf312532b2"),
        Pin(
            "classify.naive_bayes", 1, "libm glibc 2.36 on avx2 fma",
            "bad0ee236091502780456a610b3b8a472465e681ace5943c0345209ead767b69"),
        Pin(
            "classify.qda", 1, "libm glibc 2.36 on avx2 fma, openblas 0.3.21 Zen",
            "3e04360714ba4805515882092ddf5fdc1e6251eb5cc5b9cdbb0bce26ea021e3e"),
        Pin(
            "decompose.cp", 1, "openblas 0.3.21 Zen",
            "c3dbc91a852f1b5f5ec1bfd8c2fc554c2539cf68cbbd6c8c42edab117947691b"),
        Pin(
            "decompose.lda", 1, "libm glibc 2.36 on avx2 fma, openblas 0.3.21 Zen",
            "62fe67d8c5e10fd71c338617f2f682c6b0b2fda8e688cdfa48a2cbd076e1b704"),
        Pin(
            "decompose.nmf", 1, "libm glibc 2.36 on avx2 fma, openblas 0.3.21 Zen",
            "7186be876b10076c47e3dd09da4f6dbab6e90276f733f2c1b10e35a3f9b65c0a"),
        Pin(
            "decompose.partial_tucker", 1, "openblas 0.3.21 Zen",
            "d40407525e73e0633d951ebb26cb6bfc721ba82bcda0a37977b54efea77d7325"),
        Pin(
            "decompose.pca", 1, "openblas 0.3.21 Zen",
            "9c66d05d51fe2b0f821d0886e16c2e7563b4cdd0c9d51ee6c632d336d5f85f03"),
        Pin(
            "decompose.random_projection", 1, "libm glibc 2.36 on avx2 fma, openblas 0.3.21 Zen",
            "52ebf5a2c72f653832af9d0b9048312ce4d722e66acdf467d243c6c42868cf4b"),
        Pin(
            "decompose.truncated_svd", 1, "openblas 0.3.21 Zen",
            "395720c7bfbf511ca5a0a0de63b46986c53c1d74183a9283179ec515b9247e3f"),
        Pin(
            "decompose.tucker", 1, "openblas 0.3.21 Zen",
            "668eb0449e9bd32f6e99733f0ab7349e5c537e220d8046e8ed70aec6cf0afb98"),
        Pin(
            "evaluate.classification", 1, "libm glibc 2.36 on avx2 fma",
            "8f5be159a91e85cb42e99d4ccf18183007369beb1aa617594214b9907fa91173"),
        Pin(
            "evaluate.classification", 1, "libm glibc 2.36 on avx512f avx2 fma",
            "8f5be159a91e85cb42e99d4ccf18183007369beb1aa617594214b9907fa91173"),
        Pin("evaluate.regression", 1, "", "049b422ca078fd489136780b443304849a32bc2ded13edfb8adfee5fdc5db7e8"),
        Pin("features.bspline", 1, "", "1875a10b96ba9d42b04c3d195529b3e66acb7b784ef5b016d75781ed941c09b0"),
        Pin("files.media", 1, "", "e328eb029272ccd422e8cb2635c87ed4f645520aa55db6eda5bb779cf87e9296"),
        Pin("ravdess.clips", 2, "", "fa2e67f26d12813fd1a761de9cbefd4b13d9f7acb822b14c42c12dcdce58473f"),
        Pin("regress.dummy", 1, "", "ba9070211fbe3c30c64829d45753b837fd1141e8b1ed333067a8bd2c16ce3cd6"),
        Pin(
            "regress.ridge", 1, "openblas 0.3.21 Zen",
            "ea1432c7617a910f9949103abf42ed5509ee567fed5efb81859b060c8c1944c7"),
        Pin(
            "regress.svr", 1, "libm glibc 2.36 on avx2 fma, libsvm 3.24, openblas 0.3.21 Zen",
            "effe8fad25876c0c5100282c8fb73a1645e76ee7ad746ec6295d6d402e6fa5ba"),
        Pin("samples.concat", 1, "", "236b16ef6b44b67ab9dabac232ce8b4f2674203e842ae9706e110042de2e3bb9"),
        Pin("samples.join", 1, "", "b947520c8aabdd19338db77596de75b038924762d2ca8893aa5c05dd4cee6014"),
        Pin("samples.select", 1, "", "d170b7632d3a3c65b7680ef7438b8995f70ae74aa2f021c317af932d4de49a1e"),
        Pin("samples.stack", 1, "", "18d4f2f3d411554f72ce57fa42042986780ebb2fa132621778816309107613a9"),
        Pin("scale.minmax", 1, "", "cefad92ace1909682a434fcb609c627d655ea2a367ef64f8d765e26520ddb38a"),
        Pin("scale.standard", 1, "", "1036b7398234518f172d883749cee7b2b6ec2a60c44b983bff51fad86f0db306"),
        Pin("scale.standard as gather", 1, "", "0671f2dd5071d18095fe1d31e931da57184b5619fe439ed4277989759051a741"),
        Pin("split.by_column", 1, "", "42774bc003ffce333c57c8f2b463d6dc5a13f9f5d33ddb75c78fb340fc37a7de"),
        Pin("split.group_holdout", 1, "", "815e1dc5889418f6a5f02f864cc6b6120c4b78d1aa2a9bc83bd55506927abd02"),
        Pin("split.group_k_fold", 1, "", "ae4abf643c6987795d80c23da185fdd2feec48934b76c74514ddc0e656cd6182"),
        Pin("split.holdout", 1, "", "e6601d0111e2a6b23f09a2e7833aa4172f16b881b06dfc888e589ffa0ce66463"),
        Pin("split.k_fold", 1, "", "2083889d18775b0097ce1205a749d2b4798f3842013b2a78bc6bdcd12cca6882"),
        Pin("split.leave_one_group_out", 1, "", "7b061312c2a68106bdd4149e7e7cf1567bd7c4915a70d427640764068197d8fc"),
        Pin("table.csv", 1, "", "93053c8600d6721ed512d0922e1f2c95da69c96e845d3b5c10f388610afc145d"),
        Pin("table.npy", 1, "", "d94220dca59378fb938221e233d921e4003712ca9cc27ba359cca335d2257166"),
        Pin("tensor.concat", 1, "", "4bbb984d8f07e6875c9982f0fc0dca760bfb32810b555285cbd0ad0d2050bb20"),
        Pin("tensor.flatten", 1, "", "b82103eac61748eb693d00af3398a6916ac5485b42ec52cabc25e0ab109ec008"),
        Pin("tensor.summary", 1, "", "8b3a1a59e8a8054462631bf0a8b8764c3eb37da5885ec6dd44abc8b5b341df12"),
        Pin("video.crop", 1, "", "d7b8bd9252b82c1824f32e3ad84de7b60ebf9de3fe28bffeafef0103b1d82a73"),
        Pin(
            "video.decode", 1, "libav avcodec 59.37.100 avformat 59.27.100 swscale 6.7.100 avx2",
            "91151699c2355aab38d461918a661f43f34f988e458e21134e56381ffedcef36"),
        Pin("video.flip", 1, "", "943121ed3bbe3751c2a3ae4829565f72a18c01c39cb9bc1c490707d982179853"),
        Pin("video.gaussian", 1, "", "77f5b28db854e9315237533a9f8c2e3af32973a4f100e1c6224ff4d3b01bbf2a"),
        Pin(
            "video.gradients", 1, "libm glibc 2.36 on avx2 fma",
            "179c91646cb41acb148302cfa4a6379343bab588a55f0424812b02f579a6a70f"),
        Pin("video.grayscale", 1, "", "73c9b13a5c1f84cf57882f7720b8cb88dae9ac658d02d421e59f7e32a195105d"),
        Pin("video.hog", 1, "", "0a848bde1f7e64fe313d444a399a6c4f105c14857557d25bc8dff984a53480f1"),
        Pin(
            "video.hog3d", 1, "libm glibc 2.36 on avx2 fma",
            "acd4213b56aac29cd6e06e5e5f71da39223a6750d783199ccda9c81e74a04873"),
        Pin(
            "video.hog3d.cells", 1, "libm glibc 2.36 on avx2 fma",
            "0a5e32a1eb5f8d8267c2229e097103575383e195e440573675e715ee04d4cbdd"),
        Pin("video.hog3d.gray", 1, "", "467ef14d787019cf90da1de0f848bc1ebd9598dec9cdaa29335ac03578b77eb2"),
        Pin("video.interpolate", 1, "", "ed79fbbf121415fcea705f9bad4dc5ffacf51f83661241bbd24bc5b3616c44c4"),
        Pin("video.resize", 1, "", "67d18024ea7f6751057419fe394611aa716d50f64de63290ea889456397691f3"),
    ]
}
