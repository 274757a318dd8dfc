// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/overwrite_log.hpp"

#include <fstream>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "io/hdf5/hdf5_output_file.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace overwrite_log_test {
namespace {

std::string random_bytes(RandomSequence& random, std::uint32_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

void overwrite(const std::filesystem::path& path, std::uint64_t address, const std::string& bytes) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(address));
  file << bytes;
}

void duplicate(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
}

}  // namespace

TEST_CASE("a file is led back to what it was, wherever writing stopped and however often it is tried") {
  const TemporaryFolder folder;
  RandomSequence random(1, Purpose::test, 23, 0);
  for (int round = 0; round < 100; ++round) {
    const auto size = 1 + random.below(500);
    const std::string before = random_bytes(random, size);
    write_bytes(folder / "f", before);
    OverwriteLog log(folder / "log", folder / "f", size);
    for (std::uint32_t i = random.below(30); i > 0; --i) {
      const std::uint64_t address = random.below(size + 100);
      const std::string bytes = random_bytes(random, 1 + random.below(100));
      const std::uint64_t kept = std::filesystem::file_size(folder / "log");
      log.before_write(address, bytes.size());
      if (i == 1 && random.below(2) == 0) {  // killed between log and file, or within the log
        const std::uint64_t whole = std::filesystem::file_size(folder / "log");
        if (whole > kept) std::filesystem::resize_file(folder / "log", whole - random.below(24));
        break;
      }
      overwrite(folder / "f", address, bytes);
      if (random.below(10) == 0) {
        const std::uint64_t cut = random.below(size);
        log.before_write(cut, std::uint64_t{1} << 40U);
        std::filesystem::resize_file(folder / "f", cut);
      }
    }
    for (int again = 0; again < 2; ++again) {
      roll_back(folder / "log", folder / "f");
      REQUIRE(bytes_of(folder / "f") == before);
    }
  }
}

TEST_CASE("logs of several places lead back one after the other") {
  const TemporaryFolder folder;
  RandomSequence random(2, Purpose::test, 23, 0);
  write_bytes(folder / "f", random_bytes(random, 100));
  std::vector<std::string> states;
  for (int place = 0; place < 5; ++place) {
    const std::uint64_t size = std::filesystem::file_size(folder / "f");
    states.push_back(bytes_of(folder / "f"));
    OverwriteLog log(folder / std::to_string(place), folder / "f", size);
    for (int i = 0; i < 10; ++i) {
      const std::uint64_t address = random.below(static_cast<std::uint32_t>(size));
      const std::string bytes = random_bytes(random, 40);
      log.before_write(address, bytes.size());
      overwrite(folder / "f", address, bytes);
    }
  }
  for (int place = 4; place >= 0; --place) {
    roll_back(folder / std::to_string(place), folder / "f");
    CHECK(bytes_of(folder / "f") == states[static_cast<std::size_t>(place)]);
  }
}

TEST_CASE("a damaged log is refused and nothing is touched; none, or one just begun, does nothing") {
  const TemporaryFolder folder;
  write_bytes(folder / "f", std::string(100, 'a'));
  {
    OverwriteLog log(folder / "log", folder / "f", 100);
    log.before_write(10, 20);
    overwrite(folder / "f", 10, std::string(20, 'b'));
    log.before_write(50, 20);
    overwrite(folder / "f", 50, std::string(20, 'c'));
  }
  const std::string log = bytes_of(folder / "log");
  const std::string file = bytes_of(folder / "f");
  for (std::size_t at = 0; at < log.size(); ++at) {
    std::string damaged = log;
    damaged[at] ^= 1;
    write_bytes(folder / "log", damaged);
    CAPTURE(at);
    CHECK_THROWS_AS(roll_back(folder / "log", folder / "f"), FormatError);
    CHECK(bytes_of(folder / "f") == file);
  }
  write_bytes(folder / "f", file);
  roll_back(folder / "none", folder / "f");
  write_bytes(folder / "log", log.substr(0, 23));
  roll_back(folder / "log", folder / "f");
  CHECK(bytes_of(folder / "f") == file);
}

TEST_CASE("an HDF5 file that was sealed is led back to the same bytes from any moment after") {
  const TemporaryFolder folder;
  std::vector<double> expected;
  std::uint64_t size = 0;
  RandomSequence random(3, Purpose::test, 23, 0);
  const auto append = [&](Hdf5OutputFile& file, bool keep) {
    std::vector<double> values(random.below(3000));
    for (double& value : values) value = random.uniform();
    file.root().dataset("list").append(std::span<const double>(values));
    file.root().set_attribute("count", std::uint64_t{values.size()});
    file.flush();
    if (keep) expected.insert(expected.end(), values.begin(), values.end());
  };
  {
    Hdf5OutputFile file(folder / "f.h5", true);
    (void)file.root().create_list<double>("list", 512);
    file.root().set_attribute("count", std::uint64_t{0});
    file.share();
    append(file, true);
    size = file.seal(folder / "log");
  }
  roll_back(folder / "log", folder / "f.h5.partial");
  const std::string sealed = bytes_of(folder / "f.h5.partial");
  CHECK(sealed.size() == size);
  {
    Hdf5OutputFile file(folder / "f.h5", folder / "log");
    file.share();
    for (int i = 0; i < 20; ++i) {
      append(file, false);
      duplicate(folder / "f.h5.partial", folder / "killed");
      duplicate(folder / "log", folder / "killed_log");
      roll_back(folder / "killed_log", folder / "killed");
      REQUIRE(bytes_of(folder / "killed") == sealed);
    }
    file.reopen();
    (void)file.root().write_text("counts", "{}");
    file.commit();
  }
  roll_back(folder / "log", folder / "f.h5");
  CHECK(bytes_of(folder / "f.h5") == sealed);
  CHECK(Hdf5File::open(folder / "f.h5").root().dataset("list").read_list<double>() == expected);
}

TEST_CASE("who looks at a file just when it is sealed does not stop its writer") {
  const TemporaryFolder folder;
  Hdf5OutputFile file(folder / "f.h5", true);
  (void)file.root().create_list<double>("list");
  file.share();
  const int reader = ::open((folder / "f.h5.partial").c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(::flock(reader, LOCK_SH | LOCK_NB) == 0);  // as HDF5 does for a reader that knows of no writer
  file.seal(folder / "log");
  file.share();
  file.root().dataset("list").append(std::span<const double>(std::vector{1.0}));
  ::close(reader);
  file.reopen();
  file.commit();
  CHECK(Hdf5File::open(folder / "f.h5").root().dataset("list").size() == 1);
}

}  // namespace overwrite_log_test
