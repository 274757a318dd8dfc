// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0

// seed_corpus FOLDER: writes a few small recordings of each format below
// FOLDER/FORMAT, for the fuzzers to start from.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

std::string number(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += i < 8 ? static_cast<char>(value >> (8 * i) & 0xffU) : '\0';
  return text;
}

std::string evt2() {
  std::string body;
  for (std::uint32_t i = 0; i < 8; ++i)
    body += number(0x80000000U | (0xffffffcU + i) % 0x10000000U, 4) +
            number((i & 1U) << 28U | i << 22U | i << 11U | (i + 1), 4) + number(0xa0000001U, 4) +
            number(0xe0000000U, 4);
  return body;
}

std::string evt21(bool legacy) {
  std::string body;
  for (std::uint32_t i = 0; i < 8; ++i) {
    const std::uint64_t high = 0x80000000U | (0xffffffcU + i) % 0x10000000U;
    const std::uint64_t event = (i & 1U) << 28U | i << 22U | 32U * i << 11U | i;
    for (const std::uint64_t word : {high << 32U, event << 32U | 0x40000005U, 0xa000000000000001U})
      body += number(legacy ? word >> 32U | word << 32U : word, 8);
  }
  return body;
}

std::string dat() {
  std::string text = "% Data file containing CD events.\n% Version 2\n% Height 48\n% Width 64\n\x0c\x08";
  for (std::uint32_t i = 0; i < 16; ++i)
    text += number(0xfffffff8U + i, 4) + number((i & 1U) << 28U | i << 14U | i, 4);
  return text;
}

/// Four events in each packing of coordinates.
std::string ecf(unsigned packing) {
  const std::string head = number(4U << 2U | packing, 4) + number(1000, 8) + "\xf5\x12\x02";
  if (packing == 2) return head + std::string(12, '\x5a');
  return head + number(7U << 5U | 4U, 2) +
         (packing == 1 ? std::string(6, '\x3c') : number(9U << 5U | 26U, 2) + "\x82\x02");
}

std::string evt3() {
  std::string body;
  for (std::uint32_t i = 0; i < 8; ++i)
    for (const std::uint32_t word : {0x8000U | (4092 + i) % 4096, 0x6005U, i, 0x2801U + i, 0x3800U + 8 * i,
                                     0x4a5aU, 0x5081U, 0xa001U, 0xe000U, 0x1000U})
      body += number(word, 2);
  return body;
}

std::string event_stream(int type) {
  std::string text = std::string("Event Stream") + number(2, 3) +
                     number(static_cast<std::uint64_t>(type), 1) + number(64, 2) + number(48, 2);
  for (std::uint32_t i = 0; i < 8; ++i)
    text += number(0xffU - (i & 3U), 1) + number(5 + i, 1) + number(i, 2) + number(i, 2);
  return text;
}

std::string atis() {
  std::string text;
  for (std::uint32_t i = 0; i < 16; ++i)
    text += number(i, 1) + number(i == 7 ? 240 : 2 * i, 1) + number(i % 2 == 0 ? 0x80 : 0, 1) + number(i, 1) +
            number(9, 1);
  return text;
}

std::string aedat_records(int address_bytes) {
  std::string text;
  for (std::uint32_t i = 0; i < 8; ++i)
    for (const std::uint32_t byte : {i, 2 * i, 0U, 9 * i}) {
      if (address_bytes == 4) text += number(0, 1) + number(byte, 1);
      text += number(byte, 1) + number(i, 1) + std::string(2, '\0') + number(i, 1) + number(byte, 1);
    }
  return text;
}

std::string aedat3() {
  std::string text = "#!AER-DAT3.1\r\n#Source 1: DVS128\r\n#!END-HEADER\r\n";
  for (std::uint32_t i = 0; i < 4; ++i) {
    text += number(i % 3 == 2 ? 2 : 1, 2) + number(1, 2) + number(8, 4) + number(4, 4) + number(i, 4);
    text += number(2, 4) + number(2, 4) + number(2, 4);
    for (std::uint32_t k = 0; k < 2; ++k) text += number(k << 17U | i << 2U | 3U, 4) + number(100 * k, 4);
  }
  return text;
}

std::string aedat4() {
  std::string xml =
      "<dv><node name=\"outInfo\"><node name=\"0\"><attr key=\"typeIdentifier\">EVTS</attr><node "
      "name=\"info\">"
      "<attr key=\"sizeX\">64</attr><attr key=\"sizeY\">48</attr></node></node></node></dv>";
  xml.resize((xml.size() / 4 + 1) * 4);
  std::string text = "#!AER-DAT4.0\r\n" + number(44 + xml.size(), 4) + number(20, 4) + "IOHE" + number(0, 2);
  for (const std::uint32_t word : {10U, 20U, 4U, 8U, 16U}) text += number(word, 2);
  text += number(10, 4) + number(0, 4) + std::string(8, '\xff') + number(4, 4) + number(xml.size(), 4) + xml;
  for (std::uint32_t i = 0; i < 3; ++i) {
    text += number(0, 4) + number(64, 4) + number(60, 4) + number(16, 4) + "EVTS" + number(0, 2) +
            number(6, 2) + number(8, 2) + number(4, 2) + number(6, 4) + number(4, 4) + number(2, 4);
    for (std::uint32_t k = 0; k < 2; ++k)
      text += number(100 * i, 8) + number(k, 2) + number(i, 2) + number(k, 4);
  }
  return text;
}

std::string csv(const std::string& separator) {
  std::string text;
  for (int i = 0; i < 12; ++i)
    text += "0.00000" + std::to_string(i) + separator + std::to_string(2 * i) + separator + "3" + separator +
            std::to_string(i % 2) + "\n";
  return text;
}

std::string npy(const std::string& type, const std::string& shape) {
  const std::string text = "{'descr': " + type + ", 'fortran_order': False, 'shape': " + shape + "}\n";
  std::string bytes = "\x93NUMPY" + number(1, 2) + number(text.size(), 2) + text;
  for (std::uint32_t i = 0; i < 64; ++i) bytes += number(i % 2, 8);
  return bytes;
}

std::string with_length(const std::string& text) { return number(text.size(), 4) + text; }

/// A message of encoding mono or another, in the encoding of ROS 1.
std::string packet(const std::string& encoding) {
  return number(1, 12) + with_length("") + number(48, 4) + number(64, 4) + number(1, 8) + number(1000, 8) +
         with_length(encoding) + number(0, 1) +
         with_length(number(0x80010002000003e8U, 8) + number(0x10002U, 8));
}

std::string bag_record(const std::string& header, const std::string& data) {
  return with_length(header) + with_length(data);
}

std::string rosbag1(const std::string& encoding) {
  const std::string conn = with_length("conn=" + number(0, 4));
  const std::string chunk = bag_record(with_length("op=\x07") + conn + with_length("topic=/e"),
                                       with_length("type=event_camera_msgs/EventPacket")) +
                            bag_record(with_length("op=\x02") + conn, packet(encoding));
  return "#ROSBAG V2.0\n" + bag_record(with_length("op=\x05") + with_length("compression=none") +
                                           with_length("size=" + number(chunk.size(), 4)),
                                       chunk);
}

std::string mcap_record(int op, const std::string& content) {
  return static_cast<char>(op) + number(content.size(), 8) + content;
}

std::string mcap(const std::string& encoding) {
  const std::string magic = "\x89MCAP0\r\n";
  return magic +
         mcap_record(3, number(1, 2) + with_length("event_camera_msgs/EventPacket") + with_length("") +
                            with_length("")) +
         mcap_record(
             4, number(1, 2) + number(1, 2) + with_length("/e") + with_length("ros1") + with_length("")) +
         mcap_record(5, number(1, 2) + number(0, 8) + number(0, 8) + number(0, 4) + packet(encoding)) +
         mcap_record(2, number(0, 8)) + magic;
}

void put(const std::filesystem::path& folder, const std::vector<std::string>& seeds) {
  std::filesystem::create_directories(folder);
  for (std::size_t i = 0; i < seeds.size(); ++i)
    std::ofstream(folder / ("seed" + std::to_string(i)), std::ios::binary) << seeds[i];
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: seed_corpus FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = arguments[1];
  put(folder / "evt2", {evt2(), "% evt 2.0\n% geometry 64x48\n% end\n" + evt2(), "% Date 2014\n" + evt2()});
  put(folder / "evt21", {evt21(false), "% evt 2.1\n% endianness legacy\n% end\n" + evt21(true)});
  put(folder / "dat", {dat(), "% Data file containing CD events.\n\x0c\x08" + dat()});
  put(folder / "ecf_codec", {ecf(0), ecf(1), ecf(2)});
  put(folder / "evt3",
      {evt3(), "% format EVT3;height=48;width=64\n% end\n" + evt3(), "% evt 3.0\n" + evt3()});
  put(folder / "event_stream", {event_stream(1), event_stream(2), event_stream(0), event_stream(4)});
  put(folder / "aedat1", {"#!AER-DAT1.0\r\n" + aedat_records(2), aedat_records(2)});
  put(folder / "aedat2",
      {"#!AER-DAT2.0\r\n" + aedat_records(4),
       "#!AER-DAT2.0\r\n# AEChip: DAVIS240C\r\n#End Of ASCII Header\r\n" + aedat_records(4)});
  put(folder / "aedat3", {aedat3()});
  put(folder / "aedat4", {aedat4()});
  put(folder / "atis", {atis(), atis() + "xyz"});
  put(folder / "csv", {csv(" "), "%geometry:64,48\nt,x,y,p\n" + csv(","), "64 48\n" + csv("\t")});
  put(folder / "npy",
      {npy("[('t', '<i8'), ('x', '<i2'), ('y', '<i2'), ('p', '|u1')]", "(9,)"), npy("'<f8'", "(16, 4)"),
       npy("{'names': ['t','x','y','p'], 'formats': ['<i8','<i2','>i2','?'], 'offsets': [0,8,10,12]}",
           "(9,)")});
  put(folder / "rosbag1", {rosbag1("mono"), rosbag1("evt3"), rosbag1("libcaer"), rosbag1("libcaer_cmp")});
  put(folder / "mcap", {mcap("mono"), mcap("evt3"), mcap("libcaer"), mcap("libcaer_cmp")});
  put(folder / "text_spikes", {"3\t1.5\n4 2\n", "sender\ttime_ms\n3\t1.5\n", "t [s];i\n0.5;3\n",
                               "# a\ntime,population,id\n1,v1,3\n2,lgn,4\n", "sender time_step\n1 2\n"});
}
