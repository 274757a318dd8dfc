// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/analysis/profile_choice.hpp"

#include "core/base/error.hpp"
#include "io/text/toml.hpp"

namespace flurry {
namespace {

const std::vector<std::string>& usual_profiles() {
  static const std::vector<std::string> names{"horowitz45-fp32", "horowitz45-memory", "loihi1-table2",
                                              "truenorth-allin", "spinnaker2-proto",  "biology"};
  return names;
}

EnergyProfile find_profile(const std::string& name, const std::vector<EnergyProfile>& known) {
  std::vector<std::string> names;
  for (const EnergyProfile& profile : known) {
    if (profile.name == name) return profile;
    names.push_back(profile.name);
  }
  throw UsageError(unknown_name("energy profile", name, "--profile", names));
}

}  // namespace

std::vector<EnergyProfile> known_profiles() {
  std::vector<EnergyProfile> profiles;
  for (const EmbeddedText& file : energy_profiles())
    profiles.push_back(parse_energy_profile(parse_toml(std::string(file.text), std::string(file.path))));
  return profiles;
}

std::vector<EnergyProfile> choose_profiles(const std::vector<std::string>& names) {
  const std::vector<EnergyProfile> known = known_profiles();
  std::vector<EnergyProfile> chosen;
  for (const std::string& name : names.empty() ? usual_profiles() : names) {
    if (name == "all")
      chosen.insert(chosen.end(), known.begin(), known.end());
    else if (name.find_first_of("./") != std::string::npos)
      chosen.push_back(parse_energy_profile(read_toml(name)));
    else
      chosen.push_back(find_profile(name, known));
  }
  return chosen;
}

}  // namespace flurry
