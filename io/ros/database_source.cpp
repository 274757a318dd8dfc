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
      "SELECT topics.name, topics.type, topics.serialization_format, messages.data FROM messages "
      "JOIN topics ON messages.topic_id = topics.id ORDER BY messages.id";
  if (opened == SQLITE_OK && sqlite3_prepare_v2(database, query, -1, &statement, nullptr) == SQLITE_OK) {
    messages_.reset(statement);
    return;
  }
  throw FormatError(path.string() + ": is no ROS 2 bag: " + printable(sqlite3_errmsg(database)));
}

bool DatabaseSource::next(RosMessage& message, ReadStatistics& statistics) {
  if (messages_ == nullptr) return false;
  sqlite3_stmt* const row = as_statement(messages_.get());
  if (const int status = sqlite3_step(row); status != SQLITE_ROW) {
    if (status != SQLITE_DONE && statistics.damaged++ == 0)
      statistics.damage = std::string("the database cannot be read on: ") + sqlite3_errstr(status);
    messages_.reset();
    bytes_read_ = size_;
    return false;
  }
  message = {column_bytes(row, 0), column_bytes(row, 1), column_bytes(row, 2) == "cdr", column_bytes(row, 3),
             0};
  bytes_read_ = std::min(size_, bytes_read_ + message.data.size());
  constexpr std::string_view zstd_signature = "\x28\xb5\x2f\xfd";
  if (message.data.starts_with(zstd_signature)) {  // compression mode "message"
    unpacked_ = unpack_chunk("zstd", message.data, std::numeric_limits<std::uint32_t>::max()).value_or("");
    message.data = unpacked_;
  }
  return true;
}

}  // namespace flurry
