// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/ros/database_source.hpp"

#include <algorithm>
#include <limits>

#include <sqlite3.h>

#include "core/base/error.hpp"
#include "io/compression/message_chunk.hpp"
#include "io/recording/content_description.hpp"

namespace flurry {

namespace {

sqlite3_stmt* as_statement(void* statement) { return static_cast<sqlite3_stmt*>(statement); }

std::string_view column_bytes(sqlite3_stmt* row, int column) {
  const void* const bytes = sqlite3_column_blob(row, column);
  const int size = sqlite3_column_bytes(row, column);
  return bytes == nullptr ? std::string_view()
                          : std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

}  // namespace

void DatabaseSource::Close::operator()(void* database) const {
  sqlite3_close(static_cast<sqlite3*>(database));
}
void DatabaseSource::Finalize::operator()(void* statement) const {
  sqlite3_finalize(as_statement(statement));
}

DatabaseSource::DatabaseSource(const std::filesystem::path& path) {
  std::error_code error;
  size_ = std::filesystem::file_size(path, error);
  if (error) throw SystemError(path.string() + ": cannot be opened for reading: " + error.message());
  sqlite3* database = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr);
  database_.reset(database);
  sqlite3_stmt* statement = nullptr;
  // In the order of recording, which needs no sorting.
  const char* const query =
      "SELECT topics.name, topics.type, topics.serialization_format, messages.data, messages.id "
      "FROM messages JOIN topics ON messages.topic_id = topics.id ORDER BY messages.id";
  if (opened == SQLITE_OK && sqlite3_prepare_v2(database, query, -1, &statement, nullptr) == SQLITE_OK) {
    messages_.reset(statement);
    expect_whole_pages(path);
    return;
  }
  throw FormatError(path.string() + ": is no ROS 2 bag: " + printable(sqlite3_errmsg(database)));
}

void DatabaseSource::expect_whole_pages(const std::filesystem::path& path) const {
  sqlite3_stmt* statement = nullptr;
  auto* const database = static_cast<sqlite3*>(database_.get());
  sqlite3_prepare_v2(database, "PRAGMA page_size", -1, &statement, nullptr);
  const std::unique_ptr<void, Finalize> owner(statement);
  if (statement == nullptr || sqlite3_step(statement) != SQLITE_ROW) return;
  const auto page = static_cast<std::uint64_t>(sqlite3_column_int64(statement, 0));
  if (page > 0 && size_ % page != 0)
    throw FormatError(path.string() + ": the database is cut: its " + std::to_string(size_) +
                      " bytes are no whole number of pages of " + std::to_string(page) + " bytes");
}

bool DatabaseSource::next(RosMessage& message, ReadStatistics& statistics) {
  if (messages_ == nullptr) return false;
  sqlite3_stmt* const row = as_statement(messages_.get());
  if (const int status = sqlite3_step(row); status != SQLITE_ROW) {
    if (status != SQLITE_DONE && statistics.damaged++ == 0)
      statistics.damage =
          "the database cannot be read on after " + place(row_) + ": " + sqlite3_errstr(status);
    messages_.reset();
    bytes_read_ = size_;
    return false;
  }
  row_ = static_cast<std::uint64_t>(sqlite3_column_int64(row, 4));
  message = {column_bytes(row, 0), column_bytes(row, 1), column_bytes(row, 2) == "cdr", column_bytes(row, 3),
             row_};
  bytes_read_ = std::min(size_, bytes_read_ + message.data.size());
  constexpr std::string_view zstd_signature = "\x28\xb5\x2f\xfd";
  if (message.data.starts_with(zstd_signature)) {  // compression mode "message"
    unpacked_ = unpack_chunk("zstd", message.data, std::numeric_limits<std::uint32_t>::max()).value_or("");
    message.data = unpacked_;
  }
  return true;
}

}  // namespace flurry
