// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include <doctest/doctest.h>
#include <unistd.h>

#include "core/base/error.hpp"
#include "core/parallel/thread_executor.hpp"
#include "tests/reference_data.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/learning/evaluation.hpp"
#include "tools/learning/model_file.hpp"
#include "tools/learning/training_data.hpp"
#include "tools/learning/training_log.hpp"
#include "tools/plot/learning_pictures.hpp"

namespace flurry {
namespace {

namespace fs = std::filesystem;

struct LearningFolder {
  fs::path path = fs::temp_directory_path() / ("flurry_learning_test_" + std::to_string(::getpid()));
  LearningFolder() { fs::create_directories(path); }
  LearningFolder(const LearningFolder&) = delete;
  LearningFolder& operator=(const LearningFolder&) = delete;
  ~LearningFolder() { fs::remove_all(path); }
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path / name).string(); }
};

fs::path example(const std::string& name) {
  return fs::path(FLURRY_SOURCE_DIR) / "examples" / "learning" / (name + ".toml");
}

/// Yin-Yang, small enough for a test; on a grid where it has a resolution.
std::vector<std::string> small(bool on_grid) {
  std::vector<std::string> settings{"data.samples=200", "data.test_samples=60", "layers.hidden.size=20",
                                    "training.epochs=3", "training.batch=20"};
  if (on_grid)
    for (const char* setting :
         {"network.resolution='0.5 ms'", "network.delay='0.5 ms'", "network.decision='max-over-time'",
          "learning.method='surrogate'", "learning.steepness=10", "layers.hidden.t_ref='1 ms'",
          "layers.hidden.recurrent=true",
          "layers.hidden.tau_m={gamma={mean='20 ms',shape=3},min='2 ms',max='100 ms'}",
          "layers.output.train={tau_m='individual'}",
          "layers.hidden.train={tau_m='individual',tau_syn='individual'}"})
      settings.emplace_back(setting);
  return settings;
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int flurry(const std::vector<std::string>& words) { return run_words(words, all_verbs()); }

std::vector<std::string> train_words(const std::string& output, bool on_grid) {
  std::vector<std::string> words{"train", example("yin_yang").string(), "-o", output, "-q"};
  for (const std::string& setting : small(on_grid)) {
    words.emplace_back("--set");
    words.push_back(setting);
  }
  return words;
}

TrainedModel trained(const std::string& output, bool on_grid) {
  REQUIRE(flurry(train_words(output, on_grid)) == 0);
  return read_model(output);
}

void check_refused(const std::string& text, const std::string& message) {
  try {
    (void)parse_task(text, "task.toml", {});
    FAIL("not refused: " << message);
  } catch (const UsageError& error) {
    CHECK_MESSAGE(std::string(error.what()).find(message) != std::string::npos, error.what());
  }
}

}  // namespace

TEST_CASE("every example task is understood") {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(FLURRY_SOURCE_DIR) / "examples" / "learning")) {
    if (entry.path().extension() != ".toml") continue;
    CAPTURE(entry.path().string());
    const LearningTask task = read_task(entry.path(), {});
    CHECK(task.layers.size() == task.training.size());
    CHECK(task.layers.size() >= 2);
    for (const char* condition :
         {"homogeneous-fixed", "heterogeneous-fixed", "homogeneous-trained", "heterogeneous-trained"}) {
      const LearningTask changed =
          read_task(entry.path(), {std::string("training.condition='") + condition + "'"});
      const bool heterogeneous = std::string(condition).starts_with("het");
      CHECK(changed.layers[0].tau_m.is_random() == heterogeneous);
      CHECK((changed.training[0].tau_m == Fit::individual) == std::string(condition).ends_with("trained"));
    }
    ++count;
  }
  CHECK(count >= 8);
}

TEST_CASE("a task with a mistake is refused in a sentence that says where") {
  const std::string good = text_of(example("yin_yang"));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  check_refused(with("epochs", "epoch"), "did you mean 'epochs'");
  check_refused(with("batch = 50", "batch = 0"), "batch of the task.training (task.toml:");
  check_refused(with("\"eventprop\"", "\"backprop\""), "choice");
  check_refused(with("\"60 ms\"", "\"-60 ms\""), "duration of [network]");
  check_refused(with("size = 200", "size = 0"), "size of layer 'hidden'");
  check_refused(with("tau_syn = \"5 ms\"", "tau_syn = \"5 mV\""), "tau_syn");
  check_refused(with("[\"hidden\", \"output\"]", "[]"), "layers of [network]");
  check_refused(with("\"eventprop\"", "\"surrogate\""), "resolution");
  check_refused(with("\"yin-yang\"", "\"file\""), "file");
}

TEST_CASE("what is trained is what runs: the engine's spikes are the trainer's, all of them") {
  const LearningFolder folder;
  for (const bool on_grid : {true, false}) {
    const TrainedModel model = trained(folder / "model.h5", on_grid);
    ThreadExecutor executor(2);
    const Evaluation evaluation = evaluate(
        model.task, model.network, read_part(model.task, DataPart::test, false), 1.0, executor, false);
    CHECK(evaluation.samples == 60);
    CHECK(evaluation.same_spikes == 60);
    CHECK(evaluation.answers.size() == (on_grid ? 2 : 1));
    CHECK(evaluation.counts.total(&PopulationCounts::spikes) > 300);
    std::uint64_t all = evaluation.answers[0].undecided;
    for (const auto& row : evaluation.answers[0].confusion)
      for (const std::uint64_t count : row) all += count;
    CHECK(all == 60);
    // The trainer counts the same answers.
    const std::unique_ptr<Learner> learner = make_learner(model.task, model.network);
    const LabelledSpikes test = read_part(model.task, DataPart::test, false);
    Executor serial;
    CHECK(learner->look(all_of(test), serial).correct == evaluation.answers[0].correct);
  }
}

TEST_CASE("training goes on from its file to the same bits; the file of a whole run is the same") {
  const LearningFolder folder;
  for (const bool on_grid : {true, false}) {
    // A constant rate: other schedules look at how many epochs there will be.
    const std::vector<std::string> constant{"--set", "training.schedule={kind='constant'}"};
    std::vector<std::string> words = train_words(folder / "whole.h5", on_grid);
    words.insert(words.end(), constant.begin(), constant.end());
    REQUIRE(flurry(words) == 0);
    const TrainedModel whole = read_model(folder / "whole.h5");
    words = train_words(folder / "part.h5", on_grid);
    words.insert(words.end(), constant.begin(), constant.end());
    words.insert(words.end(), {"-e", "1", "-t", "1"});
    REQUIRE(flurry(words) == 0);
    REQUIRE(flurry({"train", "--resume", folder / "part.h5", "-e", "3", "-q"}) == 0);
    const TrainedModel resumed = read_model(folder / "part.h5");
    CHECK(resumed.state.epoch == 3);
    CHECK(resumed.state.parameters == whole.state.parameters);
    CHECK(resumed.state.optimizer == whole.state.optimizer);
    CHECK(resumed.state.best_parameters == whole.state.best_parameters);
    CHECK(resumed.network.layers[0].w_in == whole.network.layers[0].w_in);
  }
}

TEST_CASE("without validation samples logs, text and pictures say nothing of them, rather than zeros") {
  TrainedModel model;
  EpochRecord record;
  record.epoch = 1;
  record.training = {0.5, 0.75, 3.25, 100.0, 0.0, 0.0};
  record.validation = score_of(PassTotals{}, LearnedNetwork{});
  model.state.log.push_back(record);
  model.state.epoch = 1;
  const std::string line = log_line(record);
  CHECK(line.find("validation") == std::string::npos);
  CHECK(line.find("right  75.0 %") != std::string::npos);
  CHECK(line.find("3.2 spikes per neuron") != std::string::npos);
  CHECK(log_text(model.state.log).find("0.5,0.75,nan,nan") != std::string::npos);
  CHECK(json_text(training_document(model, "m.h5")).find("\"accuracy\": null") != std::string::npos);
  CHECK(learning_picture(model).script.find("validation") == std::string::npos);
  model.state.log[0].validation = record.training;
  CHECK(log_line(model.state.log[0]).find("validation: loss 0.5000  right  75.0 %") != std::string::npos);
  CHECK(learning_picture(model).script.find("validation") != std::string::npos);
}

TEST_CASE("a model file that is damaged, cut or of another kind is refused; none changes what is read") {
  const LearningFolder folder;
  (void)trained(folder / "model.h5", true);
  const std::string bytes = text_of(folder / "model.h5");
  const std::string damaged = folder / "damaged.h5";
  RandomSequence random(1, Purpose::test, 0, 0);
  std::size_t refused = 0;
  constexpr std::size_t tries = 3000;
  for (std::size_t i = 0; i < tries; ++i) {
    std::string changed = bytes;
    if (i % 3 == 0)
      changed.resize(random.below(static_cast<std::uint32_t>(bytes.size())));
    else
      changed[random.below(static_cast<std::uint32_t>(bytes.size()))] ^=
          static_cast<char>(1U << random.below(8));
    std::ofstream(damaged, std::ios::binary) << changed;
    try {
      (void)read_model(damaged);
    } catch (const FormatError& error) {
      CHECK(std::string(error.what()).find("damaged.h5") != std::string::npos);
      ++refused;
    }
  }
  CHECK(refused == tries);
  CHECK_THROWS_WITH_AS((void)read_model(example("yin_yang")), doctest::Contains("no trained model"),
                       FormatError);
}

TEST_CASE("data that does not fit a model, a task without a test, a class without samples") {
  const LearningFolder folder;
  const TrainedModel model = trained(folder / "model.h5", true);
  std::ofstream(folder / "images.txt") << "nothing";
  CHECK(flurry({"evaluate", folder / "model.h5", folder / "images.txt", "-q"}) != 0);
  CHECK(flurry({"evaluate", folder / "model.h5", "--part", "tset"}) == 2);
  CHECK(flurry({"run", folder / "model.h5", "--sample", "60", "-o", folder / "run.h5", "-q"}) == 2);
  CHECK(flurry({"run", folder / "model.h5", "--sample", "59", "-o", folder / "run.h5", "-q"}) == 0);
  CHECK(flurry({"report", folder / "run.h5"}) == 0);
  CHECK(flurry({"train", "-q"}) == 2);
}

TEST_CASE("numbers that run away end training with a sentence, and the last good file stands") {
  const LearningFolder folder;
  std::vector<std::string> words = train_words(folder / "model.h5", true);
  words.insert(words.end(), {"-e", "1"});
  REQUIRE(flurry(words) == 0);
  const std::string before = text_of(folder / "model.h5");
  CHECK(flurry({"train", "--resume", folder / "model.h5", "-e", "5", "-q", "--set", "training.rate=1e308",
                "--set", "training.optimizer='sgd'"}) == 2);
  CHECK(text_of(folder / "model.h5") == before);
}

TEST_CASE("the tasks whose data is at hand learn on a slice of it") {
  struct Slice {
    const char* task;
    const char* data;
    std::vector<std::string> settings;
  };
  const LearningFolder folder;
  for (const Slice& slice :
       {Slice{"spoken_digits",
              "speech/recordings",
              {"data.encoding={channels=64}", "data.test={split='fraction'}"}},
        Slice{"fashion_mnist",
              "images/fashion-mnist/train-images-idx3-ubyte.gz",
              {"data.test={split='fraction'}"}},
        Slice{"nmnist", "nmnist/Train", {}},
        Slice{"mnist_latency", "images/mnist/t10k-images-idx3-ubyte.gz", {"data.test={split='fraction'}"}}}) {
    const fs::path data = testing::reference_data() / slice.data;
    if (!fs::exists(data)) {
      MESSAGE("skipped: there is no " << data.string());
      continue;
    }
    CAPTURE(slice.task);
    std::vector<std::string> words{"train", example(slice.task).string(), "-o", folder / "slice.h5", "-q"};
    for (const std::string& setting : slice.settings) words.insert(words.end(), {"--set", setting});
    words.insert(words.end(),
                 {"--set", "data.file='" + data.string() + "'", "--set", "data.limit=60", "--set",
                  "layers.hidden.size=32", "--set", "training.epochs=3", "--set", "training.batch=8"});
    REQUIRE(flurry(words) == 0);
    const TrainedModel model = read_model(folder / "slice.h5");
    CHECK(model.state.log.back().training.loss < model.state.log.front().training.loss);
    ThreadExecutor executor(2);
    const LabelledSpikes test = read_part(model.task, DataPart::test, false);
    const Evaluation evaluation = evaluate(model.task, model.network, test, 1.0, executor, false);
    CHECK(evaluation.same_spikes == test.size());
  }
}

}  // namespace flurry
