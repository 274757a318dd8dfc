// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/aedat4_header.hpp"

#include <charconv>
#include <optional>

#include "core/base/error.hpp"
#include "io/recording/flatbuffer.hpp"
#include "io/text/xml.hpp"

namespace flurry {

namespace {

std::optional<std::int32_t> whole_number(std::string_view text) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::uint32_t pixels(const XmlElement& info, std::string_view key) {
  const XmlElement* attribute = info.child("attr", "key", key);
  const std::int32_t value = attribute == nullptr ? 0 : whole_number(attribute->text).value_or(0);
  return value > 32768 ? 0 : static_cast<std::uint32_t>(value);  // the file's coordinates are 16-bit, signed
}

std::vector<Aedat4Stream> streams_in(const XmlElement& description) {
  std::vector<Aedat4Stream> streams;
  const XmlElement* all = description.child("node", "name", "outInfo");
  if (all == nullptr) return streams;
  for (const XmlElement& node : all->children) {
    const XmlElement* type = node.child("attr", "key", "typeIdentifier");
    const std::optional<std::int32_t> id = whole_number(node.attribute("name"));
    if (type == nullptr || !id) continue;
    Aedat4Stream& stream = streams.emplace_back(Aedat4Stream{*id, type->text, {}});
    if (const XmlElement* info = node.child("node", "name", "info"))
      stream.sensor = {pixels(*info, "sizeX"), pixels(*info, "sizeY")};
    if (stream.sensor.width == 0 || stream.sensor.height == 0) stream.sensor = {};
  }
  return streams;
}

Packing packing_of(std::int32_t number, const std::string& file) {
  switch (number) {
    case 0:
      return Packing::none;
    case 1:
    case 2:
      return Packing::lz4;
    case 3:
    case 4:
      return Packing::zstd;
    default:
      throw FormatError(file + ": the header says compression " + std::to_string(number) +
                        ", which is none of 0 (none), 1 and 2 (LZ4), 3 and 4 (ZSTD)");
  }
}

}  // namespace

const Aedat4Stream* Aedat4Header::stream(std::int32_t id) const {
  for (const Aedat4Stream& candidate : streams)
    if (candidate.id == id) return &candidate;
  return nullptr;
}

Aedat4Header take_aedat4_header(ByteSource& source) {
  source.fill();
  const std::string file = source.path().string();
  const std::string_view head = source.unread();
  const std::size_t before = Aedat4Header::signature.size();
  if (!head.starts_with(Aedat4Header::signature))
    throw FormatError(file + ": does not start with '#!AER-DAT4.0', so it is no AEDAT 4 file");
  if (head.size() < before + 4) throw FormatError(file + ": the file ends inside its header");
  const std::size_t bytes = load_le32(head.data() + before);
  if (bytes > head.size() - before - 4)
    throw FormatError(file + ": the header says it is " + std::to_string(bytes) + " bytes long, but only " +
                      std::to_string(head.size() - before - 4) + " bytes follow or fit");
  const std::string_view buffer = head.substr(before + 4, bytes);
  const std::optional<FlatTable> table = FlatTable::root(buffer);
  if (!table || buffer.substr(4, 4) != "IOHE")
    throw FormatError(file + ": the header is no flatbuffer with the identifier IOHE");
  Aedat4Header header;
  header.packing = packing_of(table->number32(0, 0), file);
  header.table = table->number64(1, -1);
  const std::optional<std::string_view> description = table->vector(2, 1);
  if (!description || description->empty())
    throw FormatError(file + ": the header holds no description of its streams");
  header.streams = streams_in(parse_xml(*description, file + ": the description of the streams"));
  source.consume(before + 4 + bytes);
  return header;
}

}  // namespace flurry
