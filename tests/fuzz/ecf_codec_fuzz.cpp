// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0

// The chunks of Prophesee's HDF5; what is around them is HDF5's to read.
#include <cstdint>
#include <vector>

#include "io/recording/ecf_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static flurry::EcfDecoder decoder;
  const std::string_view chunk(reinterpret_cast<const char*>(data), size);
  std::vector<flurry::AddressEvent> events(flurry::ecf_count(chunk) % (flurry::EcfDecoder::most_events + 1));
  static_cast<void>(decoder.decode(chunk, events));
  return 0;
}
