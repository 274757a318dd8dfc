// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>
#include <set>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "io/dataset/shd_dataset.hpp"
#include "io/recording/event_reader.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"
#include "tests/io/sound/wav_bytes.hpp"
#include "tests/reference_data.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/dataset/dataset_copy.hpp"
#include "tools/dataset/dataset_info.hpp"
#include "tools/dataset/dataset_split.hpp"
#include "tools/dataset/encoding_options.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace dataset_test {
namespace {

// 2 digits x 2 speakers x 10 recordings of one spike each, on channel = number of the recording.
void write_digits(const std::filesystem::path& path) {
  ShdWriter writer(path, 10, {"zero", "one"}, {"anna", "bert"});
  for (std::uint32_t label = 0; label < 2; ++label)
    for (std::uint32_t speaker = 0; speaker < 2; ++speaker)
      for (std::uint32_t i = 0; i < 10; ++i)
        writer.write({label, speaker,
                      std::to_string(label) + (speaker == 0 ? "_anna_" : "_bert_") + std::to_string(i)},
                     {{0.25 + 0.5 * label}, {i}});
  writer.close();
}

std::string spoken(double frequency) {
  std::vector<std::int16_t> values(2400);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<std::int16_t>(
        8000.0 * std::sin(2.0 * std::numbers::pi * frequency * static_cast<double>(i) / 8000.0));
  return wav_bytes(values, 8000);
}

int flurry_dataset(std::vector<std::string> words) {
  words.insert(words.begin(), "dataset");
  words.emplace_back("--quiet");
  return run_words(words, all_verbs());
}

}  // namespace

TEST_CASE("split: folds share nothing and miss nothing; validation takes from what is left") {
  const TemporaryFolder folder;
  write_digits(folder / "a.h5");
  const ShdDataset dataset(folder / "a.h5");
  std::vector<int> times(dataset.samples().size());
  for (std::uint32_t fold = 0; fold < 5; ++fold) {
    const std::vector<bool> test = split_by_fold(dataset, 5, fold, 3);
    CHECK(std::count(test.begin(), test.begin() + 20, true) == 4);
    const std::vector<bool> validation = split_for_validation(dataset, test, 0.25, 3);
    CHECK(std::count(validation.begin(), validation.begin() + 20, true) == 4);
    for (std::size_t i = 0; i < test.size(); ++i) {
      times[i] += test[i] ? 1 : 0;
      CHECK_FALSE((test[i] && validation[i]));
    }
  }
  CHECK(std::all_of(times.begin(), times.end(), [](int t) { return t == 1; }));
  const std::vector<bool> nobody(dataset.samples().size());
  CHECK(split_for_validation(dataset, nobody, 0.0, 1) == nobody);
}

TEST_CASE("split: by fraction each class gives its share, the seed decides which") {
  const TemporaryFolder folder;
  write_digits(folder / "a.h5");
  const ShdDataset dataset(folder / "a.h5");
  const std::vector<bool> first = split_by_fraction(dataset, 0.25, 1);
  CHECK(first == split_by_fraction(dataset, 0.25, 1));
  CHECK(first != split_by_fraction(dataset, 0.25, 2));
  CHECK(std::count(first.begin(), first.begin() + 20, true) == 5);
  CHECK(std::count(first.begin() + 20, first.end(), true) == 5);
  CHECK_THROWS_AS((void)split_by_fraction(dataset, 1.0, 1), UsageError);
  CHECK_THROWS_AS((void)split_by_fraction(dataset, std::nan(""), 1), UsageError);
  CHECK(contains(message_of<UsageError>([&] { (void)split_by_fraction(dataset, 0.001, 1); }),
                 "puts 0 of 40 samples on the side of the test"));
}

TEST_CASE("split: by speaker, by number of the recording") {
  const TemporaryFolder folder;
  write_digits(folder / "a.h5");
  const ShdDataset dataset(folder / "a.h5");
  const std::vector<bool> held = split_by_speaker(dataset, {"bert"});
  const std::vector<bool> official = split_by_recording(dataset);
  for (std::size_t i = 0; i < 40; ++i) {
    CHECK(held[i] == (i / 10 % 2 == 1));
    CHECK(official[i] == (i % 10 < 5));
  }
  CHECK(contains(message_of<UsageError>([&] { (void)split_by_speaker(dataset, {"brt"}); }),
                 "did you mean 'bert'"));
  CHECK_THROWS_AS((void)split_by_speaker(dataset, {"anna", "bert"}), UsageError);
  ShdWriter writer(folder / "b.h5", 1, {"a"}, {});
  writer.write({0, {}, "nameless"}, {});
  writer.close();
  const ShdDataset nameless(folder / "b.h5");
  CHECK_THROWS_AS((void)split_by_recording(nameless), UsageError);
  CHECK_THROWS_AS((void)split_by_speaker(nameless, {"a"}), UsageError);
}

TEST_CASE("dataset split writes two files that share no sample and lose none") {
  const TemporaryFolder folder;
  write_digits(folder / "a.h5");
  const std::string stem = (folder / "part").string();
  REQUIRE(flurry_dataset({"split", (folder / "a.h5").string(), "-o", stem, "--test", "0.3"}) == 0);
  ShdDataset train(stem + "_train.h5");
  ShdDataset test(stem + "_test.h5");
  CHECK(train.samples().size() == 28);
  CHECK(test.samples().size() == 12);
  std::set<std::string> names;
  for (const ShdDataset* set : {&train, &test})
    for (const SampleEntry& entry : set->samples()) CHECK(names.insert(entry.name).second);
  CHECK(names.size() == 40);
  CHECK(train.classes() == test.classes());
  CHECK(train.channels() == 10);
  REQUIRE(flurry_dataset({"split", (folder / "a.h5").string(), "-o", stem, "--official", "--list"}) == 0);
  CHECK(bytes_of(stem + "_test.txt").starts_with("0_anna_0\n0_anna_1\n"));
  CHECK(flurry_dataset({"split", (folder / "a.h5").string(), "-o", stem, "--official", "--test", "0.2"}) ==
        ExitCode::usage);
}

TEST_CASE("dataset split and encode never write over the data set they read") {
  const TemporaryFolder folder;
  write_digits(folder / "a_train.h5");
  const std::string bytes = bytes_of(folder / "a_train.h5");
  const std::string input = (folder / "a_train.h5").string();
  CHECK(flurry_dataset({"split", input, "-o", (folder / "a").string()}) == ExitCode::usage);
  CHECK(flurry_dataset({"encode", input, "-o", (folder / "." / "a_train.h5").string()}) == ExitCode::usage);
  CHECK(bytes_of(folder / "a_train.h5") == bytes);
  CHECK_FALSE(std::filesystem::exists(folder / "a_test.h5"));
}

TEST_CASE("dataset info: what ends before time 0 is not said to end there") {
  const TemporaryFolder folder;
  ShdWriter writer(folder / "a.h5", 1, {"a"}, {});
  writer.write({0, {}, "early"}, {{-2.0, -1.0}, {0, 0}});
  writer.close();
  ShdDataset dataset(folder / "a.h5");
  CHECK(dataset_info(dataset, {}).at("duration_s", "").at("max", "").number("") == -1.0);
}

TEST_CASE("dataset info counts samples, classes, speakers, spikes and durations") {
  const TemporaryFolder folder;
  write_digits(folder / "a.h5");
  ShdDataset dataset(folder / "a.h5");
  const Document info = dataset_info(dataset, {});
  CHECK(info.at("samples", "").integer("") == 40);
  CHECK(info.at("channels_used", "").integer("") == 10);
  CHECK(info.at("spikes", "").integer("") == 40);
  CHECK(info.at("spikes_per_sample", "").at("mean", "").number("") == 1.0);
  CHECK(info.at("duration_s", "").at("mean", "").number("") == 0.5);
  CHECK(info.at("duration_s", "").at("max", "").number("") == 0.75);
  CHECK(info.at("classes", "").array("")[1].at("name", "").text("") == "one");
  CHECK(info.at("classes", "").array("")[1].at("samples", "").integer("") == 20);
  CHECK(contains(dataset_info_text(info), "2: anna (20), bert (20)"));
  CHECK(run_words({"dataset", "info", (folder / "a.h5").string(), "--json"}, all_verbs()) == 0);
  ShdWriter(folder / "none.h5", 5, {}, {}).close();
  ShdDataset none(folder / "none.h5");
  CHECK(contains(dataset_info_text(dataset_info(none, {})), "0 samples"));
}

TEST_CASE("dataset encode: a folder of sound becomes a file in the layout of SHD") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "wav");
  write_bytes(folder / "wav/1_anna_0.wav", spoken(300.0));
  write_bytes(folder / "wav/2_anna_0.wav", spoken(2500.0));
  const std::string out = (folder / "a.h5").string();
  REQUIRE(flurry_dataset({"encode", (folder / "wav").string(), "-o", out, "--channels", "64"}) == 0);
  ShdDataset dataset(out);
  CHECK(dataset.channels() == 64);
  CHECK(dataset.classes() == std::vector<std::string>{"1", "2"});
  const auto mean_channel = [&](std::size_t i) {
    const SpikeSample sample = dataset.read(i);
    REQUIRE(sample.channels.size() > 20);
    double sum = 0.0;
    for (const std::uint32_t channel : sample.channels) sum += channel;
    return sum / static_cast<double>(sample.channels.size());
  };
  CHECK(mean_channel(0) < 25.0);
  CHECK(mean_channel(1) > 45.0);
  const std::string again = (folder / "b.h5").string();
  REQUIRE(flurry_dataset({"encode", (folder / "wav").string(), "-o", again, "--channels", "64"}) == 0);
  CHECK(bytes_of(out) == bytes_of(again));
  REQUIRE(flurry_dataset({"encode", out, "-o", again}) == 0);  // what is encoded stays as it is
  CHECK(bytes_of(out) == bytes_of(again));
  CHECK(flurry_dataset({"encode", (folder / "wav").string(), "-o", out, "--highest", "5 kHz"}) ==
        ExitCode::usage);
  CHECK(flurry_dataset({"encode", (folder / "wav").string(), "-o", out, "--channels", "0"}) ==
        ExitCode::usage);
  CHECK(bytes_of(out) == bytes_of(again));  // an older file stays
}

TEST_CASE("dataset encode: recordings by pixel and polarity, downsampled where asked for") {
  const TemporaryFolder folder;
  const std::vector<AddressEvent> events{{1000, 0, 0, true}, {2000, 3, 1, false}, {3000, 2, 3, true}};
  for (const char* name : {"a", "b"}) {
    std::filesystem::create_directories(folder / "set" / name);
    write_recording(folder / "set" / name / "1.raw", "evt3", {4, 4}, events);
  }
  const std::string out = (folder / "a.h5").string();
  const std::string in = (folder / "set").string();
  REQUIRE(flurry_dataset({"encode", in, "-o", out}) == 0);
  ShdDataset plain(out);
  CHECK(plain.channels() == 32);
  CHECK(plain.read(1).channels == std::vector<std::uint32_t>{0, 7 + 16, 14});
  CHECK(plain.read(1).times[1] == static_cast<double>(0.002F));
  REQUIRE(flurry_dataset(
              {"encode", in, "-o", out, "--factor", "2", "--polarity", "merge", "--from-first-event"}) == 0);
  ShdDataset merged(out);
  CHECK(merged.channels() == 4);
  CHECK(merged.read(0).channels == std::vector<std::uint32_t>{0, 1, 3});
  CHECK(merged.read(0).times[0] == 0.0);
  CHECK(flurry_dataset({"encode", in, "-o", out, "--sensor", "4by4"}) == ExitCode::usage);
}

TEST_CASE("dataset: parts have help, unknown ones are refused with the choice") {
  CHECK(run_words({"dataset"}, all_verbs()) == 0);
  CHECK(run_words({"dataset", "--help"}, all_verbs()) == 0);
  CHECK(run_words({"dataset", "encode", "--help"}, all_verbs()) == 0);
  CHECK(run_words({"dataset", "encod"}, all_verbs()) == ExitCode::usage);
  CHECK(run_words({"dataset", "fetch"}, all_verbs()) == 0);
}

TEST_CASE("images by latency code: Fashion-MNIST as in the 2021 study") {
  const std::filesystem::path images =
      reference_data() / "images" / "fashion-mnist" / "train-images-idx3-ubyte.gz";
  if (!std::filesystem::exists(images)) {
    MESSAGE("skipped: no " << images.string());
    return;
  }
  const std::unique_ptr<Dataset> dataset = open_encoded(images, {}, false);
  CHECK(dataset->samples().size() == 60000);
  CHECK(dataset->channels() == 784);
  CHECK(dataset->classes().size() == 10);
  SpikeSample sample;
  for (std::size_t i = 0; i < 300; ++i) {
    dataset->read(i, sample);
    CHECK(std::is_sorted(sample.times.begin(), sample.times.end()));
    if (sample.times.empty()) continue;
    CHECK(sample.times.front() >= 0.02 * std::log(1.0 / 0.8) - 1e-12);
    CHECK(sample.times.back() < 0.0791);
    CHECK(std::set<std::uint32_t>(sample.channels.begin(), sample.channels.end()).size() ==
          sample.channels.size());
  }
}

TEST_CASE("spoken digits: several thousand spikes each, over most channels") {
  const std::vector<std::filesystem::path> files = reference_files("speech/recordings", {"_7.wav"});
  if (files.empty()) return;
  const TemporaryFolder folder;
  for (std::size_t i = 0; i < files.size(); i += 10)
    std::filesystem::copy(files[i], folder / files[i].filename().string());
  const std::unique_ptr<Dataset> dataset = open_encoded(folder.path(), {}, false);
  const Document info = dataset_info(*dataset, {});
  const double mean = info.at("spikes_per_sample", "").at("mean", "").number("");
  CHECK(mean > 2000.0);
  CHECK(mean < 10000.0);
  CHECK(info.at("channels_used", "").integer("") > 600);
}

}  // namespace dataset_test
