// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_object.hpp"

#include <array>
#include <cmath>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/units.hpp"
#include "io/hdf5/hdf5_error.hpp"
#include "io/hdf5/hdf5_text.hpp"
#include "io/hdf5/hdf5_type.hpp"

namespace flurry {
namespace {

std::string attribute_place(const Hdf5Object& object, const std::string& name) {
  return object.where() + " attribute '" + name + "'";
}

// Opens an attribute that holds one value: a text, or a number of any type.
Hdf5Handle open_single(hid_t object, const std::string& name, bool text, const std::string& where) {
  Hdf5Handle attribute(checked(H5Aopen(object, name.c_str(), H5P_DEFAULT), "open", where));
  const Hdf5Handle type(checked(H5Aget_type(attribute.get()), "read", where));
  const Hdf5Handle space(checked(H5Aget_space(attribute.get()), "read", where));
  const H5T_class_t kind = H5Tget_class(type.get());
  const bool fits = text ? kind == H5T_STRING : kind == H5T_INTEGER || kind == H5T_FLOAT;
  if (!fits || H5Sget_simple_extent_npoints(space.get()) != 1)
    throw FormatError("'" + where + "' is not one " + (text ? "text" : "number"));
  return attribute;
}

template <class T>
std::optional<T> find_value(hid_t object, const std::string& name, const std::string& where) {
  const Hdf5Handle attribute = open_single(object, name, false, where);
  T value{};
  checked(H5Aread(attribute.get(), native_type<T>(), &value), "read", where);
  return value;
}

void replace(hid_t object, const std::string& name, const Hdf5Handle& space, hid_t stored,
             const std::string& where) {
  const htri_t present = H5Aexists(object, name.c_str());
  if (present > 0) written(H5Adelete(object, name.c_str()), "replace", where);
  const Hdf5Handle made(checked(
      H5Acreate2(object, name.c_str(), stored, space.get(), H5P_DEFAULT, H5P_DEFAULT), "create", where));
}

void write(hid_t object, const std::string& name, hid_t memory_type, const void* data,
           const std::string& where) {
  const Hdf5Handle attribute(written(H5Aopen(object, name.c_str(), H5P_DEFAULT), "write", where));
  written(H5Awrite(attribute.get(), memory_type, data), "write", where);
}

template <class T>
void set_scalar(hid_t object, const std::string& name, T value, const std::string& where) {
  const Hdf5Handle space(H5Screate(H5S_SCALAR));
  if (H5Aexists(object, name.c_str()) <= 0) replace(object, name, space, stored_type<T>(), where);
  write(object, name, native_type<T>(), &value, where);
}

}  // namespace

bool Hdf5Object::has_attribute(const std::string& name) const { return H5Aexists(id(), name.c_str()) > 0; }

std::optional<std::string> Hdf5Object::find_text(const std::string& name) const {
  if (!has_attribute(name)) return std::nullopt;
  const std::string where = attribute_place(*this, name);
  const Hdf5Handle attribute = open_single(id(), name, true, where);
  const Hdf5Handle type(checked(H5Aget_type(attribute.get()), "read", where));
  return read_texts(type.get(), 1, where,
                    [&](Hdf5Handle::Id memory_type, void* buffer) {
                      return H5Aread(attribute.get(), memory_type, buffer);
                    })
      .front();
}

std::optional<double> Hdf5Object::find_number(const std::string& name) const {
  if (!has_attribute(name)) return std::nullopt;
  return find_value<double>(id(), name, attribute_place(*this, name));
}

std::optional<std::uint64_t> Hdf5Object::find_natural(const std::string& name) const {
  if (!has_attribute(name)) return std::nullopt;
  const std::string where = attribute_place(*this, name);
  // HDF5 clamps and cuts when it converts an attribute: look at the value itself first.
  const double value = *find_value<double>(id(), name, where);
  if (!(value >= 0.0) || value != std::floor(value))
    throw FormatError("'" + where + "' is " + shortest(value) + "; expected a whole number, 0 or more");
  return find_value<std::uint64_t>(id(), name, where);
}

void Hdf5Object::set_attribute(const std::string& name, const std::string& text) {
  const std::string where = attribute_place(*this, name);
  const Hdf5Handle type = text_type(text);
  const Hdf5Handle space(H5Screate(H5S_SCALAR));
  const char* start = text.c_str();
  replace(id(), name, space, type.get(), where);
  write(id(), name, type.get(), static_cast<const void*>(&start), where);
}

void Hdf5Object::set_attribute(const std::string& name, double value) {
  set_scalar(id(), name, value, attribute_place(*this, name));
}

void Hdf5Object::set_attribute(const std::string& name, std::uint64_t value) {
  set_scalar(id(), name, value, attribute_place(*this, name));
}

void Hdf5Object::set_attribute(const std::string& name, std::uint32_t value) {
  set_scalar(id(), name, value, attribute_place(*this, name));
}

void Hdf5Object::set_attribute(const std::string& name, std::span<const std::uint32_t> values) {
  const std::string where = attribute_place(*this, name);
  const std::array<hsize_t, 1> size{values.size()};
  const Hdf5Handle space(H5Screate_simple(1, size.data(), nullptr));
  replace(id(), name, space, stored_type<std::uint32_t>(), where);
  write(id(), name, native_type<std::uint32_t>(), values.data(), where);
}

}  // namespace flurry
