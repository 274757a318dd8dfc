// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/run_output.hpp"

#include <algorithm>
#include <optional>

#include "core/base/error.hpp"
#include "core/parallel/work_queue.hpp"
#include "io/report/report_file.hpp"
#include "tools/cli/rank_files.hpp"
#include "tools/cli/record_selection.hpp"
#include "tools/cli/record_stream.hpp"
#include "tools/cli/sealed_output.hpp"

namespace flurry {
namespace {

constexpr std::size_t waiting_bytes = 64U << 20U;

SampleTimes times_of(const RecordDescription& record, double until) {
  if (!record.times.empty()) return SampleTimes::at(record.times);
  return SampleTimes::every(record.interval, record.start, record.stop.value_or(until));
}

}  // namespace

struct RunOutput::Content {
  std::string path;  // of the spike file
  std::optional<SpikeFileWriter> spikes;
  std::vector<bool> kept;  // spikes of which neurons (network-wide); empty: all
  std::vector<std::unique_ptr<RecordStream>> records;
  std::vector<NamedReport> all_reports;  // also those that other ranks write
  std::uint64_t dropped_before = 0;
  std::optional<WorkQueue> queue;  // ends before what it writes to

  void open_spikes(const OutputRequest& request, const Network& network, const std::vector<bool>& is_source);
  static void open_report(ReportStream& report, const ReportDescription& description, const Checkpoint* from);
  void add_record(const RecordDescription& record, const OutputRequest& request, const Network& network,
                  const Catalogue& catalogue, Simulation& simulation);
};

void RunOutput::Content::open_report(ReportStream& report, const ReportDescription& description,
                                     const Checkpoint* from) {
  if (from == nullptr) {
    forget_seals(report.path);
    report.writer = std::make_unique<ReportFileWriter>(report.path, description);
  } else {
    lead_back(report.path, *from);
    report.writer =
        std::make_unique<ReportFileWriter>(report.path, description, log_path(report.path, from->number));
  }
  const std::size_t neurons = description.node_ids.size();
  report.chunk_values = report.writer->chunk_rows() * neurons;
  report.in_chunk = report.writer->rows() * neurons % report.chunk_values;
}

void RunOutput::Content::add_record(const RecordDescription& record, const OutputRequest& request,
                                    const Network& network, const Catalogue& catalogue,
                                    Simulation& simulation) {
  SampleRequest sampled;
  sampled.population = network.find_population(record.population);
  const Population& population = network.populations()[sampled.population];
  const ModelInfo& model = catalogue.info(population.description.model, population.description.where);
  sampled.neurons = select_neurons(record, population.whole_size());
  std::vector<std::string> names;
  for (const std::string& variable : record.variables) {
    if (variable == "spikes") {
      kept.resize(network.size());
      for (const std::uint32_t neuron : sampled.neurons) kept[population.first + neuron] = true;
      continue;
    }
    sampled.variables.push_back(model.recordable(variable, record.where));
    names.push_back(variable);
  }
  if (names.empty()) return;
  sampled.times = times_of(record, request.provenance.until);
  // Those of other ranks are theirs to record.
  std::erase_if(sampled.neurons, [&](std::uint32_t n) { return population.here(n) == Members::elsewhere; });
  const std::size_t number = records.size();
  const std::uint64_t first = number < request.samples_before.size() ? request.samples_before[number] : 0;
  auto stream = std::make_unique<RecordStream>(sampled.neurons.size(), request.drop_when_slow);
  for (std::size_t v = 0; v < names.size(); ++v) {
    ReportStream report;
    const std::string name = names.size() == 1 ? record.name : record.name + "." + names[v];
    report.path = report_path(request.path, name).string();
    all_reports.push_back({name, sampled.times});
    if (sampled.neurons.empty()) continue;
    open_report(report,
                {record.population,
                 names[v],
                 model.recordables[sampled.variables[v]].unit(),
                 {sampled.neurons.begin(), sampled.neurons.end()},
                 sampled.times.from(first),
                 request.provenance.until,
                 record.double_precision},
                request.from);
    stream->add(std::move(report));
  }
  simulation.add_recorder(std::move(sampled), *stream);
  records.push_back(std::move(stream));
}

RunOutput::RunOutput(const OutputRequest& request, const Network& network, const Catalogue& catalogue,
                     Simulation& simulation)
    : content_(std::make_unique<Content>()) {
  std::vector<bool> is_source;
  for (const Population& population : network.populations())
    is_source.push_back(catalogue.info(population.description.model, population.description.where).is_source);
  content_->open_spikes(request, network, is_source);
  for (const RecordDescription& record : request.records)
    content_->add_record(record, request, network, catalogue, simulation);
  content_->dropped_before = request.dropped_before;
  content_->queue.emplace(waiting_bytes);
  for (const auto& record : content_->records) record->start(*content_->queue);
  simulation.add_recorder(*this);
}

RunOutput::~RunOutput() = default;

void RunOutput::Content::open_spikes(const OutputRequest& request, const Network& network,
                                     const std::vector<bool>& is_source) {
  path = request.path.string();
  if (request.from == nullptr) {
    forget_seals(path);
    spikes.emplace(request.path, network, is_source, request.provenance);
  } else {
    lead_back(path, *request.from);
    spikes.emplace(request.path, network, is_source, request.provenance.until,
                   log_path(path, request.from->number));
  }
}

std::vector<OutputPosition> RunOutput::seal(std::uint64_t number) {
  for (const auto& record : content_->records) record->hand_over_all();
  content_->queue->wait();
  std::vector<OutputPosition> positions;
  const auto add = [&](const std::filesystem::path& path, auto& writer) {
    positions.push_back({path.filename().string(), writer.seal(log_path(path, number))});
  };
  add(content_->path, *content_->spikes);
  for (const auto& record : content_->records)
    for (ReportStream& report : record->reports()) add(report.path, *report.writer);
  return positions;
}

void RunOutput::record(std::span<const Spike> spikes) {
  auto kept = std::make_shared<SpikeTrain>();
  for (const Spike& spike : spikes)
    if (content_->kept.empty() || content_->kept[spike.neuron]) kept->push_back(spike);
  if (kept->empty()) return;
  SpikeFileWriter* const writer = &*content_->spikes;
  content_->queue->post(kept->size() * sizeof(Spike), [writer, kept] { writer->record(*kept); });
}

void RunOutput::finish(double until, bool complete, const std::string& counts_json) {
  for (const auto& record : content_->records) record->hand_over_all();
  content_->queue->finish();
  content_->spikes->finish(until, complete, counts_json);
  for (const auto& record : content_->records)
    for (ReportStream& report : record->reports()) report.writer->finish(complete);
}

std::string RunOutput::keep_what_there_is(const std::string& counts_json) noexcept {
  std::string kept;
  const auto keep = [&kept](const std::string& path, auto&& finish) {
    try {
      finish();
      kept += (kept.empty() ? "" : ", ") + path;
    } catch (const std::exception&) {  // it was complete, or is beyond help
    }
  };
  try {
    content_->queue->finish();
  } catch (const std::exception&) {  // known already
  }
  keep(content_->path, [&] { content_->spikes->finish(0.0, false, counts_json); });
  for (const auto& record : content_->records)
    for (ReportStream& report : record->reports()) keep(report.path, [&] { report.writer->finish(false); });
  return kept;
}

std::vector<std::string> RunOutput::reports() const {
  std::vector<std::string> paths;
  for (const auto& record : content_->records)
    for (const ReportStream& report : record->reports()) paths.push_back(report.path);
  return paths;
}

const std::vector<NamedReport>& RunOutput::named_reports() const { return content_->all_reports; }

std::uint64_t RunOutput::dropped() const {
  std::uint64_t sum = content_->dropped_before;
  for (const auto& record : content_->records) sum += record->dropped();
  return sum;
}

}  // namespace flurry
