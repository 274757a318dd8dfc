// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/text_events.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

#include "core/base/plain_text.hpp"
#include "io/recording/stream_reader.hpp"

namespace flurry {

namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_comment(std::string_view line) { return line.front() == '%' || line.front() == '#'; }

const char* skip_blanks(const char* at, const char* end) {
  while (at != end && is_blank(*at)) ++at;
  return at;
}

const char* field_end(const char* at, const char* end) {
  while (at != end && !is_blank(*at) && *at != ',' && *at != ';') ++at;
  return at;
}

/// Behind the blanks and the one comma or semicolon that end a field.
const char* skip_separator(const char* at, const char* end) {
  at = skip_blanks(at, end);
  if (at != end && (*at == ',' || *at == ';')) at = skip_blanks(at + 1, end);
  return at;
}

/// A number as it is written: exact to its ninth decimal.
struct Decimal {
  std::int64_t whole = 0;
  std::int64_t billionths = 0;
  bool negative = false;
  bool fits = true;  // false: more digits than 64 bits hold, or not plain decimal
};

const char* parse_decimal(const char* at, const char* end, Decimal& number) {
  constexpr std::ptrdiff_t most_digits = 18, decimals = 9;
  if (at != end && (*at == '-' || *at == '+')) number.negative = *at++ == '-';
  const char* const first = at;
  const char* const last = end - at > most_digits ? at + most_digits : end;
  for (; at != last && is_digit(*at); ++at) number.whole = 10 * number.whole + (*at - '0');
  while (at != end && is_digit(*at)) ++at;
  number.fits = at != first && at - first <= most_digits;
  if (at == end || *at != '.') return at;
  const char* const point = ++at;
  for (; at != end && is_digit(*at); ++at)
    if (at - point < decimals) number.billionths = 10 * number.billionths + (*at - '0');
  for (std::ptrdiff_t i = at - point; i < decimals; ++i) number.billionths *= 10;
  number.fits = at - first > 1 && point - 1 - first <= most_digits;
  return at;
}

std::int64_t with_sign(const Decimal& number, std::int64_t value) { return number.negative ? -value : value; }

/// `us` is a unit in us; for ns, 0.
std::int64_t time_of(const Decimal& number, std::int64_t us) {
  constexpr std::int64_t billion = 1'000'000'000;
  if (us == 0) return to_us(with_sign(number, number.whole), ColumnUnit::ns);
  std::int64_t time = 0;
  const std::int64_t rest = number.billionths == 0 ? 0 : (number.billionths * us + billion / 2) / billion;
  if (__builtin_mul_overflow(number.whole, us, &time) || __builtin_add_overflow(time, rest, &time))
    return no_number;
  return with_sign(number, time);
}

std::int64_t whole_of(const Decimal& number) {
  return number.billionths == 0 ? with_sign(number, number.whole) : no_number;
}

/// What is no plain decimal: an exponent, or a word for on and off. False where it is no number at all.
bool parse_other(std::string_view field, bool is_time, ColumnUnit unit, std::int64_t& value) {
  if (field == "True" || field == "true" || field == "False" || field == "false") {
    value = field.front() == 'T' || field.front() == 't' ? 1 : 0;
    return !is_time;
  }
  double number = 0.0;
  const auto [end, status] = std::from_chars(field.data(), field.data() + field.size(), number);
  if (status != std::errc() || end != field.data() + field.size()) return false;
  if (is_time)
    value = to_us(number, unit);
  else
    value = number == std::floor(number) ? to_us(number, ColumnUnit::us) : no_number;
  return true;
}

/// The next line with what ends it; empty at the end, or where `text` has no whole line left.
std::string_view next_line(std::string_view text) {
  const std::size_t end = text.find('\n');
  return end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1);
}

/// The numbers of a line, not-a-number for anything else.
std::vector<double> numbers_of(std::string_view line) {
  constexpr std::size_t most_places = 64;
  std::vector<double> numbers;
  const char* at = line.data();
  const char* const end = at + line.size();
  while (at != end && numbers.size() < most_places) {
    const char* const stop = field_end(at, end);
    const std::string_view field(at, static_cast<std::size_t>(stop - at));
    double number = 0.0;
    const auto [last, status] = std::from_chars(at, stop, number);
    std::int64_t truth = 0;
    if (status != std::errc() || last != stop)
      number = parse_other(field, false, ColumnUnit::us, truth) ? static_cast<double>(truth) : std::nan("");
    numbers.push_back(number);
    at = skip_separator(stop, end);
  }
  return numbers;
}

/// The four numbers that are asked for as t, x, y, p.
std::array<double, column_count> in_order(const std::vector<double>& numbers, const ColumnOrder& order) {
  std::array<double, column_count> row{};
  for (std::size_t c = 0; c < column_count; ++c) row[c] = numbers[order[c]];
  return row;
}

/// "%geometry:640,480"
bool take_geometry(std::string_view line, TextLayout& layout) {
  constexpr std::string_view key = "%geometry:";
  if (!line.starts_with(key)) return false;
  const std::vector<double> size = numbers_of(line.substr(key.size()));
  const auto plausible = [](double pixels) { return pixels >= 1.0 && pixels <= 65536.0; };
  if (size.size() != 2 || !plausible(size[0]) || !plausible(size[1])) return false;
  layout.sensor = {static_cast<std::uint32_t>(size[0]), static_cast<std::uint32_t>(size[1])};
  layout.marked = true;
  return true;
}

/// "t,x,y,p", "# t x y p"
bool take_names(std::string_view line, TextLayout& layout) {
  std::string names;
  const std::string_view text = trimmed(line.substr(is_comment(line) ? 1 : 0));
  const char* at = text.data();
  const char* const end = at + text.size();
  std::size_t places = 0;
  for (; at != end; ++places) {
    const char* const stop = field_end(at, end);
    names.append(places > 0 ? "," : "").append(at, stop);
    at = skip_separator(stop, end);
  }
  const std::optional<ColumnOrder> order = column_order(names);
  if (!order) return false;
  layout.order = order;
  layout.places = places;
  layout.marked = true;
  return true;
}

/// Reads the lines before the first event into `layout`.
void study_head(std::string_view head, TextLayout& layout) {
  for (;;) {
    const std::string_view whole = next_line(head.substr(layout.body));
    const std::string_view line = trimmed(whole);
    if (whole.empty()) return;
    if (!line.empty()) {
      const std::vector<double> numbers = numbers_of(line);
      const bool words = std::any_of(numbers.begin(), numbers.end(), [](double n) { return std::isnan(n); });
      const bool named = words && (take_geometry(line, layout) || take_names(line, layout));
      const bool size = numbers.size() == 2 && !layout.marked && layout.sensor.width == 0 &&
                        take_geometry("%geometry:" + std::string(line), layout);
      if (size) layout.marked = false;  // two numbers are no mark
      if (!named && !size && !is_comment(line)) return;
    }
    layout.body += whole.size();
  }
}

}  // namespace

TextLineParser::TextLineParser(const ColumnOrder& order, std::size_t places, ColumnUnit unit)
    : columns_(std::max(places, *std::max_element(order.begin(), order.end()) + 1), column_count),
      unit_(unit),
      us_(unit == ColumnUnit::ns ? 0 : to_us(std::int64_t{1}, unit)) {
  for (std::size_t c = 0; c < column_count; ++c) columns_[order[c]] = c;
}

bool TextLineParser::parse(std::string_view line, std::array<std::int64_t, column_count>& row) const {
  const char* at = line.data();
  const char* const end = at + line.size();
  at = skip_blanks(at, end);
  for (const std::size_t column : columns_) {
    if (at == end) return false;
    if (column == column_count) {
      at = field_end(at, end);
    } else {
      const bool is_time = column == static_cast<std::size_t>(Column::t);
      Decimal number;
      const char* stop = parse_decimal(at, end, number);
      if (number.fits && (stop == end || is_blank(*stop) || *stop == ',' || *stop == ';')) {
        row[column] = is_time ? time_of(number, us_) : whole_of(number);
      } else {
        stop = field_end(at, end);
        if (!parse_other({at, static_cast<std::size_t>(stop - at)}, is_time, unit_, row[column]))
          return false;
      }
      at = stop;
    }
    at = skip_separator(at, end);
  }
  return at == end;
}

TextLayout study_text(std::string_view head, bool whole, const ColumnReadings& readings) {
  constexpr std::size_t most_lines = 1000;
  const std::size_t given = head.size();
  std::string ended;
  if (whole && !head.empty() && head.back() != '\n') head = ended = std::string(head) + '\n';
  TextLayout layout;
  study_head(head, layout);
  const std::size_t ends = layout.body;
  layout.body = std::min(layout.body, given);  // the end of line lent above is not the file's
  if (readings.order) {
    layout.order = readings.order;
    layout.places = readings.places;
  }
  std::vector<std::array<double, column_count>> rows;
  bool fractions = false;
  head.remove_prefix(ends);
  while (layout.lines < most_lines) {
    const std::string_view line = next_line(head);
    if (line.empty()) break;
    head.remove_prefix(line.size());
    ++layout.lines;
    const std::vector<double> numbers = numbers_of(trimmed(line));
    if (numbers.size() != layout.places) continue;
    rows.push_back({numbers[0], numbers[1], numbers[2], numbers[3]});
    if (layout.order) rows.back() = in_order(numbers, *layout.order);
  }
  const std::optional<ColumnOrder> guess = guess_column_order(rows);
  const std::size_t time = layout.order || !guess ? 0 : guess->front();
  for (const auto& row : rows) fractions = fractions || row[time] != std::floor(row[time]);
  layout.unit = readings.unit.value_or(fractions ? ColumnUnit::s : ColumnUnit::us);
  layout.fits = guess && rows.size() + layout.lines / 100 >= layout.lines &&
                (!layout.order || *guess == ColumnOrder{0, 1, 2, 3});
  layout.events = rows.size();
  if (!layout.order) layout.order = guess;
  return layout;
}

TextEventReader::TextEventReader(ByteSource source, const TextLayout& layout, bool inverted)
    : source_(std::move(source)),
      parser_(*layout.order, layout.places, layout.unit),
      sensor_(layout.sensor),
      inverted_(inverted),
      polarity_last_(layout.order->back() + 1 == layout.places) {
  source_.consume(layout.body);
}

std::size_t TextEventReader::read(std::span<AddressEvent> events) {
  std::size_t count = 0;
  while (count < events.size()) {
    count += take_lines(events.subspan(count));
    if (count < events.size() && !source_.refill()) {
      if (source_.unread().empty()) break;
      count += take_last_line(events[count]) ? 1 : 0;
    }
  }
  statistics_.bytes_read = source_.offset();
  return count;
}

/// The whole lines at the front of what is there.
std::size_t TextEventReader::take_lines(std::span<AddressEvent> events) {
  const std::string_view text = source_.unread();
  std::size_t at = 0;
  std::size_t count = 0;
  while (count < events.size() && at < text.size()) {
    const void* const newline = std::memchr(text.data() + at, '\n', text.size() - at);
    if (newline == nullptr) break;
    const auto end = static_cast<std::size_t>(static_cast<const char*>(newline) - text.data());
    if (take_line(text.substr(at, end - at), source_.offset() + at, events[count])) ++count;
    at = end + 1;
  }
  source_.consume(at);
  return count;
}

/// The rest of a file that ends without a newline, or of a line longer than any.
bool TextEventReader::take_last_line(AddressEvent& event) {
  const std::string_view line = source_.unread();
  bool taken = false;
  if (polarity_last_)
    taken = take_line(line, source_.offset(), event);
  else
    note_damage(statistics_, source_.offset(), "the last line has no end, so its last number may be cut");
  source_.consume(line.size());
  return taken;
}

bool TextEventReader::take_line(std::string_view line, std::uint64_t offset, AddressEvent& event) {
  std::array<std::int64_t, column_count> row{};
  if (!parser_.parse(line, row)) {
    line = trimmed(line);
    if (line.empty()) return false;
    if (is_comment(line))
      ++statistics_.skipped;
    else
      note_damage(statistics_, offset, "a line holds no event");
    return false;
  }
  if (!make_event(row, sensor_, inverted_, event)) {
    note_damage(statistics_, offset, "a line's numbers are no event on the sensor");
    return false;
  }
  if (event.t < last_time_) note_damage(statistics_, offset, "time runs back");
  last_time_ = event.t;
  return true;
}

}  // namespace flurry
