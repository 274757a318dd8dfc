// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <map>
#include <sstream>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "io/dataset/dataset.hpp"
#include "io/dataset/sample_folder.hpp"
#include "io/recording/event_reader.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"
#include "tests/io/sound/wav_bytes.hpp"
#include "tests/reference_data.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace folder_dataset_test {
namespace {

// Encodings whose results say what they were given.
DatasetEncoding plain_encoding() {
  DatasetEncoding encoding;
  encoding.sound_channels = 1000;
  encoding.sound = [](std::span<const float> samples, double rate) {
    return SpikeTrain{{static_cast<double>(samples.size()), static_cast<std::uint32_t>(rate / 100.0)}};
  };
  encoding.image = [](std::span<const std::uint8_t> pixels) {
    SpikeTrain spikes;
    for (std::size_t i = 0; i < pixels.size(); ++i)
      if (pixels[i] > 0) spikes.push_back({256.0 - pixels[i], static_cast<std::uint32_t>(i)});
    std::sort(spikes.begin(), spikes.end());
    return spikes;
  };
  encoding.event_channels = [](PixelGrid sensor) { return sensor.width * sensor.height * 2; };
  encoding.events = [](std::span<const AddressEvent> events, PixelGrid sensor) {
    SpikeTrain spikes;
    for (const AddressEvent& event : events)
      spikes.push_back({static_cast<double>(event.t) / 1000.0,
                        event.x + sensor.width * (event.y + (event.on ? 0U : sensor.height))});
    return spikes;
  };
  return encoding;
}

std::string atis_bytes(const std::vector<AddressEvent>& events) {
  std::string bytes;
  for (const AddressEvent& e : events) {
    const auto t = static_cast<std::uint32_t>(e.t);
    for (const std::uint32_t byte :
         {std::uint32_t{e.x}, std::uint32_t{e.y}, (e.on ? 0x80U : 0U) | t >> 16U, t >> 8U & 0xffU, t & 0xffU})
      bytes += static_cast<char>(byte);
  }
  return bytes;
}

std::vector<AddressEvent> moving_dot(std::uint16_t size, std::int64_t start = 0) {
  std::vector<AddressEvent> events;
  for (int i = 0; i < 200; ++i)
    events.push_back({start + 100 * i, static_cast<std::uint16_t>(i % size),
                      static_cast<std::uint16_t>(i * 7 % size), i % 2 == 0});
  return events;
}

std::vector<std::string> labels_of(const Dataset& dataset) {
  std::vector<std::string> labels;
  for (const SampleEntry& entry : dataset.samples()) labels.push_back(dataset.classes()[entry.label]);
  return labels;
}

}  // namespace

TEST_CASE("a folder of spoken digits: class, speaker and number from names") {
  const TemporaryFolder folder;
  write_bytes(folder / "7_jackson_32.wav", wav_bytes({1, 2, 3}, 8000));
  write_bytes(folder / "10_anna_0.wav", wav_bytes({1, 2}, 16000));
  write_bytes(folder / "7_anna_1.wav", wav_bytes({1}, 8000));
  write_bytes(folder / "README.md", "about");
  const auto dataset = open_dataset(folder.path(), plain_encoding());
  CHECK(dataset->kind() == "sound");
  CHECK(dataset->channels() == 1000);
  CHECK(dataset->classes() == std::vector<std::string>{"7", "10"});
  CHECK(dataset->speakers() == std::vector<std::string>{"anna", "jackson"});
  REQUIRE(dataset->samples().size() == 3);
  CHECK(dataset->samples()[0] == SampleEntry{1, 0, "10_anna_0"});
  CHECK(dataset->samples()[2] == SampleEntry{0, 1, "7_jackson_32"});
  CHECK(dataset->read(2) == SpikeSample{{0.003}, {80}});
  CHECK(dataset->read(0) == SpikeSample{{0.002}, {160}});
  CHECK(contains(message_of<UsageError>([&] { (void)open_dataset(folder.path()); }), "holds sound"));
  write_bytes(folder / "seven.wav", wav_bytes({1}, 8000));
  CHECK(contains(message_of<FormatError>([&] { (void)open_dataset(folder.path(), plain_encoding()); }),
                 "seven.wav: the name tells no class; expected CLASS_SPEAKER_NUMBER"));
}

TEST_CASE("class folders of speech commands: background noise is none, names tell speakers") {
  const TemporaryFolder folder;
  for (const char* name : {"yes", "no", "_background_noise_"})
    std::filesystem::create_directories(folder / name);
  write_bytes(folder / "yes/0a7c_nohash_0.wav", wav_bytes({1}, 16000));
  write_bytes(folder / "yes/ff00_nohash_1.wav", wav_bytes({1}, 16000));
  write_bytes(folder / "no/0a7c_nohash_0.wav", wav_bytes({1}, 16000));
  write_bytes(folder / "_background_noise_/hum.wav", wav_bytes({1}, 16000));
  const auto dataset = open_dataset(folder.path(), plain_encoding());
  CHECK(dataset->classes() == std::vector<std::string>{"no", "yes"});
  CHECK(dataset->speakers() == std::vector<std::string>{"0a7c", "ff00"});
  CHECK(labels_of(*dataset) == std::vector<std::string>{"no", "yes", "yes"});
  CHECK(dataset->samples()[1].name == "yes/0a7c_nohash_0");
}

TEST_CASE("class folders of recordings: one sensor for all, times from the clock or the first event") {
  const TemporaryFolder folder;
  for (const char* name : {"5", "11"}) std::filesystem::create_directories(folder / name);
  write_bytes(folder / "5/1.bin", atis_bytes(moving_dot(8, 3000)));
  write_bytes(folder / "11/2.bin", atis_bytes(moving_dot(9)));
  DatasetEncoding encoding = plain_encoding();
  std::size_t told = 0;
  auto dataset = open_dataset(folder.path(), encoding, [&](std::size_t done, std::size_t) { told = done; });
  CHECK(told == 2);
  CHECK(dataset->kind() == "recordings");
  CHECK(dataset->classes() == std::vector<std::string>{"5", "11"});
  CHECK(labels_of(*dataset) == std::vector<std::string>{"11", "5"});
  CHECK(dataset->channels() == 9 * 9 * 2);
  SpikeSample sample = dataset->read(1);
  REQUIRE(sample.times.size() == 200);
  CHECK(sample.times[0] == 0.003);
  CHECK(sample.channels[1] == 1 + 9 * (7 + 9));
  encoding.from_first_event = true;
  encoding.sensor = {34, 34};
  dataset = open_dataset(folder.path(), encoding);
  CHECK(dataset->channels() == 34 * 34 * 2);
  sample = dataset->read(1);
  CHECK(sample.times[0] == 0.0);
  encoding.sensor = {8, 8};
  dataset = open_dataset(folder.path(), encoding);
  CHECK(
      contains(message_of<FormatError>([&] { (void)dataset->read(0); }), "beyond the sensor of 8x8 pixels"));
}

TEST_CASE("recordings whose clock started long ago need their first event as time 0") {
  const TemporaryFolder folder;
  for (const char* name : {"a", "b"}) {
    std::filesystem::create_directories(folder / name);
    write_recording(folder / name / "1.raw", "evt3", {8, 8}, moving_dot(8, 200'000'000));
  }
  DatasetEncoding encoding = plain_encoding();
  auto dataset = open_dataset(folder.path(), encoding);
  CHECK(dataset->channels() == 128);  // the header tells the sensor
  CHECK(contains(message_of<UsageError>([&] { (void)dataset->read(0); }), "starts at 200 s of its clock"));
  encoding.from_first_event = true;
  CHECK(open_dataset(folder.path(), encoding)->read(0).times[1] == 0.0001);
}

TEST_CASE("DVS128 Gesture: trials of a table, from start to before end, in any order, overlapping or not") {
  const TemporaryFolder folder;
  const std::vector<AddressEvent> events = moving_dot(128, 1'000'000);  // to 1,019,900 us
  write_recording(folder / "user01_led.raw", "evt3", {128, 128}, events);
  write_recording(folder / "user02_lab.raw", "evt3", {128, 128}, events);
  write_bytes(
      folder / "user01_led_labels.csv",
      "class,startTime_usec,endTime_usec\n1,1000000,1000300\n10,1000300,1000500\r\n2,1000400,1000600\n");
  write_bytes(folder / "user02_lab_labels.csv", "class,startTime_usec,endTime_usec\n2,1019000,9999999\n");
  const auto dataset = open_dataset(folder.path(), plain_encoding());
  CHECK(dataset->kind() == "gesture");
  CHECK(dataset->channels() == 128 * 128 * 2);
  CHECK(dataset->classes() == std::vector<std::string>{"1", "2", "10"});
  CHECK(labels_of(*dataset) == std::vector<std::string>{"1", "10", "2", "2"});
  CHECK(dataset->speakers() == std::vector<std::string>{"user01", "user02"});
  CHECK(dataset->samples()[1].name == "user01_led_1");
  const auto times = [&](std::size_t i) { return dataset->read(i).times; };
  const std::vector<double> first{0.0, 0.0001, 0.0002};
  CHECK(times(0) == first);
  CHECK(times(1) == std::vector<double>{0.0, 0.0001});
  CHECK(times(2) == std::vector<double>{0.0, 0.0001});  // overlaps the one before
  CHECK(times(3).size() == 10);
  CHECK(times(0) == first);  // and back
  write_bytes(folder / "user02_lab_labels.csv", "class,startTime_usec,endTime_usec\n2,x,1\n");
  CHECK(contains(message_of<FormatError>([&] { (void)open_dataset(folder.path(), plain_encoding()); }),
                 "user02_lab_labels.csv:2: 'x' is no whole number >= 0"));
  write_bytes(folder / "user02_lab_labels.csv", "class,start,end\n2,3\n");
  CHECK_THROWS_AS((void)open_dataset(folder.path(), plain_encoding()), FormatError);
  write_bytes(folder / "user03_labels.csv", "class,start,end\n");
  CHECK_THROWS_AS((void)open_dataset(folder.path(), plain_encoding()), FormatError);
}

TEST_CASE("IDX images beside their labels, alone or as a folder") {
  const TemporaryFolder folder;
  const std::string images = std::string("\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x03", 16) +
                             std::string("\x00\x10\x20\xff\x00\x01", 6);
  write_bytes(folder / "t10k-images-idx3-ubyte", images);
  CHECK(contains(message_of<FormatError>([&] { (void)open_dataset(folder.path(), plain_encoding()); }),
                 "no file of labels beside it; expected 't10k-labels-idx1-ubyte'"));
  write_bytes(folder / "t10k-labels-idx1-ubyte", std::string("\0\0\x08\x01\0\0\0\x02\x03\x01", 10));
  for (const std::filesystem::path& path : {folder.path(), folder / "t10k-images-idx3-ubyte"}) {
    const auto dataset = open_dataset(path, plain_encoding());
    CHECK(dataset->kind() == "images");
    CHECK(dataset->channels() == 3);
    CHECK(dataset->classes() == std::vector<std::string>{"0", "1", "2", "3"});
    CHECK(labels_of(*dataset) == std::vector<std::string>{"3", "1"});
    CHECK(dataset->read(1) == SpikeSample{{0.001, 0.255}, {0, 2}});
    CHECK(dataset->read(0) == SpikeSample{{0.224, 0.24}, {2, 1}});
  }
  write_bytes(folder / "train-images-idx3-ubyte", images);
  CHECK(contains(message_of<UsageError>([&] { (void)open_dataset(folder.path(), plain_encoding()); }),
                 "holds 2 files of images; name one of them"));
}

TEST_CASE("a cut file of images is refused as what it is") {
  const TemporaryFolder folder;
  write_bytes(folder / "x-images-idx3-ubyte",
              std::string("\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x03____", 20));
  for (const std::filesystem::path& path : {folder.path(), folder / "x-images-idx3-ubyte"}) {
    const std::string refusal = message_of<FormatError>([&] { (void)open_dataset(path, plain_encoding()); });
    CHECK(contains(refusal, "x-images-idx3-ubyte: the IDX header promises 2x1x3 bytes; the file holds 4"));
  }
}

TEST_CASE("DVS128 Gesture: a table without a line of names loses no trial") {
  const TemporaryFolder folder;
  write_recording(folder / "user01_led.raw", "evt3", {128, 128}, moving_dot(128, 1'000'000));
  write_bytes(folder / "user01_led_labels.csv", "1,1000000,1000300\n2,1000300,1000500\n");
  const auto dataset = open_dataset(folder.path(), plain_encoding());
  CHECK(labels_of(*dataset) == std::vector<std::string>{"1", "2"});
}

TEST_CASE("what is no data set is refused with what one is") {
  const TemporaryFolder folder;
  write_bytes(folder / "note.txt", "nothing here to see for anyone at all");
  CHECK(message_of<FormatError>([&] { (void)open_dataset(folder.path(), plain_encoding()); }) ==
        folder.path().string() +
            ": no data set: it holds no sound, no recordings and no IDX images (1 other files)");
  CHECK_THROWS_AS((void)open_dataset(folder / "note.txt", plain_encoding()), FormatError);
  CHECK(message_of<SystemError>([&] { (void)open_dataset(folder / "none", plain_encoding()); }) ==
        "there is no data set '" + (folder / "none").string() + "'");
}

TEST_CASE("N-MNIST: events of the first recordings as the list says, by class folder") {
  const std::filesystem::path list = reference_data() / "nmnist" / "list_train.csv";
  if (!std::filesystem::exists(list)) {
    MESSAGE("skipped: no " << list.string());
    return;
  }
  DatasetEncoding encoding = plain_encoding();
  encoding.sensor = {34, 34};
  const auto dataset = open_dataset(reference_data() / "nmnist" / "Train", encoding);
  std::map<std::string, std::pair<std::size_t, std::string>> expected;  // events, label
  std::ifstream lines(list);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::string file;
    std::string label;
    std::string events;
    std::getline(fields, file, ',');
    std::getline(fields, label, ',');
    std::getline(fields, events, ',');
    expected[file.substr(6, file.size() - 10)] = {std::stoul(events), label};  // without Train/ and .bin
  }
  CHECK(dataset->samples().size() == 1000);
  CHECK(dataset->channels() == 2312);
  CHECK(dataset->classes().size() == 10);
  SpikeSample sample;
  for (std::size_t i = 0; i < dataset->samples().size(); i += 5) {
    const SampleEntry& entry = dataset->samples()[i];
    dataset->read(i, sample);
    REQUIRE(expected.count(entry.name) == 1);
    CHECK(sample.times.size() == expected[entry.name].first);
    CHECK(dataset->classes()[entry.label] == expected[entry.name].second);
    CHECK(sample.times.back() < 0.4);
  }
}

}  // namespace folder_dataset_test
