// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0

// seed_corpus FOLDER: writes a few small recordings of each format below
// FOLDER/{evt2,evt3,event_stream,atis}, for the fuzzers to start from.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

std::string number(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xffU);
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
  put(folder / "evt3",
      {evt3(), "% format EVT3;height=48;width=64\n% end\n" + evt3(), "% evt 3.0\n" + evt3()});
  put(folder / "event_stream", {event_stream(1), event_stream(2), event_stream(0), event_stream(4)});
  put(folder / "atis", {atis(), atis() + "xyz"});
}
