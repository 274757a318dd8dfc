// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/checkpoint/checkpoint_file.hpp"

#include <array>

#include "core/base/error.hpp"
#include "io/checkpoint/checkpoint_bytes.hpp"
#include "io/compression/checksum.hpp"
#include "io/recording/output_file.hpp"
#include "io/text/text_file.hpp"

namespace flurry {
namespace {

constexpr std::string_view magic =
    "\x89"
    "FLURRY\n";
constexpr std::uint32_t layout_version = 2;
constexpr std::size_t name_size = 16;
constexpr std::uint64_t most_ranks = 1'000'000;

// Names a section, and what its bytes must be.
struct SectionHead {
  std::array<char, name_size> name{};
  std::uint64_t size = 0;
  std::uint32_t checksum = 0;  // of name, size and content
  std::uint32_t zero = 0;
};
struct FileHead {
  std::array<char, 8> magic{};
  std::uint32_t version = 0;
  std::uint32_t checksum = 0;  // of magic and version
};

template <class T>
std::string_view bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}
template <class T>
std::string_view bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

std::uint32_t checksum_of(const SectionHead& head, std::string_view content, std::string_view bulk = {}) {
  const std::string_view named = bytes_of(head).substr(0, name_size + sizeof head.size);
  return crc32_of(bulk, crc32_of(content, crc32_of(named)));
}

void append(OutputFile& file, std::string_view name, const std::string& content, std::string_view bulk = {}) {
  SectionHead head;
  std::copy(name.begin(), name.end(), head.name.begin());
  head.size = content.size() + bulk.size();
  head.checksum = checksum_of(head, content, bulk);
  file.append(bytes_of(head));
  file.append(content);
  file.append(bulk);
}

std::string run_bytes(const Checkpoint& checkpoint) {
  CheckpointWriter out;
  out.text(checkpoint.version);
  out.number(checkpoint.fingerprint);
  out.number(checkpoint.number);
  out.number(checkpoint.dropped);
  out.number(std::uint64_t{checkpoint.rank});
  out.number(std::uint64_t{checkpoint.ranks});
  out.number(std::uint64_t{checkpoint.earlier.size()});
  for (const std::uint64_t ranks : checkpoint.earlier) out.number(ranks);
  out.text(checkpoint.network_text);
  out.number(std::uint64_t{checkpoint.run.size()});
  for (const auto& [name, value] : checkpoint.run) {
    out.text(name);
    out.text(value);
  }
  out.number(std::uint64_t{checkpoint.outputs.size()});
  for (const OutputPosition& output : checkpoint.outputs) {
    out.text(output.name);
    out.number(output.bytes);
  }
  return out.bytes();
}

void read_run(CheckpointReader in, Checkpoint& checkpoint) {
  checkpoint.version = in.text();
  checkpoint.fingerprint = in.natural();
  checkpoint.number = in.natural();
  checkpoint.dropped = in.natural();
  const std::uint64_t rank = in.natural();
  const std::uint64_t ranks = in.natural();
  if (rank >= ranks || ranks > most_ranks)
    throw FormatError("it is of rank " + std::to_string(rank) + " of " + std::to_string(ranks));
  checkpoint.rank = static_cast<std::uint32_t>(rank);
  checkpoint.ranks = static_cast<std::uint32_t>(ranks);
  checkpoint.earlier = in.naturals(in.count(sizeof(std::uint64_t)));
  for (const std::uint64_t before : checkpoint.earlier)
    if (before == 0 || before > most_ranks)
      throw FormatError("it goes on from a leg of " + std::to_string(before) + " ranks");
  checkpoint.network_text = in.text();
  for (std::uint64_t left = in.count(16); left > 0; --left) {
    std::string name = in.text();
    checkpoint.run.emplace_back(std::move(name), in.text());
  }
  for (std::uint64_t left = in.count(16); left > 0; --left) {
    std::string name = in.text();
    checkpoint.outputs.push_back({std::move(name), in.natural()});
  }
  in.expect_end();
}

std::string engine_bytes(const EngineState& state) {
  CheckpointWriter out;
  for (const double time : {state.reached_ms, state.now, state.done_before, state.point}) out.number(time);
  out.number(state.windows);
  for (const auto* list : {&state.sent, &state.samples}) {
    out.number(std::uint64_t{list->size()});
    for (const std::uint64_t value : *list) out.number(value);
  }
  out.number(std::uint64_t{state.populations.size()});
  return out.bytes();
}

// Returns how many populations follow.
std::uint64_t read_engine(CheckpointReader in, EngineState& state) {
  for (double* time : {&state.reached_ms, &state.now, &state.done_before, &state.point}) *time = in.real();
  state.windows = in.natural();
  for (auto* list : {&state.sent, &state.samples}) *list = in.naturals(in.count(sizeof(std::uint64_t)));
  const std::uint64_t populations = in.natural();
  in.expect_end();
  return populations;
}

std::string population_bytes(const PopulationState& population) {
  CheckpointWriter out;
  for (const auto field : Tally::fields()) out.number(population.counts.*field);
  out.number(std::uint64_t{population.words});
  out.number(std::uint64_t{population.values.size()});
  return out.bytes();
}

PopulationState read_population(CheckpointReader in) {
  PopulationState population;
  for (const auto field : Tally::fields()) population.counts.*field = in.natural();
  population.words = static_cast<std::uint32_t>(in.natural());
  population.values = in.naturals(in.natural());
  in.expect_end();
  return population;
}

std::string flight_bytes(const SpikeTrain& spikes) {
  CheckpointWriter out;
  for (const Spike& spike : spikes) {
    out.number(spike.time);
    out.number(std::uint64_t{spike.neuron});
  }
  return out.bytes();
}

SpikeTrain read_flight(std::string_view content) {
  CheckpointReader in(content);
  SpikeTrain spikes(content.size() / (sizeof(double) + sizeof(std::uint64_t)));
  for (Spike& spike : spikes) {
    spike.time = in.real();
    spike.neuron = static_cast<std::uint32_t>(in.natural());
  }
  in.expect_end();
  return spikes;
}

// Takes sections off the front.
class Sections {
 public:
  explicit Sections(std::string_view bytes) : bytes_(bytes) {}

  std::string_view next(std::string_view name) {
    SectionHead head;
    if (bytes_.size() < sizeof head)
      throw FormatError("it ends where section '" + std::string(name) + "' should begin");
    std::memcpy(&head, bytes_.data(), sizeof head);
    const std::string_view found = bytes_.substr(0, name_size);
    if (found.substr(0, name.size()) != name ||
        found.find_first_not_of('\0', name.size()) != std::string_view::npos)
      throw FormatError("section '" + std::string(name) + "' is not where it should be");
    bytes_.remove_prefix(sizeof head);
    if (head.size > bytes_.size()) throw FormatError("it ends in section '" + std::string(name) + "'");
    const std::string_view content = bytes_.substr(0, head.size);
    if (head.zero != 0 || head.checksum != checksum_of(head, content))
      throw FormatError("the checksum of section '" + std::string(name) + "' does not fit");
    bytes_.remove_prefix(head.size);
    return content;
  }
  [[nodiscard]] bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

void expect_head(std::string_view bytes, const std::string& name) {
  FileHead head;
  if (bytes.substr(0, magic.size()) != magic) throw FormatError("'" + name + "' is no checkpoint of flurry");
  if (bytes.size() < sizeof head)
    throw FormatError("the checkpoint '" + name + "' is damaged: it ends in its head");
  std::memcpy(&head, bytes.data(), sizeof head);
  if (head.checksum != crc32_of(bytes.substr(0, magic.size() + sizeof head.version)))
    throw FormatError("the checkpoint '" + name + "' is damaged: the checksum of its head does not fit");
  if (head.version != layout_version)
    throw FormatError("the checkpoint '" + name + "' has layout " + std::to_string(head.version) +
                      "; this program reads layout " + std::to_string(layout_version) +
                      ": go on with the version of flurry that wrote it");
}

}  // namespace

std::uint64_t write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  OutputFile file(path);
  FileHead head;
  std::copy(magic.begin(), magic.end(), head.magic.begin());
  head.version = layout_version;
  head.checksum = crc32_of(bytes_of(head).substr(0, magic.size() + sizeof head.version));
  file.append(bytes_of(head));
  append(file, "run", run_bytes(checkpoint));
  append(file, "engine", engine_bytes(checkpoint.state));
  for (const PopulationState& population : checkpoint.state.populations)
    append(file, "population", population_bytes(population), bytes_of(population.values));
  append(file, "flight", flight_bytes(checkpoint.state.in_flight));
  const std::uint64_t size = file.size();
  file.commit();
  return size;
}

Checkpoint parse_checkpoint(std::string_view bytes, const std::string& name) {
  expect_head(bytes, name);
  try {
    Sections sections(bytes.substr(sizeof(FileHead)));
    Checkpoint checkpoint;
    read_run(CheckpointReader(sections.next("run")), checkpoint);
    const std::uint64_t populations =
        read_engine(CheckpointReader(sections.next("engine")), checkpoint.state);
    for (std::uint64_t i = 0; i < populations; ++i)
      checkpoint.state.populations.push_back(read_population(CheckpointReader(sections.next("population"))));
    checkpoint.state.in_flight = read_flight(sections.next("flight"));
    if (!sections.at_end()) throw FormatError("it goes on after its end");
    return checkpoint;
  } catch (const FormatError& error) {
    throw FormatError("the checkpoint '" + name + "' is damaged: " + error.what());
  }
}

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  return parse_checkpoint(read_text_file(path), path.string());
}

}  // namespace flurry
