// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// Reading and writing AEDAT 4, timed: see README.md beside this file for what is measured and what it gave.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "io/recording/aedat4_header.hpp"
#include "io/recording/event_reader.hpp"

namespace flurry::bench {
namespace {

constexpr std::size_t repeated_bytes = 100'000'000;

std::filesystem::path real_recording() {
  const char* folder = std::getenv("FLURRY_DATA");
  return std::filesystem::path(folder != nullptr ? folder : "../shared/data") /
         "events/aedat4/dvxplorer_sample.aedat4";
}

/// The packets of a real recording again and again, up to 100 MB, in a file that is removed at the end.
class RepeatedRecording {
 public:
  explicit RepeatedRecording(const std::filesystem::path& original)
      : path_(std::filesystem::temp_directory_path() / "flurry_aedat_bench.aedat4") {
    std::ifstream file(original, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    ByteSource source(original);
    const Aedat4Header header = take_aedat4_header(source);
    const auto start = static_cast<std::size_t>(source.offset());
    const std::string packets = bytes.substr(start, static_cast<std::size_t>(header.table) - start);
    std::ofstream repeated(path_, std::ios::binary);
    repeated << bytes.substr(0, start);
    for (std::size_t size = 0; size < repeated_bytes; size += packets.size()) repeated << packets;
  }
  RepeatedRecording(const RepeatedRecording&) = delete;
  RepeatedRecording& operator=(const RepeatedRecording&) = delete;
  ~RepeatedRecording() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void read_aedat4_lz4(benchmark::State& state) {
  if (!std::filesystem::exists(real_recording())) {
    state.SkipWithError("no reference data; set FLURRY_DATA");
    return;
  }
  const RepeatedRecording recording(real_recording());
  std::vector<AddressEvent> events(65536);
  std::size_t count = 0;
  for ([[maybe_unused]] auto _ : state) {
    const std::unique_ptr<EventReader> reader = recognise_recording(recording.path()).open(recording.path());
    while (const std::size_t got = reader->read(events)) {
      benchmark::DoNotOptimize(events.data());
      count += got;
    }
  }
  state.counters["events"] = benchmark::Counter(static_cast<double>(count), benchmark::Counter::kIsRate);
}
BENCHMARK(read_aedat4_lz4)->Unit(benchmark::kMillisecond)->Iterations(5);

void write_aedat4(benchmark::State& state) {
  if (!std::filesystem::exists(real_recording())) {
    state.SkipWithError("no reference data; set FLURRY_DATA");
    return;
  }
  const EventRecording recording = read_recording(real_recording());
  const auto path = std::filesystem::temp_directory_path() / "flurry_aedat_bench_written.aedat4";
  for ([[maybe_unused]] auto _ : state) write_recording(path, "aedat4", recording.sensor, recording.events);
  std::filesystem::remove(path);
  state.counters["events"] = benchmark::Counter(
      static_cast<double>(recording.events.size() * state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(write_aedat4)->Unit(benchmark::kMillisecond)->Iterations(20);

}  // namespace
}  // namespace flurry::bench
