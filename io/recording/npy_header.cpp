// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/npy_header.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <utility>

#include "core/base/error.hpp"
#include "io/recording/byte_source.hpp"
#include "io/recording/content_description.hpp"

namespace flurry {

namespace {

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw FormatError(where + ": " + what);
}

/// A value of the header's Python dictionary.
struct Literal {
  enum class Kind : std::uint8_t { text, number, word, list, dictionary };
  Kind kind = Kind::word;
  std::string text;  // of a text or a word (True, False, None)
  std::uint64_t number = 0;
  std::vector<Literal> items;  // of a list or tuple; keys and values of a dictionary in turn

  [[nodiscard]] const Literal* find(std::string_view key) const {
    for (std::size_t i = 0; kind == Kind::dictionary && i + 1 < items.size(); i += 2)
      if (items[i].text == key) return &items[i + 1];
    return nullptr;
  }
};

/// Reads Python literals as far as NumPy writes them.
class LiteralParser {
 public:
  LiteralParser(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  Literal parse(int depth = 0) {
    constexpr int deepest = 8;
    const char c = next();
    if (depth > deepest) fail();
    if (c == '\'' || c == '"') return text(c);
    if (c == '(' || c == '[' || c == '{') return items(c, depth);
    return plain();
  }

 private:
  [[noreturn]] void fail() const {
    refuse(where_, "the NumPy header '" + printable(text_) + "' cannot be read");
  }

  char next() {
    at_ = std::min(text_.find_first_not_of(" \n", at_), text_.size());
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  Literal text(char quote) {
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) fail();
    Literal value;
    value.kind = Literal::Kind::text;
    value.text = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return value;
  }

  Literal items(char open, int depth) {
    const char close = open == '(' ? ')' : open == '[' ? ']' : '}';
    Literal value;
    value.kind = open == '{' ? Literal::Kind::dictionary : Literal::Kind::list;
    ++at_;
    while (next() != close) {
      value.items.push_back(parse(depth + 1));
      const char after = next();
      const bool key = open == '{' && value.items.size() % 2 == 1;
      if (after == (key ? ':' : ','))
        ++at_;
      else if (key || after != close)
        fail();
    }
    ++at_;
    return value;
  }

  Literal plain() {
    const std::size_t end = std::min(text_.find_first_of(" ,:)]}\n", at_), text_.size());
    const std::string_view word = text_.substr(at_, end - at_);
    if (word.empty()) fail();
    at_ = end;
    Literal value;
    const auto [last, status] = std::from_chars(word.data(), word.data() + word.size(), value.number);
    if (status == std::errc() && last == word.data() + word.size())
      value.kind = Literal::Kind::number;
    else
      value.text = word;
    return value;
  }

  std::string_view text_;
  const std::string& where_;
  std::size_t at_ = 0;
};

/// What "<i8" and the like say: a number, or how many bytes to pass over.
struct ElementType {
  std::optional<NumberType> number;
  std::size_t bytes = 0;
};

ElementType element_type(const std::string& text, const std::string& where) {
  constexpr std::uint32_t most_bytes = 1U << 20U;
  std::string_view code = text;
  const bool little_machine = std::endian::native == std::endian::little;
  bool swapped = false;
  if (!code.empty() && std::string_view("<>=|").find(code.front()) != std::string_view::npos) {
    swapped = code.front() == '>' ? little_machine : code.front() == '<' && !little_machine;
    code.remove_prefix(1);
  }
  const char kind = code.empty() ? '\0' : code.front();
  if (kind == 'O')
    refuse(where, "it holds Python objects (pickled), which are not read; save numbers instead");
  std::uint32_t size = kind == '?' ? 1 : 0;
  if (code.size() > 1) std::from_chars(code.data() + 1, code.data() + code.size(), size);
  if (size > most_bytes || kind == '\0')
    refuse(where, "the NumPy type '" + printable(text) + "' cannot be read");
  ElementType type{std::nullopt, kind == 'U' ? std::size_t{4} * size : size};
  const bool power = size == 1 || size == 2 || size == 4 || size == 8;
  if ((kind == 'i' || kind == 'u' || kind == 'b' || kind == '?') && power)
    type.number = {kind == 'i' ? NumberType::Kind::integer : NumberType::Kind::natural, size, swapped};
  if (kind == 'f' && (size == 4 || size == 8)) type.number = {NumberType::Kind::real, size, swapped};
  return type;
}

/// ('t', '<i8'), (('title', 't'), '<i8') or ('t', '<i8', (2,))
void add_field(const Literal& entry, NpyHeader& header, const std::string& where) {
  constexpr std::size_t most_bytes = std::size_t{1} << 20U;
  if (entry.items.size() < 2 || entry.items[1].kind != Literal::Kind::text)
    refuse(where, "a field of the NumPy type is no name with a plain type");
  const Literal& name = entry.items[0].items.size() == 2 ? entry.items[0].items[1] : entry.items[0];
  const ElementType type = element_type(entry.items[1].text, where);
  NpyField field{name.text, entry.items[1].text, type.number, header.record_bytes};
  std::size_t bytes = type.bytes;
  if (entry.items.size() > 2) {
    field.number.reset();
    for (const Literal& extent : entry.items[2].items)
      bytes *= static_cast<std::size_t>(std::min<std::uint64_t>(extent.number, most_bytes));
  }
  header.record_bytes += bytes;
  if (bytes > most_bytes || header.record_bytes > most_bytes)
    refuse(where, "the records of the NumPy type are longer than " + std::to_string(most_bytes) + " bytes");
  header.fields.push_back(std::move(field));
}

/// {'names': [...], 'formats': [...], 'offsets': [...], 'itemsize': n}
void add_fields_by_offset(const Literal& descr, NpyHeader& header, const std::string& where) {
  const Literal* const names = descr.find("names");
  const Literal* const formats = descr.find("formats");
  const Literal* const offsets = descr.find("offsets");
  const Literal* const size = descr.find("itemsize");
  if (names == nullptr || formats == nullptr || names->items.size() != formats->items.size() ||
      (offsets != nullptr && offsets->items.size() != names->items.size()))
    refuse(where, "the NumPy type has no matching names, formats and offsets");
  std::size_t end = 0;
  for (std::size_t i = 0; i < names->items.size(); ++i) {
    Literal entry;
    entry.items = {names->items[i], formats->items[i]};
    if (offsets != nullptr)
      header.record_bytes =
          static_cast<std::size_t>(std::min<std::uint64_t>(offsets->items[i].number, 1U << 20U));
    add_field(entry, header, where);
    end = std::max(end, header.record_bytes);
  }
  header.record_bytes =
      size == nullptr ? end : static_cast<std::size_t>(std::min<std::uint64_t>(size->number, 1U << 20U));
  if (header.record_bytes < end) refuse(where, "the fields of the NumPy type reach beyond its itemsize");
}

void take_type(const Literal& descr, NpyHeader& header, const std::string& where) {
  if (descr.kind == Literal::Kind::text) {
    const ElementType type = element_type(descr.text, where);
    header.fields.push_back({"", descr.text, type.number, 0});
    header.record_bytes = type.bytes;
  } else if (descr.kind == Literal::Kind::list) {
    for (const Literal& entry : descr.items) add_field(entry, header, where);
  } else {
    add_fields_by_offset(descr, header, where);
  }
  if (header.record_bytes == 0) refuse(where, "the NumPy type has no bytes");
}

std::string shape_words(const NpyHeader& header) {
  std::string words;
  for (const std::uint64_t extent : header.shape)
    words += (words.empty() ? "" : " x ") + std::to_string(extent);
  return words.empty() ? "a single value" : "an array of " + words;
}

[[noreturn]] void refuse_shape(const NpyHeader& header, const std::string& where) {
  std::string names;
  for (const NpyField& field : header.fields)
    if (!field.name.empty()) names += (names.empty() ? " with the fields " : ", ") + printable(field.name);
  refuse(where, "it holds " + shape_words(header) +
                    (names.empty() ? " of " + printable(header.fields.front().type) : names) +
                    "; read are lists of records with fields t, x, y and p, and N x 4 numbers");
}

/// A matrix of N rows.
void lay_out_matrix(const NpyHeader& header, std::string_view body, const ColumnReadings& readings,
                    const std::string& where, RowLayout& layout) {
  constexpr std::uint64_t most_columns = 64;
  const std::uint64_t columns = header.shape[1];
  if (header.fortran_order && columns == column_count)
    refuse(where, "its numbers lie column by column (fortran_order); save it row by row (C order)");
  if (header.fortran_order || columns < column_count || columns > most_columns) refuse_shape(header, where);
  const NumberType type = *header.fields.front().number;
  const auto width = static_cast<std::size_t>(columns);
  layout.row_bytes = width * type.bytes;
  const std::uint64_t rows = std::min<std::uint64_t>(layout.rows, body.size() / layout.row_bytes);
  const ColumnOrder order =
      matrix_order(body.data(), static_cast<std::size_t>(rows), width, type, readings, where);
  layout.types.fill(type);
  for (std::size_t c = 0; c < column_count; ++c) layout.offsets[c] = order[c] * type.bytes;
}

/// A list of records.
void lay_out_records(const NpyHeader& header, const std::string& where, RowLayout& layout) {
  std::string names;
  std::vector<const NpyField*> fields;
  for (const NpyField& field : header.fields) {
    if (!field.number || field.name.find(',') != std::string::npos) continue;  // a comma parts names
    names += (fields.empty() ? "" : ",") + field.name;
    fields.push_back(&field);
  }
  const std::optional<ColumnOrder> order = column_order(names);
  if (header.shape.size() != 1 || !order) refuse_shape(header, where);
  layout.row_bytes = header.record_bytes;
  for (std::size_t c = 0; c < column_count; ++c) {
    layout.types[c] = *fields[(*order)[c]]->number;
    layout.offsets[c] = fields[(*order)[c]]->offset;
  }
}

}  // namespace

NpyHeader parse_npy_header(std::string_view head, const std::string& where) {
  constexpr std::size_t longest = std::size_t{1} << 19U;
  if (!head.starts_with(npy_signature)) refuse(where, "it does not start as a NumPy array does");
  constexpr std::size_t version_at = 6, length_at = 8;
  if (head.size() < 12) refuse(where, "the file ends inside its NumPy header");
  const auto version = static_cast<unsigned char>(head[version_at]);
  if (version < 1 || version > 3)
    refuse(where, "it is of the NumPy format version " + std::to_string(version) + "; read are 1 to 3");
  const std::size_t length =
      version == 1 ? load_le16(head.data() + length_at) : load_le32(head.data() + length_at);
  NpyHeader header;
  header.bytes = length_at + (version == 1 ? 2 : 4) + length;
  if (length > longest)
    refuse(where, "its NumPy header promises " + std::to_string(length) + " bytes; allowed are " +
                      std::to_string(longest));
  if (header.bytes > head.size()) refuse(where, "the file ends inside its NumPy header");
  const Literal dictionary = LiteralParser(head.substr(header.bytes - length, length), where).parse();
  const Literal* const descr = dictionary.find("descr");
  const Literal* const order = dictionary.find("fortran_order");
  const Literal* const shape = dictionary.find("shape");
  if (descr == nullptr || order == nullptr || shape == nullptr || shape->kind != Literal::Kind::list)
    refuse(where, "its NumPy header lacks descr, fortran_order or shape");
  take_type(*descr, header, where);
  header.fortran_order = order->text == "True";
  for (const Literal& extent : shape->items) header.shape.push_back(extent.number);
  return header;
}

RowLayout row_layout(const NpyHeader& header, std::string_view body, const ColumnReadings& readings,
                     const std::string& where) {
  RowLayout layout;
  layout.rows = header.shape.empty() ? 0 : header.shape.front();
  if (header.shape.size() == 2 && header.fields.front().name.empty() && header.fields.front().number)
    lay_out_matrix(header, body, readings, where, layout);
  else
    lay_out_records(header, where, layout);
  layout.unit = unit_of(layout.types.front(), readings);
  return layout;
}

void load_rows(std::string_view rows, std::size_t count, const RowLayout& layout, ColumnBlock& block) {
  block.rows = count;
  load_times(rows.data() + layout.offsets[0], layout.row_bytes, layout.types[0], layout.unit,
             block.column(0, count));
  for (std::size_t c = 1; c < column_count; ++c)
    load_whole(rows.data() + layout.offsets[c], layout.row_bytes, layout.types[c], block.column(c, count));
}

}  // namespace flurry
