// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/arguments.hpp"

#include <algorithm>
#include <functional>

#include <CLI/CLI.hpp>

#include "core/base/error.hpp"
#include "core/base/units.hpp"

namespace flurry {

struct Arguments::Content {
  CLI::App app;
  std::vector<std::string> option_names{"--help"};
  std::vector<std::function<void()>>
      conversions;  // run after CLI11 has parsed, so that ours are the messages

  std::string verb;
  std::string* command = nullptr;

  Content(const std::string& summary, const std::string& name) : app(summary, "flurry " + name), verb(name) {}

  CLI::Option* remember(CLI::Option* option) {
    for (const std::string& name : option->get_lnames()) option_names.push_back("--" + name);
    return option;
  }
};

namespace {

// The long name of "-o,--output", for messages.
std::string long_name(const std::string& names) {
  const std::size_t dashes = names.find("--");
  return dashes == std::string::npos ? names : names.substr(dashes, names.find(',', dashes) - dashes);
}

std::uint64_t whole(const std::string& text, const std::string& name) {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || text.size() > 19)
    throw UsageError("'" + text + "' for " + name + " is not a whole number; expected digits, at most 19");
  return std::stoull(text);
}

std::string unexpected(const std::vector<std::string>& words, const std::vector<std::string>& known) {
  for (const std::string& word : words)
    if (word.size() > 1 && word.front() == '-')
      return unknown_name("option", word.substr(0, word.find('=')), "", known);
  return "unexpected argument '" + (words.empty() ? std::string() : words.front()) + "'";
}

}  // namespace

Arguments::Arguments(const std::string& verb, const std::string& summary, const std::string& footer)
    : content_(std::make_unique<Content>(summary, verb)) {
  content_->app.footer(footer);
  content_->app.get_formatter()->column_width(32);
  content_->app.set_help_flag("-h,--help", "Print this help and exit");
}

Arguments::~Arguments() = default;

void Arguments::positional(const std::string& name, std::string& into, const std::string& help) {
  content_->app.add_option(name, into, help)->required()->type_name("");
}

void Arguments::optional_positional(const std::string& name, std::string& into, const std::string& help) {
  content_->app.add_option(name, into, help)->type_name("");
}

void Arguments::positionals(const std::string& name, std::vector<std::string>& into,
                            const std::string& help) {
  content_->app.add_option(name, into, help)->type_name("");
}

void Arguments::option(const std::string& names, std::string& into, const std::string& placeholder,
                       const std::string& help) {
  content_->remember(content_->app.add_option(names, into, help))->type_name(placeholder);
}

void Arguments::required_option(const std::string& names, std::string& into, const std::string& placeholder,
                                const std::string& help) {
  content_->remember(content_->app.add_option(names, into, help))->type_name(placeholder)->required();
}

void Arguments::whole_number(const std::string& names, std::optional<std::uint64_t>& into,
                             const std::string& help) {
  const auto text = std::make_shared<std::string>();
  CLI::Option* option = content_->remember(content_->app.add_option(names, *text, help))->type_name("N");
  content_->conversions.emplace_back([text, option, names, &into] {
    if (option->count() > 0) into = whole(*text, long_name(names));
  });
}

void Arguments::quantity(const std::string& names, std::optional<double>& into, Dimension dimension,
                         const std::string& help) {
  const auto text = std::make_shared<std::string>();
  const std::string unit(unit_name(dimension));
  CLI::Option* option = content_->remember(content_->app.add_option(names, *text, help));
  option->type_name(unit.empty() ? "NUMBER" : "'N " + unit + "'");
  content_->conversions.emplace_back([text, option, names, dimension, &into] {
    if (option->count() > 0) into = parse_quantity(*text, dimension, long_name(names));
  });
}

void Arguments::flag(const std::string& names, bool& into, const std::string& help) {
  content_->remember(content_->app.add_flag(names, into, help));
}

void Arguments::repeated(const std::string& names, std::vector<std::string>& into,
                         const std::string& placeholder, const std::string& help) {
  CLI::Option* option =
      content_->remember(content_->app.add_option(names, into, help + " (may be repeated)"));
  option->type_name(placeholder)->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args(false);
}

void Arguments::keep_command(std::string& into) { content_->command = &into; }

bool Arguments::parse(const std::vector<std::string>& words) {
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());  // the order CLI11 wants
    content_->app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return false;
  } catch (const CLI::ExtrasError&) {
    throw UsageError(unexpected(content_->app.remaining(), content_->option_names) + " (see " +
                     content_->app.get_name() + " --help)");
  } catch (const CLI::ParseError& error) {
    throw UsageError(std::string(error.what()) + " (see " + content_->app.get_name() + " --help)");
  }
  if (content_->command != nullptr) {
    std::vector<std::string> all{content_->verb};
    all.insert(all.end(), words.begin(), words.end());
    *content_->command = command_text(all);
  }
  for (const std::function<void()>& convert : content_->conversions) convert();
  return true;
}

std::string Arguments::help() const { return content_->app.help(); }

std::string command_text(std::span<const std::string> words) {
  std::string text = "flurry";
  for (const std::string& word : words) {
    const bool plain = !word.empty() && word.find_first_of(" \t\"'\\$&|;<>*?()[]{}#~`") == std::string::npos;
    std::string quoted;
    for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    text += plain ? " " + word : " '" + quoted + "'";
  }
  return text;
}

}  // namespace flurry
