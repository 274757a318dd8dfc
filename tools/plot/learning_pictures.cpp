// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/plot/learning_pictures.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace flurry {
namespace {

constexpr std::size_t bins = 15;

/// Shares per bin of log time constants, as steps: "left right share".
std::string histogram(const std::vector<double>& values, double low, double high) {
  std::vector<double> share(bins, 0.0);
  const double width = std::log(high / low) / bins;
  for (const double value : values) {
    const double bin = width > 0.0 ? std::log(value / low) / width : 0.0;
    share[std::min(bins - 1, static_cast<std::size_t>(std::max(0.0, bin)))] +=
        100.0 / static_cast<double>(values.size());
  }
  std::string rows;
  for (std::size_t i = 0; i < bins; ++i) {
    const double left = low * std::exp(width * static_cast<double>(i));
    fmt::format_to(std::back_inserter(rows), "{:.5g} {:.5g}\n{:.5g} {:.5g}\n", left, share[i],
                   left * std::exp(width), share[i]);
  }
  return rows;
}

bool all_alike(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); });
}

struct Shown {
  std::string title;
  const std::vector<double>& before;
  const std::vector<double>& after;
};

/// One plot of two distributions.
std::string distribution_plot(const Shown& shown, std::size_t number, std::string& data) {
  double low = 1e300;
  double high = 0.0;
  for (const std::vector<double>* values : {&shown.before, &shown.after})
    for (const double value : *values) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  low *= 0.9;
  high *= 1.1;
  data += data_block(fmt::format("before{}", number), histogram(shown.before, low, high));
  data += data_block(fmt::format("after{}", number), histogram(shown.after, low, high));
  return fmt::format(
      "set title {}\nset xrange [{:.5g}:{:.5g}]\n"
      "plot $before{} using 1:2 with filledcurves x1 linecolor rgb '#bbbbbb' title 'before', "
      "$after{} using 1:2 with lines linewidth 2 linecolor rgb '#4477aa' title 'after training'\n",
      gnuplot_text(shown.title), low, high, number, number);
}

}  // namespace

Picture learning_picture(const TrainedModel& model) {
  std::string rows;
  for (const EpochRecord& r : model.state.log)
    fmt::format_to(std::back_inserter(rows), "{} {:.6g} {:.6g} {:.6g} {:.6g}\n", r.epoch, r.training.loss,
                   r.validation.loss, 100.0 * r.training.accuracy, 100.0 * r.validation.accuracy);
  Picture picture{"learning", data_block("log", rows), 1100, 430};
  const bool validated = std::any_of(model.state.log.begin(), model.state.log.end(),
                                     [](const EpochRecord& r) { return !std::isnan(r.validation.loss); });
  const auto curves = [validated](int training, int validation) {
    std::string text = fmt::format(
        "plot $log using 1:{} with lines linewidth 1.8 linecolor rgb '#4477aa' title 'training'", training);
    if (validated)
      text +=
          fmt::format(", $log using 1:{} with lines linewidth 1.8 linecolor rgb '#cc6677' title 'validation'",
                      validation);
    return text + '\n';
  };
  picture.script +=
      "set multiplot layout 1,2\nset xlabel 'epoch'\nset xrange [0:*]\n"
      "set title 'Loss'\nset ylabel 'cross-entropy (nats)'\nset logscale y\n";
  picture.script += curves(2, 3);
  picture.script +=
      "unset logscale y\nset title 'Accuracy'\nset ylabel 'samples right (%)'\nset yrange [*:100]\n"
      "set key bottom right\n";
  picture.script += curves(4, 5) + "unset multiplot\n";
  return picture;
}

std::optional<Picture> learned_time_constants_picture(const TrainedModel& model) {
  std::string data;
  std::string plots;
  std::size_t count = 0;
  for (std::size_t l = 0; l < model.network.layers.size(); ++l) {
    const LearnedLayer& layer = model.network.layers[l];
    const LearnedLayer& before = model.initial[l];
    if (!layer.spiking) continue;
    for (const Shown& shown :
         {Shown{layer.name + ": membrane time constants", before.tau_m, layer.tau_m},
          Shown{layer.name + ": synaptic time constants", before.tau_syn, layer.tau_syn}})
      if (!all_alike(shown.after) || !all_alike(shown.before))
        plots += distribution_plot(shown, count++, data);
  }
  if (count == 0) return std::nullopt;
  const auto rows = static_cast<int>((count + 1) / 2);
  Picture picture{"learned_time_constants", data, count == 1 ? 600 : 1100, 400 * rows};
  picture.script += fmt::format("set multiplot layout {},{}\n", rows, count == 1 ? 1 : 2);
  picture.script +=
      "set xlabel 'time constant (ms)'\nset ylabel 'neurons (%)'\nset logscale x\nset yrange [0:*]\n"
      "set style fill solid 0.5 noborder\nset xtics (1,2,5,10,20,50,100,200,500,1000)\n" +
      plots + "unset multiplot\n";
  return picture;
}

Picture confusion_picture(const Evaluation& evaluation) {
  const auto& confusion = evaluation.answers.front().confusion;
  std::string rows;
  for (std::size_t label = 0; label < confusion.size(); ++label) {
    std::uint64_t all = 0;
    for (const std::uint64_t count : confusion[label]) all += count;
    for (std::size_t answer = 0; answer < confusion.size(); ++answer)
      fmt::format_to(
          std::back_inserter(rows), "{} {} {:.4g}\n", answer, label,
          all == 0 ? 0.0 : 100.0 * static_cast<double>(confusion[label][answer]) / static_cast<double>(all));
    rows += '\n';
  }
  std::string tics;
  for (std::size_t k = 0; k < evaluation.classes.size(); ++k)
    tics += fmt::format("{}{} {}", k == 0 ? "" : ",", gnuplot_text(evaluation.classes[k]), k);
  Picture picture{"confusion", data_block("confusion", rows), 720, 640};
  const double end = static_cast<double>(confusion.size()) - 0.5;
  picture.script += fmt::format(
      "set title 'Answers to samples of each class (% of the class)'\nset xlabel 'answer'\nset ylabel "
      "'label'\n"
      "set xtics ({}) rotate by -45\nset ytics ({})\nset xrange [-0.5:{}]\nset yrange [{}:-0.5]\nunset grid\n"
      "set cbrange [0:100]\nset palette defined (0 '#ffffff', 20 '#c6dbef', 100 '#08306b')\n"
      "unset key\nplot $confusion using 1:2:3 with image, "
      "$confusion using 1:2:($3 >= 0.5 && $3 <= 50 ? sprintf('%.0f', $3) : '') with labels, "
      "$confusion using 1:2:($3 > 50 ? sprintf('%.0f', $3) : '') with labels textcolor rgb 'white'\n",
      tics, tics, end, end);
  return picture;
}

std::vector<Picture> model_pictures(const TrainedModel& model) {
  std::vector<Picture> pictures{learning_picture(model)};
  if (std::optional<Picture> taus = learned_time_constants_picture(model))
    pictures.push_back(std::move(*taus));
  return pictures;
}

}  // namespace flurry
