// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "core/base/error.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/number_text.hpp"
#include "tools/cli/progress_bar.hpp"
#include "tools/cli/text_output.hpp"
#include "tools/cli/verb.hpp"
#include "tools/dataset/dataset_copy.hpp"
#include "tools/dataset/dataset_info.hpp"
#include "tools/dataset/dataset_split.hpp"
#include "tools/dataset/encoding_options.hpp"
#include "tools/dataset/fetch.hpp"

namespace flurry {
namespace {

constexpr const char* what_is_read =
    "Read, told by content: HDF5 in the layout of SHD and SSC; a folder of WAV files (names as\n"
    "7_jackson_32.wav, or a folder for each class); class folders of event-camera recordings (N-MNIST,\n"
    "N-Caltech101, N-CARS); DVS128 Gesture; a file of IDX images beside its labels (MNIST, Fashion-MNIST).\n";

struct CommonOptions {
  std::string path;
  EncodingOptions encoding;
  bool progress = false;
  bool quiet = false;
};

void declare_common(Arguments& arguments, CommonOptions& options) {
  arguments.positional("PATH", options.path, "data set: a file or a folder");
  declare_encoding(arguments, options.encoding);
  arguments.flag("--progress", options.progress, "show progress even where stderr is no terminal");
  arguments.flag("-q,--quiet", options.quiet, "no progress, no notes");
}

std::unique_ptr<Dataset> open_set(const CommonOptions& options) {
  return open_encoded(options.path, options.encoding, progress_wanted(options.progress, options.quiet));
}

/// Calls action(progress) under a progress bar.
template <class Action>
auto with_progress(const char* title, const CommonOptions& options, const Action& action) {
  ProgressBar bar(title, progress_wanted(options.progress, options.quiet));
  return action([&bar](std::size_t done, std::size_t total) {
    bar.update(static_cast<double>(done) / static_cast<double>(total));
  });
}

struct SurveyOptions {
  CommonOptions common;
  bool as_json = false;
};

int survey(const SurveyOptions& options) {
  const std::unique_ptr<Dataset> dataset = open_set(options.common);
  const Document document = with_progress("reading", options.common, [&](const DatasetProgress& progress) {
    return dataset_info(*dataset, progress);
  });
  if (options.as_json)
    fmt::print("{}\n", json_text(document));
  else
    fmt::print("{}", dataset_info_text(document));
  return 0;
}

Verb info_part() {
  return {"info", "Say what a data set holds: samples, classes, channels, spikes, durations",
          std::string(what_is_read) +
              "Examples:\n  flurry dataset info shd_train.h5\n  flurry dataset info recordings --json\n",
          [](Arguments& arguments) {
            return bind_verb<SurveyOptions>(
                arguments,
                [](Arguments& a, SurveyOptions& options) {
                  declare_common(a, options.common);
                  a.flag("--json", options.as_json, "print as JSON");
                },
                &survey);
          }};
}

struct EncodeOptions {
  CommonOptions common;
  std::string output;
};

int encode(const EncodeOptions& options) {
  expect_another_file(options.common.path, options.output);
  const std::unique_ptr<Dataset> dataset = open_set(options.common);
  const std::uint64_t spikes = with_progress(
      "encoding", options.common,
      [&](const DatasetProgress& progress) { return write_dataset(*dataset, options.output, progress); });
  if (!options.common.quiet)
    fmt::print("{}: {} samples, {} spikes on {} channels\n", options.output,
               grouped(dataset->samples().size()), grouped(spikes), grouped(dataset->channels()));
  return 0;
}

Verb encode_part() {
  return {"encode", "Turn any data set into spikes in the layout of SHD (HDF5)",
          std::string(what_is_read) +
              "Sound goes through a cochlea (gammatone filters, hair cells, nerve fibres), images through a "
              "latency code.\n"
              "Examples:\n"
              "  flurry dataset encode recordings -o digits.h5\n"
              "  flurry dataset encode speech_commands -o commands.h5 --channels 128 --highest '7 kHz'\n"
              "  flurry dataset encode Train -o nmnist.h5 --factor 2 --polarity merge\n"
              "  flurry dataset encode train-images-idx3-ubyte.gz -o fashion.h5\n",
          [](Arguments& arguments) {
            return bind_verb<EncodeOptions>(
                arguments,
                [](Arguments& a, EncodeOptions& options) {
                  declare_common(a, options.common);
                  a.required_option("-o,--output", options.output, "FILE", "HDF5 file to write");
                },
                &encode);
          }};
}

struct SplitOptions {
  CommonOptions common;
  std::string output;
  std::optional<double> test;
  std::vector<std::string> hold_out;
  bool official = false;
  bool as_lists = false;
};

std::vector<bool> choose_split(const Dataset& dataset, const SplitOptions& options) {
  const int rules = (options.test ? 1 : 0) + (options.hold_out.empty() ? 0 : 1) + (options.official ? 1 : 0);
  if (rules > 1) throw UsageError("--test, --hold-out and --official are three rules; give one of them");
  if (options.official) return split_by_recording(dataset);
  if (!options.hold_out.empty()) return split_by_speaker(dataset, options.hold_out);
  return split_by_fraction(dataset, options.test.value_or(0.2), options.common.encoding.seed.value_or(1));
}

std::string names_where(const Dataset& dataset, const std::vector<bool>& for_test, bool wanted) {
  std::string text;
  for (std::size_t i = 0; i < for_test.size(); ++i)
    if (for_test[i] == wanted) text += dataset.samples()[i].name + '\n';
  return text;
}

int split(const SplitOptions& options) {
  const std::string ending = options.as_lists ? ".txt" : ".h5";
  const std::string train = options.output + "_train" + ending;
  const std::string test = options.output + "_test" + ending;
  for (const std::string& output : {train, test}) expect_another_file(options.common.path, output);
  const std::unique_ptr<Dataset> dataset = open_set(options.common);
  const std::vector<bool> for_test = choose_split(*dataset, options);
  if (options.as_lists) {
    write_text(train, names_where(*dataset, for_test, false));
    write_text(test, names_where(*dataset, for_test, true));
  } else {
    with_progress("writing", options.common, [&](const DatasetProgress& progress) {
      write_split(*dataset, for_test, train, test, progress);
      return 0;
    });
  }
  const auto tested = static_cast<std::uint64_t>(std::count(for_test.begin(), for_test.end(), true));
  if (!options.common.quiet)
    fmt::print("{}: {} samples\n{}: {} samples\n", train, grouped(for_test.size() - tested), test,
               grouped(tested));
  return 0;
}

Verb split_part() {
  return {"split", "Divide a data set into one to train on and one to test on",
          "Writes STEM_train.h5 and STEM_test.h5 in the layout of SHD, or with --list the names of the "
          "samples.\n"
          "No sample is in both; the same question gives the same answer.\n"
          "Examples:\n"
          "  flurry dataset split digits.h5 -o digits --official\n"
          "  flurry dataset split digits.h5 -o digits --hold-out jackson\n"
          "  flurry dataset split nmnist.h5 -o nmnist --test 0.1 --seed 3\n",
          [](Arguments& arguments) {
            return bind_verb<SplitOptions>(
                arguments,
                [](Arguments& a, SplitOptions& options) {
                  declare_common(a, options.common);
                  a.required_option("-o,--output", options.output, "STEM", "beginning of both files' names");
                  a.quantity("--test", options.test, Dimension::number,
                             "this share of each class is for the test; default 0.2");
                  a.repeated("--hold-out", options.hold_out, "SPEAKER", "all samples of this speaker are");
                  a.flag("--official", options.official, "recordings 0 to 4 of the spoken digits are");
                  a.flag("--list", options.as_lists,
                         "write lists of names, STEM_train.txt and STEM_test.txt");
                },
                &split);
          }};
}

struct FetchOptions {
  std::string name;
  FetchRequest request;
  bool progress = false;
  bool quiet = false;
};

int fetch(const FetchOptions& options) {
  if (options.name.empty()) {
    fmt::print("{}", fetch_list_text());
    return 0;
  }
  FetchRequest request = options.request;
  request.progress = progress_wanted(options.progress, options.quiet);
  for (const std::filesystem::path& file : fetch_dataset(options.name, request))
    if (!options.quiet) fmt::print("{}\n", file.string());
  return 0;
}

Verb fetch_part() {
  return {
      "fetch", "Download a public data set, resume where it stopped, compare checksums",
      "Without NAME: lists the data sets, where their terms are, and checksums. Archives are not unpacked.\n"
      "Examples:\n"
      "  flurry dataset fetch\n"
      "  flurry dataset fetch fashion-mnist -o data\n"
      "  flurry dataset fetch shd --from https://mirror.example.org/shd\n",
      [](Arguments& arguments) {
        return bind_verb<FetchOptions>(
            arguments,
            [](Arguments& a, FetchOptions& options) {
              a.optional_positional("NAME", options.name, "data set to download");
              a.option("-o,--output", options.request.folder, "FOLDER", "where to; default here");
              a.option("--from", options.request.from, "URL",
                       "take the files from below this address instead");
              a.flag("--progress", options.progress, "show progress even where stderr is no terminal");
              a.flag("-q,--quiet", options.quiet, "no progress, no notes");
            },
            &fetch);
      }};
}

}  // namespace

Verb dataset_verb() {
  return {"dataset",
          "Labelled samples as spikes: look at, encode, split and fetch data sets",
          "Examples:\n"
          "  flurry dataset fetch spoken-digits\n"
          "  flurry dataset encode recordings -o digits.h5\n"
          "  flurry dataset info digits.h5\n"
          "  flurry dataset split digits.h5 -o digits --official\n",
          nullptr,
          {info_part(), encode_part(), split_part(), fetch_part()}};
}

}  // namespace flurry
