// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/dataset/fetch.hpp"

#include <chrono>
#include <cstdlib>
#include <thread>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"
#include "tools/dataset/checksum.hpp"
#include "tools/dataset/download.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace fetch_test {
namespace {

/// A local HTTP server over a folder.
class RangeServer {
 public:
  explicit RangeServer(const std::filesystem::path& folder, const std::string& choice = "") {
    const std::filesystem::path port_file = folder / "port";
    const std::string script = std::string(FLURRY_SOURCE_DIR) + "/tests/tools/range_server.py";
    const std::string command = "python3 -B '" + script + "' '" + folder.string() + "' '" +
                                port_file.string() + "' " + choice + " >/dev/null 2>&1 &";
    if (std::system(command.c_str()) != 0) return;
    for (int i = 0; i < 500 && !std::filesystem::exists(port_file); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    port_ = bytes_of(port_file);
  }
  RangeServer(const RangeServer&) = delete;
  RangeServer& operator=(const RangeServer&) = delete;
  ~RangeServer() {
    if (port_.empty()) return;
    const TemporaryFolder folder;
    download(url() + "/stop", folder / "stop", {});
  }
  [[nodiscard]] bool runs() const { return !port_.empty(); }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + port_; }

 private:
  std::string port_;
};

std::string some_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<char>(i * i % 251);
  return bytes;
}

std::string sum_of(ChecksumKind kind, std::string_view bytes) {
  Checksum sum(kind);
  for (std::size_t at = 0; at < bytes.size(); at += 7) sum.add(bytes.substr(at, 7));
  return sum.finish();
}

}  // namespace

TEST_CASE("checksums: the test suites of RFC 1321 and FIPS 180-4") {
  constexpr ChecksumKind md5 = ChecksumKind::md5;
  constexpr ChecksumKind sha256 = ChecksumKind::sha256;
  CHECK(sum_of(md5, "") == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(sum_of(md5, "abc") == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(sum_of(md5, "12345678901234567890123456789012345678901234567890123456789012345678901234567890") ==
        "57edf4a22be3c955ac49da2e2107b67a");
  CHECK(sum_of(sha256, "") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sum_of(sha256, "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sum_of(sha256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sum_of(sha256, std::string(1000000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  for (std::size_t size = 50; size < 70; ++size) {  // around a block's edge: in one piece and in many
    Checksum whole(md5);
    whole.add(some_bytes(size));
    CHECK(whole.finish() == sum_of(md5, some_bytes(size)));
  }
}

TEST_CASE("checksums: of a file, as long as the one it is compared with") {
  const TemporaryFolder folder;
  write_bytes(folder / "abc", "abc");
  CHECK(file_checksum(folder / "abc", std::string(32, '0')) == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(file_checksum(folder / "abc", std::string(64, '0')) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  write_bytes(folder / "large", std::string(3'000'000, 'a'));  // more than one buffer
  CHECK(file_checksum(folder / "large", "") == sum_of(ChecksumKind::sha256, std::string(3'000'000, 'a')));
}

TEST_CASE("fetch: known sets have addresses, and checksums of the right length") {
  for (const PublicDataset& set : public_datasets()) {
    CAPTURE(set.name);
    CHECK_FALSE(set.files.empty());
    for (const PublicFile& file : set.files) {
      CHECK(file.url.starts_with("http"));
      CHECK((file.checksum.empty() || file.checksum.size() == 32 || file.checksum.size() == 64));
      CHECK(file.checksum.find_first_not_of("0123456789abcdef") == std::string_view::npos);
    }
    CHECK(contains(fetch_list_text(), std::string(set.name)));
  }
  CHECK(contains(fetch_list_text(), "no published checksum"));
  CHECK(contains(message_of<UsageError>([] { (void)fetch_dataset("dvs-gesture", {}); }),
                 "ask for consent in a browser"));
  CHECK(contains(message_of<UsageError>([] { (void)fetch_dataset("minst", {}); }), "did you mean 'mnist'"));
}

TEST_CASE("fetch: whole, resumed, already there, wrong checksum, missing") {
  const TemporaryFolder remote;
  const TemporaryFolder local;
  const std::string content = some_bytes(300000);
  write_bytes(remote / "a.bin", content);
  const std::string sum = sum_of(ChecksumKind::md5, content);
  const PublicFile file{"a.bin", "", sum};
  const RangeServer server(remote.path());
  if (!server.runs()) {
    MESSAGE("skipped: needs python3");
    return;
  }
  const std::string url = server.url() + "/a.bin";

  write_bytes(local / "a.bin.partial", content.substr(0, 123456));
  fetch_file(file, url, local.path(), false);
  CHECK(bytes_of(local / "a.bin") == content);
  CHECK(contains(bytes_of(remote / "requests.txt"), "/a.bin bytes=123456-"));
  CHECK_FALSE(std::filesystem::exists(local / "a.bin.partial"));

  std::filesystem::remove(remote / "requests.txt");
  fetch_file(file, url, local.path(), false);  // there already: nothing is asked for
  CHECK_FALSE(std::filesystem::exists(remote / "requests.txt"));

  std::filesystem::rename(local / "a.bin", local / "a.bin.partial");  // whole, but never renamed
  fetch_file(file, url, local.path(), false);
  CHECK(bytes_of(local / "a.bin") == content);

  std::filesystem::remove(local / "a.bin");
  fetch_file({"a.bin", "", ""}, url, local.path(), false);  // no checksum known
  CHECK(bytes_of(local / "a.bin") == content);

  write_bytes(local / "a.bin", "something else");
  CHECK(contains(message_of<FormatError>([&] { fetch_file(file, url, local.path(), false); }),
                 "move it away to fetch it anew"));
  std::filesystem::remove(local / "a.bin");

  write_bytes(local / "a.bin.partial", std::string(1000, 'x'));  // the beginning of another file
  CHECK(contains(message_of<FormatError>([&] { fetch_file(file, url, local.path(), false); }),
                 "as published; it was removed"));
  CHECK(std::filesystem::is_empty(local.path()));

  CHECK(contains(
      message_of<SystemError>([&] { fetch_file(file, server.url() + "/none.bin", local.path(), false); }),
      "404"));
}

TEST_CASE("fetch: a server that knows no ranges is asked for the whole file; --from names another address") {
  const TemporaryFolder remote;
  const TemporaryFolder local;
  const std::string content = some_bytes(5000);
  write_bytes(remote / "free-spoken-digit-dataset-1.0.10.tar.gz", content);
  const RangeServer server(remote.path(), "no-range");
  if (!server.runs()) {
    MESSAGE("skipped: needs python3");
    return;
  }
  write_bytes(local / "free-spoken-digit-dataset-1.0.10.tar.gz.partial", content.substr(0, 700));
  FetchRequest request;
  request.folder = local.path().string();
  request.from = server.url();
  const std::vector<std::filesystem::path> files = fetch_dataset("spoken-digits", request);
  REQUIRE(files.size() == 1);
  CHECK(bytes_of(files[0]) == content);
}

TEST_CASE("fetch: without a network, one sentence, and what is there stays") {
  const TemporaryFolder local;
  write_bytes(local / "a.bin.partial", "begun");
  const std::string message = message_of<SystemError>([&] {
    fetch_file({"a.bin", "", ""}, "http://127.0.0.1:1/a.bin", local.path(), false);
  });
  CHECK(contains(message, "cannot reach http://127.0.0.1:1/a.bin"));
  CHECK(contains(message, "is there a network?"));
  CHECK(bytes_of(local / "a.bin.partial") == "begun");
}

}  // namespace fetch_test
