// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/dataset/public_datasets.hpp"

#include <array>

namespace flurry {
namespace {

constexpr std::array mnist{
    PublicFile{"train-images-idx3-ubyte.gz",
               "https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz",
               "f68b3c2dcbeaaa9fbdd348bbdeb94873", 9912422},
    PublicFile{"train-labels-idx1-ubyte.gz",
               "https://ossci-datasets.s3.amazonaws.com/mnist/train-labels-idx1-ubyte.gz",
               "d53e105ee54ea40749a09fcbcd1e9432", 28881},
    PublicFile{"t10k-images-idx3-ubyte.gz",
               "https://ossci-datasets.s3.amazonaws.com/mnist/t10k-images-idx3-ubyte.gz",
               "9fb629c4189551a2d022fa330f9573f3", 1648877},
    PublicFile{"t10k-labels-idx1-ubyte.gz",
               "https://ossci-datasets.s3.amazonaws.com/mnist/t10k-labels-idx1-ubyte.gz",
               "ec29112dd5afa0611ce80d1b7f02629c", 4542},
};

constexpr std::array fashion_mnist{
    PublicFile{"train-images-idx3-ubyte.gz",
               "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/train-images-idx3-ubyte.gz",
               "8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26421880},
    PublicFile{"train-labels-idx1-ubyte.gz",
               "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/train-labels-idx1-ubyte.gz",
               "25c81989df183df01b3e8a0aad5dffbe", 29515},
    PublicFile{"t10k-images-idx3-ubyte.gz",
               "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/t10k-images-idx3-ubyte.gz",
               "bef4ecab320f06d8554ea6380940ec79", 4422102},
    PublicFile{"t10k-labels-idx1-ubyte.gz",
               "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/t10k-labels-idx1-ubyte.gz",
               "bb300cfdad3c16e7a12a480ee83cd310", 5148},
};

constexpr std::array shd{
    PublicFile{"shd_train.h5.zip", "https://zenkelab.org/datasets/shd_train.h5.zip",
               "f3252aeb598ac776c1b526422d90eecb"},
    PublicFile{"shd_test.h5.zip", "https://zenkelab.org/datasets/shd_test.h5.zip",
               "1503a5064faa34311c398fb0a1ed0a6f"},
};

constexpr std::array ssc{
    PublicFile{"ssc_train.h5.zip", "https://zenkelab.org/datasets/ssc_train.h5.zip",
               "d102be95e7144fcc0553d1f45ba94170"},
    PublicFile{"ssc_valid.h5.zip", "https://zenkelab.org/datasets/ssc_valid.h5.zip",
               "b4eee3516a4a90dd0c71a6ac23a8ae43"},
    PublicFile{"ssc_test.h5.zip", "https://zenkelab.org/datasets/ssc_test.h5.zip",
               "a35ff1e9cffdd02a20eb850c17c37748"},
};

constexpr std::array n_mnist{
    PublicFile{"Train.zip",
               "https://data.mendeley.com/public-files/datasets/468j46mzdv/files/"
               "39c25547-014b-4137-a934-9d29fa53c7a0/file_downloaded",
               "20959b8e626244a1b502305a9e6e2031"},
    PublicFile{"Test.zip",
               "https://data.mendeley.com/public-files/datasets/468j46mzdv/files/"
               "05a4d654-7e03-4c15-bdfa-9bb2bcbea494/file_downloaded",
               "69ca8762b2fe404d9b9bad1103e97832"},
};

constexpr std::array n_caltech101{
    PublicFile{"N-Caltech101-archive.zip",
               "https://data.mendeley.com/public-files/datasets/cy6cvx3ryv/files/"
               "36b5c52a-b49d-4853-addb-a836a8883e49/file_downloaded",
               "66201824eabb0239c7ab992480b50ba3"},
};

constexpr std::array n_cars{
    PublicFile{"Prophesee_Dataset_n_cars.zip",
               "http://www.prophesee.ai/resources/Prophesee_Dataset_n_cars.zip",
               "553ce464d6e5e617b3c21ce27c19368e"},
};

constexpr std::array dvs_gesture{
    PublicFile{"DvsGesture.tar.gz", "https://ibm.ent.box.com/s/3hiq58ww1pbbjrinh367ykfdf60xsfm8",
               "8a5c71fb11e24e5ca5b11866ca6c00a1"},
};

constexpr std::array spoken_digits{
    PublicFile{"free-spoken-digit-dataset-1.0.10.tar.gz",
               "https://github.com/Jakobovski/free-spoken-digit-dataset/archive/refs/tags/v1.0.10.tar.gz",
               ""},
};

constexpr std::array speech_commands{
    PublicFile{"speech_commands_v0.02.tar.gz",
               "http://download.tensorflow.org/data/speech_commands_v0.02.tar.gz",
               "af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58", 2428923189},
};

constexpr std::array sets{
    PublicDataset{"mnist", "MNIST, handwritten digits", "http://yann.lecun.com/exdb/mnist",
                  "read as they are", false, mnist},
    PublicDataset{"fashion-mnist", "Fashion-MNIST, clothes",
                  "https://github.com/zalandoresearch/fashion-mnist", "read as they are", false,
                  fashion_mnist},
    PublicDataset{"shd", "Spiking Heidelberg Digits",
                  "https://zenkelab.org/resources/spiking-heidelberg-datasets-shd", "unzip", false, shd},
    PublicDataset{"ssc", "Spiking Speech Commands",
                  "https://zenkelab.org/resources/spiking-heidelberg-datasets-shd", "unzip", false, ssc},
    PublicDataset{"n-mnist", "N-MNIST, digits seen by an event camera",
                  "https://www.garrickorchard.com/datasets/n-mnist", "unzip", false, n_mnist},
    PublicDataset{"n-caltech101", "N-Caltech101, objects seen by an event camera",
                  "https://www.garrickorchard.com/datasets/n-caltech101", "unzip, then the archive within",
                  false, n_caltech101},
    PublicDataset{"n-cars", "N-CARS, cars and background seen by an event camera",
                  "https://www.prophesee.ai/dataset-n-cars-download", "unzip, then the archives within",
                  false, n_cars},
    PublicDataset{"dvs-gesture", "DVS128 Gesture, gestures seen by an event camera",
                  "https://research.ibm.com/interactive/dvsgesture", "tar xzf", true, dvs_gesture},
    PublicDataset{"spoken-digits", "Free Spoken Digit Dataset (WAV)",
                  "https://github.com/Jakobovski/free-spoken-digit-dataset", "tar xzf, then its recordings",
                  false, spoken_digits},
    PublicDataset{"speech-commands", "Speech Commands 0.02 (WAV)", "https://arxiv.org/abs/1804.03209",
                  "tar xzf into a folder of its own", false, speech_commands},
};

}  // namespace

std::span<const PublicDataset> public_datasets() { return sets; }

}  // namespace flurry
