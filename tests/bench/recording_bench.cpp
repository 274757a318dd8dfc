// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// Reading recordings, timed: see README.md beside this file for what is measured and what it gave.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "io/recording/event_reader.hpp"
#include "io/recording/raw_header.hpp"

namespace flurry::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t input_bytes = std::size_t{96} << 20U;

/// Files that are removed at the end.
class InputFolder {
 public:
  InputFolder()
      : path_(fs::temp_directory_path() / ("flurry_recording_bench_" + std::to_string(std::rand()))) {
    fs::create_directories(path_);
  }
  InputFolder(const InputFolder&) = delete;
  InputFolder& operator=(const InputFolder&) = delete;
  ~InputFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] fs::path file(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

/// A real recording below $FLURRY_DATA, else ../shared/data; none if it is not there.
fs::path real_recording(const std::string& name) {
  const char* folder = std::getenv("FLURRY_DATA");
  const fs::path path = (folder != nullptr ? fs::path(folder) : fs::path("../shared/data")) / name;
  return fs::exists(path) ? path : fs::path();
}

/// Where a real recording is missing: a million pixels of a 640x480 sensor, four to a microsecond.
void write_made_up(const fs::path& path, const std::string& format) {
  std::vector<AddressEvent> events;
  events.reserve(1'000'000);
  for (std::uint32_t i = 0; i < 1'000'000; ++i)
    events.push_back({i / 4, static_cast<std::uint16_t>(i * 2654435761U % 640),
                      static_cast<std::uint16_t>(i * 40503U / 7 % 480), i % 3 == 0});
  write_recording(path, format, {640, 480}, events);
}

/// The recording with its body over and over: the clock falls back at each seam.
const fs::path& repeated(const std::string& name, const std::string& format) {
  static const InputFolder folder;
  static std::map<std::string, fs::path> made;
  fs::path& path = made[name];
  if (!path.empty()) return path;
  path = folder.file(std::to_string(made.size()) + "." + format);
  fs::path source = real_recording(name);
  if (source.empty()) {
    source = folder.file("made_up." + format);
    write_made_up(source, format);
  }
  std::ifstream file(source, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const std::size_t body = parse_raw_header(bytes).bytes + (format == "dat" ? 2 : 0);
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  for (std::size_t size = bytes.size(); size < input_bytes; size += bytes.size() - body)
    out << bytes.substr(body);
  return path;
}

void stream(benchmark::State& state, const fs::path& path, const std::string& format) {
  const auto threads = static_cast<std::size_t>(state.range(0));
  std::vector<AddressEvent> block(std::size_t{1} << (threads > 1 ? 17U : 16U));
  std::size_t events = 0;
  for ([[maybe_unused]] auto _ : state) {
    const auto reader = recognise_recording(path, format).open(path, {}, threads);
    while (const std::size_t got = reader->read(block)) events += got;
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
}

void fresh(benchmark::State& state, const fs::path& path, const std::string& format) {
  std::size_t events = 0;
  for ([[maybe_unused]] auto _ : state)
    events += read_recording(path, format, {}, static_cast<std::size_t>(state.range(0))).events.size();
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
}

void read_evt2(benchmark::State& s) { stream(s, repeated("events/evt2/evt2_sample.raw", "evt2"), "evt2"); }
void read_evt21(benchmark::State& s) {
  stream(s, repeated("events/derived/evt21_little.raw", "evt2"), "evt21");
}
void read_evt3(benchmark::State& s) { stream(s, repeated("events/evt3/evt3_sample.raw", "evt3"), "evt3"); }
void read_evt3_sparse(benchmark::State& s) {
  stream(s, repeated("events/derived/evt3_trigger_640.raw", "evt3"), "evt3");
}
void read_dat(benchmark::State& s) {
  stream(s, repeated("events/dat/MNIST_ev_0_1_td_2021-04.dat", "dat"), "dat");
}
void read_atis(benchmark::State& s) { stream(s, repeated("nmnist/sample_nmnist.bin", "atis"), "atis"); }
void read_ecf(benchmark::State& s) {
  const fs::path path = real_recording("events/derived/metavision_ecf.h5");
  if (path.empty())
    s.SkipWithError("there is no metavision_ecf.h5");
  else
    stream(s, path, "prophesee-hdf5");
}
void fresh_evt2(benchmark::State& s) { fresh(s, repeated("events/evt2/evt2_sample.raw", "evt2"), "evt2"); }
void fresh_evt3(benchmark::State& s) { fresh(s, repeated("events/evt3/evt3_sample.raw", "evt3"), "evt3"); }
void fresh_dat(benchmark::State& s) {
  fresh(s, repeated("events/dat/MNIST_ev_0_1_td_2021-04.dat", "dat"), "dat");
}

BENCHMARK(read_evt2)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_evt21)->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_evt3)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_evt3_sparse)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_dat)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_atis)->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_ecf)->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(fresh_evt2)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(fresh_evt3)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(fresh_dat)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace flurry::bench
