// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "io/recording/event_limits.hpp"
#include "io/recording/event_writer.hpp"
#include "io/recording/output_file.hpp"

namespace flurry {

/// Writes an AEDAT 4 file with one stream of events, id 0: ZSTD packets of 4096 events and the table of
/// packets at the end. It keeps 40 bytes for each packet until then.
class Aedat4Writer final : public EventWriter {
 public:
  Aedat4Writer(const std::filesystem::path& path, SensorSize sensor);

  void write(std::span<const AddressEvent> events) override;
  void close() override;

 private:
  struct Packet {
    std::uint64_t offset = 0;  // of the packed bytes in the file
    std::uint32_t bytes = 0;   // packed
    std::uint64_t events = 0;
    std::int64_t first = 0;  // us
    std::int64_t last = 0;
  };

  void put_packet();
  [[nodiscard]] std::string table() const;

  EventCheck check_;
  OutputFile file_;
  SensorSize sensor_;
  std::vector<AddressEvent> waiting_;
  std::vector<Packet> packets_;
};

}  // namespace flurry
