// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/dataset/encoding_options.hpp"

#include "core/base/error.hpp"
#include "models/encoding/address_map.hpp"
#include "models/encoding/cochlea.hpp"
#include "models/encoding/latency_code.hpp"
#include "tools/cli/progress_bar.hpp"
#include "tools/recording/sensor_option.hpp"

namespace flurry {
namespace {

std::uint32_t narrow(const std::optional<std::uint64_t>& value, std::uint32_t otherwise, const char* name) {
  if (!value) return otherwise;
  if (*value < 1 || *value > 65536)
    throw UsageError(std::string(name) + " is " + std::to_string(*value) + "; allowed: 1 to 65536");
  return static_cast<std::uint32_t>(*value);
}

void add_sound(const EncodingOptions& options, DatasetEncoding& encoding) {
  CochleaParameters parameters;
  parameters.channels = narrow(options.channels, parameters.channels, "--channels");
  if (options.lowest) parameters.lowest = *options.lowest * 1000.0;
  if (options.highest) parameters.highest = *options.highest * 1000.0;
  parameters.gain = options.gain.value_or(parameters.gain);
  parameters.whitening = options.whitening.value_or(parameters.whitening);
  parameters.seed = options.seed.value_or(parameters.seed);
  const auto cochlea = std::make_shared<const Cochlea>(parameters);
  encoding.sound_channels = parameters.channels;
  encoding.sound = [cochlea](std::span<const float> samples, double rate) {
    return cochlea->hear(samples, rate);
  };
}

void add_images(const EncodingOptions& options, DatasetEncoding& encoding) {
  LatencyCode code;
  code.tau = options.tau.value_or(code.tau);
  code.threshold = options.threshold.value_or(code.threshold);
  encoding.image = [code](std::span<const std::uint8_t> pixels) { return latency_spikes(pixels, code); };
}

void add_recordings(const EncodingOptions& options, DatasetEncoding& encoding) {
  AddressMapOptions map;
  map.polarity = parse_polarity(options.polarity, "--polarity");
  map.factor = narrow(options.factor, 1, "--factor");
  const auto map_for = [map](PixelGrid sensor) {
    AddressMapOptions sized = map;
    sized.width = sensor.width;
    sized.height = sensor.height;
    return AddressMap(sized);
  };
  if (!options.sensor.empty()) {
    const SensorSize sensor = parse_sensor(options.sensor);
    encoding.sensor = {sensor.width, sensor.height};
  }
  encoding.from_first_event = options.from_first_event;
  encoding.event_channels = [map_for](PixelGrid sensor) { return map_for(sensor).size(); };
  encoding.events = [map_for](std::span<const AddressEvent> events, PixelGrid sensor) {
    return map_events(events, map_for(sensor), TimeOrigin::clock).spikes;
  };
}

}  // namespace

void declare_encoding(Arguments& arguments, EncodingOptions& options) {
  arguments.whole_number("--channels", options.channels, "sound: channels of the cochlea, default 700");
  arguments.quantity("--lowest", options.lowest, Dimension::rate,
                     "sound: centre of the lowest channel, default 80 Hz");
  arguments.quantity("--highest", options.highest, Dimension::rate,
                     "sound: centre of the highest channel, default 3600 Hz, up to 7200 Hz");
  arguments.quantity("--gain", options.gain, Dimension::number,
                     "sound: drive of the nerve fibres, default 3.2; more gives more spikes");
  arguments.quantity(
      "--whitening", options.whitening, Dimension::number,
      "sound: share of its own mean spectrum taken out, 0 (default) to 1; for voices and microphones "
      "never heard before");
  arguments.whole_number("--seed", options.seed,
                         "sound: seed of the fibres' thresholds; split: seed of the draw; default 1");
  arguments.option("--sensor", options.sensor, "WxH",
                   "recordings: size of the sensor, default as headers say, else as all events need");
  arguments.option("--polarity", options.polarity, "separate|merge",
                   "recordings: channels of their own for pixels that got darker, or the same; default "
                   "separate");
  arguments.whole_number("--factor", options.factor,
                         "recordings: this many pixels a side share a channel, default 1");
  arguments.flag("--from-first-event", options.from_first_event,
                 "recordings: time 0 is the first event, not 0 of the recording's clock");
  arguments.quantity("--tau", options.tau, Dimension::time,
                     "images: latency tau ln(x/(x-threshold)), default 20 ms");
  arguments.quantity("--threshold", options.threshold, Dimension::number,
                     "images: brightness from which a pixel spikes, default 0.2 of full");
}

DatasetEncoding dataset_encoding(const EncodingOptions& options) {
  DatasetEncoding encoding;
  add_sound(options, encoding);
  add_images(options, encoding);
  add_recordings(options, encoding);
  return encoding;
}

std::unique_ptr<Dataset> open_encoded(const std::filesystem::path& path, const EncodingOptions& options,
                                      bool progress) {
  ProgressBar bar("looking at all files", progress);
  return open_dataset(path, dataset_encoding(options), [&bar](std::size_t done, std::size_t total) {
    bar.update(static_cast<double>(done) / static_cast<double>(total));
  });
}

}  // namespace flurry
