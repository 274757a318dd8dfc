// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/document.hpp"
#include "core/engine/model_info.hpp"
#include "core/network/distribution.hpp"

namespace flurry {

/// A table of a task file that is read key by key. What is not there keeps its value; what has not been asked
/// for when done() is called is refused.
class TaskSection {
 public:
  /// `name`: "[training]", for messages. `table`: nothing for one that is not there.
  TaskSection(std::string name, const Document* table) : name_(std::move(name)), table_(table) {}

  [[nodiscard]] bool has(const std::string& key) const {
    return table_ != nullptr && table_->find(key) != nullptr;
  }
  [[nodiscard]] TaskSection section(const std::string& key) { return {name_ + '.' + key, find(key)}; }

  void number(const std::string& key, double& into, const Range& range) {
    quantity(key, into, Dimension::number, range);
  }
  void quantity(const std::string& key, double& into, Dimension dimension, const Range& range);
  void whole(const std::string& key, std::uint32_t& into, std::uint32_t low);
  void whole(const std::string& key, std::uint64_t& into);
  void flag(const std::string& key, bool& into);
  void text(const std::string& key, std::string& into);
  void texts(const std::string& key, std::vector<std::string>& into);
  void distribution(const std::string& key, Distribution& into, Dimension dimension, const Range& range);
  template <class T>
  void choice(const std::string& key, T& into, const std::vector<std::pair<std::string, T>>& choices) {
    std::vector<std::string> names;
    names.reserve(choices.size());
    for (const auto& [name, value] : choices) names.push_back(name);
    const std::size_t chosen = choose(key, names);
    if (chosen < choices.size()) into = choices[chosen].second;
  }
  /// The key's value, or nullptr.
  const Document* find(const std::string& key);
  /// UsageError where it is missing.
  const Document& at(const std::string& key);
  /// UsageError for keys nobody has asked for.
  void done() const;

 private:
  [[nodiscard]] std::string what(const std::string& key) const { return key + " of " + name_; }
  std::size_t choose(const std::string& key, const std::vector<std::string>& names);

  std::string name_;
  const Document* table_ = nullptr;
  std::vector<std::string> asked_;
};

}  // namespace flurry
