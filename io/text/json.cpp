// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/text/json.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "io/text/text_file.hpp"

namespace flurry {
namespace {

constexpr std::size_t deepest_nesting = 256;  // nesting; documents are freed recursively

// Builds a Document from the parser's events, and refuses what the parser would let pass: a key given twice.
class DocumentBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  DocumentBuilder(const std::string& text, const std::string& origin) : text_(text), origin_(origin) {}

  Document take() { return std::move(root_); }

  bool null() override { return add({}); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(std::int64_t value) override { return add(value); }
  bool number_unsigned(std::uint64_t value) override {
    if (std::in_range<std::int64_t>(value)) return add(static_cast<std::int64_t>(value));
    return add(static_cast<double>(value));
  }
  bool number_float(double value, const std::string&) override { return add(value); }
  bool string(std::string& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }  // does not occur in JSON text

  bool start_object(std::size_t) override { return open(Document::Table{}); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Document::Array{}); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    if (open_.back()->find(name) != nullptr)
      throw FormatError(origin_ + ": the key '" + name + "' stands twice in one object; expected it once");
    key_ = name;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    const std::size_t end = std::min(position == 0 ? 0 : position - 1, text_.size());
    const auto stop = text_.begin() + static_cast<std::ptrdiff_t>(end);
    const std::size_t line = 1 + static_cast<std::size_t>(std::count(text_.begin(), stop, '\n'));
    const std::size_t break_before = end == 0 ? std::string::npos : text_.rfind('\n', end - 1);
    const std::size_t column = break_before == std::string::npos ? end + 1 : end - break_before;
    std::string reason = error.what();  // "[json.exception...] parse error at line 1, column 2: reason"
    if (const std::size_t colon = reason.find(": ");
        reason.find("parse error at") < colon && colon != std::string::npos)
      reason.erase(0, colon + 2);
    else if (const std::size_t bracket = reason.find("] "); bracket != std::string::npos)
      reason.erase(0, bracket + 2);
    throw FormatError(origin_ + ":" + std::to_string(line) + ": not JSON at column " +
                      std::to_string(column) + ": " + reason);
  }

 private:
  Document* put(Document::Value value) {
    Document made(std::move(value), origin_);
    if (open_.empty()) {
      root_ = std::move(made);
      return &root_;
    }
    Document::Value& parent = open_.back()->value();
    if (auto* table = std::get_if<Document::Table>(&parent))
      return &table->emplace(std::move(key_), std::move(made)).first->second;
    Document::Array& array = std::get<Document::Array>(parent);
    array.push_back(std::move(made));
    return &array.back();
  }

  bool add(Document::Value value) {
    put(std::move(value));
    return true;
  }

  bool open(Document::Value value) {
    if (open_.size() >= deepest_nesting)
      throw FormatError(origin_ + ": nested more than " + std::to_string(deepest_nesting) +
                        " deep; expected less");
    open_.push_back(put(std::move(value)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  const std::string& text_;
  const std::string& origin_;
  Document root_;
  std::vector<Document*>
      open_;  // an array grows only while nothing within it is open: the pointers stay good
  std::string key_;
};

}  // namespace

Document parse_json(const std::string& text, const std::string& origin) {
  DocumentBuilder builder(text, origin);
  nlohmann::json::sax_parse(text, &builder);
  return builder.take();
}

Document read_json(const std::filesystem::path& path) {
  return parse_json(read_text_file(path), path.string());
}

}  // namespace flurry
