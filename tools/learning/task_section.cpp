// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/learning/task_section.hpp"

#include <algorithm>
#include <limits>

#include "core/base/error.hpp"
#include "io/network_file/distribution_reader.hpp"
#include "io/network_file/quantity_reader.hpp"

namespace flurry {

const Document* TaskSection::find(const std::string& key) {
  asked_.push_back(key);
  return table_ == nullptr ? nullptr : table_->find(key);
}

const Document& TaskSection::at(const std::string& key) {
  const Document* value = find(key);
  if (value != nullptr) return *value;
  if (table_ == nullptr) throw UsageError("the task has no " + name_ + "; it needs '" + key + "'");
  refuse(*table_, name_, "has no '" + key + "'");
}

void TaskSection::quantity(const std::string& key, double& into, Dimension dimension, const Range& range) {
  if (const Document* value = find(key)) into = read_quantity_in(range, *value, dimension, what(key));
}

void TaskSection::whole(const std::string& key, std::uint32_t& into, std::uint32_t low) {
  if (const Document* value = find(key))
    into = static_cast<std::uint32_t>(
        read_whole_number(*value, low, std::numeric_limits<std::int32_t>::max(), what(key)));
}

void TaskSection::whole(const std::string& key, std::uint64_t& into) {
  if (const Document* value = find(key))
    into = static_cast<std::uint64_t>(
        read_whole_number(*value, 0, std::numeric_limits<std::int64_t>::max(), what(key)));
}

void TaskSection::flag(const std::string& key, bool& into) {
  if (const Document* value = find(key)) into = value->boolean(what(key));
}

void TaskSection::text(const std::string& key, std::string& into) {
  if (const Document* value = find(key)) into = value->text(what(key));
}

void TaskSection::texts(const std::string& key, std::vector<std::string>& into) {
  const Document* value = find(key);
  if (value == nullptr) return;
  into.clear();
  if (value->is_text()) {
    into.push_back(value->text(what(key)));
    return;
  }
  for (const Document& entry : value->array(what(key))) into.push_back(entry.text(what(key)));
}

void TaskSection::distribution(const std::string& key, Distribution& into, Dimension dimension,
                               const Range& range) {
  if (const Document* value = find(key)) into = read_distribution(*value, dimension, range, what(key));
}

std::size_t TaskSection::choose(const std::string& key, const std::vector<std::string>& names) {
  const Document* value = find(key);
  if (value == nullptr) return names.size();
  const std::string& text = value->text(what(key));
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) throw UsageError(unknown_name("choice", text, placed(what(key), *value), names));
  return static_cast<std::size_t>(found - names.begin());
}

void TaskSection::done() const {
  if (table_ != nullptr) table_->expect_keys(name_ + " (" + table_->where() + ")", asked_);
}

}  // namespace flurry
