// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/catalogue/catalogue.hpp"

namespace flurry {

// Generated from the drop-in folders.
std::vector<NeuronModel> neuron_models();
std::vector<SourceModel> source_models();

const Catalogue& catalogue() {
  static const Catalogue all(neuron_models(), source_models());
  return all;
}

}  // namespace flurry
