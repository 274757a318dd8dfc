# SPDX-FileCopyrightText: The Flurry authors
# SPDX-License-Identifier: Apache-2.0
# Four drop-in folders: models/neuron, models/source, io/formats, tools/verbs. One file dropped there is in the
# catalogue after the next build; nothing else is edited.

# stem "lif_exp" -> type "LifExp"
function(flurry_type_name stem out)
  string(REPLACE "_" ";" words ${stem})
  set(name "")
  foreach(word ${words})
    string(SUBSTRING ${word} 0 1 head)
    string(SUBSTRING ${word} 1 -1 tail)
    string(TOUPPER ${head} head)
    string(APPEND name ${head}${tail})
  endforeach()
  set(${out} ${name} PARENT_SCOPE)
endfunction()

# Every FOLDER/stem.hpp defines `struct flurry::Stem`. For each a source file is generated that defines
# `ENTRY flurry::stem_entry()` through the template ENTRY_FUNCTION<Stem>() of HEADER, and one that defines
# `std::vector<ENTRY> flurry::CATALOGUE()`, in alphabetical order.
function(flurry_drop_in target folder catalogue entry header entry_function)
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/${folder}/*.hpp)
  list(SORT files)
  set(declarations "")
  set(calls "")
  foreach(file ${files})
    get_filename_component(stem ${file} NAME_WE)
    flurry_type_name(${stem} type)
    set(generated ${CMAKE_BINARY_DIR}/generated/${folder}/${stem}.cpp)
    file(CONFIGURE OUTPUT ${generated} CONTENT
"// Generated from ${file}.
#include \"${file}\"
#include \"${header}\"
namespace flurry {
${entry} ${stem}_${entry_function}();
${entry} ${stem}_${entry_function}() { return ${entry_function}<${type}>(); }
}  // namespace flurry
" @ONLY)
    target_sources(${target} PRIVATE ${generated})
    # Two files dropped in must never meet in one.
    set_source_files_properties(${generated} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    string(APPEND declarations "${entry} ${stem}_${entry_function}();\n")
    string(APPEND calls "    ${stem}_${entry_function}(),\n")
  endforeach()
  set(generated ${CMAKE_BINARY_DIR}/generated/${folder}/catalogue.cpp)
  file(CONFIGURE OUTPUT ${generated} CONTENT
"// Generated from the files in ${folder}.
#include <vector>
#include \"${header}\"
namespace flurry {
${declarations}std::vector<${entry}> ${catalogue}();
std::vector<${entry}> ${catalogue}() {
  return {
${calls}  };
}
}  // namespace flurry
" @ONLY)
  target_sources(${target} PRIVATE ${generated})
endfunction()

# Every FOLDER/stem.cpp defines `flurry::Verb flurry::stem_verb()`.
function(flurry_verbs target folder)
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  list(SORT files)
  set(declarations "")
  set(calls "")
  foreach(file ${files})
    get_filename_component(stem ${file} NAME_WE)
    target_sources(${target} PRIVATE ${file})
    # Two files dropped in must never meet in one.
    set_source_files_properties(${CMAKE_SOURCE_DIR}/${file} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    string(APPEND declarations "Verb ${stem}_verb();\n")
    string(APPEND calls "    ${stem}_verb(),\n")
  endforeach()
  set(generated ${CMAKE_BINARY_DIR}/generated/${folder}/catalogue.cpp)
  file(CONFIGURE OUTPUT ${generated} CONTENT
"// Generated from the files in ${folder}.
#include <vector>
#include \"tools/cli/verb.hpp\"
namespace flurry {
${declarations}std::vector<Verb> all_verbs();
std::vector<Verb> all_verbs() {
  return {
${calls}  };
}
}  // namespace flurry
" @ONLY)
  target_sources(${target} PRIVATE ${generated})
endfunction()

# Text files that travel inside the program: defines `std::span<const EmbeddedText> flurry::NAME()`.
function(flurry_embed target name pattern)
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/${pattern})
  list(SORT files)
  set(entries "")
  foreach(file ${files})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(stem ${file} NAME_WE)
    file(READ ${CMAKE_SOURCE_DIR}/${file} text)
    string(APPEND entries "    EmbeddedText{\"${stem}\", \"${file}\", R\"embedded(${text})embedded\"},\n")
  endforeach()
  set(generated ${CMAKE_BINARY_DIR}/generated/embedded/${name}.cpp)
  file(GENERATE OUTPUT ${generated} CONTENT
"// Generated from ${pattern}.
#include <vector>
#include \"core/base/embedded_text.hpp\"
namespace flurry {
std::span<const EmbeddedText> ${name}();
std::span<const EmbeddedText> ${name}() {
  static const std::vector<EmbeddedText> texts{
${entries}  };
  return texts;
}
}  // namespace flurry
")
  target_sources(${target} PRIVATE ${generated})
endfunction()
